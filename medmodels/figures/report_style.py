"""What the model report's figures share: how the two data sets are told apart."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from medmodels.figures.theme import SMALL_FONT_SIZE, Palette, Settings, merged, styled

HEIGHT = 340
_BAND_ALPHA = 0.18


@dataclass(frozen=True)
class SplitStyle:
    """Colour, dash and marker of one data set; never colour alone.

    Parameters
    ----------
    title : str
        In the legend.
    colour : str
        ``#rrggbb``.
    dash, symbol : str
        As plotly names them.
    """

    title: str
    colour: str
    dash: str
    symbol: str


def split_style(split: str, palette: Palette) -> SplitStyle:
    """The look of "test" and of "external"."""
    if split == "external":
        return SplitStyle("Elsewhere", palette.towards, "dash", "diamond")
    return SplitStyle("Test", palette.accent, "solid", "circle")


def faint(colour: str, alpha: float = _BAND_ALPHA) -> str:
    """A ``#rrggbb`` colour that lets others show through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def add_band(
    figure: go.Figure,
    x: list[float],
    low: list[float | None],
    high: list[float | None],
    colour: str,
) -> None:
    """Fill between two curves, where both are known."""
    known = [
        (at, below, above)
        for at, below, above in zip(x, low, high, strict=True)
        if below is not None and above is not None
    ]
    if not known:
        return
    at = [point[0] for point in known]
    figure.add_trace(
        go.Scatter(
            x=at + at[::-1],
            y=[point[2] for point in known] + [point[1] for point in known][::-1],
            fill="toself", fillcolor=faint(colour), line={"width": 0}, mode="lines",
            hoverinfo="skip", showlegend=False,
        )
    )  # fmt: skip


def framed(
    figure: go.Figure,
    palette: Palette,
    *,
    x_title: str,
    y_title: str,
    height: int = HEIGHT,
    layout: Settings | None = None,
) -> go.Figure:
    """Give a report figure the shared look, titled axes and a legend above.

    ``layout`` has the figure's own settings, which are laid over those.
    """
    frame = {
        "margin": {"l": 8, "r": 12, "t": 34, "b": 8},
        "legend": {
            "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom",
            "font": {"size": SMALL_FONT_SIZE, "color": palette.ink},
        },
        "xaxis": {"title": {"text": x_title}, "automargin": True, "fixedrange": True},
        "yaxis": {"title": {"text": y_title}, "automargin": True, "fixedrange": True},
    }  # fmt: skip
    return styled(figure, palette, height=height, layout=merged(frame, layout or {}))


def as_percent_axes(figure: go.Figure, *, x: bool = True, y: bool = True) -> None:
    """Axes from 0% to 100%, with room for what lies on the border."""
    shared = {"range": [-0.02, 1.02], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    if x:
        figure.update_xaxes(**shared)
    if y:
        figure.update_yaxes(**shared)
