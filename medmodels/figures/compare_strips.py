"""Maps of several methods for one beat, as strips under its trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.colors import get_colorscale

from medmodels.figures.beat_lines import beat_lines
from medmodels.figures.ecg_colours import paper_colours
from medmodels.figures.panels import in_panel, on_panel, panel_axes
from medmodels.figures.theme import (
    SEQUENTIAL,
    SMALL_FONT_SIZE,
    Palette,
    Settings,
    diverging,
    styled,
)

Doubles = npt.NDArray[np.float64]

_TRACE_HEIGHT = 110
_STRIP_HEIGHT = 13
_LABEL_HEIGHT = 23


@dataclass(frozen=True)
class Strip:
    """One method's map along the time axis.

    Parameters
    ----------
    label : str
        What stands above it.
    values : ndarray, float64, shape (n_samples, n_leads)
        In the unit of the scale; NaN where the network reads nothing.
    """

    label: str
    values: Doubles


def strip_density(saliency: Doubles, step: int) -> Doubles:
    """How many times its even share of a map each short stretch holds.

    Parameters
    ----------
    saliency : ndarray, float64, shape (n_samples, n_leads)
        NaN where there is none.
    step : int
        Samples of a stretch; the last may be shorter.

    Returns
    -------
    ndarray, float64, shape (n_samples, n_leads)
        Constant over a stretch; averages 1 over what is known, or 0 where the
        map is empty.

    Examples
    --------
    >>> strip_density(np.array([[0.0], [0.0], [-1.0], [3.0]]), 2).ravel()
    array([0., 0., 2., 2.])
    """
    mass = np.abs(saliency)
    known = np.isfinite(mass)
    mean = float(mass[known].mean()) if known.any() else 0.0
    out = np.where(known, 0.0, np.nan)
    if mean <= 0:
        return out
    for start in range(0, len(mass), step):
        part, there = mass[start : start + step], known[start : start + step]
        count = there.sum(axis=0)
        level = np.where(there, part, 0).sum(axis=0) / np.maximum(count, 1) / mean
        out[start : start + step][there] = np.broadcast_to(level, part.shape)[there]
    return out


def strips_figure(
    times_s: Doubles,
    trace: Doubles,
    leads: Sequence[str],
    beats: Sequence[tuple[float, str]],
    strips: Sequence[Strip],
    highest: float,
    palette: Palette,
    *,
    signed: bool,
    unit: str,
    y_title: str,
) -> go.Figure:
    """Draw the trace of each lead, and each method's map below on the same time axis.

    Parameters
    ----------
    times_s : ndarray, float64, shape (n_samples,)
        Seconds from the chosen beat's centre.
    trace : ndarray, float64, shape (n_samples, n_leads)
        NaN where the network reads nothing.
    leads : sequence of str
    beats : sequence of tuple
        Time and letter of every beat; the chosen one is at 0.
    strips : sequence of Strip
        From top to bottom.
    highest : float
        Value that is drawn strongest, the same for all strips.
    palette : Palette
    signed : bool
        Whether colours run from minus ``highest``.
    unit : str
        What a value of 1 means.
    y_title : str
        Unit of the trace.
    """
    below = len(strips) * (_LABEL_HEIGHT + _STRIP_HEIGHT * len(leads))
    heights = [_TRACE_HEIGHT] * len(leads) + [max(below, 1)]
    traces: list[Settings] = []
    up: list[Settings] = []
    still = {"zeroline": False, "fixedrange": True}
    for k, lead in enumerate(leads):
        traces.append({
            "type": "scatter", "x": times_s, "y": np.round(trace[:, k], 3), "mode": "lines",
            "connectgaps": False, "line": {"color": paper_colours(palette).trace, "width": 1.5},
            "hovertemplate": f"{lead}, %{{x:.3f}} s: %{{y:.2f}} {y_title}<extra></extra>",
        } | in_panel(k))  # fmt: skip
        up.append(still | {"title": {"text": f"<b>{lead}</b>, {y_title}"}, "nticks": 4})
    last = len(leads)
    traces += _strips(times_s, leads, strips, unit, last)
    up.append(still | {"visible": False, "range": [below, 0]})
    lines, letters = beat_lines(beats, len(up), palette)
    axes = panel_axes(heights, 0.02, still, "seconds from the QRS of the chosen beat", up)
    layout = axes | {
        "shapes": lines,
        "annotations": [*_labels(times_s, leads, strips, palette, last), *letters],
        "coloraxis": _colours(highest, palette, signed=signed, unit=unit),
        "showlegend": False, "dragmode": False, "margin": {"l": 52, "r": 8, "t": 26, "b": 84},
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=sum(heights) + 112, layout=layout)


def _colours(highest: float, palette: Palette, *, signed: bool, unit: str) -> Settings:
    ticks = np.linspace(-highest if signed else 0, highest, 5)
    words = [f"{value:.3g}" for value in ticks]
    words[-1] = f"≥ {words[-1]}" + (" for" if signed else "")
    words[0] = f"≤ {words[0]} against" if signed else words[0]
    return {
        "colorscale": diverging(palette) if signed else get_colorscale(SEQUENTIAL),
        "cmin": float(ticks[0]), "cmax": highest,
        "colorbar": {
            "orientation": "h", "x": 0.5, "y": -0.01, "yanchor": "top", "thickness": 12,
            "len": 0.94, "outlinewidth": 0, "ypad": 46, "tickvals": (0.9999 * ticks).tolist(),
            "ticktext": words, "tickfont": {"size": SMALL_FONT_SIZE, "color": palette.ink},
            "title": {"text": unit, "side": "bottom", "font": {"size": SMALL_FONT_SIZE}},
        },
    }  # fmt: skip


def _place(number: int, leads: Sequence[str]) -> float:
    """Where a strip's label begins, in pixels from the top of its panel."""
    return float(number * (_LABEL_HEIGHT + _STRIP_HEIGHT * len(leads)))


def _strips(
    times_s: Doubles, leads: Sequence[str], strips: Sequence[Strip], unit: str, panel: int
) -> list[Settings]:
    """The strips from top to bottom, in pixels; one row a lead."""
    traces = []
    for number, strip in enumerate(strips):
        top = _place(number, leads) + _LABEL_HEIGHT
        middle = top + _STRIP_HEIGHT * (np.arange(len(leads)) + 0.5)
        rows = {"y": middle} if len(leads) > 1 else {"y0": middle[0], "dy": _STRIP_HEIGHT}
        traces.append({
            "type": "heatmap", "x": times_s, "z": np.round(strip.values.T, 5), **rows,
            "coloraxis": "coloraxis", "hoverongaps": False,
            "customdata": _named(leads, len(times_s)),
            "hovertemplate": f"%{{customdata}}, %{{x:.3f}} s: %{{z:.3g}} {unit}<extra></extra>",
        } | in_panel(panel))  # fmt: skip
    return traces


def _labels(
    times_s: Doubles, leads: Sequence[str], strips: Sequence[Strip], palette: Palette, panel: int
) -> list[Settings]:
    """What stands above each strip."""
    return [
        {
            "x": float(times_s[0]), "y": _place(number, leads) + _LABEL_HEIGHT,
            "xanchor": "left", "yanchor": "bottom", "xshift": -4, "borderpad": 1,
            "text": strip.label, "showarrow": False, "bgcolor": palette.background,
            "font": {"color": palette.ink, "size": SMALL_FONT_SIZE},
        } | on_panel(panel)
        for number, strip in enumerate(strips)
    ]  # fmt: skip


def _named(leads: Sequence[str], n: int) -> list[list[str]]:
    return [[lead] * n for lead in leads]
