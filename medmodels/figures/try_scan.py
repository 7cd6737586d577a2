"""The scan with parts hidden, to draw the next part on."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from PIL import Image

from medmodels.figures.region_outlines import border
from medmodels.figures.scan_view import Extent, frame_scan, image_trace
from medmodels.figures.theme import Palette
from medmodels.inputs.scan import Window, apply_window

Floats = npt.NDArray[np.float32]

# Points along each side that a browser needs to notice that something was drawn.
_POINTS = 33
# On a scan that may be black or white: a bright line with a dark edge.
_LINE, _EDGE = "#FFD23F", "#000000"


def try_scan(
    display: Floats,
    extent: Extent,
    window: Window,
    changed: Floats,
    hidden: Floats,
    palette: Palette,
    *,
    tool: Literal["select", "lasso", "pan"] = "select",
) -> go.Figure:
    """Draw the scan, and in hidden parts what the network is given in their place.

    Parameters
    ----------
    display : ndarray, float32
        The scan from `scan_view.shrink`.
    extent : Extent
    window : Window
    changed : ndarray, float32, shape (h, w, C)
        The changed scan as the network is given it, 0 to 1.
    hidden : ndarray, float32, shape (h, w)
        How much of each of its points was replaced, 0 to 1.
    palette : Palette
    tool : "select", "lasso" or "pan"
        What dragging does: draw a box, draw an outline, move the scan.

    Returns
    -------
    plotly Figure
        In the extent's unit from the upper left; a box or an outline drawn on
        it selects the points of an invisible grid.
    """
    shown = _laid_in(apply_window(display, window), changed, hidden)
    image = image_trace(shown, extent)
    image.hoverinfo = "skip"
    rows, columns = hidden.shape
    x, y = border(hidden >= 0.5, extent.width / columns, extent.height / rows)
    outlines = [
        {
            "type": "scatter", "x": x, "y": y, "mode": "lines",
            "line": {"color": colour, "width": width}, "hoverinfo": "skip", "showlegend": False,
        }
        for colour, width in ((_EDGE, 4), (_LINE, 2))
    ]  # fmt: skip
    layout = {
        "dragmode": tool,
        "newselection": {"line": {"color": _LINE, "width": 2, "dash": "dot"}},
        "activeselection": {"fillcolor": _LINE, "opacity": 0.25},
    }
    figure = go.Figure([image, *outlines])
    add_points(figure, extent)
    frame_scan(figure, extent, palette, revision="try", layout=layout)
    return figure


def _laid_in(shown: Floats, changed: Floats, hidden: Floats) -> Floats:
    """The display, with what the network is given where something is hidden.

    Shape (H, W), or (H, W, 3) where either of the two has colours.
    """
    height, width = shown.shape[:2]
    mask = _enlarged(hidden, width, height)
    put = np.dstack([_enlarged(plane, width, height) for plane in np.moveaxis(changed, 2, 0)])
    below = shown[..., np.newaxis] if shown.ndim == 2 else shown
    laid = below + mask[..., np.newaxis] * (put - below)
    laid = np.clip(laid, 0, 1).astype(np.float32)
    return laid[..., 0] if laid.shape[2] == 1 else laid


def _enlarged(plane: Floats, width: int, height: int) -> Floats:
    """Each point as a block: neither finer nor softer than what the network saw."""
    picture = Image.fromarray(np.ascontiguousarray(plane, dtype=np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.NEAREST))


def add_points(figure: go.Figure, extent: Extent) -> None:
    """Add points that nobody sees: without any inside, plotly says nothing of a selection."""
    x, y = np.meshgrid(
        np.linspace(0, extent.width, _POINTS), np.linspace(0, extent.height, _POINTS)
    )
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=x.ravel(), y=y.ravel(), mode="markers", marker={"opacity": 0, "size": 1},
        selected=unseen, unselected=unseen, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
