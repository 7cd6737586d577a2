"""A hundred or a thousand people as icons, for counting with the eye.

Icon arrays convey what a test result means better than percentages do, to
readers with and without a head for numbers (Galesic, Garcia-Retamero and
Gigerenzer 2009, "Using icon arrays to communicate medical risks").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from medmodels.figures.theme import Palette, styled
from medmodels.trust.predictive_values import NaturalFrequencies

# (columns, rows, after how many columns and rows a gap follows, size of an icon in pixels)
_LAYOUTS = {100: (10, 10, 5, 5, 19), 1000: (40, 25, 10, 5, 10)}
_GAP = 0.6
_PIXELS = {100: 330, 1000: 390}


@dataclass(frozen=True)
class IconNames:
    """What the four groups are called.

    Parameters
    ----------
    found, missed, alarmed, left_alone : str
        As in `medmodels.trust.predictive_values.NaturalFrequencies`.
    many : str
        What is counted ("people", "beats").
    """

    found: str
    missed: str
    alarmed: str
    left_alone: str
    many: str


def icon_array(counts: NaturalFrequencies, names: IconNames, palette: Palette) -> go.Figure:
    """Draw every person as one icon, in blocks that can be counted.

    The groups differ in shape, in colour and in fill: a full triangle (found),
    a heavy cross (missed), a dotted diamond (alarmed) and an empty circle
    (left alone). Missed and found stand next to each other, so that all who
    have it are one block; found and alarmed do too, so that all alarms are.

    Parameters
    ----------
    counts : NaturalFrequencies
        Of 100 or 1,000 people.
    names : IconNames
    palette : Palette

    Returns
    -------
    plotly Figure
        A thousand as 25 rows of 40, a hundred as 10 rows of 10; gaps after
        every 10 columns (5 of a hundred) and 5 rows.

    Raises
    ------
    ValueError
        When there are not 100 or 1,000 people.
    """
    if counts.people not in _LAYOUTS:
        raise ValueError(f"100 or 1,000 icons can be drawn, not {counts.people}")
    x, y = _places(counts.people)
    size = _LAYOUTS[counts.people][4]
    traces = []
    first = 0
    for entry in _groups(counts, names, palette):
        last = first + entry.count
        traces.append(
            {
                "type": "scatter",
                # An empty group keeps its place in the legend: none is a finding too.
                "x": x[first:last] if entry.count else [None],
                "y": y[first:last] if entry.count else [None],
                "mode": "markers",
                "name": f"<b>{entry.count:,}</b> {entry.name}",
                "marker": {
                    "symbol": entry.symbol,
                    "size": size * entry.scale,
                    "color": entry.colour,
                    "line": {"color": entry.colour, "width": entry.line},
                },
                "hovertext": f"{entry.name}: {entry.count:,} of {counts.people:,} {names.many}",
                "hoverinfo": "text",
            }
        )
        first = last
    edge = 0.7
    layout = {
        "legend": {
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom",
            "font": {"size": 14, "color": palette.ink}, "itemsizing": "constant",
            "itemclick": False, "itemdoubleclick": False,
        },
        "xaxis": {
            "visible": False, "fixedrange": True, "range": [-edge, x.max() + edge],
            "constrain": "domain", "constraintoward": "left",
        },
        "yaxis": {
            "visible": False, "fixedrange": True, "range": [y.max() + edge, -edge],
            "scaleanchor": "x", "constrain": "domain", "constraintoward": "top",
        },
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=_PIXELS[counts.people] + 66, layout=layout)


def icon_array_alt(counts: NaturalFrequencies, names: IconNames) -> str:
    """Say what the icons show, for those who cannot see them."""
    return (
        f"{counts.people:,} icons, one for each of the {names.many}: "
        f"{counts.found:,} {names.found}; {counts.missed:,} {names.missed}; "
        f"{counts.alarmed:,} {names.alarmed}; {counts.left_alone:,} {names.left_alone}."
    )


@dataclass(frozen=True)
class _Group:
    count: int
    name: str
    symbol: str
    colour: str
    scale: float
    line: float


def _groups(
    counts: NaturalFrequencies, names: IconNames, palette: Palette
) -> tuple[_Group, _Group, _Group, _Group]:
    """The groups in the order in which they are drawn."""
    return (
        _Group(counts.missed, names.missed, "x", palette.ink, 0.9, 0),
        _Group(counts.found, names.found, "triangle-up", palette.severity[2], 1.05, 0),
        _Group(counts.alarmed, names.alarmed, "diamond-open-dot", palette.severity[1], 0.95, 1.5),
        _Group(counts.left_alone, names.left_alone, "circle-open", palette.muted, 0.7, 1),
    )


def _places(people: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each icon stands, row by row from the top left; both of shape (people,)."""
    columns, rows, across, down, _ = _LAYOUTS[people]
    column, row = np.tile(np.arange(columns), rows), np.repeat(np.arange(rows), columns)
    return column + _GAP * (column // across), row + _GAP * (row // down)
