"""How the memory of one beat fades in the states that read across beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.theme import Palette, styled


@dataclass(frozen=True)
class FadingLine:
    """One direction of one member.

    Parameters
    ----------
    member : int
        Counted from 1.
    backward : bool
        Whether it carries the beat to those before it instead of after it.
    shares : ndarray, float64, shape (n,)
        What is left of the distance at the beat itself, by beats away from it.
    """

    member: int
    backward: bool
    shares: npt.NDArray[np.float64]


def fading(
    lines: Sequence[FadingLine], member: int, levels: Sequence[float], palette: Palette
) -> go.Figure:
    """Draw what is left of a beat in the states of its neighbours.

    Parameters
    ----------
    lines : sequence of FadingLine
    member : int
        The one that is drawn strongly.
    levels : sequence of float
        Shares that are ruled across, 0 to 1.
    palette : Palette

    Returns
    -------
    plotly Figure
        To the right of 0 the beats after, which the forward direction reaches;
        to the left those before, which the backward one reaches.
    """
    figure = go.Figure()
    for line in sorted(lines, key=lambda entry: entry.member == member):
        chosen = line.member == member
        sign = -1 if line.backward else 1
        way = "backward" if line.backward else "forward"
        colour = (
            (palette.against if line.backward else palette.towards) if chosen else palette.muted
        )
        figure.add_scatter(
            x=sign * np.arange(len(line.shares)),
            y=np.round(100 * line.shares, 3),
            mode="lines+markers" if chosen else "lines",
            name=f"member {line.member}, {way}",
            showlegend=False,
            opacity=1 if chosen else 0.5,
            line={"color": colour, "width": 2.5 if chosen else 1,
                  "dash": "dash" if line.backward else "solid"},
            marker={"symbol": "triangle-left" if line.backward else "triangle-right", "size": 8},
            hovertemplate=(
                f"member {line.member}, {way}, %{{x:+d}} beats: %{{y:.1f}}% left<extra></extra>"
            ),
        )  # fmt: skip
    styled(figure, palette, height=300)
    for level in levels:
        figure.add_hline(y=100 * level, line={"color": palette.muted, "width": 1, "dash": "dot"})
    tops = [float(line.shares.max(initial=1)) for line in lines]
    figure.update_xaxes(
        title={"text": "beats before (backward) and after (forward) the chosen beat"},
        zeroline=True, zerolinecolor=palette.muted,
    )  # fmt: skip
    figure.update_yaxes(
        title={"text": "left in the state"},
        range=[-4, 104 * max(tops, default=1.0)],
        tickvals=[*(100 * level for level in levels), 100],
        ticktext=[*(f"{100 * level:g}%" for level in levels), "100%"],
        zeroline=False,
        showgrid=False,
    )
    figure.update_layout(dragmode=False, margin={"l": 62, "r": 8, "t": 12, "b": 44})
    return figure
