"""How well prediction sets keep their promise, and what is recognised as foreign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from medmodels.figures.report_style import as_percent_axes, framed, split_style
from medmodels.figures.theme import SMALL_FONT_SIZE, Palette

_ROW_HEIGHT = 34


def coverage_figure(
    splits: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str], palette: Palette
) -> go.Figure:
    """Share of sets that hold the truth, promised against kept, overall and by class.

    Parameters
    ----------
    splits : mapping
        By split: by promised coverage as text ("0.90"), with ``coverage`` and
        ``by_class`` (estimates).
    titles : mapping
        Title of each class by its name.
    palette : Palette
    """
    figure = go.Figure()
    levels = sorted({level for numbers in splits.values() for level in numbers})
    for split, by_level in splits.items():
        style = split_style(split, palette)
        rows = [
            (f"{float(level):.0%}: {name}", estimate)
            for level in levels
            if level in by_level
            for name, estimate in _estimates(by_level[level], titles)
        ]
        figure.add_trace(_dots(rows, style.title, style.colour, style.symbol))
    rows_shown = max((len(trace.y) for trace in figure.data), default=1)
    framed(
        figure, palette, x_title="Share of sets that hold the true answer", y_title="",
        height=130 + _ROW_HEIGHT * rows_shown,
    )  # fmt: skip
    for number, level in enumerate(levels):
        figure.add_vline(x=float(level), line={"color": palette.ink, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=float(level), y=1, yref="paper", yanchor="bottom", showarrow=False,
            xanchor="right" if number == 0 else "left", text=f"promised {float(level):.0%}",
            font={"color": palette.ink, "size": SMALL_FONT_SIZE},
        )  # fmt: skip
    as_percent_axes(figure, y=False)
    figure.update_yaxes(
        autorange="reversed", tickfont={"color": palette.ink}, showgrid=False, title_text=None
    )
    figure.update_layout(legend={"x": 0, "y": 1.12}, margin={"t": 60, "r": 90})
    return figure


def foreign_figure(kinds: Sequence[Mapping[str, Any]], palette: Palette) -> go.Figure:
    """Share of each kind of foreign input that is refused, with 95% intervals.

    Parameters
    ----------
    kinds : sequence of mapping
        ``title``, ``group``, ``n`` and ``refused`` (an estimate).
    palette : Palette
    """
    rows = [
        (f"{kind['title']} (n = {kind['n']:,})", kind["refused"])
        for kind in sorted(kinds, key=lambda kind: str(kind["group"]))
    ]
    figure = go.Figure(_dots(rows, "Refused", palette.accent, "circle"))
    framed(
        figure, palette, x_title="Share refused as unlike the training data", y_title="",
        height=90 + _ROW_HEIGHT * len(rows),
    )  # fmt: skip
    as_percent_axes(figure, y=False)
    figure.update_yaxes(autorange="reversed", tickfont={"color": palette.ink}, title_text=None)
    figure.update_layout(showlegend=False, margin={"t": 8})
    return figure


def _estimates(
    numbers: Mapping[str, Any], titles: Mapping[str, str]
) -> list[tuple[str, Mapping[str, float | None]]]:
    by_class = [(titles.get(name, name), e) for name, e in numbers.get("by_class", {}).items()]
    return [("all", numbers["coverage"]), *by_class]


def _dots(
    rows: Sequence[tuple[str, Mapping[str, float | None]]], name: str, colour: str, symbol: str
) -> go.Scatter:
    """Values with their intervals, one a row."""
    shown = [(title, e) for title, e in rows if e["value"] is not None]

    def lengths(side: str, sign: int) -> list[float]:
        return [
            0.0 if e[side] is None else sign * ((e[side] or 0.0) - (e["value"] or 0.0))
            for _, e in shown
        ]

    return go.Scatter(
        x=[e["value"] for _, e in shown], y=[title for title, _ in shown], mode="markers",
        name=name, marker={"color": colour, "symbol": symbol, "size": 10},
        error_x={
            "type": "data", "symmetric": False, "thickness": 1.4, "width": 4, "color": colour,
            "array": lengths("high", 1), "arrayminus": lengths("low", -1),
        },
        hovertemplate="%{y}: %{x:.1%}<extra>" + name + "</extra>",
    )  # fmt: skip
