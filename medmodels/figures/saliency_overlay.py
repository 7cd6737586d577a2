"""A saliency map over its scan, on an absolute, labelled scale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.colors import get_colorscale, sample_colorscale

from medmodels.explain.place import Place
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.scan_view import Extent, frame_scan, image_trace
from medmodels.figures.theme import SEQUENTIAL, SMALL_FONT_SIZE, Palette, Settings, diverging
from medmodels.inputs.scan import Window, apply_window

# Share of the scale over which a colour fades in, so that the scan stays
# visible where there is nothing to show.
_FADE = 0.35
_STEPS = 33
# Pixels under the scan for the colour bar.
_BAR_SPACE = 64


def overlay_figure(
    display: npt.NDArray[np.float32],
    extent: Extent,
    window: Window,
    saliency: SaliencyMap,
    scale: SaliencyScale,
    palette: Palette,
    *,
    opacity: float = 0.6,
    cells: bool = False,
    revision: str = "",
) -> go.Figure:
    """Draw a map over the scan.

    The colours span 0 (or minus the scale, for signed maps) to the scale,
    whatever the map's own range is.

    Parameters
    ----------
    display : ndarray, float32
        The scan from `scan_view.shrink`.
    extent : Extent
    window : Window
    saliency : SaliencyMap
        Of a scan: values (H, W) at the network's input size, which covers the
        whole field.
    scale : SaliencyScale
    palette : Palette
    opacity : float
        0 to 1.
    cells : bool
        Draw the borders of the cells that the map was computed on.
    revision : str
        As for `scan_view.scan_figure`.
    """
    rows, columns = saliency.values.shape
    dx, dy = extent.width / columns, extent.height / rows
    lowest = -scale.highest if saliency.signed else 0.0
    colours = diverging(palette) if saliency.signed else get_colorscale(SEQUENTIAL)
    image = image_trace(apply_window(display, window), extent)
    image.hoverinfo = "skip"
    heat = {
        "type": "heatmap", "z": saliency.values, "x0": dx / 2, "dx": dx, "y0": dy / 2, "dy": dy,
        "zmin": lowest, "zmax": scale.highest,
        "colorscale": _fading(colours, signed=saliency.signed),
        "opacity": opacity, "showscale": False, "zsmooth": "best",
        "hovertemplate": f"%{{z:.3g}} {saliency.unit}<extra></extra>",
    }  # fmt: skip
    unit = f"{saliency.method}: {saliency.unit}"
    traces = [image, heat, _colour_bar(colours, lowest, scale.highest, unit, palette)]
    if cells and saliency.grid != saliency.values.shape:
        traces.append(_cells(extent, saliency))
    figure = go.Figure(traces)
    frame_scan(
        figure, extent, palette, revision=revision, below=_BAR_SPACE, layout={"dragmode": "pan"}
    )
    return figure


def _fading(colours: list[list[float | str]], *, signed: bool) -> list[list[float | str]]:
    """The same colours, transparent where the value is 0."""
    places = np.linspace(0, 1, _STEPS)
    distance = np.abs(places - 0.5) * 2 if signed else places
    alphas = np.clip(distance / _FADE, 0, 1)
    solid = sample_colorscale(colours, places.tolist(), colortype="tuple")
    return [
        [float(place), f"rgba({round(r * 255)},{round(g * 255)},{round(b * 255)},{alpha:.3f})"]
        for place, (r, g, b), alpha in zip(places, solid, alphas, strict=True)
    ]


def _colour_bar(
    colours: list[list[float | str]],
    lowest: float,
    highest: float,
    unit: str,
    palette: Palette,
) -> Settings:
    """The bar with opaque colours, as a trace of its own without points."""
    ticks = np.linspace(lowest, highest, 5)
    labels = [f"{value:.2g}" for value in ticks]
    labels[-1] = "≥ " + labels[-1]
    if lowest < 0:
        labels[0] = "≤ " + labels[0]
    return {
        "type": "scatter", "x": [None], "y": [None], "mode": "markers", "hoverinfo": "skip",
        "showlegend": False,
        "marker": {
            "color": [lowest], "cmin": lowest, "cmax": highest, "colorscale": colours,
            "showscale": True,
            "colorbar": {
                "orientation": "h", "x": 0.5, "xanchor": "center", "y": 0, "yanchor": "top",
                "len": 0.94, "thickness": 12, "outlinewidth": 0, "ypad": 8,
                # A tick on the very end is left out when it rounds to beyond it.
                "tickvals": (0.9999 * ticks).tolist(), "ticktext": labels,
                "tickfont": {"color": palette.ink, "size": SMALL_FONT_SIZE},
                "title": {
                    "text": unit, "side": "bottom",
                    "font": {"color": palette.ink, "size": SMALL_FONT_SIZE},
                },
            },
        },
    }  # fmt: skip


def _cells(extent: Extent, saliency: SaliencyMap) -> Settings:
    """The borders of the map's cells, and of its place, as one broken line."""
    height, width = saliency.values.shape
    place = saliency.place or Place.all_of((height, width))
    down, across = extent.height / height, extent.width / width
    top, bottom = place.top * down, (place.top + place.height) * down
    left, right = place.left * across, (place.left + place.width) * across
    x: list[float | None] = []
    y: list[float | None] = []
    for level in _borders(top, bottom, saliency.grid[0], saliency.place is not None):
        x += [left, right, None]
        y += [level, level, None]
    for level in _borders(left, right, saliency.grid[1], saliency.place is not None):
        x += [level, level, None]
        y += [top, bottom, None]
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines",
        "line": {"color": "rgba(255,255,255,0.4)", "width": 1},
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _borders(start: float, end: float, count: int, ends: bool) -> list[float]:
    """Where cells meet, and with ``ends`` where the first begins and the last one ends."""
    every = [start + (end - start) * i / count for i in range(count + 1)]
    return every if ends else every[1:-1]
