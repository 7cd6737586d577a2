"""The files of a recording where they enter the session: cleaned, with the digest of what came."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from medmodels.inputs.airlock_table import clean_table
from medmodels.inputs.airlock_wfdb import clean_header
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.open_signal import digested
from medmodels.inputs.sniff import kind
from medmodels.inputs.wfdb_signal import ENDINGS
from medmodels.ui.airlock import let_go

if TYPE_CHECKING:
    from hashlib import _Hash

_HELD = "airlock-recordings"


@dataclass(frozen=True)
class _Cleaned:
    """A file without what it said of a person; what came of it is known by its hash alone."""

    data: bytes = field(repr=False)
    came: _Hash
    names: tuple[str, ...]


def take_recording(
    uploads: Sequence[UploadedFile],
) -> tuple[Mapping[str, bytes], str, tuple[str, ...]]:
    """Clean the files of one recording, and let go of what came.

    Parameters
    ----------
    uploads : sequence of UploadedFile
        The files that belong together.

    Returns
    -------
    files : mapping of str to bytes
        By name: a header without comments and dates, a table without the lines above
        it that say nothing of the signal.
    digest : str
        As `open_signal.digest_of` gives it for the files that came.
    names : tuple of str
        What was dropped.
    """
    held: dict[str, _Cleaned] = st.session_state.setdefault(_HELD, {})
    found = {upload.name: _cleaned(upload, held) for upload in uploads}
    digest: _Hash | None = None
    for name in digested(found):
        # Only the first file of a record is ever changed: its hash goes on with the others.
        if digest is None:
            digest = found[name].came.copy()
        else:
            digest.update(found[name].data)
    names = dict.fromkeys(name for one in found.values() for name in one.names)
    files = {name: one.data for name, one in found.items()}
    return files, digest.hexdigest() if digest else "", tuple(names)


def forget_recordings(listed: Sequence[UploadedFile]) -> None:
    """Forget files that were taken away from the uploader."""
    held: dict[str, _Cleaned] = st.session_state.get(_HELD, {})
    for gone in set(held) - {upload.file_id for upload in listed}:
        del held[gone]


def _cleaned(upload: UploadedFile, held: dict[str, _Cleaned]) -> _Cleaned:
    if upload.file_id not in held:
        data, notes = upload.getvalue(), Notes()
        clean = data
        if upload.name.lower().endswith(".hea"):
            clean = clean_header(data, notes)
        elif not upload.name.lower().endswith(ENDINGS) and kind(data) in ("table", "text"):
            clean = clean_table(data, notes)
        held[upload.file_id] = _Cleaned(clean, hashlib.sha256(data), notes.names())
        if clean is not data:
            let_go(upload, clean)
    return held[upload.file_id]
