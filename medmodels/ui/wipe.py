"""Let go of everything that a session holds of what was uploaded to it.

What a session holds lies in four places: its state, Streamlit's uploaded files,
the pictures and downloads that pages made of them, and work that goes on behind
a page. Nothing lies on a disk, apart from reviews that the reader chose to keep.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SessionState

from medmodels.ui.background import Job
from medmodels.ui.keep_downloads import KeptMedia

_WAIT_S = 2.0
_LIBRARY = "medmodels."


@dataclass(frozen=True)
class Wiped:
    """What was let go of.

    Parameters
    ----------
    files : int
        Uploaded files.
    size : int
        Their bytes together.
    entries : int
        Entries of the session: open cases, readings, worklists, settings of the pages.
    jobs : int
        Pieces of work that were stopped.
    ending : int
        Of them, those that have not come to their end yet; what they hold goes with them.
    """

    files: int = 0
    size: int = 0
    entries: int = 0
    jobs: int = 0
    ending: int = 0


def wipe_session() -> Wiped:
    """Empty the session that this script runs for.

    The page must be left afterwards: while a browser shows an uploader it names the
    file anew with every run, though there is nothing behind the name any more.
    """
    context = get_script_run_ctx()
    if context is None:
        return Wiped()
    held = {str(key): st.session_state[key] for key in list(st.session_state)}
    files, size = uploads_of(context.session_id)
    jobs = stop_jobs(held.values())
    entries = len(held)
    held.clear()
    forget_state(context.session_state._state)
    st.query_params.clear()
    context.uploaded_file_mgr.remove_session_files(context.session_id)
    forget_media(context.session_id)
    ending = sum(job.running for job in jobs)
    # Their work refers to the input as long as they are referred to.
    stopped = len(jobs)
    jobs.clear()
    give_back_memory()
    return Wiped(files, size, entries, stopped, ending)


def forget_state(state: SessionState) -> None:
    """Empty a session's state, and forget what its controls call: that refers to their cases."""
    state.clear()
    # Streamlit keeps it for every control that there ever was (1.67, WStates).
    state._new_widget_state.widget_metadata.clear()


def uploads_of(session: str) -> tuple[int, int]:
    """Return how many files a session uploaded, and their bytes together."""
    kept = get_instance().uploaded_file_mgr if exists() else None
    if not isinstance(kept, MemoryUploadedFileManager):
        return 0, 0
    sizes = [len(file.data) for file in kept.file_storage.get(session, {}).values()]
    return len(sizes), sum(sizes)


def stop_jobs(values: Iterable[object], wait_s: float = _WAIT_S) -> list[Job[Any]]:
    """Stop all work that can be reached from some values, and wait a little for its end.

    Parameters
    ----------
    values : iterable
        Of a session's state.
    wait_s : float
        Seconds, for all together.

    Returns
    -------
    list of Job
        Those that were running.
    """
    jobs = [job for job in _jobs_in(values, set()) if job.running]
    for job in jobs:
        job.stop()
    until = time.monotonic() + wait_s
    for job in jobs:
        job.wait(max(0.0, until - time.monotonic()))
    return jobs


def forget_media(session: str) -> None:
    """Take a session's pictures and downloads out of the server's memory.

    Those of other sessions stay: what they show is not theirs for a moment
    whenever their page is drawn anew, and must not be taken from under a click.
    """
    if not exists():
        return
    runtime: Runtime = get_instance()
    media = runtime.media_file_mgr
    with media._lock:
        own = set(media._files_by_session_and_coord.pop(session, {}).values())
        for others in media._files_by_session_and_coord.values():
            own.difference_update(others.values())
        for file in own & set(media._file_metadata):
            media._delete_file(file)
    if isinstance(media, KeptMedia):
        media.forget(session)
    # What the session showed before: gone with this round, or with the next of any page.
    media.remove_orphaned_files()
    runtime.dataframe_source_mgr.clear_all_for_session(session)


def give_back_memory() -> None:
    """Collect what refers to itself, and hand empty pages back to the system (Linux).

    The collector passes over what was there when a network was loaded
    (`keep_compiled.keep_objects`), a case among it that was open then; for once
    it looks at everything. Python frees without overwriting; a page that is handed
    back is empty when the system gives it out again.
    """
    spared = gc.get_freeze_count()
    gc.unfreeze()
    gc.collect()
    if spared:
        gc.freeze()
    if sys.platform == "linux":
        # Not every C library has it.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _jobs_in(values: Iterable[object], seen: set[int]) -> Iterator[Job[Any]]:
    for value in values:
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Job):
            yield value
        elif isinstance(value, Mapping):
            yield from _jobs_in(list(value.values()), seen)
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _jobs_in(list(value), seen)
        elif type(value).__module__.startswith(_LIBRARY) and hasattr(value, "__dict__"):
            yield from _jobs_in(list(vars(value).values()), seen)
