"""Where the viewer is: left end of the strip, chosen beat, paper settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from medmodels.figures.ecg_sheet import PaperSettings
from medmodels.ui.ecg_reading import Case

_AT = "ecg_at"
_BEAT = "ecg_beat"
_OF = "ecg_position_of"
SPEED, GAIN, WIDTH = "ecg_speed", "ecg_gain", "ecg_width"


def start_position(case: Case) -> None:
    """Begin a new case at its gravest beat, or at its first."""
    if st.session_state.get(_OF) == case.key:
        return
    st.session_state[_OF] = case.key
    severity = np.array([entry.severity for entry in case.reading.card.classes])[
        case.reading.labels
    ]
    worst = np.flatnonzero(severity == severity.max()) if severity.max() else np.array([0])
    # Of equally grave beats the earliest that is as good as certain.
    sure = worst[case.decided[worst] >= min(0.9, float(case.decided[worst].max()))]
    choose_beat(case, int(sure[0]))


def settings() -> PaperSettings:
    """How the paper runs."""
    return PaperSettings(
        st.session_state.get(SPEED) or 25.0,
        st.session_state.get(GAIN) or 10.0,
        st.session_state.get(WIDTH) or 250.0,
    )


def strip_start(case: Case) -> float:
    """Left end of the strip, seconds, within the recording."""
    latest = max(case.beats.seconds - settings().seconds, 0.0)
    return float(min(max(st.session_state.get(_AT, 0.0), 0.0), latest))


def chosen_beat(case: Case) -> int:
    """Index of the chosen beat."""
    return int(min(st.session_state.get(_BEAT, 0), len(case.reading.labels) - 1))


def go_to(case: Case, start: float) -> None:
    """Move the strip; rounded to a big square, so that the grid stays put."""
    big = 5 / settings().speed
    st.session_state[_AT] = round(max(start, 0.0) / big) * big
    st.session_state[_AT] = strip_start(case)


def choose_beat(case: Case, beat: int) -> None:
    """Choose a beat, and move the strip when it does not show it."""
    st.session_state[_BEAT] = beat
    if not case.beats.has_rhythm:
        return
    time, seconds = float(case.beats.times_s[beat]), settings().seconds
    start = strip_start(case)
    if not start + 0.5 <= time <= start + seconds - 0.5:
        go_to(case, time - seconds / 2)


def turn_page(case: Case, direction: int) -> None:
    """Move by one strip; direction is -1 or 1."""
    go_to(case, strip_start(case) + direction * settings().seconds)


def step_beat(case: Case, direction: int, among: Sequence[int]) -> None:
    """Go to the next beat out of some, before or after the chosen one.

    When the strip was moved away from the chosen beat, the strip counts.
    """
    beat = chosen_beat(case)
    if case.beats.has_rhythm:
        start, end = strip_start(case), strip_start(case) + settings().seconds
        if not start <= case.beats.times_s[beat] <= end:
            beat = int(np.searchsorted(case.beats.times_s, start)) - (direction > 0)
    others = [i for i in among if (i > beat if direction > 0 else i < beat)]
    if others:
        choose_beat(case, int(others[0] if direction > 0 else others[-1]))


def clicked(key: str) -> list[Any] | None:
    """Return ``customdata`` of the point that was just clicked in a chart."""
    state = st.session_state.get(key)
    points = state.selection.points if state else []
    if not points:
        return None
    data = points[0].get("customdata")
    return list(data.values()) if isinstance(data, dict) else data
