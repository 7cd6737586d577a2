"""Histogram of a class's scores, for inputs of the class and for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from medmodels.figures.report_style import as_percent_axes, faint, framed
from medmodels.figures.theme import Palette


def histogram_figure(
    histogram: Mapping[str, Any], title: str, palette: Palette, *, threshold: float | None = None
) -> go.Figure:
    """Share of each group in every bin of the probability, others mirrored below.

    Parameters
    ----------
    histogram : mapping
        What `medmodels.evaluation.histograms.histogram_of` returns.
    title : str
        Of the class.
    palette : Palette
    threshold : float, optional
        Operating point, 0 to 1.
    """
    edges: Sequence[float] = histogram["edges"]
    centres = [(low + high) / 2 for low, high in pairwise(edges)]
    width = edges[1] - edges[0]
    figure = go.Figure()
    for name, counts, sign, colour, pattern in (
        (f"True: {title}", histogram["of_class"], 1, palette.towards, ""),
        (f"True: not {title}", histogram["others"], -1, palette.accent, "/"),
    ):
        total = sum(counts) or 1
        figure.add_trace(
            go.Bar(
                x=centres, y=[sign * count / total for count in counts], width=width,
                name=f"{name} (n = {sum(counts):,})",
                marker={
                    "color": faint(colour, 0.75), "line": {"color": colour, "width": 1},
                    "pattern": {"shape": pattern, "fgcolor": palette.ink, "size": 6},
                },
                customdata=[[count, count / total] for count in counts],
                hovertemplate="probability %{x:.1%}: %{customdata[0]:,}, %{customdata[1]:.1%} "
                "of the group<extra>" + name + "</extra>",
            )
        )  # fmt: skip
    framed(
        figure, palette, x_title=f"Probability of “{title}”",
        y_title="Share of its group, others downwards",
    )  # fmt: skip
    figure.update_layout(barmode="overlay", bargap=0)
    as_percent_axes(figure, y=False)
    ticks = [-1, -0.5, 0, 0.5, 1]
    figure.update_yaxes(
        tickvals=ticks, ticktext=[f"{abs(tick):.0%}" for tick in ticks], range=[-1.02, 1.02]
    )
    if threshold is not None:
        figure.add_vline(x=threshold, line={"color": palette.ink, "width": 2, "dash": "dot"})
        figure.add_annotation(
            x=threshold, y=1, text="operating point", showarrow=False, yanchor="top",
            xanchor="left" if threshold < 0.5 else "right", xshift=4 if threshold < 0.5 else -4,
            font={"color": palette.ink, "size": 12},
        )  # fmt: skip
    return figure
