"""A recurrent layer unrolled: the trace, the state under it, and the answer as it forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from medmodels.figures.ecg_colours import BeatMark
from medmodels.figures.lesson_heat import HeatRows, draw_heat, row_of, title_row
from medmodels.figures.theme import Palette, styled

Doubles = npt.NDArray[np.float64]

_TRACE, _ANSWER, _HEAT = 150, 150, 230  # pixels of a row
_GAP = 34
_LETTERS = 18
_LABEL_GAP = 15.0  # per cent of the answer's axis
_LINES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Unfolding:
    """All that is drawn of one direction of one layer.

    Parameters
    ----------
    edges : ndarray, float64, shape (T + 1,)
        Edges of the steps in time, seconds.
    times : ndarray, float64, shape (S,)
        Of the trace's samples, seconds.
    traces : mapping of str to ndarray (S,)
        By the lead's name; NaN where nothing was read.
    unit : str
        Of the trace ("mV").
    heat : sequence of HeatRows
        The state first.
    units : sequence of int
        The order of the units from the top, by their number in the layer.
    answer_times : ndarray, float64, shape (A,)
        Seconds, increasing.
    answers : ndarray, float64, shape (A, K)
        Calibrated probabilities, 0 to 1; NaN where there is no answer yet.
    letters : sequence of tuple
        Time and letter of beats to name above the trace.
    x_title : str
    """

    edges: Doubles
    times: Doubles
    traces: Mapping[str, Doubles]
    unit: str
    heat: Sequence[HeatRows]
    units: Sequence[int]
    answer_times: Doubles
    answers: Doubles
    letters: Sequence[tuple[float, str]] = field(default=())
    x_title: str = "seconds from the chosen beat"


def unrolled(picture: Unfolding, marks: Sequence[BeatMark], palette: Palette) -> go.Figure:
    """Draw trace, state, answer and gates on one time axis.

    Parameters
    ----------
    picture : Unfolding
    marks : sequence of BeatMark
        One for each class.
    palette : Palette

    Returns
    -------
    plotly Figure
        Rows: the trace, the first of ``heat``, the answer, the rest of ``heat``.
    """
    pixels = [_TRACE, _HEAT, _ANSWER, *[_HEAT] * (len(picture.heat) - 1)]
    height = sum(pixels) + _GAP * len(pixels) + 50 + _LETTERS
    figure = make_subplots(
        rows=len(pixels),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=_GAP / height,
        row_heights=pixels,
    )
    styled(figure, palette, height=height)
    _draw_trace(figure, picture, palette)
    for place, rows in enumerate(picture.heat):
        draw_heat(figure, row_of(place), picture.edges, rows, picture.units, palette)
    _draw_answers(figure, picture, marks, palette)
    figure.update_xaxes(range=[picture.edges[0], picture.edges[-1]], showgrid=False, zeroline=False)
    figure.update_xaxes(title={"text": picture.x_title}, row=len(pixels), col=1)
    figure.update_layout(
        dragmode=False, hovermode="closest", margin={"l": 58, "r": 8, "t": 26 + _LETTERS, "b": 44}
    )
    return figure


def mark_step(
    figure: go.Figure, picture: Unfolding, step: int, unit: int, palette: Palette
) -> None:
    """Mark one step on all rows and one unit on every heatmap; marks before it go.

    Parameters
    ----------
    figure : plotly Figure
        From `unrolled`; changed in place.
    picture : Unfolding
        The same.
    step : int
        Its place in time, 0 to T - 1.
    unit : int
        By its number in the layer.
    palette : Palette
    """
    low, high = (float(edge) for edge in picture.edges[step : step + 2])
    row = list(picture.units).index(unit)
    line = {"color": palette.accent, "width": 1.5}
    shapes: list[dict[str, Any]] = [
        {
            "type": "rect", "xref": "x", "yref": "paper", "x0": low, "x1": high, "y0": 0, "y1": 1,
            "line": line, "fillcolor": f"rgba{(*_rgb(palette.accent), 0.14)}", "name": "step",
        }
    ]  # fmt: skip
    for place in range(len(picture.heat)):
        shapes.append(
            {
                "type": "rect", "xref": "x domain", "yref": f"y{row_of(place)}", "x0": 0, "x1": 1,
                "y0": row - 0.5, "y1": row + 0.5, "line": line, "name": "unit",
            }
        )  # fmt: skip
    figure.layout.shapes = [*_unread(picture, palette), *shapes]


def _rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a ``#rrggbb``, 0 to 255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _draw_trace(figure: go.Figure, picture: Unfolding, palette: Palette) -> None:
    for place, (lead, values) in enumerate(picture.traces.items()):
        figure.add_scatter(
            x=np.round(picture.times, 3),
            y=np.round(values, 3),
            mode="lines",
            name=lead,
            showlegend=False,
            line={
                "color": palette.muted if place else palette.ink,
                "width": 1.4,
                "dash": _LINES[place % len(_LINES)] if place else "solid",
            },
            hovertemplate=f"{lead}, %{{x:.2f}} s: %{{y:.2f}} {picture.unit}<extra></extra>",
            row=1,
            col=1,
        )
    drawn = " and ".join(
        f"{lead} ({'dashed' if place else 'solid'})" if len(picture.traces) > 1 else lead
        for place, lead in enumerate(picture.traces)
    )
    # Above the letters of the beats, which a narrow screen would lay on it.
    title_row(figure, 1, f"Trace, {drawn}", palette, shift=_LETTERS if picture.letters else 0)
    figure.update_yaxes(title={"text": picture.unit}, nticks=4, zeroline=False, row=1, col=1)
    for time, letter in picture.letters:
        figure.add_annotation(
            x=time, y=1, xref="x", yref="y domain", yanchor="bottom", text=f"<b>{letter}</b>",
            showarrow=False, font={"color": palette.ink, "size": 14},
        )  # fmt: skip


def _draw_answers(
    figure: go.Figure, picture: Unfolding, marks: Sequence[BeatMark], palette: Palette
) -> None:
    for place, mark in enumerate(marks):
        figure.add_scatter(
            x=np.round(picture.answer_times, 4),
            y=np.round(100 * picture.answers[:, place], 3),
            mode="lines+markers",
            name=mark.letter,
            showlegend=False,
            line={"color": mark.colour, "width": 2, "dash": _LINES[place % len(_LINES)]},
            marker={"symbol": mark.symbol, "size": 6},
            hovertemplate=f"{mark.letter} {mark.title}, %{{x:.2f}} s: %{{y:.1f}}%<extra></extra>",
            row=3,
            col=1,
        )
    title_row(figure, 3, "The answer so far", palette)
    figure.update_yaxes(
        range=[-6, 106],
        tickvals=[0, 50, 100],
        ticktext=["0%", "50%", "100%"],
        zeroline=False,
        row=3,
        col=1,
    )
    figure.layout.shapes = _unread(picture, palette)
    for mark, height in zip(marks, _label_heights(picture.answers), strict=True):
        figure.add_annotation(
            x=1, y=height, xref="x3 domain", yref="y3", xanchor="left", showarrow=False,
            text=f" {mark.shape} <b>{mark.letter}</b>", font={"color": mark.colour, "size": 13},
        )  # fmt: skip


def _label_heights(answers: Doubles) -> list[float]:
    """Where each class is named at the right end of its line, per cent, none on another."""
    ends = []
    for column in answers.T:
        known = column[np.isfinite(column)]
        ends.append(100 * float(known[-1]) if len(known) else 0.0)
    gap = min(_LABEL_GAP, 100 / max(len(ends), 1))
    order = np.argsort(ends, kind="stable").tolist()
    heights, floor, ceiling = list(ends), -np.inf, 100.0
    for place in order:
        heights[place] = max(ends[place], floor + gap)
        floor = heights[place]
    for place in reversed(order):
        heights[place] = min(heights[place], ceiling)
        ceiling = heights[place] - gap
    return heights


def _unread(picture: Unfolding, palette: Palette) -> list[dict[str, Any]]:
    """A shade over the times for which there is no answer yet."""
    missing = np.flatnonzero(np.isnan(picture.answers).any(axis=1))
    if not len(missing):
        return []
    # Missing from one end: up to the answer next to it.
    low, high = float(picture.edges[missing[0]]), float(picture.edges[missing[-1] + 1])
    return [
        {
            "type": "rect", "xref": "x", "yref": "y3 domain", "x0": low, "x1": high, "y0": 0,
            "y1": 1, "line": {"width": 0}, "fillcolor": palette.panel, "layer": "below",
            "name": "unread",
        }
    ]  # fmt: skip
