"""How sure a network is: the probability of every class, and where the answer turns."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from medmodels.bundles import Card
from medmodels.figures.theme import SEVERITY_WORDS, Palette, Settings, styled
from medmodels.reading.sentences import percent
from medmodels.trust.operating_point import OperatingPoint

_ROW_HEIGHT = 46
_MARKS = ("●", "◆", "▲")


def confidence_figure(
    card: Card,
    probabilities: np.ndarray,
    label: int,
    operating_point: OperatingPoint,
    palette: Palette,
    *,
    interval: tuple[np.ndarray, np.ndarray] | None = None,
) -> go.Figure:
    """Horizontal bars, one a class, with the operating point marked.

    Parameters
    ----------
    card : Card
    probabilities : ndarray, shape (K,)
        Calibrated.
    label : int
        The class that was decided; its bar is solid, the others are pale.
    operating_point : OperatingPoint
    palette : Palette
    interval : tuple of ndarray, shape (K,), optional
        Low and high end of each probability's 95% interval, drawn as whiskers.
    """
    order = list(range(len(card.classes)))[::-1]
    names = [
        f"{_MARKS[card.classes[i].severity]} "
        + (f"<b>{card.classes[i].title}</b>" if i == label else card.classes[i].title)
        for i in order
    ]
    colours = [palette.severity[card.classes[i].severity] for i in order]
    bars: Settings = {
        "type": "bar",
        "x": [float(probabilities[i]) for i in order],
        "y": names,
        "orientation": "h",
        "width": 0.56,
        "marker": {
            "color": colours,
            "opacity": [1.0 if i == label else 0.45 for i in order],
            "cornerradius": 3,
        },
        "hovertext": [
            f"{card.classes[i].title}: {percent(float(probabilities[i]))}, "
            f"{SEVERITY_WORDS[card.classes[i].severity]}"
            for i in order
        ],
        "hoverinfo": "text",
    }
    if interval is not None:
        low, high = interval
        bars["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, float(high[i] - probabilities[i])) for i in order],
            "arrayminus": [max(0.0, float(probabilities[i] - low[i])) for i in order],
            "color": palette.ink,
            "thickness": 2,
            "width": 7,
        }
    # At the right edge, where no bar's length can push it out of sight.
    words = [
        {
            "x": 1, "xref": "paper", "xshift": 8, "y": row, "xanchor": "left",
            "showarrow": False, "text": f"<b>{percent(float(probabilities[i]))}</b>",
            "font": {"color": palette.ink},
        }
        for row, i in enumerate(order)
    ]  # fmt: skip
    shapes: list[Settings] = []
    if operating_point.positive is not None and operating_point.threshold is not None:
        row, threshold = order.index(operating_point.positive), operating_point.threshold
        shapes.append(_mark(row, threshold, palette))
        words.append(_name(row, threshold, palette))
    layout = {
        "annotations": words,
        "shapes": shapes,
        "margin": {"l": 8, "r": 64, "t": 18, "b": 26},
        "showlegend": False,
        "xaxis": {
            "range": [0, 1], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%",
            "fixedrange": True,
        },
        "yaxis": {
            "fixedrange": True, "automargin": True, "showgrid": False, "ticklabelstandoff": 6,
            "tickfont": {"color": palette.ink, "size": 15},
        },
    }  # fmt: skip
    return styled(go.Figure(bars), palette, height=_ROW_HEIGHT * len(order) + 50, layout=layout)


def _mark(row: int, threshold: float, palette: Palette) -> Settings:
    """The operating point across its class's bar."""
    return {
        "type": "line", "x0": threshold, "x1": threshold, "y0": row - 0.42, "y1": row + 0.42,
        "line": {"color": palette.ink, "width": 3},
    }  # fmt: skip


def _name(row: int, threshold: float, palette: Palette) -> Settings:
    """What the mark is, on the side where there is room."""
    return {
        "x": threshold, "y": row + 0.42, "yanchor": "bottom",
        "xanchor": "left" if threshold < 0.5 else "right", "yshift": 1, "showarrow": False,
        "text": f"operating point {percent(threshold)}",
        "font": {"color": palette.ink, "size": 12},
    }  # fmt: skip
