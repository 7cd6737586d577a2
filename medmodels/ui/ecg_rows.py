"""A table of single beats: rows instead of time."""

from __future__ import annotations

import streamlit as st

from medmodels.figures.beat_row import beat_row
from medmodels.figures.ecg_colours import beat_marks
from medmodels.inputs.signal import BeatTable
from medmodels.ui.ecg_position import choose_beat, chosen_beat, step_beat
from medmodels.ui.ecg_reading import Case
from medmodels.ui.theme import palette, show_figure

_ROW = "ecg_row"


def show_rows(case: Case) -> None:
    """Draw the chosen row and what moves between rows; call within a fragment."""
    assert isinstance(case.item, BeatTable)
    st.info(
        "Each row is one beat on its own. How early a beat comes, pauses, heart rate and runs of "
        "beats cannot be judged from such a file: upload the recording itself for that.",
        icon=":material/info:",
    )
    total = len(case.reading.labels)
    everything, abnormal = range(total), case.abnormal.tolist()
    st.session_state[_ROW] = chosen_beat(case) + 1
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.number_input(
            f"Row, 1 to {total:,}",
            1,
            total,
            key=_ROW,
            width=180,
            on_change=lambda: choose_beat(case, st.session_state[_ROW] - 1),
        )
        for label, key, direction, among in (
            ("Previous", "Left", -1, everything),
            ("Next", "Right", 1, everything),
            ("Previous finding", "P", -1, abnormal),
            ("Next finding", "N", 1, abnormal),
        ):
            st.button(
                label,
                key=f"ecg_{key}",
                shortcut=key,
                disabled=not len(among),
                on_click=step_beat,
                args=(case, direction, among),
            )
    row = chosen_beat(case)
    mark = beat_marks(case.reading.card.classes, palette())[int(case.reading.labels[row])]
    show_figure(
        beat_row(case.item, row, mark, palette()),
        key="ecg_row_trace",
        alt="Trace of the chosen row.",
    )
