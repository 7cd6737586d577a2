"""Several explanation methods one after another: how long, how far, and a stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.ui.ecg_words import say_left

# For a method that has not run on this computer yet: it is compiled first.
_UNKNOWN_S = 4.0


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
        Makes the map and keeps it.
    """

    method: str
    title: str
    run: Callable[[], object]


def offer_jobs(bundle: Bundle, jobs: Sequence[Job], label: str, *, key: str) -> bool:
    """Offer to run jobs, and run them when asked; the button is gone afterwards.

    What cannot be made is said, and keeps nothing else from being made.

    A stop takes effect when the method at work is done; what was made is kept.

    Parameters
    ----------
    bundle : Bundle
    jobs : sequence of Job
        What is still missing; without any, nothing is drawn.
    label : str
        What the button does; the time is added.
    key : str
        Unique on the page.

    Returns
    -------
    bool
        Whether they have just been made, all of them.
    """
    if not jobs:
        return False
    times = _seconds()
    expected = [times.get((bundle.digest, job.method), _UNKNOWN_S) for job in jobs]
    offer = st.empty()
    asked = offer.button(
        f"{label} ({say_seconds(sum(expected))})", key=f"{key}-go", icon=":material/timer:",
        help="This runs the network. What has been computed is kept until another case is opened.",
    )  # fmt: skip
    if not asked:
        return False
    offer.empty()
    bar, stop = st.empty(), st.empty()
    stop.button(
        "Stop", key=f"{key}-stop", icon=":material/stop:", help="What is there by then is kept."
    )
    failed = _run(bundle, jobs, expected, bar.progress)
    bar.empty()
    stop.empty()
    for sentence in failed:
        st.warning(sentence, icon=":material/block:")
    return not failed


def _run(
    bundle: Bundle,
    jobs: Sequence[Job],
    expected: Sequence[float],
    show: Callable[[float, str], object],
) -> list[str]:
    """Run the jobs; return a sentence on each that could not be done."""
    times, failed = _seconds(), []
    start = time.monotonic()
    for n, job in enumerate(jobs):
        done, left = sum(expected[:n]), sum(expected[n:])
        # What was expected is corrected by how long the first ones took.
        pace = (time.monotonic() - start) / done if done else 1.0
        show(
            done / sum(expected),
            f"{job.title}, {n + 1} of {len(jobs)}, {say_left(max(pace * left, 1.0))}",
        )
        began = time.monotonic()
        try:
            job.run()
        except ValueError as error:
            failed.append(f"{job.title} does not fit this network: {error}.")
        except Exception:
            # Nothing of the input may reach a log: the kind of failure is enough.
            logging.getLogger(__name__).exception("%s failed", job.method)
            failed.append(f"{job.title} could not be computed. The answer is not affected.")
        times[bundle.digest, job.method] = time.monotonic() - began
    return failed


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
