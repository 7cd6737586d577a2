"""One row of a table of single beats."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from medmodels.figures.ecg_colours import BeatMark, paper_colours
from medmodels.figures.theme import Palette, styled
from medmodels.inputs.signal import BeatTable


def beat_row(table: BeatTable, row: int, mark: BeatMark, palette: Palette) -> go.Figure:
    """Draw a row's trace; it has no millivolts, so no ECG paper either.

    Parameters
    ----------
    table : BeatTable
    row : int
        0 to n_beats - 1.
    mark : BeatMark
        Of the class that was decided.
    palette : Palette

    Returns
    -------
    plotly Figure
        x in milliseconds from the row's first sample.
    """
    values = table.beats[row].astype(np.float64)
    milliseconds = np.arange(len(values)) / table.rate * 1000
    trace = {
        "type": "scatter",
        "x": np.round(milliseconds, 1),
        "y": np.round(values, 4),
        "mode": "lines",
        "line": {"color": paper_colours(palette).trace, "width": 1.6},
        "hovertemplate": "%{x:.0f} ms: %{y:.3f}<extra></extra>",
    }
    name = {
        "x": 0,
        "y": 1,
        "xref": "x domain",
        "yref": "y domain",
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "text": f"<b>{mark.shape} {mark.letter}</b>",
        "font": {"color": mark.colour, "size": 18},
        "xshift": 6,
    }
    layout = {
        "annotations": [name],
        "xaxis": {"title": {"text": "milliseconds from the start of the row"}, "zeroline": False},
        "yaxis": {"title": {"text": "amplitude, no unit"}, "zeroline": False, "nticks": 5},
        "showlegend": False,
        "dragmode": False,
        "margin": {"l": 60, "r": 8, "t": 8, "b": 44},
    }
    return styled(go.Figure(trace), palette, height=260, layout=layout)
