"""Confusion matrix: what was true against what was answered, as counts and rates."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from medmodels.figures.report_style import framed
from medmodels.figures.theme import LIGHT, SEQUENTIAL, SMALL_FONT_SIZE, Palette

# Text on the bright half of cividis is dark, on the dark half light.
_BRIGHT_FROM = 0.5
_ROW_HEIGHT = 64


def row_rates(counts: Sequence[Sequence[int]]) -> list[list[float | None]]:
    """Share of each reference class that got each answer; null in an empty row.

    Examples
    --------
    >>> row_rates([[3, 1], [0, 0]])
    [[0.75, 0.25], [None, None]]
    """
    totals = [sum(row) for row in counts]
    return [
        [count / total if total else None for count in row]
        for row, total in zip(counts, totals, strict=True)
    ]


def confusion_figure(
    counts: Sequence[Sequence[int]],
    true_titles: Sequence[str],
    given_titles: Sequence[str],
    palette: Palette,
) -> go.Figure:
    """Heat map whose colour is the share of the true class and whose text says both.

    Parameters
    ----------
    counts : sequence, shape (T, G)
        Rows are the truth, columns the answer.
    true_titles, given_titles : sequence of str
        T and G titles.
    palette : Palette
    """
    rates = row_rates(counts)
    small = {"color": palette.muted, "size": SMALL_FONT_SIZE}
    figure = go.Figure(
        go.Heatmap(
            z=rates, x=list(given_titles), y=list(true_titles), zmin=0, zmax=1,
            colorscale=SEQUENTIAL, xgap=2, ygap=2, hoverongaps=False,
            colorbar={
                "title": {"text": "share of<br>the true class", "font": small}, "tickfont": small,
                "tickformat": ".0%", "thickness": 12, "outlinewidth": 0,
            },
            hovertemplate="true %{y}, answered %{x}: %{z:.1%}<extra></extra>",
        )
    )  # fmt: skip
    cells = [(i, j) for i, row in enumerate(counts) for j in range(len(row))]
    figure.add_trace(
        go.Scatter(
            x=[given_titles[j] for _, j in cells], y=[true_titles[i] for i, _ in cells],
            mode="text", hoverinfo="skip", showlegend=False,
            text=[_text(counts[i][j], rates[i][j]) for i, j in cells],
            textfont={"color": [_text_colour(rates[i][j], palette) for i, j in cells]},
        )
    )  # fmt: skip
    framed(
        figure, palette, x_title="Answer", y_title="Truth",
        height=max(260, 120 + _ROW_HEIGHT * len(counts)),
    )  # fmt: skip
    figure.update_xaxes(showgrid=False, tickfont={"color": palette.ink}, tickangle=0)
    figure.update_yaxes(showgrid=False, tickfont={"color": palette.ink}, autorange="reversed")
    figure.update_layout(margin={"t": 8})
    return figure


def _text(count: int, rate: float | None) -> str:
    return f"{count:,}" if rate is None else f"<b>{count:,}</b><br>{rate:.1%}"


def _text_colour(rate: float | None, palette: Palette) -> str:
    """Dark or light by the colour of the cell below, which no theme changes."""
    if rate is None:
        return palette.ink
    return LIGHT.ink if rate >= _BRIGHT_FROM else LIGHT.background
