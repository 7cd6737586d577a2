"""A grid of cells over an input: what a search for regions is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_dilation, label

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells in rows and columns; a cell's neighbours share an edge with it.

    Parameters
    ----------
    grid : tuple of int
        Rows and columns.
    of : ndarray of int
        Of a masking's shape: the cell that each number of the input belongs
        to, counted row by row from 0; -1 for what always stays. Every cell
        has at least one number.
    """

    grid: tuple[int, int]
    of: npt.NDArray[np.intp]

    @property
    def count(self) -> int:
        """How many cells there are."""
        return self.grid[0] * self.grid[1]

    def each(self) -> Bools:
        """Every cell alone, shape (count, rows, columns)."""
        return np.eye(self.count, dtype=np.bool_).reshape(-1, *self.grid)

    def covered(self, hidden: Bools) -> Bools:
        """What belongs to hidden cells, (N, rows, columns), in the shape of N masks."""
        flat = hidden.reshape(len(hidden), -1)
        # -1 is the last column, which is never hidden.
        return np.concatenate([flat, np.zeros((len(flat), 1), np.bool_)], axis=1)[:, self.of]


def scan_cells(shape: tuple[int, ...], side: int = 12) -> Cells:
    """Cells of equal size over a scan.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the scan.
    side : int
        Cells along each side; fewer where the scan is smaller than that.

    Examples
    --------
    >>> scan_cells((2, 4), side=2).of
    array([[0, 0, 1, 1],
           [2, 2, 3, 3]])
    """
    rows, columns = min(side, shape[0]), min(side, shape[1])
    down = np.arange(shape[0]) * rows // shape[0]
    across = np.arange(shape[1]) * columns // shape[1]
    return Cells((rows, columns), down[:, np.newaxis] * columns + across)


def frontier(region: Bools) -> Bools:
    """Cells that share an edge with a region; shape (rows, columns) in and out."""
    return np.asarray(binary_dilation(region) & ~region)


def pieces(region: Bools) -> int:
    """How many pieces a region is in."""
    return int(label(region)[1])
