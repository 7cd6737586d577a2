"""Traces of the nearest training beats, or their average, beside the beat that was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from medmodels.figures.ecg_colours import BeatMark, paper_colours
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
    figure = make_subplots(
        rows=1, cols=len(names), subplot_titles=names, shared_yaxes=True, horizontal_spacing=0.04
    )
    ms = np.round(1000 * np.asarray(offsets_s), 1)
    for k in range(len(names)):
        for values, name, style in (
            (average, "average of the training beats", {"color": palette.towards, "dash": "dash"}),
            (own, "this beat", {"color": paper_colours(palette).trace}),
        ):
            if values is None:
                continue
            figure.add_scatter(
                x=ms, y=np.round(values[:, k].astype(np.float64), 3), mode="lines",
                line=style | {"width": 2}, name=name, legendgroup=name, showlegend=k == 0,
                hovertemplate="%{x:.0f} ms: %{y:.2f} QRS heights<extra>" + name + "</extra>",
                row=1, col=k + 1,
            )  # fmt: skip
    styled(figure, palette, height=280)
    figure.update_annotations(font={"color": palette.ink, "size": SMALL_FONT_SIZE + 1})
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 28, "b": 8}, dragmode=False,
        legend={"orientation": "h", "y": -0.28, "x": 0, "yanchor": "top", "font": {"size": 13}},
    )  # fmt: skip
    figure.update_xaxes(title={"text": "ms from the R peak"}, fixedrange=True, nticks=5)
    figure.update_yaxes(fixedrange=True, nticks=5, automargin=True)
    figure.update_yaxes(title={"text": "QRS heights"}, row=1, col=1)
    return figure


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
    figure = make_subplots(
        rows=rows, cols=_COLUMNS, shared_xaxes="all", shared_yaxes="all",
        horizontal_spacing=0.015, vertical_spacing=0.14,
        subplot_titles=[
            f"{mark.shape} <b>{mark.letter}</b> {distance:.2f}"
            for mark, distance in zip(marks, distances, strict=True)
        ],
    )  # fmt: skip
    for place, (trace, mark) in enumerate(zip(traces, marks, strict=True)):
        if trace is None:
            continue
        figure.add_scatter(
            x=np.round(trace.milliseconds, 1), y=np.round(trace.millivolts, 3), mode="lines",
            line={"color": paper_colours(palette).trace, "width": 1.5}, showlegend=False,
            hovertemplate="%{x:.0f} ms: %{y:.2f} mV<extra>" + f"{mark.letter}, lead {trace.lead}"
            + "</extra>",
            row=place // _COLUMNS + 1, col=place % _COLUMNS + 1,
        )  # fmt: skip
    styled(figure, palette, height=_ROW_HEIGHT * rows + 84)
    for annotation, mark in zip(figure.layout.annotations, marks, strict=False):
        annotation.font = {"color": mark.colour, "size": SMALL_FONT_SIZE + 1}
    figure.update_layout(margin={"l": 8, "r": 8, "t": 24, "b": 48}, dragmode=False)
    figure.update_xaxes(fixedrange=True, nticks=3, zeroline=False)
    figure.update_yaxes(fixedrange=True, nticks=4, zeroline=False, automargin=True)
    figure.update_yaxes(title={"text": "mV"}, col=1)
    middle = (min(_COLUMNS, len(traces)) + 1) // 2
    figure.update_xaxes(title={"text": "ms from the R peak", "standoff": 6}, row=rows, col=middle)
    return figure
