"""Texts through the airlock: sequences, and files that are for another task than they came to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from medmodels.inputs.airlock import Admitted, admit
from medmodels.inputs.airlock_sequences import clean_sequences
from medmodels.inputs.airlock_table import clean_table
from medmodels.inputs.airlock_wfdb import clean_header
from medmodels.inputs.errors import InputError
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.looks_like import looks_like
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.sniff import kind


def admit_sequences(data: bytes | str) -> Admitted:
    """Take all but bases and identifiers out of a file of sequences, or out of pasted text.

    Parameters
    ----------
    data : bytes or str

    Returns
    -------
    Admitted
        `open_sequences` gives the same bases for it, or raises the same error.
    """
    notes = Notes()
    try:
        clean = clean_sequences(data, notes)
    except InputError:
        return admit_misplaced(data, lambda: open_sequences(data))
    raw = _bytes(data)
    return Admitted(clean, hashlib.sha256(raw).hexdigest(), kind(raw), notes.names())


def admit_misplaced(data: bytes | str, read: Callable[[], object]) -> Admitted:
    """Hold why a file cannot be read, and of it what another task needs.

    Parameters
    ----------
    data : bytes or str
    read : callable
        Raises InputError.

    Returns
    -------
    Admitted
        Its data are clean, and empty where the file looks like nothing that can be read.
    """
    refused = None
    try:
        read()
    except InputError as error:
        refused = error.alone()
    raw, notes = _bytes(data), Notes()
    return Admitted(
        needed_elsewhere(raw, notes), hashlib.sha256(raw).hexdigest(), kind(raw), notes.names(),
        refused=refused,
    )  # fmt: skip


def needed_elsewhere(data: bytes, notes: Notes) -> bytes:
    """What the task that a file seems to be meant for needs of it.

    Parameters
    ----------
    data : bytes
    notes : Notes
        Told what is dropped.

    Returns
    -------
    bytes
        Empty where it looks like nothing that can be read.
    """
    meant = looks_like(data)
    if meant == "scan":
        picture = admit(data)
        for name in picture.found:
            notes.add(name)
        return picture.data
    if meant == "signal":
        return (clean_header if kind(data) == "wfdb-header" else clean_table)(data, notes)
    if meant == "sequence":
        try:
            return clean_sequences(data, notes)
        except InputError:
            return b""
    return b""


def _bytes(data: bytes | str) -> bytes:
    return data.encode(errors="replace") if isinstance(data, str) else data
