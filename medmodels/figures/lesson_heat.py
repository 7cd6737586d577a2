"""Rows of a heatmap: one number for every unit and step, on its whole possible range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.theme import SEQUENTIAL, Palette, diverging

Doubles = npt.NDArray[np.float64]

_LABELS_AT_MOST = 8


@dataclass(frozen=True)
class HeatRows:
    """One kind of number for every unit and step.

    Parameters
    ----------
    title : str
    values : ndarray, float64, shape (T, U)
        In the order of time.
    signed : bool
        Whether the scale is -1 to 1 instead of 0 to 1. Both are the whole
        range that such a number can have, the same for every input.
    """

    title: str
    values: Doubles
    signed: bool


def row_of(place: int) -> int:
    """Row of the figure for one of its heatmaps: the answer stands below the first."""
    return 2 if place == 0 else 3 + place


def draw_heat(
    figure: go.Figure,
    row: int,
    edges: Doubles,
    rows: HeatRows,
    units: Sequence[int],
    palette: Palette,
) -> None:
    """Draw one heatmap with its own colour bar.

    Parameters
    ----------
    figure : plotly Figure
        Changed in place.
    row : int
        Of the figure, from 1.
    edges : ndarray, float64, shape (T + 1,)
        Edges of the steps in time, seconds.
    rows : HeatRows
    units : sequence of int
        From the top, by their number in the layer; on screen they count from 1.
    palette : Palette
    """
    top, bottom = domain_of(figure, row)
    figure.add_heatmap(
        x=np.round(edges, 4),
        y=np.arange(len(units)),
        z=np.round(rows.values[:, list(units)].T, 4),
        customdata=np.tile(np.array(units)[:, np.newaxis] + 1, (1, len(rows.values))),
        colorscale=diverging(palette) if rows.signed else SEQUENTIAL,
        zmin=-1 if rows.signed else 0,
        zmax=1,
        colorbar={
            "y": (top + bottom) / 2, "len": top - bottom, "yanchor": "middle", "thickness": 10,
            "outlinewidth": 0, "tickvals": [-1, 0, 1] if rows.signed else [0, 0.5, 1],
            "tickfont": {"color": palette.muted, "size": 12}, "xpad": 4,
        },
        hovertemplate="unit %{customdata}, %{x:.2f} s: %{z:.3f}<extra></extra>",
        row=row,
        col=1,
    )  # fmt: skip
    every = -(-len(units) // _LABELS_AT_MOST)
    shown = range(0, len(units), every)
    figure.update_yaxes(
        title={"text": "unit"},
        range=[len(units) - 0.5, -0.5],
        tickvals=list(shown),
        ticktext=[str(units[k] + 1) for k in shown],
        showgrid=False,
        zeroline=False,
        row=row,
        col=1,
    )
    title_row(figure, row, rows.title, palette)


def domain_of(figure: go.Figure, row: int) -> tuple[float, float]:
    """Upper and lower end of a row, as shares of the figure."""
    low, high = figure.layout[f"yaxis{row if row > 1 else ''}"].domain
    return high, low


def title_row(figure: go.Figure, row: int, text: str, palette: Palette, shift: int = 0) -> None:
    """Write what a row shows above its left end, ``shift`` pixels higher than its edge."""
    top, _ = domain_of(figure, row)
    figure.add_annotation(
        x=0, y=top, xref="paper", yref="paper", xanchor="left", yanchor="bottom", text=text,
        showarrow=False, font={"color": palette.muted, "size": 13}, yshift=shift,
    )  # fmt: skip
