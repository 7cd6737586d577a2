"""The nearest training examples: what they were, and how far they are from the input."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from medmodels.bundles import ClassCard
from medmodels.explain.neighbours import Nearest
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.report_style import faint
from medmodels.figures.theme import FONT_SIZE, Palette, Settings, styled

_HEIGHT = 300
_ORDINALS = {1: "nearest", 2: "2nd", 3: "3rd"}


def neighbours_figure(
    found: Nearest,
    usual: Sequence[tuple[float, float]],
    classes: tuple[ClassCard, ...],
    palette: Palette,
    *,
    unit: str,
    compared: str,
) -> go.Figure:
    """Mark each example at its distance, the nearest on the left, over the usual range.

    Parameters
    ----------
    found : Nearest
    usual : sequence of (float, float)
        For each rank, between which distances the example of that rank lies for
        90% of validation inputs.
    classes : tuple of ClassCard
        Letter, shape and colour say the class.
    palette : Palette
    unit : str
        "scan", "beat", "sequence".
    compared : str
        What the usual range was measured on ("validation scans").

    Returns
    -------
    plotly Figure
        x the rank from 1, y the distance in the units of the network's features.
    """
    ranks = list(range(1, len(found.labels) + 1))
    traces: list[Settings] = []
    band = list(usual)[: len(ranks)]
    if band:
        x = [*ranks[: len(band)], *reversed(ranks[: len(band)])]
        y = [high for _, high in band] + [low for low, _ in reversed(band)]
        traces.append({
            "type": "scatter", "x": x, "y": y, "fill": "toself", "mode": "lines",
            "line": {"width": 1, "color": palette.muted},
            "fillcolor": faint(palette.muted, 0.22), "hoverinfo": "skip",
            "name": f"usual: 90% of {compared}",
        })  # fmt: skip
    for label, mark in enumerate(beat_marks(classes, palette)):
        own = [i for i in range(len(ranks)) if found.labels[i] == label]
        if not own:
            continue
        traces.append({
            "type": "scatter",
            "x": [ranks[i] for i in own],
            "y": [round(float(found.distances[i]), 3) for i in own],
            "mode": "markers+text",
            "text": [f"<b>{mark.letter}</b>"] * len(own),
            "textposition": "top center",
            "textfont": {"color": palette.ink, "size": FONT_SIZE},
            "marker": {
                "symbol": mark.symbol, "size": 15, "color": mark.colour,
                "line": {"color": palette.background, "width": 1.5},
            },
            "cliponaxis": False,
            "name": f"{mark.letter} {mark.title}: {len(own)} of {len(ranks)}",
            "hovertext": [
                f"{_ORDINALS.get(ranks[i], f'{ranks[i]}th')}: {mark.title.lower()}, "
                f"distance {found.distances[i]:.2f}"
                for i in own
            ],
            "hoverinfo": "text",
        })  # fmt: skip
    highest = max([*map(float, found.distances), *(high for _, high in band)], default=1.0)
    layout = {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "legend": {
            "orientation": "h", "y": -0.26, "x": 0, "yanchor": "top", "font": {"size": 13},
            "itemclick": False, "itemdoubleclick": False,
        },
        "dragmode": False,
        "xaxis": {
            "title": {"text": f"Training {unit}s, the nearest first"}, "tickvals": ranks,
            "showgrid": False, "range": [0.5, len(ranks) + 0.5], "fixedrange": True,
        },
        "yaxis": {
            "title": {"text": "Distance, in the network’s units"}, "range": [0, 1.18 * highest],
            "nticks": 5, "fixedrange": True, "automargin": True,
        },
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=_HEIGHT, layout=layout)


def neighbours_alt(found: Nearest, classes: tuple[ClassCard, ...]) -> str:
    """The figure in words."""
    each = ", ".join(
        f"{classes[label].title.lower()} at {distance:.2f}"
        for label, distance in zip(found.labels, found.distances, strict=True)
    )
    return f"Distance and class of the {len(found.labels)} nearest training examples: {each}."
