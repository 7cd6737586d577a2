"""ROC and precision-recall curves of one class, both data sets on the same axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from medmodels.figures.report_style import add_band, as_percent_axes, framed, split_style
from medmodels.figures.theme import Palette

Curves = Mapping[str, Mapping[str, Any]]


def roc_figure(curves: Curves, palette: Palette) -> go.Figure:
    """Sensitivity against false alarms, with 95% bands and operating points.

    Parameters
    ----------
    curves : mapping
        By split ("test", "external"): the ``roc`` table of
        `medmodels.evaluation.curves.curves_of`.
    palette : Palette
    """
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=[0, 1], y=[0, 1], mode="lines", name="Tossing a coin", hoverinfo="skip",
            line={"color": palette.muted, "width": 1, "dash": "dot"},
        )
    )  # fmt: skip
    for split, curve in curves.items():
        style = split_style(split, palette)
        add_band(figure, curve["fpr"], curve["low"], curve["high"], style.colour)
        figure.add_trace(
            go.Scatter(
                x=[0, *curve["fpr"]], y=[0, *curve["sensitivity"]], mode="lines", name=style.title,
                line={"color": style.colour, "width": 2.5, "dash": style.dash},
                hovertemplate="false alarms %{x:.1%}, found %{y:.1%}"
                "<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
        _mark_chosen(figure, curve["chosen"]["fpr"], curve["chosen"]["sensitivity"], split, palette)
    framed(
        figure, palette,
        x_title="False alarms: share of the others that are called so",
        y_title="Sensitivity: share that is found",
    )  # fmt: skip
    as_percent_axes(figure)
    return figure


def pr_figure(curves: Curves, palette: Palette) -> go.Figure:
    """Precision against recall, with 95% bands, operating points and prevalence.

    Parameters
    ----------
    curves : mapping
        By split: the ``pr`` table of `medmodels.evaluation.curves.curves_of`.
    palette : Palette
    """
    figure = go.Figure()
    for split, curve in curves.items():
        style = split_style(split, palette)
        add_band(figure, curve["recall"], curve["low"], curve["high"], style.colour)
        figure.add_trace(
            go.Scatter(
                x=curve["recall"], y=curve["precision"], mode="lines", name=style.title,
                line={"color": style.colour, "width": 2.5, "dash": style.dash, "shape": "vh"},
                hovertemplate="found %{x:.1%}, right when said %{y:.1%}"
                "<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=[0, 1], y=[curve["prevalence"]] * 2, mode="lines", showlegend=False,
                line={"color": style.colour, "width": 1, "dash": "dot"},
                hovertemplate="share of the class: %{y:.1%}<extra>" + style.title + "</extra>",
            )
        )  # fmt: skip
        chosen = curve["chosen"]
        if chosen["precision"] is not None:
            _mark_chosen(figure, chosen["recall"], chosen["precision"], split, palette)
    framed(
        figure, palette,
        x_title="Recall (sensitivity): share that is found",
        y_title="Precision (PPV): share right when said",
    )  # fmt: skip
    as_percent_axes(figure)
    return figure


def _mark_chosen(figure: go.Figure, x: float, y: float, split: str, palette: Palette) -> None:
    style = split_style(split, palette)
    figure.add_trace(
        go.Scatter(
            x=[x], y=[y], mode="markers", name=f"{style.title}: as used",
            marker={
                "symbol": style.symbol, "size": 11, "color": style.colour,
                "line": {"color": palette.ink, "width": 1.5},
            },
            hovertemplate="as used: %{x:.1%}, %{y:.1%}<extra>" + style.title + "</extra>",
        )
    )  # fmt: skip
