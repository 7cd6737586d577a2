"""Small grids of numbers side by side, coloured by their value: the arithmetic of a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.colors import get_colorscale, sample_colorscale

from medmodels.figures.theme import FONT, SEQUENTIAL, Palette, diverging, styled

# Between grids, and above them for their titles; in cells.
_GAP = 1.0
_TITLE = 0.55
_CELL_PIXELS = 46
_MOST_PIXELS = 320
_GREY: list[list[float | str]] = [[0.0, "#000000"], [1.0, "#FFFFFF"]]


@dataclass(frozen=True)
class NumberGrid:
    """One grid.

    Parameters
    ----------
    title : str
        Stands above it.
    values : ndarray, shape (rows, columns)
    limit : float
        The value that has the strongest colour.
    joint : str
        Stands before it: "×", "=" or nothing.
    colours : str
        "signed": neutral at 0, strongest at the limit and its negative; "grey":
        black to white, as on a scan, over the same range; "map": as a feature
        map, from ``low`` to the limit.
    low : float
        See ``colours``.
    marked : tuple of int or None
        Row and column of a cell to frame.
    rows, columns : sequence of str
        Names of the rows (to the left) and columns (below), or empty.
    """

    title: str
    values: npt.NDArray[np.floating]
    limit: float
    joint: str = ""
    colours: str = "signed"
    low: float = 0.0
    marked: tuple[int, int] | None = None
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()


def say_number(value: float) -> str:
    """A number with two or three digits that count, and a minus sign that is one.

    Examples
    --------
    >>> [say_number(value) for value in (0.0, -1.234, 0.0123, 12.34, 123.4, 0.00012)]
    ['0', '−1.23', '0.012', '12.3', '123', '1.2e−04']
    """
    size = abs(value)
    if size == 0:
        text = "0"
    elif size >= 99.95:
        text = f"{value:.0f}"
    elif size >= 9.995:
        text = f"{value:.1f}"
    elif size >= 0.1:
        text = f"{value:.2f}"
    elif size >= 0.001:
        text = f"{value:#.2g}"
    else:
        text = f"{value:.1e}"
    return text.replace("-", "−")


def grid_figure(grids: Sequence[NumberGrid], palette: Palette, *, size: int = 12) -> go.Figure:
    """Draw grids of numbers in a row.

    Parameters
    ----------
    grids : sequence of NumberGrid
    palette : Palette
    size : int
        Of the numbers, pixels.
    """
    figure = go.Figure()
    x = 0.0
    tallest = max(len(grid.values) for grid in grids)
    for place, grid in enumerate(grids):
        names = 1.6 if grid.rows else 0.0
        if place:
            _write(figure, x + _GAP / 2, tallest / 2, grid.joint, palette.ink, 20)
            x += _GAP
        x += names
        _add_grid(figure, grid, x, (tallest - len(grid.values)) / 2, palette, size)
        x += grid.values.shape[1]
    below = 0.6 if any(grid.columns for grid in grids) else 0.0
    height = tallest + _TITLE + below + 0.3
    styled(figure, palette, height=round(min(height * _CELL_PIXELS, _MOST_PIXELS)))
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    figure.update_xaxes(visible=False, range=[-0.1, x + 0.1], fixedrange=True)
    figure.update_yaxes(
        visible=False, range=[tallest + below + 0.1, -_TITLE - 0.2], fixedrange=True,
        scaleanchor="x", scaleratio=1, constrain="domain",
    )  # fmt: skip
    return figure


def _add_grid(
    figure: go.Figure, grid: NumberGrid, x: float, y: float, palette: Palette, size: int
) -> None:
    rows, columns = grid.values.shape
    scales = {"grey": _GREY, "map": get_colorscale(SEQUENTIAL), "signed": diverging(palette)}
    scale, high = scales[grid.colours], grid.limit or 1.0
    low = grid.low if grid.colours == "map" else -high
    figure.add_heatmap(
        z=grid.values, x0=x + 0.5, dx=1, y0=y + 0.5, dy=1, zmin=low, zmax=high,
        colorscale=scale, showscale=False, xgap=1, ygap=1, hoverinfo="skip",
    )  # fmt: skip
    share = np.clip((grid.values - low) / ((high - low) or 1.0), 0, 1)
    colours = sample_colorscale(scale, share.ravel().tolist(), colortype="tuple")
    figure.add_scatter(
        x=(x + 0.5 + np.tile(np.arange(columns), rows)).tolist(),
        y=(y + 0.5 + np.repeat(np.arange(rows), columns)).tolist(),
        mode="text", text=[say_number(float(value)) for value in grid.values.ravel()],
        textfont={"size": size, "family": FONT, "color": [_readable(c) for c in colours]},
        hoverinfo="skip",
    )  # fmt: skip
    _write(figure, x + columns / 2, y - _TITLE / 2 - 0.05, grid.title, palette.ink, 13)
    for row, name in enumerate(grid.rows):
        _write(figure, x - 0.1, y + row + 0.5, name, palette.muted, size, anchor="right")
    for column, name in enumerate(grid.columns):
        _write(figure, x + column + 0.5, y + rows + 0.3, name, palette.muted, size)
    if grid.marked is not None:
        row, column = grid.marked
        frame(figure, x + column, y + row, 1, 1)


def frame(figure: go.Figure, x: float, y: float, width: float, height: float) -> None:
    """Draw a frame that is seen on any colour: white within black."""
    for colour, thick in (("#000000", 4), ("#FFFFFF", 2)):
        figure.add_shape(
            type="rect", x0=x, x1=x + width, y0=y, y1=y + height,
            line={"color": colour, "width": thick}, layer="above",
        )  # fmt: skip


def _readable(colour: tuple[float, float, float]) -> str:
    """Black or white, whichever has the higher contrast (WCAG 2 relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#FFFFFF"


def _write(
    figure: go.Figure, x: float, y: float, text: str, colour: str, size: int,
    anchor: str = "center",
) -> None:  # fmt: skip
    if text:
        figure.add_annotation(
            x=x, y=y, text=text, showarrow=False, xanchor=anchor, yanchor="middle",
            font={"color": colour, "size": size},
        )  # fmt: skip
