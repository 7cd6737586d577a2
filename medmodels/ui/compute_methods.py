"""Several explanation methods one after another, behind the page: how far, how long, and a stop.

The page does not wait. A run of Streamlit that computes cannot be stopped from
within a fragment: a click there waits until the run is over. A thread can.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.ui.background import Job as BackgroundJob
from medmodels.ui.background import Progress
from medmodels.ui.ecg_words import say_left
from medmodels.ui.loading import ensure_explains

# For a method that has not run on this computer yet: it is compiled first.
_UNKNOWN_S = 4.0
# Each look costs a run of the page; more often would take the time from the work itself.
_EVERY_SECONDS = 1.0
_AT_ONCE = "work-begun-at-once"


@dataclass(frozen=True)
class Job:
    """One map to make.

    Parameters
    ----------
    method : str
        Name of its method.
    title : str
        The method as on screen.
    run : callable
        Makes the map and keeps it, without a word to Streamlit.
    """

    method: str
    title: str
    run: Callable[[], object]


class _Work:
    """Jobs to be done in turn; what is left to say of them is read while they go on.

    Parameters
    ----------
    jobs : sequence of Job
    digest : str
        The bundle's.
    times : dict
        Seconds that each method took the last time, by digest and method;
        brought up to date.
    """

    def __init__(
        self, jobs: Sequence[Job], digest: str, times: dict[tuple[str, str], float]
    ) -> None:
        self._jobs, self._digest, self._times = jobs, digest, times
        self.expected = [times.get((digest, job.method), _UNKNOWN_S) for job in jobs]
        self.at = 0
        self._start = time.monotonic()

    def __call__(self, progress: Progress) -> list[str]:
        """Do them; return a sentence on each that could not be done."""
        failed = []
        for place, job in enumerate(self._jobs):
            progress(place / len(self._jobs))
            self.at = place
            began = time.monotonic()
            try:
                job.run()
            except ValueError as error:
                failed.append(f"{job.title} does not fit this network: {error}.")
            except Exception as error:
                # Nothing of the input may reach a log: the kind of failure is enough.
                logging.getLogger(__name__).error("%s failed: %s", job.method, type(error).__name__)
                failed.append(f"{job.title} could not be computed. The answer is not affected.")
            self._times[self._digest, job.method] = time.monotonic() - began
        return failed

    @property
    def share(self) -> float:
        """Share of the work that is done, by what it was expected to take."""
        return sum(self.expected[: self.at]) / sum(self.expected)

    @property
    def title(self) -> str:
        """What is being made."""
        return self._jobs[self.at].title

    @property
    def words(self) -> str:
        """What is going on, and how long the rest will take at the pace so far."""
        done, left = sum(self.expected[: self.at]), sum(self.expected[self.at :])
        pace = (time.monotonic() - self._start) / done if done else 1.0
        return (
            f"{self.title}, {self.at + 1} of {len(self._jobs)}, {say_left(max(pace * left, 1.0))}"
        )


def offer_jobs(
    bundle: Bundle, jobs: Sequence[Job], label: str, *, key: str, at_once: bool = False
) -> None:
    """Offer to run jobs; once asked, run them behind the page and draw how far they are.

    A stop takes effect when the method at work is done. What was made is kept,
    and once all is there the page is drawn again with it. What cannot be made
    is said, and keeps nothing else from being made.

    Parameters
    ----------
    bundle : Bundle
    jobs : sequence of Job
        What is still missing; without any, nothing is offered.
    label : str
        What the button does; the time is added.
    key : str
        Unique on the page.
    at_once : bool
        Whether to begin without being asked, the first time.
    """
    place = f"{key}-work"
    begun: tuple[_Work, BackgroundJob[list[str]]] | None = st.session_state.get(place)
    if begun is None or not begun[1].running:
        for sentence in (begun[1].result or ()) if begun else ():
            st.warning(sentence, icon=":material/block:")
        # Also after a stop: what is missing can be asked for again.
        begun = _ask(bundle, jobs, label, key, at_once and begun is None) if jobs else None
        if begun is None:
            return
        if at_once:
            _end_other(place)
        st.session_state[place] = begun
    _watch(*begun, key)


def _end_other(place: str) -> None:
    """Stop what began without being asked for another case; there it begins anew."""
    other = st.session_state.get(_AT_ONCE)
    if other is not None and other != place and other in st.session_state:
        st.session_state[other][1].stop()
        del st.session_state[other]
    st.session_state[_AT_ONCE] = place


def _ask(
    bundle: Bundle, jobs: Sequence[Job], label: str, key: str, at_once: bool
) -> tuple[_Work, BackgroundJob[list[str]]] | None:
    """Draw the button; start the work when it was pressed, or need not be."""
    work = _Work(jobs, bundle.digest, _seconds())
    offer = st.empty()
    asked = at_once or offer.button(
        f"{label} ({say_seconds(sum(work.expected))})", key=f"{key}-go", icon=":material/timer:",
        help="This runs the network. What has been computed is kept until another case is opened.",
    )  # fmt: skip
    if not asked:
        return None
    offer.empty()
    ensure_explains(bundle)
    return work, BackgroundJob(work)


@st.fragment(run_every=_EVERY_SECONDS)
def _watch(work: _Work, job: BackgroundJob[list[str]], key: str) -> None:
    if not job.running:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"Stopping when {work.title} is done …" if job.stopped else work.words
        st.progress(work.share, words)
        st.button(
            "Stop", key=f"{key}-stop", icon=":material/stop:", on_click=job.stop,
            disabled=job.stopped, help="What is there by then is kept.",
        )  # fmt: skip


def say_seconds(seconds: float) -> str:
    """Say how long something takes.

    Examples
    --------
    >>> say_seconds(0.3), say_seconds(7.2), say_seconds(100)
    ('under a second', 'about 8 s', 'about 2 min')
    """
    if seconds < 1:
        return "under a second"
    return say_left(seconds).removesuffix(" left")


# Durations only: shared by all visitors of this computer.
@st.cache_resource(show_spinner=False)
def _seconds() -> dict[tuple[str, str], float]:
    return {}
