"""Pooling: blocks of a map, what becomes of them, and the sum that the averages go into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.lesson_grid import NumberGrid, grid_figure, say_number
from medmodels.figures.theme import SMALL_FONT_SIZE, Palette, diverging, styled

Array = npt.NDArray[np.float32]

_ROW_PIXELS = 30


def block_figure(
    values: Array,
    result: float,
    largest: tuple[int, int] | None,
    limits: tuple[float, float],
    palette: Palette,
) -> go.Figure:
    """The numbers of one block and what pooling makes of them.

    Parameters
    ----------
    values : ndarray, float32, shape (size, size)
    result : float
    largest : tuple of int or None
        Row and column in the block of the number that went on; None for an average.
    limits : tuple of float
        Of the map's scale.
    palette : Palette
    """
    low, high = limits
    return grid_figure(
        [
            NumberGrid("Block", values, high, colours="map", low=low, marked=largest),
            NumberGrid(
                "Result", np.array([[result]], np.float32), high, joint="→", colours="map", low=low
            ),
        ],
        palette,
    )


def lost_figure(lost: Array, limit: float, palette: Palette) -> go.Figure:
    """What cannot be told from the pooled map: the map minus what is left of it.

    Parameters
    ----------
    lost : ndarray, float32, shape (h, w)
    limit : float
        Value of the strongest colour, either sign.
    palette : Palette
    """
    h, w = lost.shape
    font = {"color": palette.ink, "size": SMALL_FONT_SIZE}
    ticks = np.linspace(-limit, limit, 5)
    figure = go.Figure(
        go.Heatmap(
            z=lost, zmin=-limit, zmax=limit, colorscale=diverging(palette), x0=0.5, dx=1, y0=0.5,
            dy=1, hovertemplate="row %{y:.0f}, column %{x:.0f}: %{z:.3g}<extra></extra>",
            colorbar={
                "orientation": "h", "x": 0.5, "xanchor": "center", "y": 0, "yanchor": "top",
                "len": 0.94, "thickness": 12, "outlinewidth": 0, "ypad": 8,
                "tickvals": (0.9999 * ticks).tolist(),
                "ticktext": [say_number(float(tick)) for tick in ticks], "tickfont": font,
                "title": {"text": "lost (activation, no unit)", "side": "bottom", "font": font},
            },
        )
    )  # fmt: skip
    styled(figure, palette, height=392)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 62})
    figure.update_xaxes(visible=False, range=[0, w], fixedrange=True, constrain="domain")
    figure.update_yaxes(
        visible=False, range=[h, 0], fixedrange=True, scaleanchor="x", scaleratio=1,
        constrain="domain",
    )  # fmt: skip
    return figure


def sum_figure(
    channels: Sequence[int], terms: npt.NDArray[np.float64], rest: float, bias: float,
    logit: float, palette: Palette,
) -> go.Figure:  # fmt: skip
    """The terms of a logit as bars, for and against, down to their sum.

    Parameters
    ----------
    channels : sequence of int
        The maps whose terms are shown one by one.
    terms : ndarray, float64, shape (len(channels),)
        Their weights times their averages.
    rest : float
        Sum of all other terms.
    bias, logit : float
    palette : Palette
    """
    names = [f"map {channel + 1}" for channel in channels]
    names += ["all other maps", "bias", "<b>logit</b>"]
    values = [*(float(term) for term in terms), rest, bias, logit]
    colours = [palette.towards if value >= 0 else palette.against for value in values]
    colours[-1] = palette.accent
    figure = go.Figure(
        go.Bar(
            x=values, y=names, orientation="h", width=0.6, marker={"color": colours},
            text=[("+" if value >= 0 else "") + say_number(value) for value in values],
            textposition="outside", cliponaxis=False, hoverinfo="skip",
            textfont={"color": palette.ink, "size": SMALL_FONT_SIZE},
        )
    )  # fmt: skip
    styled(figure, palette, height=_ROW_PIXELS * len(names) + 60)
    reach = 1.3 * max(abs(value) for value in values) or 1.0
    low = -reach if min(values) < 0 else -0.05 * reach
    high = reach if max(values) > 0 else 0.05 * reach
    figure.update_xaxes(
        range=[low, high], fixedrange=True, zeroline=True, zerolinecolor=palette.muted,
        showgrid=True, automargin=True,
        title={
            "text": "logits (left: against, right: for)", "standoff": 8,
            "font": {"color": palette.muted, "size": SMALL_FONT_SIZE},
        },
    )  # fmt: skip
    figure.update_yaxes(
        autorange="reversed", fixedrange=True, showgrid=False, automargin=True,
        tickfont={"color": palette.ink, "size": SMALL_FONT_SIZE},
    )  # fmt: skip
    figure.add_hline(y=len(names) - 1.5, line={"color": palette.muted, "width": 1, "dash": "dot"})
    return figure
