"""What made a beat's answer: shares of its trace, its timing and its shape."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from medmodels.figures.theme import Palette, diverging, styled

_ROW_HEIGHT = 40


def beat_shares(shares: Mapping[str, float], palette: Palette) -> go.Figure:
    """Horizontal bars, to the right for the class and to the left against it.

    Parameters
    ----------
    shares : mapping of str to float
        Logits that each part added, or took where negative.
    palette : Palette
    """
    scale = diverging(palette)
    names, values = list(shares), list(shares.values())
    bars = {
        "type": "bar",
        "x": values,
        "y": names,
        "orientation": "h",
        "marker": {"color": [str(scale[-1 if value >= 0 else 0][1]) for value in values]},
        "text": [f"{value:+.2f}" for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    reach = 1.35 * max(0.1, *map(abs, values))
    layout = {
        "xaxis": {
            "range": [-reach, reach],
            "title": "logit, against the usual beat",
            "zeroline": True,
            "automargin": True,
        },
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "showgrid": False,
            "tickfont": {"color": palette.ink, "size": 14},
        },
    }
    return styled(go.Figure(bars), palette, height=_ROW_HEIGHT * len(names) + 90, layout=layout)
