"""Maps of several methods over one scan, on one scale.

Their units differ: a gradient is no probability. What they share is where
their mass lies. So each map is shown as a density: how many times its even
share a cell of the scan holds. That compares where the methods look, and says
nothing of how much they find.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.colors import get_colorscale

from medmodels.explain.cells import scan_cells
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_overlay import overlay_figure
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.scan_view import Extent
from medmodels.figures.theme import SEQUENTIAL, SMALL_FONT_SIZE, Palette, diverging, styled
from medmodels.inputs.scan import Window

Doubles = npt.NDArray[np.float64]

# Brightest where a cell holds four times its even share; the same on every scan.
TOP = 4.0
DENSITY_UNIT = "times an even spread"
_SIDE = 16
_HEIGHTS = (160, 380)
_BAR_HEIGHT = 58
_BAR_STEPS = 128


def density(saliency: SaliencyMap, side: int = _SIDE) -> SaliencyMap:
    """How many times its even share of a map each cell of the scan holds.

    Absolute values are summed over a grid that is the same for every method,
    so that a map with a value for each point and one with a dozen cells along
    a side can be held against each other.

    Parameters
    ----------
    saliency : SaliencyMap
        Of a scan: values (H, W).
    side : int
        Cells along each side of the common grid.

    Returns
    -------
    SaliencyMap
        Without sign; its values average 1 over the scan, or are all 0 where
        the map is empty.
    """
    cells = scan_cells(saliency.values.shape, side)
    sizes = np.bincount(cells.of.ravel(), minlength=cells.count)
    mass = np.abs(saliency.values.astype(np.float64))
    sums = np.bincount(cells.of.ravel(), weights=mass.ravel(), minlength=cells.count)
    mean = mass.mean()
    shares = sums / sizes / mean if mean > 0 else np.zeros(cells.count)
    return SaliencyMap(
        values=shares[cells.of].astype(np.float32),
        grid=cells.grid,
        signed=False,
        method=saliency.method,
        class_index=saliency.class_index,
        unit=DENSITY_UNIT,
    )


def shared_units(maps: Mapping[str, SaliencyMap]) -> dict[str, list[str]]:
    """Methods whose maps can be compared in strength, by their common unit.

    Parameters
    ----------
    maps : mapping of str to SaliencyMap
        By method.

    Returns
    -------
    dict of str to list of str
        Only units that two methods or more share.
    """
    units: dict[str, list[str]] = {}
    for name, saliency in maps.items():
        units.setdefault(saliency.unit, []).append(name)
    return {unit: names for unit, names in units.items() if len(names) > 1}


def shared_scale(scales: Iterable[SaliencyScale]) -> SaliencyScale:
    """One scale for maps of one unit: the widest of their own."""
    known = list(scales)
    return SaliencyScale(
        max(scale.highest for scale in known), all(scale.comparable for scale in known)
    )


def small_map(
    display: npt.NDArray[np.float32],
    extent: Extent,
    window: Window,
    saliency: SaliencyMap,
    scale: SaliencyScale,
    palette: Palette,
    *,
    width: int,
) -> go.Figure:
    """A map over the scan without a bar of its own; `scale_bar` goes with all of them.

    Parameters
    ----------
    display : ndarray, float32
        The scan from `scan_view.shrink`.
    extent : Extent
    window : Window
    saliency : SaliencyMap
    scale : SaliencyScale
        The common one.
    palette : Palette
    width : int
        Of the column it stands in, pixels.
    """
    figure = overlay_figure(display, extent, window, saliency, scale, palette, opacity=0.7)
    # The scan and the map; the rest is the bar.
    figure.data = figure.data[:2]
    if saliency.unit == DENSITY_UNIT:
        figure.data[1].zsmooth = False
    low, high = _HEIGHTS
    height = round(min(max(width * extent.height / extent.width, low), high))
    figure.update_layout(height=height, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode=False)
    return figure


def scale_bar(scale: SaliencyScale, signed: bool, title: str, palette: Palette) -> go.Figure:
    """The colours of several maps and what they mean, as a strip.

    Parameters
    ----------
    scale : SaliencyScale
    signed : bool
        Whether it runs from minus the scale.
    title : str
        The unit, in words.
    palette : Palette
    """
    lowest = -scale.highest if signed else 0.0
    colours = diverging(palette) if signed else get_colorscale(SEQUENTIAL)
    ticks = np.linspace(lowest, scale.highest, 5)
    labels = [f"{value:.3g}" for value in ticks]
    labels[-1] = "≥ " + labels[-1]
    if signed:
        labels[0] = "≤ " + labels[0]
    places = np.linspace(lowest, scale.highest, _BAR_STEPS)
    strip = {
        "type": "heatmap", "x": places, "y": [0], "z": [places], "colorscale": colours,
        "showscale": False, "hoverinfo": "skip",
    }  # fmt: skip
    layout = {
        "xaxis": {
            "tickvals": ticks.tolist(), "ticktext": labels, "showgrid": False, "zeroline": False,
            "fixedrange": True, "range": [lowest, scale.highest],
            "title": {"text": title, "standoff": 4},
            "tickfont": {"color": palette.ink, "size": SMALL_FONT_SIZE},
        },
        "yaxis": {"visible": False, "fixedrange": True},
        "margin": {"l": 24, "r": 24, "t": 2, "b": 40}, "dragmode": False,
    }  # fmt: skip
    return styled(go.Figure(strip), palette, height=_BAR_HEIGHT, layout=layout)
