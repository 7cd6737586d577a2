"""Where an upload enters the session: cleaned at once, and what came is let go of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.session_state import Value
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from medmodels.inputs import sniff
from medmodels.inputs.airlock import Admitted, admit
from medmodels.ui.airlock_archive import clean_archive
from medmodels.ui.wipe import give_back_memory
from medmodels.worklist.sources import Source

#: Whether DICOM files keep their UIDs, as the visitor said; off until then.
KEEP_UIDS: Final = "airlock-keep-uids"


def admitted(uploaded: UploadedFile, *, key: str, expected: str = "") -> Admitted:
    """Take a file through the airlock, once, and let go of what came.

    An archive is left as it is; `archive_of` takes it through.

    Parameters
    ----------
    uploaded : UploadedFile
        As `st.file_uploader` returns it.
    key : str
        Of the uploader.
    expected : str
        What the file is for, as for `admit`.

    Returns
    -------
    Admitted
        Held in the session as long as the uploader lists the file.
    """
    held: dict[str, Admitted] = st.session_state.setdefault(f"{key}-held", {})
    if uploaded.file_id not in held:
        keep_uids = bool(st.session_state.get(f"{KEEP_UIDS}-said", False))
        held[uploaded.file_id] = admit(uploaded.getvalue(), keep_uids=keep_uids, expected=expected)
        let_go(uploaded, held[uploaded.file_id].data)
    return held[uploaded.file_id]


def archive_of(uploaded: UploadedFile, *, key: str, kind: str) -> tuple[Source, ...] | None:
    """Take the cases in an archive through the airlock, once, and let go of the archive.

    Parameters
    ----------
    uploaded : UploadedFile
    key : str
        Of the uploader.
    kind : str
        What the files are expected to be: "scan", "signal" or "sequence".

    Returns
    -------
    tuple of Source
        None for what is no archive, or is too large to be unpacked at once.
    """
    held: dict[str, tuple[Source, ...]] = st.session_state.setdefault(f"{key}-archives", {})
    if uploaded.file_id not in held:
        data = uploaded.getvalue()
        if sniff.kind(data) != "zip":
            return None
        with st.spinner("Taking the archive apart …"):
            sources = clean_archive(uploaded.name, data, kind)
        if sources is None:
            return None
        held[uploaded.file_id] = sources
        let_go(uploaded, b"")
        del data
        # Its many parts were freed one by one: pages that they left empty go back now.
        give_back_memory()
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
    for place in ("held", "archives"):
        held: dict[str, object] = st.session_state.get(f"{key}-{place}", {})
        for gone in set(held) - listed:
            del held[gone]


def let_go_of(file_id: str) -> None:
    """Empty whatever Streamlit holds of an upload, found by its identifier.

    Parameters
    ----------
    file_id : str
    """
    context = get_script_run_ctx()
    if context is None:
        return
    for file in list(_in_state(context.session_state._state, file_id)):
        let_go(file, b"")
    manager = context.uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        # Of an uploader on another page there is nothing but the record.
        for record in manager.get_files(context.session_id, [file_id]):
            empty = UploadedFileRec(file_id, record.name, record.type, b"")
            manager.add_file(context.session_id, empty)


def let_go(uploaded: UploadedFile, clean: bytes) -> None:
    """Put the clean file wherever Streamlit holds the one that came.

    Streamlit (1.67) keeps a record of every upload for the session, a file object made of it
    in the state of the control, and hands out a copy of that. The record is replaced under
    its own identifier, so that the uploader goes on as if nothing had happened; the objects
    are emptied and filled.

    Parameters
    ----------
    uploaded : UploadedFile
    clean : bytes
    """
    context = get_script_run_ctx()
    if context is not None:
        if isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
            record = UploadedFileRec(uploaded.file_id, uploaded.name, uploaded.type, clean)
            context.uploaded_file_mgr.add_file(context.session_id, record)
        for other in _in_state(context.session_state._state, uploaded.file_id):
            _refill(other, clean)
    _refill(uploaded, clean)


def _in_state(state: SessionState, file_id: str) -> Iterator[UploadedFile]:
    """The objects of a file in the state of this run and of the run before."""
    for held in (*state._new_widget_state.states.values(), *state._old_state.values()):
        value = held.value if isinstance(held, Value) else held
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, UploadedFile) and one.file_id == file_id:
                yield one


def _refill(file: UploadedFile, clean: bytes) -> None:
    file.seek(0)
    file.truncate()
    file.write(clean)
    file.seek(0)
    file.size = len(clean)
