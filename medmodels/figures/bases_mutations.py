"""Every single change of a base as a field of squares, over the letters that stand there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.panels import upright
from medmodels.figures.theme import SMALL_FONT_SIZE, Palette, diverging, styled
from medmodels.inputs.bases import BASES

Doubles = npt.NDArray[np.float64]


def position_of(index: int, length: int) -> int:
    """Place of a base from the junction: -1 is the last before it, 1 the next.

    Examples
    --------
    >>> position_of(29, 60), position_of(30, 60)
    (-1, 1)
    """
    place = index - length // 2
    return place if place < 0 else place + 1


def mutations_figure(
    letters: str, changes: Doubles, weights: Doubles, highest: float, unit: str, palette: Palette
) -> go.Figure:
    """Letters as high as they matter, and below each what every other letter would do.

    Parameters
    ----------
    letters : str
        The window, L letters.
    changes : ndarray, shape (L, 4)
        Change of the class's log-odds with A, C, G or T in each place.
    weights : ndarray, shape (L,)
        How much the letter that stands there matters, in the same unit.
    highest : float
        Where colours are full; the same for every sequence.
    unit : str
    palette : Palette

    Returns
    -------
    plotly Figure
        Trace 0 the squares, with the place in the window and the letter as custom data.
    """
    length = len(letters)
    places = [position_of(i, length) for i in range(length)]
    rows = [(i, k) for i in range(length) for k in range(len(BASES))]
    own = [letters[i] == BASES[k] for i, k in rows]
    squares = {
        "type": "scatter", "mode": "markers",
        "x": [i for i, _ in rows], "y": [len(BASES) - 1 - k for _, k in rows],
        "customdata": [[i, k] for i, k in rows],
        "marker": {
            "symbol": "square", "size": 13, "color": [float(changes[i, k]) for i, k in rows],
            "colorscale": diverging(palette), "cmin": -highest, "cmax": highest,
            "line": {"color": palette.ink, "width": [1.6 if mine else 0 for mine in own]},
            "colorbar": {"title": {"text": unit, "side": "right",
                                   "font": {"size": SMALL_FONT_SIZE}},
                         "tickfont": {"size": SMALL_FONT_SIZE}, "thickness": 12,
                         "outlinewidth": 0, "len": 0.5, "y": 0.25},
        },
        "hovertext": [
            f"{places[i]:+d}: {letters[i]} stands here" if mine
            else f"{places[i]:+d} {letters[i]} to {BASES[k]}: {changes[i, k]:+.2f} {unit}"
            for (i, k), mine in zip(rows, own, strict=True)
        ],
        "hoverinfo": "text",
    }  # fmt: skip
    bars = {
        "type": "bar", "x": list(range(length)), "y": weights.tolist(), "yaxis": "y2",
        "width": 0.9,
        "marker": {"color": [palette.towards if w >= 0 else palette.against for w in weights]},
        "text": list(letters), "textposition": "outside", "cliponaxis": False,
        "textfont": {"color": palette.ink, "size": SMALL_FONT_SIZE},
        "hovertext": [f"{place:+d} {letter}: {w:+.2f} {unit}" for place, letter, w in
                      zip(places, letters, weights, strict=True)],
        "hoverinfo": "text",
    }  # fmt: skip
    top = max(highest, float(np.abs(weights).max()))
    ticks = [i for i in range(length) if abs(places[i]) in (1, 10, 20, 30)]
    junction = {"color": palette.muted, "width": 1, "dash": "dot"}
    layout = {
        "showlegend": False, "clickmode": "event+select", "dragmode": False,
        "margin": {"l": 8, "r": 8, "t": 16, "b": 40},
        "xaxis": {"tickvals": ticks, "ticktext": [f"{places[i]:+d}" for i in ticks],
                  "title": {"text": "base, counted from the junction"}, "showgrid": False,
                  "fixedrange": True, "range": [-1, length]},
        "yaxis": {"domain": [0, 0.42], "tickvals": list(range(4)), "ticktext": list(BASES)[::-1],
                  "range": [-0.7, 3.7], "automargin": True, "showgrid": False, "fixedrange": True,
                  "zeroline": False},
        "yaxis2": {"domain": [0.5, 1], "range": [-0.35 * top, 1.25 * top], "anchor": "x",
                   "title": {"text": f"what it adds, {unit}"}, "fixedrange": True,
                   "automargin": True, "showline": False},
        "shapes": [upright(length / 2 - 0.5, junction)],
    }  # fmt: skip
    return styled(go.Figure([squares, bars]), palette, height=360, layout=layout)
