"""Beats of a whole recording that are not normal, one row a class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from medmodels.figures.ecg_clock import clock
from medmodels.figures.ecg_colours import BeatMark
from medmodels.figures.theme import Settings

Doubles = npt.NDArray[np.float64]

_BINS = 240


def abnormal_classes(marks: Sequence[BeatMark]) -> list[int]:
    """Classes that have a row of their own, the gravest on top."""
    abnormal = [code for code, mark in enumerate(marks) if mark.abnormal]
    return sorted(abnormal, key=lambda code: -marks[code].severity)


def beat_rows(
    times_s: Doubles, labels: npt.NDArray[np.int64], marks: Sequence[BeatMark]
) -> list[Settings]:
    """Traces on the second vertical axis; beats that lie close together are one symbol.

    Parameters
    ----------
    times_s : ndarray, float64, shape (n_beats,)
        R peaks, seconds.
    labels : ndarray, int64, shape (n_beats,)
    marks : sequence of BeatMark
        One for each class.

    Returns
    -------
    list of dict
        ``customdata[0]`` of each point is the time of its first beat.
    """
    if not len(times_s):
        return []
    edges = np.linspace(times_s[0], times_s[-1] + 1e-6, _BINS + 1)
    seen = {"opacity": 0.85}
    traces = []
    for row, code in enumerate(abnormal_classes(marks)):
        mark = marks[code]
        times = times_s[labels == code]
        bins = np.searchsorted(edges, times, side="right")
        _, first, counts = np.unique(bins, return_index=True, return_counts=True)
        traces.append(
            {
                "type": "scatter",
                "x": np.round(times[first], 2),
                "y": np.full(len(first), -row),
                "yaxis": "y2",
                "mode": "markers",
                "marker": {
                    "symbol": mark.symbol,
                    "color": mark.colour,
                    "line": {"width": 0},
                    "size": 6 + 1.6 * np.log2(counts),
                }
                | seen,
                "selected": {"marker": seen},
                "unselected": {"marker": seen},
                "customdata": [
                    [round(float(t), 2), clock(float(t)), int(n)]
                    for t, n in zip(times[first], counts, strict=True)
                ],
                "hovertemplate": f"<b>{mark.letter}</b> {mark.title}: %{{customdata[2]}} from "
                "%{customdata[1]}<extra></extra>",
            }
        )
    return traces
