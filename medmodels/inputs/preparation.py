"""From a scan to what a network sees; the same code trains and reads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.inputs.scan import Scan, apply_window

# ITU-R BT.601 luma, the weights JPEG decoders use for grey.
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def to_display(scan: Scan) -> npt.NDArray[np.float32]:
    """Pixels through the scan's default window.

    Parameters
    ----------
    scan : Scan

    Returns
    -------
    ndarray, float32, shape (H, W) or (H, W, 3)
        Values in 0 to 1.
    """
    return apply_window(scan.pixels, scan.windows[0])


def prepare_scan(scan: Scan, size: int, channels: int) -> npt.NDArray[np.float32]:
    """What the network sees of a scan.

    The whole field is squeezed to a square, as the training images were;
    colour becomes luma where the network is grey.

    Parameters
    ----------
    scan : Scan
    size : int
        Side of the network's input, pixels.
    channels : int
        1 for grey, 3 for RGB.

    Returns
    -------
    ndarray, float32, shape (size, size, channels)
        Values in 0 to 1.
    """
    return prepare_display(to_display(scan), size, channels)


def prepare_display(
    display: npt.NDArray[np.float32], size: int, channels: int
) -> npt.NDArray[np.float32]:
    """What the network sees of a scan that went through its window already.

    Parameters
    ----------
    display : ndarray, float32, shape (H, W) or (H, W, 3)
        From `to_display`.
    size, channels : int
        As in `prepare_scan`.
    """
    return resize(match_channels(display, channels), size)


def match_channels(image: npt.NDArray[np.float32], channels: int) -> npt.NDArray[np.float32]:
    """Give an image the channel axis a network expects.

    Parameters
    ----------
    image : ndarray, float32, shape (H, W) or (H, W, 3)
    channels : int
        1 or 3.

    Returns
    -------
    ndarray, float32, shape (H, W, channels)
    """
    if channels == 1:
        grey = image @ _LUMA if image.ndim == 3 else image
        return grey[..., np.newaxis]
    return image if image.ndim == 3 else np.repeat(image[..., np.newaxis], 3, axis=2)


def resize(image: npt.NDArray[np.float32], size: int) -> npt.NDArray[np.float32]:
    """Resize to a square with an antialiased triangle filter.

    Parameters
    ----------
    image : ndarray, float32, shape (H, W, C)
    size : int

    Returns
    -------
    ndarray, float32, shape (size, size, C)
    """
    if image.shape[:2] == (size, size):
        return np.ascontiguousarray(image, dtype=np.float32)
    planes = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(image[..., c], dtype=np.float32)).resize(
                (size, size), Image.Resampling.BILINEAR
            )
        )
        for c in range(image.shape[2])
    ]
    return np.stack(planes, axis=2).astype(np.float32)
