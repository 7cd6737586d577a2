"""The picture of a scan that a reading keeps: what a clinician was shown, small enough to keep."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

#: Longest side of a picture that is kept, pixels: more than a printed report can show.
LONGEST = 1024


def shown_picture(
    display: npt.NDArray[np.float32], longest: int = LONGEST
) -> npt.NDArray[np.uint8]:
    """Make display values small enough to keep.

    Parameters
    ----------
    display : ndarray, float32, shape (H, W) or (H, W, 3)
        0 to 1, from `medmodels.inputs.preparation.to_display`.
    longest : int
        No side of the result is longer, pixels.

    Returns
    -------
    ndarray, uint8, shape (h, w) or (h, w, 3)
        In the proportions of the original, blocks of its pixels averaged.

    Examples
    --------
    >>> shown_picture(np.linspace(0, 1, 8, dtype=np.float32).reshape(2, 4), longest=2).tolist()
    [[91, 164]]
    """
    factor = math.ceil(max(display.shape[:2]) / longest)
    planes = display[..., np.newaxis] if display.ndim == 2 else display
    small = [_bytes(planes[..., c], factor) for c in range(planes.shape[2])]
    return small[0] if display.ndim == 2 else np.stack(small, axis=2)


def _bytes(plane: npt.NDArray[np.float32], factor: int) -> npt.NDArray[np.uint8]:
    if factor > 1:
        plane = np.asarray(Image.fromarray(np.ascontiguousarray(plane)).reduce(factor))
    return (plane * np.float32(255) + np.float32(0.5)).astype(np.uint8)
