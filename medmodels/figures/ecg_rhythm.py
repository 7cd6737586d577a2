"""How long the heart waits between beats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.ecg_colours import BeatMark
from medmodels.figures.theme import Palette, Settings, styled

_PATTERNS = ("", "/", "x", ".", "\\", "+")
_BIN_MS = 20


def rr_bins(rr_ms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Edges of 20 ms bins around most intervals.

    Parameters
    ----------
    rr_ms : ndarray, float64, shape (n,)

    Returns
    -------
    ndarray, float64
        Milliseconds, increasing; at most 2.4 s in all. The first and the last
        bin are open.
    """
    low = np.floor(max(np.quantile(rr_ms, 0.002), 120) / _BIN_MS) * _BIN_MS
    high = np.ceil(min(np.quantile(rr_ms, 0.998) + _BIN_MS, low + 2400) / _BIN_MS) * _BIN_MS
    return np.arange(low, max(high, low + _BIN_MS) + 1, _BIN_MS)


def rr_histogram(
    rr_ms: npt.NDArray[np.float64],
    labels: npt.NDArray[np.int64],
    marks: Sequence[BeatMark],
    palette: Palette,
) -> go.Figure:
    """Histogram of the intervals, each counted for the beat that ends it.

    Parameters
    ----------
    rr_ms : ndarray, float64, shape (n_beats - 1,)
        Milliseconds.
    labels : ndarray, int64, shape (n_beats,)
    marks : sequence of BeatMark
        One for each class.
    palette : Palette

    Returns
    -------
    plotly Figure
        Intervals beyond the edges are counted in the outermost bars.
    """
    bars: list[Settings] = []
    shortest = longest = 0.0
    if len(rr_ms):
        edges = rr_bins(rr_ms)
        shortest, longest = edges[0], edges[-1]
        inside = np.clip(rr_ms, edges[0], edges[-1] - 1e-6)
        for code, mark in enumerate(marks):
            counts, _ = np.histogram(inside[labels[1:] == code], edges)
            if not counts.any():
                continue
            bars.append(
                {
                    "type": "bar",
                    "x": edges[:-1] + _BIN_MS / 2,
                    "y": counts,
                    "width": _BIN_MS * 0.94,
                    "name": f"{mark.letter} {mark.title}",
                    "marker": {
                        "color": mark.colour,
                        "pattern": {
                            "shape": _PATTERNS[code % len(_PATTERNS)],
                            "fgcolor": palette.background,
                            "fillmode": "overlay",
                            "size": 6,
                        },
                    },
                    "hovertemplate": f"%{{y}} × {mark.letter} after %{{x:.0f}} ms<extra></extra>",
                }
            )
    step = 100 if longest - shortest < 1000 else 200
    ticks = [t for t in range(0, 4001, step) if shortest <= t <= longest]
    layout = {
        "barmode": "stack",
        "bargap": 0.02,
        "dragmode": False,
        "showlegend": True,
        "xaxis": {
            "title": {"text": "RR interval before the beat, ms"},
            "tickvals": ticks,
            "showgrid": False,
        },
        "yaxis": {"title": {"text": "Beats"}, "rangemode": "tozero"},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "font": {"size": 13}},
        "margin": {"l": 56, "r": 8, "t": 28, "b": 44},
    }
    return styled(go.Figure(bars), palette, height=280, layout=layout)
