"""Learning: the loss going down, and the gradient as the product that it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.lesson_grid import NumberGrid, grid_figure
from medmodels.figures.theme import SMALL_FONT_SIZE, Palette, styled

Array = npt.NDArray[np.float32]


def loss_figure(losses: Sequence[float], at: int, palette: Palette) -> go.Figure:
    """The loss from step to step.

    Parameters
    ----------
    losses : sequence of float
        Nats, before the first step and after every one.
    at : int
        The step that is looked at.
    palette : Palette
    """
    figure = _curve(losses, at, "%{y:.3f} nats", palette.against, "solid", palette)
    figure.update_yaxes(range=[0, 1.08 * max(*losses, 0.01)])
    return figure


def probability_figure(probabilities: Sequence[float], at: int, palette: Palette) -> go.Figure:
    """The probability of the supposed label, 0 to 1, from step to step; as `loss_figure`."""
    figure = _curve(probabilities, at, "%{y:.1%}", palette.towards, "dot", palette)
    figure.update_yaxes(range=[0, 1.08], tickformat=".0%")
    return figure


def _curve(
    values: Sequence[float], at: int, says: str, colour: str, dash: str, palette: Palette
) -> go.Figure:
    figure = go.Figure(
        go.Scatter(
            x=list(range(len(values))), y=list(values), mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash}, marker={"size": 5},
            hovertemplate=f"after %{{x}} steps: {says}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_scatter(
        x=[at], y=[values[at]], mode="markers", hoverinfo="skip", cliponaxis=False,
        marker={"size": 13, "color": "rgba(0,0,0,0)", "line": {"color": palette.ink, "width": 2}},
    )  # fmt: skip
    styled(figure, palette, height=240)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=False)
    last = max(len(values) - 1, 5)
    figure.update_xaxes(
        range=[-0.04 * last, 1.04 * last], dtick=-(-last // 6), fixedrange=True, automargin=True,
        title={
            "text": "steps taken", "standoff": 6,
            "font": {"color": palette.muted, "size": SMALL_FONT_SIZE},
        },
    )  # fmt: skip
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


def outer_product_figure(
    channels: Sequence[int], features: Array, at_logits: Array, letters: Sequence[str],
    palette: Palette,
) -> go.Figure:  # fmt: skip
    """The gradient of the last layer's weights: every feature times every p - y.

    Parameters
    ----------
    channels : sequence of int
        Which features are shown.
    features : ndarray, float32, shape (len(channels),)
        Their values.
    at_logits : ndarray, float32, shape (K,)
        p - y.
    letters : sequence of str
        Of the classes.
    palette : Palette
    """
    product = np.outer(features, at_logits)
    size = float(np.abs(features).max()) or 1.0
    return grid_figure(
        [
            NumberGrid(
                "Features h", features[:, np.newaxis], size,
                rows=[f"h {channel + 1}" for channel in channels],
            ),
            NumberGrid("p − y", at_logits[np.newaxis], 1.0, joint="×", columns=letters),
            NumberGrid(
                "Gradient", product, float(np.abs(product).max()) or 1.0, joint="=", columns=letters
            ),
        ],
        palette,
    )  # fmt: skip
