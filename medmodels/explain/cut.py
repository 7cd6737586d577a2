"""A place of a scan cut into a grid of cells, and masks that hide some of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from medmodels.explain.arguments import Array
from medmodels.explain.place import Place

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """Cells in rows and columns over a place; what lies around it always stays.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the scan.
    place : Place
        Within the scan.
    cells : int
        Along each side of the place; at most its pixels.
    """

    shape: tuple[int, int]
    place: Place
    cells: int

    @property
    def count(self) -> int:
        """How many cells there are."""
        return self.cells**2

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.cells, self.cells

    def padded(self, keep: npt.NDArray[np.bool_]) -> Array:
        """Masks of cells (N, count), with what lies around them, (N, cells + 2, cells + 2)."""
        inner = keep.reshape(-1, *self.grid).astype(np.float32)
        return np.pad(inner, ((0, 0), (1, 1), (1, 1)), constant_values=1.0)

    @cached_property
    def rows(self) -> Array:
        """Weights, float32 (H, cells + 2), that enlarge padded masks downwards.

        Seams are softened over a quarter of a cell, so that no edge is made.
        """
        return _soft(self._down, self.cells, self.place.height)

    @cached_property
    def columns(self) -> Array:
        """The same across, float32 (W, cells + 2)."""
        return _soft(self._across, self.cells, self.place.width)

    def total(self, values: npt.NDArray[np.floating]) -> Doubles:
        """Sum of values (H, W) over each cell, (count,)."""
        sums = np.bincount(self._of.ravel(), values.ravel(), minlength=(self.cells + 2) ** 2)
        inner = sums.reshape(self.cells + 2, self.cells + 2)[1:-1, 1:-1]
        return np.asarray(inner.reshape(-1), dtype=np.float64)

    def spread(self, cells: Doubles) -> Array:
        """One value for each cell, (count,), over its pixels: float32 (H, W), 0 around them."""
        padded = np.pad(cells.reshape(self.grid), 1)
        return padded.reshape(-1)[self._of].astype(np.float32)

    @cached_property
    def _of(self) -> npt.NDArray[np.intp]:
        """The padded cell that each pixel belongs to."""
        return self._down[:, None] * (self.cells + 2) + self._across[None]

    @property
    def _down(self) -> npt.NDArray[np.intp]:
        return _index(self.shape[0], self.place.top, self.place.height, self.cells)

    @property
    def _across(self) -> npt.NDArray[np.intp]:
        return _index(self.shape[1], self.place.left, self.place.width, self.cells)


def _index(length: int, start: int, size: int, cells: int) -> npt.NDArray[np.intp]:
    """Padded cell of each pixel along one axis: 0 before the place, ``cells + 1`` behind it."""
    within = (np.arange(length) - start) * cells // size
    return np.asarray(np.clip(within, -1, cells) + 1, dtype=np.intp)


def _soft(index: npt.NDArray[np.intp], cells: int, size: int) -> Array:
    sharp = np.eye(cells + 2, dtype=np.float32)[index]
    return np.asarray(gaussian_filter1d(sharp, size / cells / 4, axis=0, mode="nearest"))
