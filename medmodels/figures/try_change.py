"""How the probability of every class moved, from before a part was hidden to after."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.bundles import Card
from medmodels.figures.theme import Palette, styled
from medmodels.reading.sentences import percent
from medmodels.trust.operating_point import OperatingPoint

_ROW_HEIGHT = 52


def try_change(
    card: Card,
    before: npt.NDArray[np.float64],
    after: npt.NDArray[np.float64],
    label: int,
    point: OperatingPoint,
    palette: Palette,
) -> go.Figure:
    """One row a class: a wide ring before, a filled circle after, an arrow between.

    Parameters
    ----------
    card : Card
    before, after : ndarray, shape (K,)
        Calibrated probabilities.
    label : int
        The class answered after; its name is bold.
    point : OperatingPoint
        A threshold is drawn across the row of its class.
    palette : Palette
    """
    order = list(range(len(card.classes)))[::-1]
    names = [
        f"<b>{card.classes[i].title}</b>" if i == label else card.classes[i].title for i in order
    ]
    colours = [palette.severity[card.classes[i].severity] for i in order]
    figure = go.Figure()
    for values, symbol, size, word in (
        (before, "circle-open", 20, "before"), (after, "circle", 12, "after"),
    ):  # fmt: skip
        figure.add_scatter(
            x=[float(values[i]) for i in order], y=list(range(len(order))), mode="markers",
            marker={"symbol": symbol, "size": size, "color": colours, "line": {"width": 2.5}},
            cliponaxis=False,
            hovertext=[
                f"{card.classes[i].title}, {word}: {percent(float(values[i]))}" for i in order
            ],
            hoverinfo="text",
        )  # fmt: skip
    for row, i in enumerate(order):
        figure.add_annotation(
            x=float(after[i]), ax=float(before[i]), y=row, ay=row, axref="x", ayref="y",
            text="", showarrow=abs(float(after[i] - before[i])) > 0.03,
            arrowhead=2, arrowwidth=2, arrowcolor=colours[row], standoff=7, startstandoff=7,
        )  # fmt: skip
        figure.add_annotation(
            x=1, xref="paper", xshift=18, y=row, xanchor="left", showarrow=False, align="left",
            text=f"{percent(float(before[i]))} → <b>{percent(float(after[i]))}</b>",
            font={"color": palette.ink},
        )  # fmt: skip
    if point.positive is not None and point.threshold is not None:
        _mark(figure, order.index(point.positive), point.threshold, palette)
    styled(figure, palette, height=_ROW_HEIGHT * len(order) + 44)
    figure.update_layout(
        margin={"l": 8, "r": 150, "t": 18, "b": 26}, showlegend=False, dragmode=False
    )
    figure.update_xaxes(
        range=[-0.03, 1.03], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True, zeroline=False
    )
    figure.update_yaxes(
        range=[-0.6, len(order) - 0.4], tickvals=list(range(len(order))), ticktext=names,
        fixedrange=True, automargin=True, showgrid=False, zeroline=False, ticklabelstandoff=6,
        tickfont={"color": palette.ink, "size": 14},
    )  # fmt: skip
    return figure


def _mark(figure: go.Figure, row: int, threshold: float, palette: Palette) -> None:
    """Draw the operating point across its class's row."""
    figure.add_shape(
        type="line", x0=threshold, x1=threshold, y0=row - 0.36, y1=row + 0.36,
        line={"color": palette.ink, "width": 2, "dash": "dot"},
    )  # fmt: skip
    figure.add_annotation(
        x=threshold, y=row + 0.36, yanchor="bottom", xanchor="left" if threshold < 0.5 else "right",
        text=f"operating point {percent(threshold)}", showarrow=False,
        font={"color": palette.muted, "size": 12},
    )  # fmt: skip
