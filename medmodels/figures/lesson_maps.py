"""Feature maps: one of them, or a wall of them on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.colors import get_colorscale, sample_colorscale

from medmodels.figures.lesson_grid import frame, say_number
from medmodels.figures.scan_view import to_png_uri
from medmodels.figures.theme import SEQUENTIAL, SMALL_FONT_SIZE, Palette, styled

Array = npt.NDArray[np.float32]
Range = tuple[float, float]

_SIDE_PIXELS = 330
_TILE_PIXELS = 130
_BAR_PIXELS = 62
# Between two maps on the wall, as a share of a map's side.
_GAP = 0.16
_UNIT = "activation (no unit)"
# The room for a number above each map on the wall, pixels.
_LABEL = 18


def map_figure(
    values: Array,
    limits: Range,
    palette: Palette,
    *,
    window: tuple[float, float, float, float] | None = None,
    reached: tuple[int, int] | None = None,
    unit: str = _UNIT,
    bar: bool = True,
) -> go.Figure:
    """Draw one map with its colour bar.

    Parameters
    ----------
    values : ndarray, float32, shape (h, w)
    limits : tuple of float
        Values of the darkest and the brightest colour.
    palette : Palette
    window : tuple of float, optional
        Left, top, width and height, in cells, of a frame.
    reached : tuple of int, optional
        Row and column up to which the map has been worked out, row by row; the
        rest is veiled.
    unit : str
        Under the colour bar.
    bar : bool
        Draw the colour bar.
    """
    h, w = values.shape
    figure = go.Figure(
        go.Heatmap(
            z=values, zmin=limits[0], zmax=limits[1], colorscale=SEQUENTIAL, x0=0.5, dx=1,
            y0=0.5, dy=1, showscale=bar, colorbar=_bar(limits, unit, palette) if bar else None,
            hovertemplate="row %{y:.0f}, column %{x:.0f}: %{z:.3g}<extra></extra>",
        )
    )  # fmt: skip
    _frame_cells(figure, h, w, palette, bar=bar)
    if reached is not None:
        row, column = reached
        veil = {"type": "rect", "fillcolor": palette.background, "opacity": 0.72, "line_width": 0}
        figure.add_shape(x0=column + 1, x1=w, y0=row, y1=row + 1, **veil)
        figure.add_shape(x0=0, x1=w, y0=row + 1, y1=h, **veil)
    if window is not None:
        frame(figure, *window)
    return figure


def picture_figure(
    values: Array, palette: Palette, *, window: tuple[float, float, float, float] | None = None
) -> go.Figure:
    """Draw an image in grey with a frame on it.

    Parameters
    ----------
    values : ndarray, float32, shape (h, w)
        Black is the lowest value, white the highest.
    palette : Palette
    window : tuple of float, optional
        As for `map_figure`.
    """
    low, high = float(values.min()), float(values.max())
    grey = (values - low) / ((high - low) or 1.0)
    figure = go.Figure(go.Image(source=to_png_uri(grey), x0=0.5, y0=0.5, dx=1, dy=1))
    figure.update_traces(hoverinfo="skip")
    _frame_cells(figure, values.shape[0], values.shape[1], palette, bar=False)
    if window is not None:
        frame(figure, *window)
    return figure


def wall_figure(
    maps: Array, channels: Sequence[int], limits: Range, palette: Palette, *, chosen: int,
    columns: int = 4,
) -> go.Figure:  # fmt: skip
    """Draw many maps on one scale; a click on one selects its point.

    Parameters
    ----------
    maps : ndarray, float32, shape (h, w, c)
    channels : sequence of int
        Which maps, in the order to show them.
    limits : tuple of float
        Of the one scale.
    palette : Palette
    chosen : int
        The channel that is framed.
    columns : int
        Maps in a row.

    Returns
    -------
    plotly Figure
        Its last trace has a point for every map, with the channel as ``customdata``.
    """
    h, w, _ = maps.shape
    gap = max(2, round(_GAP * max(h, w)))
    rows = math.ceil(len(channels) / columns)
    top = gap + h
    wall = np.zeros((rows * top, columns * (w + gap) - gap, 4), dtype=np.uint8)
    centres = []
    for place, channel in enumerate(channels):
        y, x = place // columns * top + gap, place % columns * (w + gap)
        wall[y : y + h, x : x + w, :3] = coloured(maps[..., channel], limits)
        wall[y : y + h, x : x + w, 3] = 255
        centres.append((x + w / 2, y + h / 2))
    height, width = wall.shape[:2]
    figure = go.Figure(go.Image(source=_rgba_uri(wall), x0=0.5, y0=0.5, dx=1, dy=1))
    figure.update_traces(hoverinfo="skip")
    xs, ys = zip(*centres, strict=True)
    figure.add_scatter(
        x=xs, y=[y - h / 2 - gap / 2 for y in ys], mode="text", hoverinfo="skip",
        text=[
            f"<b>▸ {channel + 1}</b>" if channel == chosen else f"{channel + 1}"
            for channel in channels
        ],
        textfont={"size": SMALL_FONT_SIZE, "color": palette.ink},
    )  # fmt: skip
    _add_bar(figure, limits, palette)
    figure.add_scatter(
        x=xs, y=ys, mode="markers", customdata=[[channel] for channel in channels],
        marker={"symbol": "square", "size": 36, "opacity": 0},
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
        hovertemplate="map %{text}<extra></extra>", text=[str(c + 1) for c in channels],
    )  # fmt: skip
    styled(figure, palette, height=rows * (_TILE_PIXELS + _LABEL) + _BAR_PIXELS)
    _square(figure, height, width)
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": _BAR_PIXELS, "b": 0}, showlegend=False,
        clickmode="event+select", hoverdistance=-1, dragmode=False,
    )  # fmt: skip
    # On a narrow screen what is too high is left free below, not above.
    figure.update_yaxes(constraintoward="top")
    if chosen in channels:
        x, y = centres[list(channels).index(chosen)]
        frame(figure, x - w / 2, y - h / 2, w, h)
    return figure


def coloured(values: Array, limits: Range) -> npt.NDArray[np.uint8]:
    """Values as colours of the one scale, shape (..., 3)."""
    low, high = limits
    place = np.clip((values - low) / ((high - low) or 1.0), 0, 1) * 255
    return _colours()[np.rint(place).astype(np.intp)]


@lru_cache(maxsize=1)
def _colours() -> npt.NDArray[np.uint8]:
    """256 colours of the scale, shape (256, 3)."""
    places = np.linspace(0, 1, 256).tolist()
    table = np.array(sample_colorscale(get_colorscale(SEQUENTIAL), places, colortype="tuple"))
    return (table * 255 + 0.5).astype(np.uint8)


def _rgba_uri(pixels: npt.NDArray[np.uint8]) -> str:
    return to_png_uri((pixels / np.float32(255)).astype(np.float32))


def _frame_cells(figure: go.Figure, h: int, w: int, palette: Palette, *, bar: bool) -> None:
    below = _BAR_PIXELS if bar else 0
    styled(figure, palette, height=_SIDE_PIXELS + below)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": below}, showlegend=False)
    _square(figure, h, w)


def _square(figure: go.Figure, h: float, w: float) -> None:
    """Cells are square, the first row is on top."""
    figure.update_xaxes(visible=False, range=[0, w], fixedrange=True, constrain="domain")
    figure.update_yaxes(
        visible=False, range=[h, 0], fixedrange=True, scaleanchor="x", scaleratio=1,
        constrain="domain",
    )  # fmt: skip


def _bar(limits: Range, unit: str, palette: Palette) -> dict[str, object]:
    ticks = np.linspace(*limits, 5)
    font = {"color": palette.ink, "size": SMALL_FONT_SIZE}
    return {
        "orientation": "h", "x": 0.5, "xanchor": "center", "y": 0, "yanchor": "top", "len": 0.94,
        "thickness": 12, "outlinewidth": 0, "ypad": 8, "tickvals": (0.9999 * ticks).tolist(),
        "ticktext": [say_number(float(tick)) for tick in ticks], "tickfont": font,
        "title": {"text": unit, "side": "bottom", "font": font},
    }  # fmt: skip


def _add_bar(figure: go.Figure, limits: Range, palette: Palette) -> None:
    """A colour bar for a picture, from a trace of its own without points."""
    figure.add_scatter(
        x=[None], y=[None], mode="markers", hoverinfo="skip",
        marker={
            "color": [limits[0]], "cmin": limits[0], "cmax": limits[1], "colorscale": SEQUENTIAL,
            "showscale": True,
            "colorbar": _bar(limits, _UNIT, palette)
            | {"y": 1, "yanchor": "bottom", "title": _top_title(palette)},
        },
    )  # fmt: skip


def _top_title(palette: Palette) -> dict[str, object]:
    return {
        "text": _UNIT, "side": "top", "font": {"color": palette.ink, "size": SMALL_FONT_SIZE}
    }  # fmt: skip
