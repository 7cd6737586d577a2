"""The ECG on paper, with an overview of the whole recording to jump in."""

from __future__ import annotations

from datetime import datetime, timedelta

import plotly.graph_objects as go
import streamlit as st

from medmodels.figures.ecg_clock import clock
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.ecg_overview import ecg_overview, mark_window
from medmodels.figures.ecg_paper import ecg_paper
from medmodels.figures.ecg_sheet import GAINS, SPEEDS, WIDTHS_MM, Beats
from medmodels.inputs.signal import Signal
from medmodels.ui.ecg_position import (
    GAIN,
    SPEED,
    WIDTH,
    choose_beat,
    chosen_beat,
    clicked,
    go_to,
    settings,
    step_beat,
    strip_start,
    turn_page,
)
from medmodels.ui.ecg_reading import Case
from medmodels.ui.theme import palette

_OVERVIEW, _PAPER, _SLIDER = "ecg_overview", "ecg_paper", "ecg_slider"
_CALIPERS, _MEASURED = "ecg_calipers", "ecg_measured"
_ZERO = datetime(2000, 1, 1)
_STILL = {"displayModeBar": False, "displaylogo": False, "responsive": True, "doubleClick": False}


def show_viewer(case: Case) -> None:
    """Draw overview, paper and what moves them; call within a fragment."""
    assert isinstance(case.item, Signal)
    _overview(case, case.item)
    _controls(case)
    _paper(case, case.item)


def _overview(case: Case, signal: Signal) -> None:
    colours = palette()
    made = case.shown.get(("overview", colours.name))
    if not isinstance(made, go.Figure):
        marks = beat_marks(case.reading.card.classes, colours)
        made = ecg_overview(signal, case.beats.times_s, case.reading.labels, marks, colours)
        case.shown["overview", colours.name] = made
    start = strip_start(case)
    window = (start, start + settings().seconds)
    st.plotly_chart(
        mark_window(made, window, case.beats.seconds, colours),
        theme=None,
        key=_OVERVIEW,
        config=_STILL,
        on_select=lambda: _jump(case),
        selection_mode="points",
        alt="Heart rate over the whole recording, with the beats that are not normal.",
    )
    st.caption("The whole recording. Click a mark or the curve to go there.")


def _jump(case: Case) -> None:
    data = clicked(_OVERVIEW)
    if data is None:
        return
    time = float(data[0])
    go_to(case, time - settings().seconds / 2)
    if len(data) == 3:
        choose_beat(case, int(abs(case.beats.times_s - time).argmin()))


def _controls(case: Case) -> None:
    strip = settings().seconds
    abnormal = case.abnormal.tolist()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for label, icon, key, direction in (
            (f"{strip:g} s back", ":material/chevron_left:", "Left", -1),
            (f"{strip:g} s on", ":material/chevron_right:", "Right", 1),
        ):
            st.button(
                label,
                key=f"ecg_{key}",
                icon=icon,
                shortcut=key,
                on_click=turn_page,
                args=(case, direction),
            )
        for label, icon, key, direction in (
            ("Previous finding", ":material/skip_previous:", "P", -1),
            ("Next finding", ":material/skip_next:", "N", 1),
        ):
            st.button(
                label,
                key=f"ecg_{key}",
                icon=icon,
                shortcut=key,
                disabled=not abnormal,
                on_click=step_beat,
                args=(case, direction, abnormal),
                help="The next beat that is not read as normal.",
            )
        with st.popover("Paper", icon=":material/grid_4x4:"):
            _paper_settings()
        st.toggle(
            "Calipers", key=_CALIPERS, help="Drag across the paper to measure time and height."
        )
    _slider(case)


def _paper_settings() -> None:
    st.segmented_control(
        "Speed, mm/s",
        SPEEDS,
        default=25.0,
        key=SPEED,
        required=True,
        format_func=lambda v: f"{v:g}",
    )
    st.segmented_control(
        "Gain, mm/mV", GAINS, default=10.0, key=GAIN, required=True, format_func=lambda v: f"{v:g}"
    )
    speed = st.session_state.get(SPEED) or 25.0
    st.segmented_control(
        "Length of the strip",
        WIDTHS_MM,
        default=250.0,
        key=WIDTH,
        required=True,
        format_func=lambda v: f"{v / speed:g} s",
    )


def _slider(case: Case) -> None:
    latest = case.beats.seconds - settings().seconds
    if latest <= 0:
        return
    step = 1.0 if latest < 3600 else 10.0
    end = max(step, float(int(latest / step + 0.999) * step))
    st.session_state[_SLIDER] = _ZERO + timedelta(
        seconds=min(round(strip_start(case) / step) * step, end)
    )
    st.slider(
        "Start of the strip",
        _ZERO,
        _ZERO + timedelta(seconds=end),
        key=_SLIDER,
        step=timedelta(seconds=step),
        format="H:mm:ss",
        label_visibility="collapsed",
        on_change=lambda: go_to(case, (st.session_state[_SLIDER] - _ZERO).total_seconds()),
    )


def _paper(case: Case, signal: Signal) -> None:
    colours, paper, start = palette(), settings(), strip_start(case)
    measuring = bool(st.session_state.get(_CALIPERS))
    beats = Beats(case.beats.times_s, case.reading.labels, case.decided)
    figure = ecg_paper(
        signal,
        case.lanes,
        beats,
        beat_marks(case.reading.card.classes, colours),
        start,
        paper,
        colours,
        chosen=chosen_beat(case),
        measuring=measuring,
    )
    gain = f"{paper.gain:g} mm/mV" if signal.amplitude_known else "amplitude without a unit"
    st.markdown(
        f"**{clock(start)} to {clock(min(start + paper.seconds, case.beats.seconds))}** "
        f"&nbsp; {paper.speed:g} mm/s &nbsp; {gain} &nbsp; "
        f":small[one small square: {1000 / paper.speed:g} ms"
        + (f" × {1 / paper.gain:g} mV]" if signal.amplitude_known else "]")
    )
    st.plotly_chart(
        figure,
        theme=None,
        key=_MEASURED if measuring else _PAPER,
        config=_STILL,
        on_select="rerun" if measuring else lambda: _pick(case),
        selection_mode="box" if measuring else "points",
        alt="The ECG on paper, each beat with the letter of its class.",
    )
    if measuring:
        _caliper(signal, paper.gain)
    else:
        st.caption("Click a letter to look closer at its beat.")


def _pick(case: Case) -> None:
    data = clicked(_PAPER)
    if data is not None and len(data) == 3:
        choose_beat(case, int(data[0]))


def _caliper(signal: Signal, gain: float) -> None:
    """Say what a box drawn on the paper spans: the calipers of a paper ECG."""
    state = st.session_state.get(_MEASURED)
    boxes = state.selection.box if state else []
    if not boxes:
        st.caption("Drag across the paper to measure.")
        return
    span = abs(boxes[0]["x"][1] - boxes[0]["x"][0])
    height = abs(boxes[0]["y"][1] - boxes[0]["y"][0]) / gain
    rate = f" ({60 / span:.0f} /min if it is one RR interval)" if span > 0.15 else ""
    tall = f", {height:.2f} mV" if signal.amplitude_known else ""
    st.markdown(f":material/straighten: **Measured: {span * 1000:.0f} ms{rate}{tall}**")
