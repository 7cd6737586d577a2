"""Where an upload enters the session: cleaned at once, and what came is let go of."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from medmodels.inputs.airlock import Admitted, admit

#: Whether DICOM files keep their UIDs, as the visitor said; off until then.
KEEP_UIDS: Final = "airlock-keep-uids"


def admitted(uploaded: UploadedFile, *, key: str) -> Admitted:
    """Take a file through the airlock, once, and let go of what came.

    Parameters
    ----------
    uploaded : UploadedFile
        As `st.file_uploader` returns it.
    key : str
        Of the uploader.

    Returns
    -------
    Admitted
        Held in the session as long as the uploader lists the file.
    """
    held: dict[str, Admitted] = st.session_state.setdefault(f"{key}-held", {})
    if uploaded.file_id not in held:
        keep_uids = bool(st.session_state.get(f"{KEEP_UIDS}-said", False))
        held[uploaded.file_id] = admit(uploaded.getvalue(), keep_uids=keep_uids)
        let_go(uploaded, held[uploaded.file_id].data)
    return held[uploaded.file_id]


def forget_others(listed: frozenset[str], *, key: str) -> None:
    """Forget files that were taken away from an uploader.

    Parameters
    ----------
    listed : frozenset of str
        Identifiers of those that are there still.
    key : str
        Of the uploader.
    """
    held: dict[str, Admitted] = st.session_state.get(f"{key}-held", {})
    for gone in set(held) - listed:
        del held[gone]


def let_go(uploaded: UploadedFile, clean: bytes) -> None:
    """Put the clean file where Streamlit holds the one that came.

    Streamlit (1.67) keeps a record of every upload for the session, and a file object made
    of it in the state of the control. The record is replaced under its own identifier, so
    that the uploader goes on as if nothing had happened; the object is emptied and filled.

    Parameters
    ----------
    uploaded : UploadedFile
    clean : bytes
    """
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        record = UploadedFileRec(uploaded.file_id, uploaded.name, uploaded.type, clean)
        context.uploaded_file_mgr.add_file(context.session_id, record)
    uploaded.seek(0)
    uploaded.truncate()
    uploaded.write(clean)
    uploaded.seek(0)
    uploaded.size = len(clean)
