"""The files of a recording without what they say of a person, known by the hash of what came."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from medmodels.inputs.airlock_table import clean_table
from medmodels.inputs.airlock_text import needed_elsewhere
from medmodels.inputs.airlock_wfdb import clean_header
from medmodels.inputs.errors import InputError
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.looks_like import looks_like
from medmodels.inputs.open_signal import decode, digested, understand
from medmodels.inputs.signal_limits import MIN_RATE
from medmodels.inputs.wfdb_signal import ENDINGS

if TYPE_CHECKING:
    from hashlib import _Hash


@dataclass(frozen=True)
class Part:
    """One file of a recording.

    Parameters
    ----------
    data : bytes
        A header without comments and dates, a table without the lines above it that say
        nothing of the signal, samples and beats as they came. Of what is no recording no
        more is held than what another task needs of it.
    came : hash
        SHA-256 of the file that came; goes on with other files of its record.
    found : tuple of str
        What was dropped, in plain names.
    refused : InputError or None
        Why it cannot be read, where that shows at once.
    """

    data: bytes = field(repr=False)
    came: _Hash = field(repr=False, compare=False)
    found: tuple[str, ...] = ()
    refused: InputError | None = None


@dataclass(frozen=True)
class Recording:
    """The files of one recording, as they went through the airlock.

    Parameters
    ----------
    files : mapping of str to bytes
        By name, for `medmodels.inputs.open_signal.understand`.
    digest : str
        As `open_signal.digest_of` gives it for the files that came.
    found : tuple of str
        What was dropped, in plain names.
    refused : InputError or None
        Why it cannot be read, where that shows at once.
    """

    files: Mapping[str, bytes] = field(repr=False)
    digest: str
    found: tuple[str, ...] = ()
    refused: InputError | None = None


def admit_part(name: str, data: bytes) -> Part:
    """Clean one file of a recording.

    Parameters
    ----------
    name : str
        Its ending tells the files of a WFDB record.
    data : bytes
    """
    came, notes = hashlib.sha256(data), Notes()
    lower = name.lower()
    if lower.endswith(".hea"):
        return Part(clean_header(data, notes), came, notes.names())
    if lower.endswith(ENDINGS):
        return Part(data, came)
    if looks_like(data) != "signal":
        # A letter with commas in it is a table to a reader of tables, until it is read.
        try:
            found = understand({name: data})
            decode({name: data}, found, rate=found.rate or MIN_RATE)
        except InputError as error:
            return Part(needed_elsewhere(data, notes), came, notes.names(), error.alone())
    return Part(clean_table(data, notes), came, notes.names())


def together(parts: Mapping[str, Part]) -> Recording:
    """Put the files of one recording together.

    Parameters
    ----------
    parts : mapping of str to Part
        By name.
    """
    digest: _Hash | None = None
    for name in digested(parts):
        # Only the first file of a record is ever changed: its hash goes on with the others.
        if digest is None:
            digest = parts[name].came.copy()
        else:
            digest.update(parts[name].data)
    found = dict.fromkeys(name for one in parts.values() for name in one.found)
    alone = next(iter(parts.values())).refused if len(parts) == 1 else None
    return Recording(
        {name: one.data for name, one in parts.items()},
        digest.hexdigest() if digest else "",
        tuple(found),
        alone,
    )
