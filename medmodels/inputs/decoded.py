"""A decoded picture on its way to a `Scan`, and the steps that all formats share."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from medmodels.inputs.errors import InputError
from medmodels.inputs.scan import Scan
from medmodels.inputs.windows import colour_windows, raster_windows

# ITU-R BT.601 luma.
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
# Rounding in a JPEG's colour transform moves equal channels apart by this much at most.
_GREY_TOLERANCE = 2

CONSTANT = "Every pixel has the same value: there is nothing to see in this image."


@dataclass
class Decoded:
    """Pixels as the decoder gave them.

    Parameters
    ----------
    pixels : ndarray, any real dtype, shape (H, W) or (H, W, 3)
        Colour is already in 0 to ``encoding[1]``.
    encoding : tuple of float
        Lowest and highest value the encoding can hold.
    words : str
        Depth and kind ("16-bit grey").
    frames : int
        Number of frames in the source.
    notes : list of str
        What was done so far, in plain sentences.
    """

    pixels: npt.NDArray[np.generic]
    encoding: tuple[float, float]
    words: str
    frames: int = 1
    notes: list[str] = field(default_factory=list)


def grey_if_grey(rgb: npt.NDArray[np.generic]) -> npt.NDArray[np.generic] | None:
    """Give the one channel of a colour image whose channels agree.

    Parameters
    ----------
    rgb : ndarray, integer or float, shape (H, W, 3)
        8-bit integers may differ by rounding (2 of 255), others must be equal.

    Returns
    -------
    ndarray, shape (H, W), or None
        None when the image has colour.
    """
    tolerance = _GREY_TOLERANCE if rgb.dtype == np.uint8 else 0
    # Most colour images show it on a coarse grid already.
    for part in (rgb[::16, ::16], rgb):
        for other in (0, 2):
            if _differs(part[..., 1], part[..., other], tolerance):
                return None
    if tolerance and not (
        np.array_equal(rgb[..., 0], rgb[..., 1]) and np.array_equal(rgb[..., 1], rgb[..., 2])
    ):
        return np.asarray(np.rint(rgb.astype(np.float32) @ _LUMA))
    return rgb[..., 0]


def _differs(a: npt.NDArray[np.generic], b: npt.NDArray[np.generic], tolerance: int) -> bool:
    if np.array_equal(a, b):
        return False
    if not tolerance:
        return True
    return bool(np.any(np.abs(a.astype(np.int16) - b.astype(np.int16)) > tolerance))


def over_black(
    colours: npt.NDArray[np.generic], alpha: npt.NDArray[np.generic], opaque: float
) -> npt.NDArray[np.float32]:
    """Lay a transparent picture on black.

    Parameters
    ----------
    colours : ndarray, shape (H, W) or (H, W, 3)
    alpha : ndarray, shape (H, W)
        0 is transparent.
    opaque : float
        The value of alpha that hides what lies behind.

    Returns
    -------
    ndarray, float32, shape of `colours`
    """
    share = alpha.astype(np.float32)
    share /= np.float32(opaque)
    laid = colours.astype(np.float32)
    # In place: a large picture with transparency would be held three times over.
    laid *= share[..., np.newaxis] if colours.ndim == 3 else share
    return laid


def finite(pixels: npt.NDArray[np.generic]) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Make pixels float32 and replace those that are no number by the lowest.

    Parameters
    ----------
    pixels : ndarray, any real dtype

    Returns
    -------
    pixels : ndarray, float32
        Finite.
    notes : list of str

    Raises
    ------
    InputError
        Not one pixel is a number.
    """
    notes = []
    if pixels.dtype.itemsize >= 4 and np.any(np.abs(pixels.astype(np.float64)) > 2**24):
        notes.append("Values beyond 16,777,216 are rounded to 24 significant bits.")
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(pixels, dtype=np.float32)
    if pixels.dtype.kind != "f":
        return values, notes
    good = np.isfinite(values)
    if good.all():
        return values, notes
    if not good.any():
        raise InputError(
            "an image without a single valid pixel value (all are 'not a number').",
            "an image with numbers for pixels.",
            "Export the image again from its source.",
        )
    lowest = values[good].min()
    share = 100 * (1 - np.count_nonzero(good) / good.size)
    notes.append(f"{share:.2g}% of the pixels hold no number; they are shown as the lowest value.")
    return np.where(good, values, lowest), notes


def to_scan(decoded: Decoded, *, name: str, digest: str, frame: int) -> Scan:
    """Finish a picture format's pixels.

    Parameters
    ----------
    decoded : Decoded
    name : str
        Of the format ("PNG").
    digest : str
        SHA-256 of the source.
    frame : int
        Which frame this is.

    Returns
    -------
    Scan
    """
    source, notes = decoded.pixels, list(decoded.notes)
    low, high = decoded.encoding
    if source.ndim == 3:
        grey = grey_if_grey(source)
        if grey is not None:
            notes.append("Stored as colour, but all pixels are grey; read as grey.")
            source = grey
    pixels, more = finite(source)
    notes += more
    if pixels.ndim == 3:
        pixels *= np.float32(255 / high)
        low, high = 0.0, 255.0
        windows = colour_windows()
    else:
        if not high > low:
            low, high = float(pixels.min()), float(pixels.max())
        # Bytes are counted as they are, many times faster.
        windows = raster_windows(source if source.dtype == np.uint8 else pixels, (low, high))
    if pixels.min() == pixels.max():
        notes.append(CONSTANT)
    return Scan(
        pixels=pixels,
        value_range=(low, high),
        windows=windows,
        source=f"{name}, {decoded.words}",
        digest=digest,
        frame=frame,
        frames=decoded.frames,
        notes=tuple(notes),
    )
