"""A window of bases as a logo: each letter as high as it matters, down where it speaks against.

Drawn as in Shrikumar, Greenside and Kundaje 2017, "Learning important features through
propagating activation differences", arXiv 1704.02685; letters as shapes after Schneider and
Stephens 1990, Nucleic Acids Res 18:6097-6100.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.bases_mutations import position_of
from medmodels.figures.letter_glyphs import glyph
from medmodels.figures.panels import upright
from medmodels.figures.theme import Palette, styled

Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class PlacedLetter:
    """One letter of a logo.

    Parameters
    ----------
    letter : str
    place : int
        Index in the window, from 0.
    bottom, top : float
        In the unit of the vertical axis.
    colour : str
    """

    letter: str
    place: int
    bottom: float
    top: float
    colour: str


def logo_figure(
    letters: str, weights: Values, unit: str, palette: Palette, highest: float | None = None
) -> go.Figure:
    """The letters of a window, as high as they matter.

    Parameters
    ----------
    letters : str
        The window, L letters of `medmodels.figures.letter_glyphs.LETTERS`.
    weights : ndarray, shape (L,)
        What each letter adds to the class; below 0 it speaks against it.
    unit : str
        Of the weights.
    palette : Palette
    highest : float, optional
        What the axis reaches at least, so that a weak map looks weak; the map's own
        range if not given.

    Returns
    -------
    plotly Figure
        One filled trace for each letter and direction, in the order of the alphabet and upward
        first, and last an invisible one with the words on hover.
    """
    placed = [
        PlacedLetter(letter, i, min(w, 0.0), max(w, 0.0),
                     palette.towards if w >= 0 else palette.against)
        for i, (letter, w) in enumerate(zip(letters, np.asarray(weights).tolist(), strict=True))
    ]  # fmt: skip
    length = len(letters)
    words = [
        f"{position_of(one.place, length):+d} {one.letter}: {one.top + one.bottom:+.2f} {unit}, "
        + ("speaks for it" if one.top > 0 else "speaks against it" if one.bottom < 0 else "nothing")
        for one in placed
    ]
    figure = draw_logo(placed, words, length, f"what it adds, {unit}", palette)
    top = max(highest or 0.0, float(np.abs(weights).max(initial=0.0))) or 1.0
    low = min(float(np.min(weights, initial=0.0)), -0.25 * top)
    figure.layout.yaxis.range = [1.08 * low, 1.08 * top]
    return figure


def draw_logo(
    placed: Sequence[PlacedLetter], words: Sequence[str], length: int, title: str, palette: Palette
) -> go.Figure:
    """Letters in their places, the junction dotted between them.

    Parameters
    ----------
    placed : sequence of PlacedLetter
    words : sequence of str
        What is said on hover, one for each place of the window.
    length : int
        Letters in the window; the junction lies in its middle.
    title : str
        Of the vertical axis.
    palette : Palette
    """
    traces = []
    kinds = sorted({(one.letter, one.colour != palette.towards, one.colour) for one in placed})
    for letter, _, colour in kinds:
        mine = [one for one in placed if (one.letter, one.colour) == (letter, colour)]
        x, y = _outlines(mine)
        traces.append({
            "type": "scatter", "x": x, "y": y, "mode": "lines", "fill": "toself",
            "fillcolor": colour, "name": letter, "hoverinfo": "skip",
            "line": {"width": 0, "color": colour, "simplify": False},
        })  # fmt: skip
    traces.append({
        "type": "scatter", "x": list(range(length)),
        "y": [_reach(placed, i) for i in range(length)], "mode": "markers", "name": "",
        "hovertext": list(words), "hoverinfo": "text", "marker": {"size": 1, "opacity": 0},
    })  # fmt: skip
    places = [position_of(i, length) for i in range(length)]
    ticks = [i for i in range(length) if abs(places[i]) in (1, 10, 20, 30)]
    junction = {"color": palette.muted, "width": 1, "dash": "dot"}
    layout = {
        "showlegend": False, "dragmode": False, "hovermode": "x",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "yaxis": {
            "title": {"text": title}, "fixedrange": True, "automargin": True, "zeroline": True,
            "zerolinecolor": palette.muted,
        },
        "xaxis": {
            "tickvals": ticks, "ticktext": [f"{places[i]:+d}" for i in ticks], "showgrid": False,
            "title": {"text": "base, counted from the junction"}, "fixedrange": True,
            "range": [-1, length],
        },
        "shapes": [upright(length / 2 - 0.5, junction)],
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=230, layout=layout)


def _outlines(
    placed: Iterable[PlacedLetter],
) -> tuple[list[float | None], list[float | None]]:
    """Points of letters one after another, a gap after each."""
    x: list[float | None] = []
    y: list[float | None] = []
    for one in placed:
        points = glyph(one.letter, one.place, one.bottom, one.top)
        x += [*points[:, 0].tolist(), None]
        y += [*points[:, 1].tolist(), None]
    return x, y


def _reach(placed: Iterable[PlacedLetter], place: int) -> float:
    """Where the words on hover stand: as far from 0 as the letters of a place go."""
    ends = [end for one in placed if one.place == place for end in (one.top, one.bottom)]
    return max(ends, key=abs, default=0.0)
