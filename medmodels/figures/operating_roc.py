"""The ROC curve with the operating point that is in use and those to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.evaluation.operating import Performance
from medmodels.figures.theme import SMALL_FONT_SIZE, Palette, Settings, styled

Floats = npt.NDArray[np.float64]
_HEIGHT = 460


@dataclass(frozen=True, eq=False)
class RocCurve:
    """One data set's curve and where the point in use lies on those data.

    Parameters
    ----------
    title : str
        "Test", for example.
    false_alarms, found : ndarray, float64, shape (m,)
        From `medmodels.evaluation.operating.JudgedScores.roc`.
    point : Performance
        Of the rule in use.
    """

    title: str
    false_alarms: Floats
    found: Floats
    point: Performance


def operating_roc(
    curves: Sequence[RocCurve],
    presets: Sequence[tuple[str, Performance]],
    groups: tuple[str, str],
    palette: Palette,
    *,
    zoom: bool = False,
) -> go.Figure:
    """Draw the curve of the test data, with other data's beside it.

    Parameters
    ----------
    curves : sequence of RocCurve
        The test data first, solid and with a full point; others dashed, with
        an open point. Every point carries its 95% interval in both directions.
    presets : sequence of (str, Performance)
        Names and test performance of the points to choose from.
    groups : tuple of str
        Those who have it and those who do not, in words.
    palette : Palette
    zoom : bool
        Whether only the corner is drawn that holds every point on the test data.
    """
    looks = ((palette.accent, "solid", "circle"), (palette.severity[1], "dash", "square-open"))
    shown = list(zip(curves, looks, strict=False))
    symbols = ("triangle-down-open", "diamond-open", "triangle-up-open")
    traces = [
        _chance(palette),
        *(_line(curve, colour, dash) for curve, (colour, dash, _) in shown),
        *(
            _preset(name.capitalize(), performance, symbol, palette)
            for (name, performance), symbol in zip(presets, symbols, strict=False)
        ),
        *(
            _point(curve, colour, symbol)
            for curve, (colour, _, symbol) in shown
            if not np.isnan([curve.point.sensitivity.value, curve.point.specificity.value]).any()
        ),
    ]
    across, up = _corner(curves[0], presets) if zoom else ((-0.02, 1.02), (-0.02, 1.02))
    ticks = {"tickformat": ".0%", "fixedrange": True, "nticks": 6, "automargin": True}
    layout = {
        "xaxis": ticks | {"range": across, "title": {"text": f"false alarms among {groups[1]}"}},
        "yaxis": ticks | {"range": up, "title": {"text": f"found among {groups[0]}"}},
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "legend": {
            "orientation": "h", "x": 0, "y": -0.16, "yanchor": "top",
            "font": {"size": SMALL_FONT_SIZE, "color": palette.ink},
            "itemclick": False, "itemdoubleclick": False,
        },
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=_HEIGHT, layout=layout)


def operating_roc_alt(curves: Sequence[RocCurve], groups: tuple[str, str]) -> str:
    """Say where the point in use lies on each data set, for those who cannot see it."""
    points = "; ".join(_say(curve.title, curve.point) for curve in curves)
    return f"ROC curve: {groups[0]} against {groups[1]}. The point in use: {points}."


def _corner(
    curve: RocCurve, presets: Sequence[tuple[str, Performance]]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ranges of both axes that hold the points to choose from, with some air."""
    points = [curve.point, *(performance for _, performance in presets)]
    right = np.nanmax([0.05, *(1 - point.specificity.low for point in points)])
    low = np.nanmin([0.95, *(point.sensitivity.low for point in points)])
    air, below = 0.06 * right, 0.06 * (1 - low)
    return (-air, min(right + air, 1.02)), (max(low - below, -0.02), 1 + below)


def _chance(palette: Palette) -> Settings:
    return {
        "type": "scatter", "x": [0, 1], "y": [0, 1], "mode": "lines",
        "name": "No better than chance", "hoverinfo": "skip",
        "line": {"color": palette.muted, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _line(curve: RocCurve, colour: str, dash: str) -> Settings:
    return {
        "type": "scatter", "x": curve.false_alarms, "y": curve.found, "mode": "lines",
        "name": curve.title, "line": {"color": colour, "width": 2.5, "dash": dash},
        "hovertemplate": f"{curve.title}: finds %{{y:.1%}}, false alarms %{{x:.1%}}"
        "<extra></extra>",
    }  # fmt: skip


def _preset(name: str, performance: Performance, symbol: str, palette: Palette) -> Settings:
    return {
        "type": "scatter", "x": [1 - performance.specificity.value],
        "y": [performance.sensitivity.value], "mode": "markers", "name": name,
        "marker": {"symbol": symbol, "size": 13, "color": palette.ink, "line": {"width": 2}},
        "hovertext": _say(name, performance), "hoverinfo": "text",
    }  # fmt: skip


def _point(curve: RocCurve, colour: str, symbol: str) -> Settings:
    """Where the rule in use lies, with its 95% intervals."""
    sensitivity, specificity = curve.point.sensitivity, curve.point.specificity
    bars = {"color": colour, "thickness": 1.5, "width": 5, "type": "data", "symmetric": False}
    return {
        "type": "scatter",
        "x": [1 - specificity.value],
        "y": [sensitivity.value],
        "error_x": bars
        | {
            "array": [specificity.value - specificity.low],
            "arrayminus": [specificity.high - specificity.value],
        },
        "error_y": bars
        | {
            "array": [sensitivity.high - sensitivity.value],
            "arrayminus": [sensitivity.value - sensitivity.low],
        },
        "mode": "markers",
        "name": f"In use, {curve.title.lower()}",
        "marker": {"symbol": symbol, "size": 12, "color": colour, "line": {"width": 2}},
        "hovertext": _say(f"In use, {curve.title.lower()}", curve.point),
        "hoverinfo": "text",
    }


def _say(title: str, point: Performance) -> str:
    return (
        f"{title}: finds {point.sensitivity.value:.1%} "
        f"(95% interval {100 * point.sensitivity.low:.1f} to {100 * point.sensitivity.high:.1f}), "
        f"false alarms {1 - point.specificity.value:.1%} "
        f"({100 * (1 - point.specificity.high):.1f} to {100 * (1 - point.specificity.low):.1f})"
    )
