"""Traces of the nearest training beats, or their average, beside the beat that was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.ecg_colours import BeatMark, paper_colours
from medmodels.figures.panel_grid import grid_axes, panel_titles
from medmodels.figures.panels import axis_number, in_panel
from medmodels.figures.theme import SMALL_FONT_SIZE, Palette, styled

Values = npt.NDArray[np.floating[Any]]
_COLUMNS = 5
_ROW_HEIGHT = 120


@dataclass(frozen=True)
class BeatTrace:
    """One training beat as recorded.

    Parameters
    ----------
    milliseconds : ndarray, shape (n,)
        From the R peak.
    millivolts : ndarray, shape (n,)
        First lead that the network reads.
    lead : str
    """

    milliseconds: Values
    millivolts: Values
    lead: str


def window_figure(
    own: Values | None,
    average: Values,
    offsets_s: Values,
    leads: Sequence[str],
    palette: Palette,
) -> go.Figure:
    """One panel a lead: the beat that was read, solid, over the average, dashed.

    Parameters
    ----------
    own : ndarray, shape (L, leads), or None
        In QRS heights of its recording.
    average : ndarray, shape (L, leads)
    offsets_s : ndarray, shape (L,)
        Seconds from the R peak.
    leads : sequence of str
        Names of the panels.
    palette : Palette
    """
    names = list(leads)
    ms = np.round(1000 * np.asarray(offsets_s), 1)
    traces = [
        {
            "type": "scatter", "x": ms, "y": np.round(values[:, k].astype(np.float64), 3),
            "mode": "lines", "line": style | {"width": 2},
            "name": name, "legendgroup": name, "showlegend": k == 0,
            "hovertemplate": "%{x:.0f} ms: %{y:.2f} QRS heights<extra>" + name + "</extra>",
        } | in_panel(k)
        for k in range(len(names))
        for values, name, style in (
            (average, "average of the training beats", {"color": palette.towards, "dash": "dash"}),
            (own, "this beat", {"color": paper_colours(palette).trace}),
        )
        if values is not None
    ]  # fmt: skip
    axes = grid_axes(
        1, len(names), (0.04, 0),
        {"title": {"text": "ms from the R peak"}, "fixedrange": True, "nticks": 5},
        {"fixedrange": True, "nticks": 5, "automargin": True}, own_x=True,
    )  # fmt: skip
    axes["yaxis"]["title"] = {"text": "QRS heights"}
    font = {"color": palette.ink, "size": SMALL_FONT_SIZE + 1}
    layout = axes | {
        "annotations": panel_titles(axes, names, [font] * len(names)),
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8}, "dragmode": False,
        "legend": {"orientation": "h", "y": -0.28, "x": 0, "yanchor": "top", "font": {"size": 13}},
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=280, layout=layout)


def traces_figure(
    traces: Sequence[BeatTrace | None],
    marks: Sequence[BeatMark],
    distances: Sequence[float],
    palette: Palette,
) -> go.Figure:
    """Small panels, the nearest first, all with one scale.

    Parameters
    ----------
    traces : sequence of BeatTrace or None
        None where the recording is not at hand: its panel stays empty.
    marks : sequence of BeatMark
        Of each beat's true class.
    distances : sequence of float
    palette : Palette
    """
    rows = -(-len(traces) // _COLUMNS)
    shown = [
        {
            "type": "scatter", "x": np.round(trace.milliseconds, 1),
            "y": np.round(trace.millivolts, 3), "mode": "lines", "showlegend": False,
            "line": {"color": paper_colours(palette).trace, "width": 1.5},
            "hovertemplate": f"%{{x:.0f}} ms: %{{y:.2f}} mV<extra>{mark.letter}, lead {trace.lead}"
            "</extra>",
        } | in_panel(place)
        for place, (trace, mark) in enumerate(zip(traces, marks, strict=True))
        if trace is not None
    ]  # fmt: skip
    axes = grid_axes(
        rows, _COLUMNS, (0.015, 0.14), {"fixedrange": True, "nticks": 3, "zeroline": False},
        {"fixedrange": True, "nticks": 4, "zeroline": False, "automargin": True},
    )  # fmt: skip
    for row in range(rows):
        axes[f"yaxis{axis_number(row * _COLUMNS)}"]["title"] = {"text": "mV"}
    middle = (rows - 1) * _COLUMNS + (min(_COLUMNS, len(traces)) - 1) // 2
    axes[f"xaxis{axis_number(middle)}"]["title"] = {"text": "ms from the R peak", "standoff": 6}
    titles = [
        f"{mark.shape} <b>{mark.letter}</b> {distance:.2f}"
        for mark, distance in zip(marks, distances, strict=True)
    ]
    fonts = [{"color": mark.colour, "size": SMALL_FONT_SIZE + 1} for mark in marks]
    layout = axes | {
        "annotations": panel_titles(axes, titles, fonts),
        "margin": {"l": 8, "r": 8, "t": 24, "b": 48}, "dragmode": False,
    }  # fmt: skip
    return styled(go.Figure(shown), palette, height=_ROW_HEIGHT * rows + 84, layout=layout)
