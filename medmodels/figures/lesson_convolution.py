"""A kernel on its way over an image: the window, its arithmetic, the map so far."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.lesson_grid import NumberGrid, grid_figure
from medmodels.figures.lesson_maps import map_figure, picture_figure
from medmodels.figures.theme import Palette

Array = npt.NDArray[np.float32]

# Pixels on either side of the window in the close-up.
CLOSE_UP = 8


def scan_figure(
    image: Array, top: int, left: int, size: tuple[int, int], palette: Palette
) -> go.Figure:
    """The whole image with the window on it.

    Parameters
    ----------
    image : ndarray, float32, shape (H, W)
    top, left : int
        Of the window, pixels.
    size : tuple of int
        Its rows and columns.
    palette : Palette
    """
    return picture_figure(image, palette, window=(left, top, size[1], size[0]))


def close_up_figure(
    image: Array, top: int, left: int, size: tuple[int, int], palette: Palette
) -> go.Figure:
    """The image round the window, large enough to see its pixels; as `scan_figure`."""
    h, w = image.shape
    y0 = int(np.clip(top - CLOSE_UP, 0, max(h - size[0] - 2 * CLOSE_UP, 0)))
    x0 = int(np.clip(left - CLOSE_UP, 0, max(w - size[1] - 2 * CLOSE_UP, 0)))
    part = image[y0 : y0 + size[0] + 2 * CLOSE_UP, x0 : x0 + size[1] + 2 * CLOSE_UP]
    return picture_figure(part, palette, window=(left - x0, top - y0, size[1], size[0]))


def output_figure(
    output: Array,
    row: int,
    column: int,
    limits: tuple[float, float],
    palette: Palette,
    unit: str = "y(i, j)",
) -> go.Figure:
    """The map that the kernel makes, veiled where it has not been yet.

    Parameters
    ----------
    output : ndarray, float32, shape (h, w)
    row, column : int
        Where the kernel is.
    limits : tuple of float
        Of the scale.
    palette : Palette
    unit : str
        Under the colour bar.
    """
    return map_figure(
        output, limits, palette, window=(column, row, 1, 1), reached=(row, column),
        unit=unit,
    )  # fmt: skip


def arithmetic_figure(values: Array, weights: Array, limit: float, palette: Palette) -> go.Figure:
    """The window times the kernel, number by number.

    Parameters
    ----------
    values, weights : ndarray, float32, shape (kh, kw)
        One channel of the image under the window, and of the kernel.
    limit : float
        The image's largest value in size, so that grey means the same everywhere.
    palette : Palette
    """
    products = values * weights
    return grid_figure(
        [
            NumberGrid("Window x", values, limit, colours="grey"),
            NumberGrid("Kernel f", weights, float(np.abs(weights).max()), joint="×"),
            NumberGrid("Products", products, float(np.abs(products).max()), joint="="),
        ],
        palette,
        size=12 if len(values) <= 3 else 10,
    )
