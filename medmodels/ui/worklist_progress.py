"""How far a worklist is, with pause and stop."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle, Card
from medmodels.trust.decision import ABSTAIN, WARN
from medmodels.ui.ecg_words import say_left
from medmodels.ui.watch import redraw
from medmodels.ui.worklist_first import reads_first
from medmodels.ui.worklist_work import Work, pause_or_go_on, read_rest
from medmodels.worklist.line import UNREADABLE

_EVERY_S = 1.0


def show_progress(bundle: Bundle, work: Work) -> None:
    """Draw what has come of the cases so far; while they are read, how long it will take."""
    if work.running:
        _watch(work)
    elif work.job is not None and work.job.failed:
        st.error(f"The reading failed: {_not_read(work)}", icon=":material/error:")
        _offer_the_rest(bundle, work)
    elif work.job is not None and work.job.stopped:
        st.info(f"Stopped: {_not_read(work)}", icon=":material/stop_circle:")
        _offer_the_rest(bundle, work)
    if said := summary(work, bundle.card):
        st.markdown(said)


@st.fragment(run_every=_EVERY_S)
def _watch(work: Work) -> None:
    job = work.job
    # Each batch that was read is a reason to draw the list anew.
    if job is None or not job.running or len(work.lines) > work.drawn:
        work.drawn = len(work.lines)
        redraw()
    if job is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        left = "" if work.paused or not work.seconds_left else f", {say_left(work.seconds_left)}"
        word = "Paused" if work.paused else "Reading"
        st.progress(
            min(job.share, 1.0), f"{word}: {len(work.lines):,} of {len(work.sources):,}{left}"
        )
        st.button(
            "Go on" if work.paused else "Pause", key="worklist-pause",
            icon=":material/play_arrow:" if work.paused else ":material/pause:",
            on_click=pause_or_go_on, args=(work,),
        )  # fmt: skip
        st.button("Stop", key="worklist-stop", icon=":material/stop:", on_click=_stop, args=(work,))


def _stop(work: Work) -> None:
    if work.job is not None:
        work.job.stop()
    work.going.set()


def _offer_the_rest(bundle: Bundle, work: Work) -> None:
    if st.button("Read the rest", key="worklist-rest", icon=":material/play_arrow:"):
        read_rest(bundle, work)
        st.rerun()


def _not_read(work: Work) -> str:
    left, total = len(work.sources) - len(work.lines), len(work.sources)
    cases = _one(total, "case", "cases")
    return f"{left:,} of {total:,} {cases} {_one(left, 'was', 'were')} not read."


def summary(work: Work, card: Card) -> str:
    """What has come of the cases so far, in a sentence; empty before anything has."""
    lines = work.lines
    if not lines:
        return ""
    if reads_first():
        # What has no answer hides none.
        hiding = sum(line.answered for line in lines)
        return (
            f"**{len(work.impressions):,} of {hiding:,}** read first. An answer is hidden until "
            "you have committed to yours."
        )
    grave = sum(line.severity > 0 for line in lines)
    doubted = sum(line.state == WARN for line in lines)
    silent = sum(line.state == ABSTAIN for line in lines)
    refused = sum(line.state == UNREADABLE for line in lines)
    so_far = " read so far" if work.running else ""
    words = [
        f"**{grave:,} of {len(lines):,}**{so_far} {_one(grave, 'has', 'have')} a finding",
        f"{doubted:,} {_one(doubted, 'is', 'are')} answered with a warning" if doubted else "",
        f"{silent:,} without an answer" if silent else "",
        f"{refused:,} cannot be read as {card.input.get('called', 'such a case')}"
        if refused
        else "",
    ]
    reviewed = f" {len(work.reviews):,} reviewed." if work.reviews else ""
    return ", ".join(filter(None, words)) + "." + reviewed


def _one(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
