"""The scan as a clinician knows it: windowed, to scale, with a ruler."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from PIL import Image

from medmodels.figures.theme import Palette, Settings, merged, styled
from medmodels.inputs.scan import Scan, Window, apply_window

DISPLAY_LIMIT = 1024
# Width of a column of the page on a usual screen, pixels.
_COLUMN_WIDTH = 560
_HEIGHTS = (320, 600)
_BAR_STEPS_MM = (5, 10, 20, 50, 100, 200)
# The browser reads them off the picture: after window and inversion, not as the file has them.
_COLOUR = "<br>as shown: red %{color[0]}, green %{color[1]}, blue %{color[2]} (0 to 255)"
# On the black of a viewer, whatever the page's theme.
_ON_BLACK = "#E6EDF2"


@dataclass(frozen=True)
class Extent:
    """Size of the field that is shown.

    Parameters
    ----------
    height, width : float
        In ``unit``.
    unit : str
        "mm" where the file gives the pixel spacing, otherwise "px".
    """

    height: float
    width: float
    unit: str


def extent_of(scan: Scan) -> Extent:
    """Millimetres where the pixel spacing is known, pixels otherwise."""
    rows, columns = scan.shape
    if scan.spacing_mm is None:
        return Extent(float(rows), float(columns), "px")
    return Extent(rows * scan.spacing_mm[0], columns * scan.spacing_mm[1], "mm")


def shrink(pixels: npt.NDArray[np.float32], limit: int = DISPLAY_LIMIT) -> npt.NDArray[np.float32]:
    """Average blocks of pixels until the image is small enough to send to a browser.

    The values keep their unit, so that a window works on them as on the
    original.

    Parameters
    ----------
    pixels : ndarray, float32, shape (H, W) or (H, W, 3)
    limit : int
        Longest side of the result, pixels.

    Returns
    -------
    ndarray, float32
        The same array where it is small enough.
    """
    factor = math.ceil(max(pixels.shape[:2]) / limit)
    if factor <= 1:
        return pixels
    planes = pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
    reduced = [
        np.asarray(Image.fromarray(np.ascontiguousarray(planes[..., c])).reduce(factor))
        for c in range(planes.shape[2])
    ]
    return reduced[0] if pixels.ndim == 2 else np.stack(reduced, axis=2)


def to_png_uri(shown: npt.NDArray[np.float32]) -> str:
    """Display values (0 to 1), shape (H, W) or (H, W, 3), as a PNG data address."""
    buffer = io.BytesIO()
    Image.fromarray((shown * 255 + 0.5).astype(np.uint8)).save(buffer, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def scan_figure(
    display: npt.NDArray[np.float32],
    extent: Extent,
    window: Window,
    palette: Palette,
    *,
    inverted: bool = False,
    revision: str = "",
) -> go.Figure:
    """Draw the scan through a window; pan, zoom, measure.

    Parameters
    ----------
    display : ndarray, float32
        From `shrink`, in the scan's units; of a picture in colour each place says its colour.
    extent : Extent
    window : Window
    palette : Palette
    inverted : bool
    revision : str
        Zoom and position are kept while this stays the same.
    """
    colour = _COLOUR if display.ndim == 3 else ""
    image = image_trace(apply_window(display, window, inverted=inverted), extent)
    image.hovertemplate = (
        f"%{{x:.0f}} {extent.unit} from the left<br>"
        f"%{{y:.0f}} {extent.unit} from the top{colour}<extra></extra>"
    )
    layout = {
        "dragmode": "pan",
        # A line that the reader draws measures itself.
        "newshape": {
            "line": {"color": "#FFD23F", "width": 2},
            "label": {
                "texttemplate": f"%{{length:.0f}} {extent.unit}",
                "font": {"color": "#FFD23F", "size": 16},
            },
        },
        "modebar": {"add": ["drawline", "eraseshape"]},
    }
    figure = go.Figure(image)
    frame_scan(figure, extent, palette, revision=revision, layout=layout)
    return figure


def image_trace(shown: npt.NDArray[np.float32], extent: Extent) -> go.Image:
    """Display values laid over the whole extent."""
    rows, columns = shown.shape[:2]
    dx, dy = extent.width / columns, extent.height / rows
    return go.Image(source=to_png_uri(shown), x0=dx / 2, y0=dy / 2, dx=dx, dy=dy)


def frame_scan(
    figure: go.Figure,
    extent: Extent,
    palette: Palette,
    *,
    revision: str,
    below: int = 0,
    layout: Settings | None = None,
) -> None:
    """Give a figure over a scan its black ground, true proportions and scale bar.

    Parameters
    ----------
    figure : plotly Figure
        Changed in place.
    extent : Extent
    palette : Palette
    revision : str
        Zoom and position are kept while this stays the same.
    below : int
        Pixels that are left free under the scan.
    layout : dict, optional
        The figure's own settings; the scale bar joins its shapes and annotations.
    """
    lowest, highest = _HEIGHTS
    height = round(min(max(_COLUMN_WIDTH * extent.height / extent.width, lowest), highest))
    own = layout or {}
    bar = _scale_bar(extent) if extent.unit == "mm" else {}
    frame = {
        "plot_bgcolor": "#000000",
        "margin": {"l": 0, "r": 0, "t": 0, "b": below},
        "uirevision": revision,
        # The toolbar lies on the scan, which may be bright.
        "modebar": {"bgcolor": "rgba(0,0,0,0.6)", "color": "#C8D2DA", "activecolor": "#FFD23F"},
        "xaxis": {"visible": False, "range": [0, extent.width]},
        "yaxis": {
            "visible": False, "range": [extent.height, 0], "scaleanchor": "x", "scaleratio": 1,
            "autorange": False,
        },
    }  # fmt: skip
    marks = {name: [*own.get(name, []), *bar[name]] for name in bar}
    styled(figure, palette, height=height + below, layout=merged(frame, own) | marks)


def _scale_bar(extent: Extent) -> Settings:
    """A bar of a round length, about a fifth of the width, and the length over it."""
    length = min(_BAR_STEPS_MM, key=lambda step: abs(step - extent.width / 5))
    x, y = extent.width * 0.04, extent.height * 0.955
    line = {"color": _ON_BLACK, "width": 3}
    words = {
        "x": x + length / 2, "y": y, "yshift": 12, "showarrow": False,
        "text": f"{length // 10} cm" if length >= 10 else f"{length} mm",
        "font": {"color": _ON_BLACK, "size": 13},
    }  # fmt: skip
    return {
        "shapes": [{"type": "line", "x0": x, "x1": x + length, "y0": y, "y1": y, "line": line}],
        "annotations": [words],
    }
