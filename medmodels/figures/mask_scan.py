"""The scan with what looks like text outlined, to draw on what is to be hidden."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.scan_view import Extent, frame_scan, image_trace
from medmodels.figures.theme import Palette
from medmodels.figures.try_scan import add_points
from medmodels.inputs.burned_in import Box
from medmodels.inputs.scan import Window, apply_window

# On a scan that may be black or white: a bright line with a dark edge.
_LINE, _EDGE = "#FFD23F", "#000000"


def mask_figure(
    display: npt.NDArray[np.float32],
    extent: Extent,
    window: Window,
    texts: Iterable[Box],
    shape: tuple[int, int],
    palette: Palette,
) -> go.Figure:
    """Draw the scan; dragging selects a box.

    Parameters
    ----------
    display : ndarray, float32
        The scan from `scan_view.shrink`.
    extent : Extent
    window : Window
    texts : iterable of Box
        What looks like text, in pixels of the scan.
    shape : tuple of int
        Height and width of the scan, pixels.
    palette : Palette

    Returns
    -------
    plotly Figure
        In the extent's unit from the upper left.
    """
    image = image_trace(apply_window(display, window), extent)
    image.hoverinfo = "skip"
    down, across = extent.height / shape[0], extent.width / shape[1]
    boxes = [
        {
            "type": "rect", "x0": box.left * across, "x1": box.right * across,
            "y0": box.top * down, "y1": box.bottom * down,
            "line": {"color": colour, "width": width},
        }
        for box in texts
        for colour, width in ((_EDGE, 4), (_LINE, 2))
    ]  # fmt: skip
    layout = {
        "shapes": boxes,
        "dragmode": "select",
        "newselection": {"line": {"color": _LINE, "width": 2, "dash": "dot"}},
        "activeselection": {"fillcolor": _LINE, "opacity": 0.25},
    }
    figure = go.Figure(image)
    add_points(figure, extent)
    frame_scan(figure, extent, palette, revision="mask", layout=layout)
    return figure
