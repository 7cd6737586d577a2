"""How an answer fades while parts of the input are hidden, in the order of a map and of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.report_style import add_band, framed
from medmodels.figures.theme import SMALL_FONT_SIZE, Palette, Settings

if TYPE_CHECKING:
    from medmodels.explain.faithfulness import Curve, Faithfulness

Doubles = npt.NDArray[np.float64]
Which = Literal["deletion", "insertion"]

_HEIGHT = 330
# Probabilities that are marked on the axis of log-odds.
_MARKS = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)
_MOST_MARKS = 5
# Room that a label takes, in shares of the width and of the height of the figure.
_WIDE, _HIGH = 0.24, 0.055
# How far it keeps from curves.
_CLEAR = 0.025
_TITLES = {
    "deletion": "share hidden, what is pointed at first",
    "insertion": "share shown, what is pointed at first",
}


@dataclass(frozen=True)
class _Style:
    dash: str
    width: float
    symbol: str


# By place: the map, random maps, the blob, the edge detector.
_STYLES = (
    _Style("solid", 3.0, "circle"),
    _Style("dot", 1.8, "x-thin"),
    _Style("dash", 1.8, "square"),
    _Style("dashdot", 1.8, "triangle-up"),
)


def curves_figure(
    faithfulness: Faithfulness,
    which: Which,
    palette: Palette,
    *,
    band: tuple[Doubles, Doubles] | None = None,
) -> go.Figure:
    """Draw the answer against the share of the input that is hidden, or shown.

    Parameters
    ----------
    faithfulness : Faithfulness
    which : str
        "deletion" hides from the whole input on; "insertion" shows from
        nothing on.
    palette : Palette
    band : tuple of ndarray, shape (S,), optional
        Lowest and highest of the random maps at each share.

    Returns
    -------
    plotly Figure
        The answer's log-odds, on an axis that is marked in probabilities.
    """
    begin, end = faithfulness.whole, faithfulness.nothing
    if which == "insertion":
        begin, end = end, begin
    x = np.array([0.0, *faithfulness.shares, 1.0])
    drawn = [np.array([begin, *_values(curve, which), end]) for curve in faithfulness.curves]
    colours = (palette.accent, palette.muted, palette.towards, palette.ink)
    traces = []
    # The map's own curve lies on top.
    for k in reversed(range(len(drawn))):
        style = _STYLES[min(k, len(_STYLES) - 1)]
        name = faithfulness.curves[k].name
        traces.append({
            "type": "scatter", "x": x, "y": drawn[k], "name": name, "mode": "lines+markers",
            "line": {"color": colours[k % 4], "width": style.width, "dash": style.dash},
            "marker": {
                "symbol": style.symbol, "size": 7, "color": colours[k % 4],
                "line": {"width": 1.5, "color": colours[k % 4]},
            },
            "customdata": 100 / (1 + np.exp(-drawn[k])),
            "hovertemplate": "%{x:.0%}: probability %{customdata:.3g}%, log-odds %{y:.2f}"
            f"<extra>{name}</extra>",
        })  # fmt: skip
    figure = go.Figure()
    if band is not None:
        low, high = (np.array([begin, *edge, end]).tolist() for edge in band)
        add_band(figure, x.tolist(), low, high, palette.muted)
    figure.add_traces(traces)
    lowest, highest = limits = _range(drawn, band)
    marks = _marks(lowest, highest)
    layout = {
        "yaxis": {
            "range": [lowest, highest], "tickvals": [_log_odds(p) for p in marks],
            "ticktext": [f"{100 * p:.10g}%" for p in marks], "zeroline": False,
        },
        "xaxis": {"range": [-0.02, 1.02], "tickformat": ".0%", "zeroline": False},
        "showlegend": False, "margin": {"l": 8, "r": 12, "t": 10, "b": 8},
        "annotations": _labels(
            x, drawn, [curve.name for curve in faithfulness.curves], colours, limits
        ),
    }  # fmt: skip
    return framed(
        figure, palette, x_title=_TITLES[which], y_title="probability of the answer",
        height=_HEIGHT, layout=layout,
    )  # fmt: skip


def _values(curve: Curve, which: Which) -> Doubles:
    return curve.deletion if which == "deletion" else curve.insertion


def _range(drawn: Sequence[Doubles], band: tuple[Doubles, Doubles] | None) -> tuple[float, float]:
    """Limits of the axis: at least half a unit, with room for labels."""
    values = np.concatenate([*drawn, *(band or ())])
    low, high = float(values.min()), float(values.max())
    room = 0.12 * max(high - low, 0.5)
    return low - room, high + room


def _log_odds(p: float) -> float:
    return float(np.log(p / (1 - p)))


def _marks(low: float, high: float) -> list[float]:
    """Round probabilities within the limits, not too many; the limits' own where there is none."""
    inside = [p for p in _MARKS if low <= _log_odds(p) <= high]
    while len(inside) > _MOST_MARKS:
        inside = inside[::2]
    if len(inside) > 1:
        return inside
    edges = (0.85 * low + 0.15 * high, 0.15 * low + 0.85 * high)
    return [float(f"{1 / (1 + np.exp(-edge)):.3g}") for edge in edges]


def _labels(
    x: Doubles,
    drawn: Sequence[Doubles],
    names: Sequence[str],
    colours: Sequence[str],
    limits: tuple[float, float],
) -> list[Settings]:
    """Each name where no curve is, with a line to its own where that is on its own."""
    low, high = limits
    labels = []
    fine = np.linspace(0, 1, 101)
    lines = [(np.interp(fine, x, values) - low) / (high - low) for values in drawn]
    across, up = np.meshgrid(np.linspace(_WIDE / 2, 1 - _WIDE / 2, 15), np.linspace(0.04, 0.96, 47))
    centres = np.stack([across.ravel(), up.ravel()], axis=1)
    clear = np.min([_gap(centres, fine, line) for line in lines], axis=0)
    for k, name in enumerate(names):
        apart = np.min([np.abs(lines[k] - line) for line in lines if line is not lines[k]], axis=0)
        point = int(apart[5:-5].argmax()) + 5
        anchor = np.array([fine[point], lines[k][point]])
        # Near its place on the curve, but on no curve and no other name.
        far = np.hypot(*(centres - anchor).T) + 2 * np.maximum(_CLEAR - clear, 0) / _CLEAR
        place = centres[int(far.argmin())]
        beside = np.maximum(np.abs(centres - place) - (_WIDE, _HIGH), 0).max(axis=1)
        clear = np.minimum(clear, np.where(beside > 0, np.inf, 0))
        labels.append({
            "x": float(anchor[0]), "y": float(low + anchor[1] * (high - low)),
            "ax": float(place[0]), "ay": float(low + place[1] * (high - low)),
            "axref": "x", "ayref": "y", "text": name,
            "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": colours[k % 4],
            "font": {"size": SMALL_FONT_SIZE, "color": colours[k % 4]},
        })  # fmt: skip
    return labels


def _gap(centres: Doubles, x: Doubles, y: Doubles) -> Doubles:
    """Distance of a label at each centre from a line, in shares of the figure; (n,)."""
    beside = np.maximum(np.abs(centres[:, :1] - x) - _WIDE / 2, 0)
    above = np.maximum(np.abs(centres[:, 1:] - y) - _HIGH / 2, 0)
    return np.asarray(np.hypot(beside, above).min(axis=1))
