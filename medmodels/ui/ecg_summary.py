"""The answer for a whole recording: one sentence, then the numbers behind it."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.theme import SEVERITY_WORDS
from medmodels.inputs.understanding import say_duration
from medmodels.reading.sentences import say_beats
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_words import say_share
from medmodels.ui.lights import show_lights
from medmodels.ui.theme import SEVERITY_ICONS, palette
from medmodels.ui.withheld import show_doubts


def show_answer(case: Case) -> None:
    """Say what the beats were read as, and what limits the answer."""
    card = case.reading.card
    counts = np.bincount(case.reading.labels, minlength=len(card.classes)).tolist()
    gravest = max((c.severity for c, n in zip(card.classes, counts, strict=True) if n), default=0)
    sentence = escape(say_beats(counts, card.classes))
    st.html(
        f'<p class="dia-answer" style="--dia-colour: {palette().severity[gravest]}">{sentence}</p>'
    )
    show_doubts(case.reading)
    show_lights(case.reading, withheld=False)
    _counts(case, counts)
    if case.rhythm is not None:
        _rhythm(case)
    show_notes(case)
    _limits(case)


def _counts(case: Case, counts: list[int]) -> None:
    classes = case.reading.card.classes
    total = len(case.reading.labels)
    marks = beat_marks(classes, palette())
    order = sorted(range(len(classes)), key=lambda i: -classes[i].severity)
    with st.container(horizontal=True, gap="small"):
        for i in order:
            entry = classes[i]
            with st.container(border=True, width=250):
                st.html(
                    f'<p class="dia-figure-title"><span style="color:{marks[i].colour}">'
                    f"{marks[i].shape}</span> {escape(entry.letter)} · {escape(entry.title)}</p>"
                    f'<p style="font-size:1.6rem;font-weight:600;line-height:1.3;margin:0">'
                    f"{counts[i]:,}</p>"
                    f'<p class="dia-small">{say_share(counts[i], total)}</p>'
                )
                st.caption(
                    f"{SEVERITY_ICONS[entry.severity]} {SEVERITY_WORDS[entry.severity]}",
                    help=entry.meaning,
                )


def _rhythm(case: Case) -> None:
    rhythm = case.rhythm
    assert rhythm is not None
    known = not np.isnan(rhythm.rate)
    with st.container(horizontal=True, gap="medium"):
        _number("Beats", f"{len(case.reading.labels):,}")
        _number("Duration", say_duration(case.beats.seconds))
        _number("Heart rate, median", f"{rhythm.rate:.0f} /min" if known else "unknown")
        _number(
            "Slowest to fastest",
            f"{rhythm.slowest:.0f} to {rhythm.fastest:.0f} /min" if known else "unknown",
            help="From the 98th and the 2nd percentile of the RR intervals, so that one "
            "wrongly placed beat does not decide.",
        )
        _number("Pauses of 2 s or more", f"{rhythm.pauses:,}")


def _number(label: str, value: str, help: str | None = None) -> None:
    st.metric(label, value, help=help, width="content")


def show_notes(case: Case) -> None:
    """Say what was understood of the input."""
    notes = list(dict.fromkeys(case.reading.notes))
    if notes:
        st.markdown("**About this input**\n" + "\n".join(f"- {_plain(text)}" for text in notes))


def _limits(case: Case) -> None:
    reading = case.reading
    with st.expander("What this network cannot do", icon=":material/rule:"):
        st.markdown(
            f"**Not for:** {reading.card.not_for}\n"
            + "\n".join(f"\n- {text}" for text in reading.card.limits)
        )
        st.caption(
            f"A beat's class is decided by: {reading.operating_point.rule} "
            f"(chosen on: {reading.operating_point.chosen_on})."
        )


def _plain(text: str) -> str:
    for mark in "\\`*_[]<>#$|~":
        text = text.replace(mark, "\\" + mark)
    return text
