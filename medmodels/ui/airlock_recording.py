"""The files of a recording where they enter the session: cleaned, and what came is let go of."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from medmodels.inputs.airlock_recording import Part, Recording, admit_part, together
from medmodels.ui.airlock import let_go

_HELD = "airlock-recordings"


def take_recording(uploads: Sequence[UploadedFile]) -> Recording:
    """Clean the files of one recording, and let go of what came.

    Parameters
    ----------
    uploads : sequence of UploadedFile
        The files that belong together.
    """
    held: dict[str, Part] = st.session_state.setdefault(_HELD, {})
    return together({upload.name: admitted_part(upload, held) for upload in uploads})


def forget_recordings(listed: Sequence[UploadedFile]) -> None:
    """Forget files that were taken away from the uploader."""
    held: dict[str, Part] = st.session_state.get(_HELD, {})
    for gone in set(held) - {upload.file_id for upload in listed}:
        del held[gone]


def admitted_part(uploaded: UploadedFile, held: dict[str, Part]) -> Part:
    """Take one file of a recording through the airlock, once, and let go of what came.

    Parameters
    ----------
    uploaded : UploadedFile
    held : dict of str to Part
        Those of the session, by the identifiers of their uploads.
    """
    if uploaded.file_id not in held:
        data = uploaded.getvalue()
        held[uploaded.file_id] = part = admit_part(uploaded.name, data)
        if part.data is not data:
            let_go(uploaded, part.data)
    return held[uploaded.file_id]
