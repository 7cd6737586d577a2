"""Reliability diagram: what was predicted against what came true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from medmodels.figures.report_style import as_percent_axes, framed, split_style
from medmodels.figures.theme import Palette


def reliability_figure(
    bins: Mapping[str, Sequence[Mapping[str, Any]]], palette: Palette
) -> go.Figure:
    """Observed share in each bin of the predicted probability, with 95% intervals.

    Parameters
    ----------
    bins : mapping
        By split: what `medmodels.evaluation.reliability.reliability_curve` returns.
    palette : Palette
    """
    figure = go.Figure(
        go.Scatter(
            x=[0, 1], y=[0, 1], mode="lines", name="As often as it says", hoverinfo="skip",
            line={"color": palette.muted, "width": 1, "dash": "dot"},
        )
    )  # fmt: skip
    for split, entries in bins.items():
        style = split_style(split, palette)
        observed = [entry["observed"] for entry in entries]
        figure.add_trace(
            go.Scatter(
                x=[entry["predicted"] for entry in entries],
                y=[estimate["value"] for estimate in observed],
                error_y={
                    "type": "data", "symmetric": False, "thickness": 1.2, "width": 3,
                    "array": [_length(e["high"], e["value"]) for e in observed],
                    "arrayminus": [_length(e["value"], e["low"]) for e in observed],
                },
                mode="lines+markers", name=style.title,
                line={"color": style.colour, "width": 1.5, "dash": style.dash},
                marker={"symbol": style.symbol, "size": 8, "color": style.colour},
                customdata=[entry["n"] for entry in entries],
                hovertemplate="predicted %{x:.1%}, came true %{y:.1%}, n = %{customdata:,}"
                "<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
    framed(
        figure, palette, x_title="Predicted probability", y_title="Share that came true"
    )  # fmt: skip
    as_percent_axes(figure)
    return figure


def _length(above: float | None, below: float | None) -> float:
    return 0.0 if above is None or below is None else above - below
