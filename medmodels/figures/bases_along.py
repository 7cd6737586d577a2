"""Probabilities of sites along a sequence of bases, with the sites that are called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.bundles import ClassCard
from medmodels.figures.theme import Palette, styled

Doubles = npt.NDArray[np.float64]

# More points than a screen has pixels only cost time: the highest of each stretch is drawn.
_POINTS = 1500
_DASHES = ("solid", "dot", "dash", "dashdot")
_MARKS = ("triangle-up", "triangle-down", "diamond", "square")


def thinned(values: Doubles, points: int = _POINTS) -> tuple[npt.NDArray[np.int64], Doubles]:
    """The highest value of each of at most ``points`` stretches, and where it stands.

    Parameters
    ----------
    values : ndarray, shape (n,)
    points : int

    Returns
    -------
    places : ndarray of int, shape (m,)
    highest : ndarray, shape (m,)
    """
    step = max(1, -(-len(values) // points))
    starts = np.arange(0, len(values), step)
    places = np.array([start + int(values[start : start + step].argmax()) for start in starts])
    return places, values[places]


def along_figure(
    probabilities: Doubles,
    first: int,
    classes: Sequence[tuple[int, ClassCard]],
    sites: Sequence[tuple[int, int, float]],
    palette: Palette,
) -> go.Figure:
    """One line a class, and a marker at each called site.

    Parameters
    ----------
    probabilities : ndarray, shape (n, K)
        Of the windows in their order.
    first : int
        The base, from 1, that lies before the first window's junction.
    classes : sequence of (int, ClassCard)
        Column and card of the classes drawn.
    sites : sequence of (int, int, float)
        Base before the junction, column and probability.
    palette : Palette

    Returns
    -------
    plotly Figure
        x the base before the junction, y the probability.
    """
    traces = []
    for number, (column, entry) in enumerate(classes):
        places, highest = thinned(probabilities[:, column])
        colour = palette.accent if number == 0 else palette.towards
        called = [(base, p) for base, of, p in sites if of == column]
        traces += [
            {
                "type": "scatter", "x": first + places, "y": highest, "mode": "lines",
                "name": entry.title,
                "line": {"color": colour, "width": 1.4, "dash": _DASHES[number % 4]},
                "hovertemplate": f"base %{{x:,}}: {entry.title.lower()} %{{y:.1%}}<extra></extra>",
            },
            {
                "type": "scatter", "x": [base for base, _ in called], "y": [p for _, p in called],
                "mode": "markers", "name": f"{entry.title}, called",
                "marker": {"symbol": _MARKS[number % 4], "size": 12, "color": colour,
                           "line": {"color": palette.background, "width": 1}},
                "hovertemplate": f"{entry.title} after base %{{x:,}}: %{{y:.1%}}<extra></extra>",
            },
        ]  # fmt: skip
    layout = {
        "margin": {"l": 8, "r": 8, "t": 12, "b": 70},
        "legend": {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top"},
        "xaxis": {"title": {"text": "base"}, "tickformat": ",d", "showgrid": False},
        "yaxis": {
            "title": {"text": "probability"}, "range": [0, 1.05], "tickformat": ".0%",
            "fixedrange": True, "automargin": True,
        },
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=330, layout=layout)
