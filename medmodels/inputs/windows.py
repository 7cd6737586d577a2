"""Display windows for scans that bring none, and presets beside those that do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.inputs.scan import Window

Pixels = npt.NDArray[Any]

FULL_RANGE = "Full range"
FITTED = "Fitted to the image"

# Half a per cent at each end is collimator edges, labels and dead pixels.
_LOW, _HIGH = 0.5, 99.5
_SAMPLES = 250_000

# Usual CT windows, Hounsfield units.
_CT_PRESETS = (
    Window("Lung", -600.0, 1500.0),
    Window("Soft tissue", 40.0, 400.0),
    Window("Bone", 400.0, 1800.0),
    Window("Brain", 40.0, 80.0),
)


def between(name: str, low: float, high: float) -> Window:
    """Make the window from one value to another.

    Parameters
    ----------
    name : str
    low, high : float
        Shown black and white. Where they are equal, the value is shown mid-grey.

    Returns
    -------
    Window
    """
    if not high > low:
        return Window(name, float(low), 1.0)
    return Window(name, (float(low) + float(high)) / 2, float(high) - float(low))


def mirrored(window: Window, total: float) -> Window:
    """Move a window along when pixels ``p`` become ``total - p``.

    Parameters
    ----------
    window : Window
    total : float
        Sum of the ends of the inverted range.

    Returns
    -------
    Window
    """
    return Window(window.name, total - window.centre, window.width)


def contrast_windows(values: Pixels) -> tuple[Window, ...]:
    """Windows from the distribution of a grey image's values.

    Parameters
    ----------
    values : ndarray, float32 or uint8, any shape
        Finite; padding left out.

    Returns
    -------
    tuple of Window
        "Fitted to the image" (percentiles 0.5 to 99.5), then one that spreads
        the dark areas (lungs, air) and one that spreads the bright ones (bone).
    """
    flat = values.reshape(-1)
    flat = flat[:: max(1, flat.size // _SAMPLES)]
    low, upper_dark, lower_bright, high = _percentiles(flat, (_LOW, 60, 40, _HIGH))
    if not high > low:
        low, high = float(values.min()), float(values.max())
    windows = [between(FITTED, low, high)]
    if upper_dark > low:
        windows.append(between("Dark areas", low, upper_dark))
    if high > lower_bright:
        windows.append(between("Bright areas", lower_bright, high))
    return tuple(windows)


def _percentiles(values: Pixels, wanted: tuple[float, ...]) -> tuple[float, ...]:
    """Percentiles, interpolated; of 8-bit values by counting, which is many times faster."""
    with np.errstate(invalid="ignore"):  # what does not fit is told by the comparison
        small = values.astype(np.uint8, copy=False)
    if small is not values and not np.array_equal(small, values):
        return tuple(float(v) for v in np.percentile(values, wanted))
    up_to = np.cumsum(np.bincount(small, minlength=256))
    found = []
    for q in wanted:
        place = q / 100 * (values.size - 1)
        below, above = np.searchsorted(up_to, [int(place), math.ceil(place)], side="right")
        found.append(float(below + (above - below) * (place - int(place))))
    return tuple(found)


def raster_windows(pixels: Pixels, encoding: tuple[float, float]) -> tuple[Window, ...]:
    """Windows for a picture format, which states none.

    Eight-bit pictures were windowed when they were exported: they are shown
    over their full range. Deeper ones often use a corner of it (12-bit data in
    16 bits) and are fitted when their brightest value is in the lower half.

    Parameters
    ----------
    pixels : ndarray, float32 or uint8, shape (H, W)
        Finite.
    encoding : tuple of float
        Lowest and highest value the encoding can hold.

    Returns
    -------
    tuple of Window
        The first is the default.
    """
    low, high = encoding
    contrast = contrast_windows(pixels)
    if high - low <= 255 or (high - low <= 65535 and pixels.max() >= (low + high) / 2):
        return (between(FULL_RANGE, low, high), *contrast)
    if high - low > 65535:
        low, high = float(pixels.min()), float(pixels.max())
    return (contrast[0], between(FULL_RANGE, low, high), *contrast[1:])


def colour_windows() -> tuple[Window, ...]:
    """The one window of an RGB scan, 0 to 255.

    Returns
    -------
    tuple of Window
    """
    return (between(FULL_RANGE, 0.0, 255.0),)


def ct_presets() -> tuple[Window, ...]:
    """The usual windows for computed tomography in Hounsfield units.

    Returns
    -------
    tuple of Window
    """
    return _CT_PRESETS
