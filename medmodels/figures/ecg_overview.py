"""A whole recording on one strip: heart rate, beats that are not normal, the trace's envelope."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.ecg_clock import clock, clock_ticks
from medmodels.figures.ecg_colours import BeatMark, paper_colours
from medmodels.figures.ecg_envelope import extremes
from medmodels.figures.ecg_overview_beats import abnormal_classes, beat_rows
from medmodels.figures.theme import FONT_SIZE, Palette, Settings, styled
from medmodels.inputs.signal import Signal

Doubles = npt.NDArray[np.float64]

_MOST_BEATS = 1200  # up to here every beat's own rate is drawn
_RATE_BINS = 600
_COLUMNS = 1200
_LEAD_SIZE = 17  # of the lead's name
_RATES = (20.0, 250.0)  # beats a minute; what lies beyond is drawn at the edge


def ecg_overview(
    signal: Signal,
    times_s: Doubles,
    labels: npt.NDArray[np.int64],
    marks: Sequence[BeatMark],
    palette: Palette,
) -> go.Figure:
    """Draw the whole recording; `mark_window` adds where the strip is.

    Parameters
    ----------
    signal : Signal
    times_s : ndarray, float64, shape (n_beats,)
        R peaks, seconds.
    labels : ndarray, int64, shape (n_beats,)
    marks : sequence of BeatMark
        One for each class.
    palette : Palette

    Returns
    -------
    plotly Figure
        x in seconds. At most a few thousand points, however long the
        recording. A point's ``customdata[0]`` is the time to jump to.
    """
    traces = [
        *_rate(times_s, palette),
        *beat_rows(times_s, labels, marks),
        *_envelope(signal, palette),
    ]
    rows = [marks[code] for code in abnormal_classes(marks)]
    ticks, words = clock_ticks(0, signal.seconds)
    layout = {
        "xaxis": {
            "range": [-0.004 * signal.seconds, 1.004 * signal.seconds],
            "tickvals": ticks,
            "ticktext": words,
            "showgrid": True,
            "anchor": "y3",
            "zeroline": False,
        },
        "yaxis": {
            "domain": [0.56, 1],
            "title": {"text": "Heart rate, /min", "standoff": 4},
            "nticks": 5,
            "zeroline": False,
            "rangemode": "normal",
        },
        "yaxis2": {
            "domain": [0.24, 0.52],
            "range": [-len(rows) + 0.4, 0.6],
            "zeroline": False,
            "showline": False,
            "tickvals": [-i for i in range(len(rows))],
            "ticktext": [f"{mark.shape} {mark.letter}" for mark in rows],
            # Letters of beats are read, numbers on other axes looked up.
            "tickfont": {"color": palette.ink, "size": FONT_SIZE},
        },
        "yaxis3": {
            "domain": [0, 0.2],
            "zeroline": False,
            "showline": False,
            "showticklabels": False,
            "showgrid": False,
            "title": {
                "text": signal.leads[0],
                "standoff": 4,
                "font": {"color": palette.ink, "size": _LEAD_SIZE},
            },
        },
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "bargap": 0,
        "margin": {"l": 56, "r": 8, "t": 4, "b": 24},
    }
    return styled(go.Figure(traces), palette, height=300, layout=layout)


def mark_window(
    figure: go.Figure, window: tuple[float, float], seconds: float, palette: Palette
) -> go.Figure:
    """Show on the overview which stretch the strip shows.

    Parameters
    ----------
    figure : plotly Figure
        From `ecg_overview`; changed in place.
    window : tuple of float
        Start and end, seconds.
    seconds : float
        Duration of the recording: on a long one the stretch is drawn wider
        than it is, so that it can be seen.
    palette : Palette

    Returns
    -------
    plotly Figure
        The same figure.
    """
    width = max(window[1] - window[0], seconds / 300)
    figure.layout.shapes = [
        {
            "type": "rect",
            "x0": window[0],
            "x1": window[0] + width,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "fillcolor": paper_colours(palette).window,
            "line": {"color": palette.accent, "width": 1.5},
            "layer": "below",
        }
    ]
    return figure


def binned_rate(times_s: Doubles, bins: int) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Heart rate in equal stretches of time.

    Parameters
    ----------
    times_s : ndarray, float64, shape (n_beats,)
    bins : int

    Returns
    -------
    centres, low, middle, high : ndarray, float64, shape (bins,)
        Seconds, then 10th percentile, median and 90th percentile in beats a
        minute; NaN where a stretch has no interval.
    """
    rates = 60 / np.maximum(np.diff(times_s), 1e-3)
    at = times_s[1:]
    edges = np.linspace(times_s[0], times_s[-1], bins + 1)
    where = np.searchsorted(at, edges)
    where[-1] = len(at)
    # All stretches at once, each sorted by itself; between two values as in `np.quantile`.
    counts = np.diff(where)
    ranked = rates[np.lexsort((rates, np.repeat(np.arange(bins), counts)))]
    known = counts > 0
    rank = where[:-1][known] + np.outer([0.1, 0.5, 0.9], counts[known] - 1)
    below, above = np.floor(rank).astype(int), np.ceil(rank).astype(int)
    table = np.full((3, bins), np.nan)
    table[:, known] = ranked[below] + (rank - below) * (ranked[above] - ranked[below])
    return (edges[:-1] + edges[1:]) / 2, table[0], table[1], table[2]


def _rate(times_s: Doubles, palette: Palette) -> list[Settings]:
    """Heart rate as a line, on a long recording over the band of most intervals."""
    if len(times_s) < 2:
        return []
    traces: list[Settings] = []
    if len(times_s) <= _MOST_BEATS:
        at, middle = times_s[1:], 60 / np.maximum(np.diff(times_s), 1e-3)
        says = "between two beats"
    else:
        at, low, middle, high = (
            np.clip(v, *_RATES) if i else v for i, v in enumerate(binned_rate(times_s, _RATE_BINS))
        )
        says = "median here; the band holds 80% of the intervals"
        traces = [
            {
                "type": "scatter",
                "x": np.round(at, 2),
                "y": np.round(edge, 1),
                "mode": "lines",
                "line": {"width": 0},
                "fill": fill,
                "fillcolor": paper_colours(palette).window,
                "hoverinfo": "skip",
            }
            for edge, fill in ((high, None), (low, "tonexty"))
        ]
    middle = np.clip(middle, *_RATES)
    unseen = {"marker": {"opacity": 0}}
    line = {
        "type": "scatter",
        "x": np.round(at, 2),
        "y": np.round(middle, 1),
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": palette.accent, "width": 1.4},
        "marker": {"size": 7, "opacity": 0},
        "selected": unseen,
        "unselected": unseen,
        "customdata": _times(at),
        "hovertemplate": f"%{{customdata[1]}}: %{{y:.0f}} /min, {says}<extra></extra>",
    }
    return [*traces, line]


def _times(at: Doubles) -> npt.NDArray[np.object_]:
    """Each time as a number and in words; an array, since plotly copies lists item by item."""
    return np.array([[round(float(t), 2), clock(float(t))] for t in at], dtype=object)


def _envelope(signal: Signal, palette: Palette) -> list[Settings]:
    """The first lead from its lowest to its highest, stretch by stretch."""
    starts, low, high = extremes(signal.samples[:, 0], _COLUMNS)
    at = starts / signal.rate
    known = np.concatenate([low, high])
    known = known[np.isfinite(known)]
    if not len(known):
        return []
    # One artefact must not flatten everything else.
    middle = float(np.median(known))
    reach = 1.6 * float(np.quantile(np.abs(known - middle), 0.97)) + 1e-9
    low, high = (np.clip(v, middle - reach, middle + reach) for v in (low, high))
    bars = {
        "type": "bar",
        "x": np.round(at, 2),
        "y": np.round(high - low, 3),
        "base": np.round(low, 3),
        "yaxis": "y3",
        "width": signal.seconds / max(len(at), 1),
        "offset": 0,
        "marker": {"color": palette.muted, "line": {"width": 0}},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "customdata": _times(at),
        "hovertemplate": "%{customdata[1]}, lowest to highest<extra></extra>",
    }
    return [bars]
