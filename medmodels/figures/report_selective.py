"""Risk-coverage curve: the error when only the surest answers are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from medmodels.figures.report_style import add_band, as_percent_axes, framed, split_style
from medmodels.figures.theme import Palette


def selective_figure(curves: Mapping[str, Mapping[str, Any]], palette: Palette) -> go.Figure:
    """Error against the share answered, with 95% bands.

    Parameters
    ----------
    curves : mapping
        By split: what `medmodels.evaluation.selective.selective_of` returns.
    palette : Palette
    """
    figure = go.Figure()
    for split, curve in curves.items():
        style = split_style(split, palette)
        add_band(figure, curve["coverage"], curve["low"], curve["high"], style.colour)
        figure.add_trace(
            go.Scatter(
                x=curve["coverage"], y=curve["risk"], mode="lines", name=style.title,
                line={"color": style.colour, "width": 2.5, "dash": style.dash},
                hovertemplate="answered %{x:.0%}, wrong %{y:.1%}<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
    framed(
        figure, palette,
        x_title="Share answered, the surest first", y_title="Wrong among these",
    )  # fmt: skip
    as_percent_axes(figure, y=False)
    figure.update_yaxes(tickformat=".3~p", rangemode="tozero")
    return figure
