"""Validation pictures with parts hidden, to see whether a network reads the cell or its field."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

# Share of the side; the largest cells are about half the field wide.
CELL_RADIUS = 0.3
Bytes = npt.NDArray[np.uint8]


def probes(pictures: Bytes) -> Iterator[tuple[str, Bytes]]:
    """Each probe's name with the pictures as it leaves them.

    What is hidden gets the mean colour of the picture's edge, so that it tells
    no more than that something is hidden.

    Parameters
    ----------
    pictures : ndarray, uint8, shape (N, side, side, 3)
        The cell is in the middle.

    Yields
    ------
    name : str
    ndarray, uint8, shape (N, side, side, 3)
    """
    side = pictures.shape[1]
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    middle = (rows**2 + columns**2 <= (CELL_RADIUS * side) ** 2)[..., np.newaxis]
    edge = np.concatenate([pictures[:, [0, -1]], pictures[:, :, [0, -1]].swapaxes(1, 2)], axis=2)
    plain = np.round(edge.mean(axis=(1, 2), keepdims=True)).astype(np.uint8)
    yield "cell hidden", np.where(middle, plain, pictures)
    yield "surroundings hidden", np.where(middle, pictures, plain)
