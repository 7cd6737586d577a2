"""The line under a map that says whether it is evidence, filled in after the answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, MutableMapping
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from medmodels.reading.explained import with_explained
from medmodels.ui.audit_curves import show_curves
from medmodels.ui.background import Job, Progress
from medmodels.ui.watch import watch_job

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit
    from medmodels.reading.reading import Explained, Reading

Question = tuple[int, str, int]
Jobs = MutableMapping[Question, "Job[Explained]"]
# A test takes seven times what its answer takes. One at a time, whoever's: with twenty
# people at once nobody's answer waits for more than one of them.
_TESTS = threading.Semaphore(1)


def explained_or_wait(
    jobs: Jobs,
    question: Question,
    work: Callable[[Progress], Explained],
    *,
    key: str,
) -> Explained | None:
    """Return an explanation that is there; else see to it, and draw how far it is.

    The page does not wait: the work goes on behind it, and once it is done the
    page is drawn again with it.

    Parameters
    ----------
    jobs : mapping
        The case's own, by row, method and class.
    question : tuple
    work : callable
        Makes the explanation.
    key : str
        Unique on the page.

    Returns
    -------
    Explained or None
        None while it is not there.
    """
    if question not in jobs:
        stop_all(jobs)
        jobs[question] = Job(work, turn=_TESTS)
    job = jobs[question]
    if job.result is not None:
        return job.result
    if job.running:
        watch_job(job, partial(_words, job), key=key, patient=True)
    elif job.failed:
        st.warning(
            "The map could not be tested. The answer is not affected.", icon=":material/help:"
        )
        _again(jobs, question, key)
    else:
        st.info("The test of this map was stopped.", icon=":material/stop_circle:")
        _again(jobs, question, key)
    return None


def collected(reading: Reading, jobs: Jobs) -> Reading:
    """The reading with what has been explained meanwhile."""
    known = {one.question for one in reading.explained}
    for question, job in jobs.items():
        if job.result is not None and question not in known:
            reading = with_explained(reading, job.result)
    return reading


def stop_all(jobs: Jobs) -> None:
    """Stop what is going on; what is done stays, what was stopped can be asked for again."""
    for question, job in list(jobs.items()):
        if job.running:
            job.stop()
            del jobs[question]


def _words(job: Job[Explained]) -> str:
    if job.waits:
        return "The map is tested once others’ maps have been …"
    left = job.seconds_left
    words = "Making the map, and testing it on this very input"
    return words + (f": about {max(left, 1):.0f} s left" if left is not None else " …")


def _again(jobs: Jobs, question: Question, key: str) -> None:
    if st.button("Test it", key=f"{key}-again"):
        del jobs[question]
        st.rerun()


def show_verdict(audit: Audit, *, key: str | None = None) -> None:
    """Draw the verdict on a map: one line, and what the map lies on where that is a warning.

    Parameters
    ----------
    audit : Audit
    key : str, optional
        Unique on the page; offers the curves on demand where it is given.
    """
    if audit.passed:
        st.markdown(f":material/verified: **Tested.** {audit.sentence}")
    else:
        st.warning(audit.sentence, icon=":material/gpp_maybe:")
    if audit.shortcut is not None and audit.shortcut.warning:
        st.warning(audit.shortcut.warning, icon=":material/crop_free:")
    if key is not None and st.toggle("Show how it was tested", key=f"{key}-how"):
        show_curves(audit, key=f"{key}-curves", expanded=True)
