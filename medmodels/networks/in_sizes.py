"""Rows in pieces of a few sizes, for graphs that are compiled for each size anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def in_sizes(rows: Array, sizes: tuple[int, ...]) -> Iterator[tuple[Array, int]]:
    """Cut rows into pieces of a few sizes, the last one filled up with zeros.

    Parameters
    ----------
    rows : ndarray, shape (n, ...)
    sizes : tuple of int
        Rising.

    Yields
    ------
    tuple of ndarray and int
        A piece, and how many of its rows are those given.
    """
    for start in range(0, len(rows), sizes[-1]):
        piece = rows[start : start + sizes[-1]]
        size = next(size for size in sizes if size >= len(piece))
        filled = np.zeros((size, *rows.shape[1:]), rows.dtype)
        filled[: len(piece)] = piece
        yield filled, len(piece)
