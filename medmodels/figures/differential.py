"""A differential count as dots with their intervals, one class a row."""

from __future__ import annotations

import plotly.graph_objects as go

from medmodels.figures.theme import SEVERITY_WORDS, Palette, styled
from medmodels.reading.differential import Differential

_ROW_HEIGHT = 34
_MARKS = ("circle", "diamond", "triangle-up")


def differential_figure(found: Differential, palette: Palette) -> go.Figure:
    """Share of each class with its 95% interval.

    Parameters
    ----------
    found : Differential
        With at least one input counted.
    palette : Palette

    Returns
    -------
    plotly Figure
        x the share, one row a class in the card's order from the top.
    """
    shares = found.shares[::-1]
    points = {
        "type": "scatter",
        "x": [share.value for share in shares],
        "y": [share.entry.title for share in shares],
        "mode": "markers",
        "marker": {
            "size": 12,
            "symbol": [_MARKS[share.entry.severity] for share in shares],
            "color": [palette.severity[share.entry.severity] for share in shares],
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [share.high - share.value for share in shares],
            "arrayminus": [share.value - share.low for share in shares],
            "color": palette.ink,
            "thickness": 2,
            "width": 6,
        },
        "hovertext": [
            f"{share.entry.title}: {share.count} of {share.n}, "
            f"{SEVERITY_WORDS[share.entry.severity]}"
            for share in shares
        ],
        "hoverinfo": "text",
    }
    numbers = [
        {
            "x": 1, "xref": "paper", "xshift": 8, "y": row, "xanchor": "left", "showarrow": False,
            "text": f"<b>{share.value:.1%}</b>  ({share.low:.1%} to {share.high:.1%})  "
            f"{share.count}",
            "font": {"color": palette.ink},
        }
        for row, share in enumerate(shares)
    ]  # fmt: skip
    highest = max(share.high for share in shares)
    layout = {
        "annotations": numbers,
        "margin": {"l": 8, "r": 210, "t": 12, "b": 30}, "showlegend": False,
        "xaxis": {
            "range": [0, min(1.0, highest * 1.06)], "tickformat": ".0%", "fixedrange": True,
        },
        "yaxis": {"fixedrange": True, "automargin": True, "ticklabelstandoff": 6},
    }  # fmt: skip
    return styled(go.Figure(points), palette, height=_ROW_HEIGHT * len(shares) + 60, layout=layout)
