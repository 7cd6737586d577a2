"""How far a worklist is, with pause and stop."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Card
from medmodels.trust.decision import ABSTAIN, WARN
from medmodels.ui.ecg_words import say_left
from medmodels.ui.watch import redraw
from medmodels.ui.worklist_first import reads_first
from medmodels.ui.worklist_work import Work, pause_or_go_on
from medmodels.worklist.line import UNREADABLE

_EVERY_S = 1.0


def show_progress(work: Work, card: Card) -> None:
    """Draw what has come of the cases so far; while they are read, how long it will take."""
    if work.running:
        _watch(work)
    elif work.job is not None and (work.job.stopped or work.job.failed):
        left = len(work.sources) - len(work.lines)
        st.info(
            f"Stopped: {left:,} of {len(work.sources):,} cases were not read.",
            icon=":material/stop_circle:",
        )
    st.markdown(summary(work, card))


@st.fragment(run_every=_EVERY_S)
def _watch(work: Work) -> None:
    job = work.job
    # Each batch that was read is a reason to draw the list anew.
    drawn = st.session_state.get("worklist-drawn", 0)
    if job is None or not job.running or len(work.lines) > drawn:
        st.session_state["worklist-drawn"] = len(work.lines)
        redraw()
    if job is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        left = "" if work.paused or not job.seconds_left else f", {say_left(job.seconds_left)}"
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


def summary(work: Work, card: Card) -> str:
    """What has come of the cases so far, in a sentence."""
    lines = work.lines
    if reads_first():
        return f"**{len(work.impressions):,} of {len(lines):,}** read first. Answers are hidden."
    grave = sum(line.severity > 0 for line in lines)
    doubted = sum(line.state == WARN for line in lines)
    silent = sum(line.state == ABSTAIN for line in lines)
    refused = sum(line.state == UNREADABLE for line in lines)
    words = [
        f"**{grave:,} of {len(lines):,}** have a finding",
        f"{doubted:,} are answered with a warning" if doubted else "",
        f"{silent:,} without an answer" if silent else "",
        f"{refused:,} cannot be read as {card.input.get('called', 'such a case')}"
        if refused
        else "",
    ]
    reviewed = f" {len(work.reviews):,} reviewed." if work.reviews else ""
    return ", ".join(filter(None, words)) + "." + reviewed
