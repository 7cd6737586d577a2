"""Watch work that goes on behind a page, and draw the page again when it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from medmodels.ui.background import Job

# Every look costs the server a run of a fragment: with twenty visitors they add up.
_EVERY_SECONDS, _PATIENT_SECONDS = 0.7, 1.5


def watch_job(job: Job[Any], words: Callable[[], str], *, key: str, patient: bool = False) -> None:
    """Draw how far a job is, with a button that stops it.

    Parameters
    ----------
    job : Job
        Of which the page is to show the result.
    words : callable
        What is going on, and how long it will take.
    key : str
        Unique on the page.
    patient : bool
        Look less often, at what comes after the answer.
    """
    look = _look_patiently if patient else _look
    look(job, words, key)


@st.fragment(run_every=_EVERY_SECONDS)
def _look(job: Job[Any], words: Callable[[], str], key: str) -> None:
    _show(job, words, key)


@st.fragment(run_every=_PATIENT_SECONDS)
def _look_patiently(job: Job[Any], words: Callable[[], str], key: str) -> None:
    _show(job, words, key)


def _show(job: Job[Any], words: Callable[[], str], key: str) -> None:
    if not job.running:
        redraw()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(job.share, 1.0), words())
        st.button("Stop", key=f"{key}-stop", icon=":material/stop:", on_click=job.stop)


def redraw() -> None:
    """Draw the page again, unless the visitor has just asked for something else.

    ``st.rerun`` puts itself in the place of a request that is waiting, a click
    on another page among them (Streamlit 1.67, ``ScriptRequests.request_rerun``);
    that request draws anew by itself.
    """
    context = get_script_run_ctx()
    requests = context.script_requests if context else None
    if getattr(requests, "_state", None) is ScriptRequestType.RERUN:
        asked = getattr(requests, "_rerun_data", None)
        # This fragment's own next look, or a click outside of any fragment?
        if not (getattr(asked, "fragment_id", None) or getattr(asked, "fragment_id_queue", None)):
            return
    st.rerun()
