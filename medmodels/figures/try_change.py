"""How the probability of every class moved, from before a part was hidden to after."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.bundles import Card
from medmodels.figures.theme import Palette, Settings, styled
from medmodels.reading.sentences import percent
from medmodels.trust.operating_point import OperatingPoint

_ROW_HEIGHT = 62
# Where the words of a row stand above its line, in rows.
_WORDS_UP = 0.36
# A shorter move has no room for an arrow between its rings.
_LEAST_ARROW = 0.08


def try_change(
    card: Card,
    before: npt.NDArray[np.float64],
    after: npt.NDArray[np.float64],
    label: int,
    point: OperatingPoint,
    palette: Palette,
) -> go.Figure:
    """One row a class: a wide ring before, a filled circle after, an arrow between.

    Parameters
    ----------
    card : Card
    before, after : ndarray, shape (K,)
        Calibrated probabilities.
    label : int
        The class answered after; its name is bold.
    point : OperatingPoint
        A threshold is drawn across the row of its class.
    palette : Palette
    """
    order = list(range(len(card.classes)))[::-1]
    colours = [palette.severity[card.classes[i].severity] for i in order]
    rings, circles = (
        {
            "type": "scatter", "mode": "markers",
            "x": [float(values[i]) for i in order], "y": list(range(len(order))),
            "marker": {"symbol": symbol, "size": size, "color": colours, "line": {"width": 2.5}},
            "cliponaxis": False,
            "hovertext": [
                f"{card.classes[i].title}, {word}: {percent(float(values[i]))}" for i in order
            ],
            "hoverinfo": "text",
        }
        for values, symbol, size, word in (
            (before, "circle-open", 20, "before"), (after, "circle", 12, "now"),
        )
    )  # fmt: skip
    shapes = [
        {
            "type": "line", "x0": 0, "x1": 1, "y0": row, "y1": row, "layer": "below",
            "line": {"color": palette.grid, "width": 1},
        }
        for row in range(len(order))
    ]  # fmt: skip
    notes = []
    for row, i in enumerate(order):
        numbers = f"{percent(float(before[i]))} → <b>{percent(float(after[i]))}</b>"
        notes += [
            _arrow(float(before[i]), float(after[i]), row, colours[row]),
            _words(card.classes[i].title, row, 0.0, "left", bold=i == label, palette=palette),
            _words(numbers, row, 1.0, "right", bold=False, palette=palette),
        ]
    if point.positive is not None and point.threshold is not None:
        line, name = _mark(order.index(point.positive), point.threshold, palette)
        shapes.append(line)
        notes.append(name)
    layout = {
        "shapes": shapes, "annotations": notes,
        "margin": {"l": 20, "r": 20, "t": 6, "b": 26}, "showlegend": False, "dragmode": False,
        "xaxis": {
            "range": [0, 1], "tickvals": [0, 0.5, 1], "tickformat": ".0%", "fixedrange": True,
            "zeroline": False, "showgrid": False,
        },
        "yaxis": {"visible": False, "range": [-0.5, len(order) - 0.4], "fixedrange": True},
    }  # fmt: skip
    height = _ROW_HEIGHT * len(order) + 36
    return styled(go.Figure([rings, circles]), palette, height=height, layout=layout)


def _arrow(before: float, after: float, row: int, colour: str) -> Settings:
    return {
        "x": after, "ax": before, "y": row, "ay": row, "axref": "x", "ayref": "y", "text": "",
        "showarrow": abs(after - before) > _LEAST_ARROW, "arrowhead": 2, "arrowwidth": 2,
        "arrowcolor": colour, "standoff": 7, "startstandoff": 11,
    }  # fmt: skip


def _words(text: str, row: int, x: float, side: str, *, bold: bool, palette: Palette) -> Settings:
    return {
        "x": x, "y": row + _WORDS_UP, "xanchor": side, "yanchor": "middle", "showarrow": False,
        "text": f"<b>{text}</b>" if bold else text, "font": {"color": palette.ink, "size": 14},
    }  # fmt: skip


def _mark(row: int, threshold: float, palette: Palette) -> tuple[Settings, Settings]:
    """The operating point across its class's line, and its name."""
    line = {
        "type": "line", "x0": threshold, "x1": threshold, "y0": row - 0.16, "y1": row + 0.18,
        "line": {"color": palette.ink, "width": 2, "dash": "dot"},
    }  # fmt: skip
    name = {
        "x": threshold, "y": row - 0.31, "xanchor": "center", "yanchor": "middle",
        "showarrow": False, "text": f"operating point {percent(threshold)}",
        "font": {"color": palette.muted, "size": 12},
    }  # fmt: skip
    return line, name
