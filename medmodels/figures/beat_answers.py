"""What the network answered for one beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.ecg_colours import BeatMark
from medmodels.figures.theme import Palette, styled


def beat_answers(
    probabilities: npt.NDArray[np.float64],
    label: int,
    marks: Sequence[BeatMark],
    palette: Palette,
) -> go.Figure:
    """One bar for each class.

    Parameters
    ----------
    probabilities : ndarray, float64, shape (K,)
        0 to 1.
    label : int
        The class that was decided.
    marks : sequence of BeatMark
    palette : Palette

    Returns
    -------
    plotly Figure
    """
    words = [
        f"<b>{mark.letter} {mark.title}</b>" if code == label else f"{mark.letter} {mark.title}"
        for code, mark in enumerate(marks)
    ]
    shares = [float(p) * 100 for p in probabilities]
    bars = {
        "type": "bar",
        "x": shares,
        "y": words,
        "orientation": "h",
        "width": 0.62,
        "marker": {
            "color": [mark.colour for mark in marks],
            "opacity": [1.0 if code == label else 0.55 for code in range(len(marks))],
        },
        "text": [
            f"<b>{s:.1f}%</b>  decided" if code == label else f"{s:.1f}%"
            for code, s in enumerate(shares)
        ],
        "textposition": "outside",
        "textfont": {"color": palette.ink},
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:.1f}%<extra></extra>",
    }
    layout = {
        "xaxis": {
            "range": [0, 150],
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": ["0", "25%", "50%", "75%", "100%"],
            "zeroline": False,
        },
        "yaxis": {
            "autorange": "reversed",
            "showgrid": False,
            "automargin": True,
            "tickfont": {"color": palette.ink, "size": 14},
        },
        "showlegend": False,
        "dragmode": False,
        "margin": {"l": 8, "r": 8, "t": 4, "b": 28},
    }
    return styled(go.Figure(bars), palette, height=40 + 36 * len(marks), layout=layout)
