"""Learning: the loss going down, and the gradient as the product that it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from medmodels.figures.lesson_grid import NumberGrid, grid_figure
from medmodels.figures.theme import Palette, styled

Array = npt.NDArray[np.float32]


def learning_figure(
    losses: Sequence[float], probabilities: Sequence[float], at: int, label: str, palette: Palette
) -> go.Figure:
    """Loss and probability of the supposed label from step to step.

    Parameters
    ----------
    losses : sequence of float
        Nats, before the first step and after every one.
    probabilities : sequence of float
        Of the supposed label, 0 to 1.
    at : int
        The step that is looked at.
    label : str
        The supposed label.
    palette : Palette
    """
    steps = list(range(len(losses)))
    figure = make_subplots(1, 2, horizontal_spacing=0.14)
    curves = (
        (1, "loss (nats)", losses, palette.against, "%{y:.3f} nats", "solid"),
        (2, f"probability of {label}", probabilities, palette.towards, "%{y:.1%}", "dot"),
    )
    for column, title, values, colour, says, dash in curves:
        figure.add_scatter(
            x=steps, y=list(values), mode="lines+markers", row=1, col=column, showlegend=False,
            line={"color": colour, "width": 2, "dash": dash}, marker={"size": 5},
            hovertemplate=f"step %{{x}}: {says}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[at], y=[values[at]], mode="markers", row=1, col=column, showlegend=False,
            marker={
                "size": 13, "color": "rgba(0,0,0,0)", "line": {"color": palette.ink, "width": 2}
            },
            hoverinfo="skip",
        )  # fmt: skip
        figure.update_yaxes(title=title, row=1, col=column)
        figure.update_xaxes(title="steps taken", row=1, col=column)
    styled(figure, palette, height=300)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 16, "b": 8})
    figure.update_xaxes(
        range=[-0.4, max(len(losses) - 1, 5) + 0.4], fixedrange=True, automargin=True,
        dtick=max(1, len(losses) // 6),
    )  # fmt: skip
    figure.update_yaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(range=[0, 1.05 * max(max(losses), 0.01)], row=1, col=1)
    figure.update_yaxes(range=[0, 1.05], tickformat=".0%", row=1, col=2)
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
