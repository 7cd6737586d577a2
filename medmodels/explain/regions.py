"""Parts of a scan as masks at the size that the network sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Bools = npt.NDArray[np.bool_]

# Points drawn for each of the mask's own along a side: a cut point is in by its greater part.
_FINER = 4


def outline(shape: tuple[int, int], points: Sequence[tuple[float, float]]) -> Bools:
    """The inside of a closed line drawn by hand.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the mask.
    points : sequence of (float, float)
        Corners in order, as shares of the width and of the height: 0 is the
        left and the upper edge, 1 the right and the lower. A corner beyond an
        edge is fine: what lies outside of the scan is cut off.

    Returns
    -------
    ndarray, bool, shape ``shape``
        True for points at least half of which lie inside.
    """
    rows, columns = shape
    if len(points) < 3:
        return np.zeros(shape, dtype=np.bool_)
    fine = Image.new("1", (columns * _FINER, rows * _FINER))
    # Pillow's whole numbers are the middles of its points.
    corners = [(x * columns * _FINER - 0.5, y * rows * _FINER - 0.5) for x, y in points]
    ImageDraw.Draw(fine).polygon(corners, fill=1)
    parts = np.asarray(fine, dtype=np.float64).reshape(rows, _FINER, columns, _FINER)
    return np.asarray(parts.mean(axis=(1, 3)) >= 0.5)


def rectangle(
    shape: tuple[int, int], left: float, top: float, right: float, bottom: float
) -> Bools:
    """A rectangle, its edges as shares of the width and the height.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the mask.
    left, top, right, bottom : float
        0 to 1 inside of the scan; in either order.

    Returns
    -------
    ndarray, bool, shape ``shape``
        True for points whose middle lies inside.

    Examples
    --------
    >>> rectangle((2, 4), 0.25, 0, 0.75, 0.5).astype(int)
    array([[0, 1, 1, 0],
           [0, 0, 0, 0]])
    """
    rows, columns = shape
    x, y = (np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows
    across = (x >= min(left, right)) & (x <= max(left, right))
    down = (y >= min(top, bottom)) & (y <= max(top, bottom))
    return np.asarray(down[:, np.newaxis] & across)


def bounds(mask: Bools) -> tuple[float, float, float, float]:
    """Left, top, right and bottom edge of what a mask holds, as shares of width and height.

    Raises
    ------
    ValueError
        When the mask holds nothing.
    """
    if not mask.any():
        raise ValueError("the mask holds nothing")
    down, across = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    rows, columns = mask.shape
    return (
        float(across[0] / columns), float(down[0] / rows),
        float((across[-1] + 1) / columns), float((down[-1] + 1) / rows),
    )  # fmt: skip
