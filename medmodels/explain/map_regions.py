"""Regions of a saliency map: connected cells of one sign, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import label

from medmodels.explain.cells import Bools, Cells, scan_cells
from medmodels.explain.saliency_map import SaliencyMap

Doubles = npt.NDArray[np.float64]

MOST = 3
# Cells along a side of a scan; over them the grain of a map with finer values cancels.
_SIDE = 16
# A cell belongs to a region when it has this share of the strongest cell's value.
_FLOOR = 0.25
_ROWS = ("upper", "middle", "lower")
_COLUMNS = ("left", "middle", "right")


@dataclass(frozen=True, eq=False)
class Region:
    """Connected cells that a map marks alike.

    Parameters
    ----------
    cells : ndarray, bool, shape (rows, columns)
    place : str
        Of its centre, in the picture: "upper right".
    area : float
        Share of the picture, 0 to 1.
    mapped : float
        Sum of the map over it, in the map's unit.
    gain : float or None
        Log-odds that the answer gains when it is replaced; None if not asked.
    """

    cells: Bools
    place: str
    area: float
    mapped: float
    gain: float | None = None


def own_cells(saliency: SaliencyMap, side: int = _SIDE) -> Cells:
    """Cells to sum a scan's map over: its own where it was computed on some, else a fixed grid.

    Parameters
    ----------
    saliency : SaliencyMap
        Values (H, W).
    side : int
        Cells along each side for a map with a value for every point.
    """
    coarse = saliency.grid != saliency.values.shape and saliency.place is None
    return scan_cells(saliency.values.shape, saliency.grid[0] if coarse else side)


def cell_values(saliency: SaliencyMap, cells: Cells) -> Doubles:
    """What a scan's map gives to each cell, shape (rows, columns).

    The sum of its points; but the mean for a map that was computed on cells,
    whose points all hold the value of their cell.
    """
    weights = saliency.values.ravel().astype(np.float64)
    sums = np.bincount(cells.of.ravel(), weights=weights, minlength=cells.count)
    points = np.bincount(cells.of.ravel(), minlength=cells.count)
    found = sums / points if saliency.grid != saliency.values.shape else sums
    return np.asarray(found.reshape(cells.grid), dtype=np.float64)


def connected(
    strength: Doubles, *, most: int = MOST, joins: npt.NDArray[np.int_] | None = None
) -> list[Bools]:
    """The strongest groups of neighbours.

    Parameters
    ----------
    strength : ndarray, float64
        What counts; 0 and below belongs to no group.
    most : int
        How many groups at most.
    joins : ndarray, optional
        Which places are neighbours, as for `scipy.ndimage.label`; those that
        share a face if not given.

    Returns
    -------
    list of ndarray, bool
        Of the same shape; the largest sum first.

    Examples
    --------
    >>> [group.astype(int).tolist() for group in connected(np.array([4.0, 2, 0, 3, -9]))]
    [[1, 1, 0, 0, 0], [0, 0, 0, 1, 0]]
    """
    highest = float(strength.max(initial=0))
    if highest <= 0:
        return []
    marks, n = label(strength >= max(_FLOOR * highest, np.finfo(np.float64).tiny), joins)
    groups = [marks == i + 1 for i in range(n)]
    return sorted(groups, key=lambda group: -float(strength[group].sum()))[:most]


def regions_of(sums: Doubles, *, most: int = MOST) -> tuple[Region, ...]:
    """The strongest regions of positive cells; pass ``-sums`` for the negative ones.

    Parameters
    ----------
    sums : ndarray, float64, shape (rows, columns)
        From `cell_values`.
    most : int
    """
    return tuple(
        Region(group, _place(group, sums), float(group.mean()), float(sums[group].sum()))
        for group in connected(sums, most=most)
    )


def strongest_place(values: Doubles) -> str | None:
    """Where the strongest cell lies, in words; None where none is above 0.

    Parameters
    ----------
    values : ndarray, float64, shape (rows, columns)
    """
    if values.max(initial=0) <= 0:
        return None
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return place_words((column + 0.5) / values.shape[1], (row + 0.5) / values.shape[0])


def place_words(across: float, down: float) -> str:
    """Which ninth of the picture a point lies in.

    Parameters
    ----------
    across, down : float
        Shares of the width from the left and of the height from the top. Left
        is the picture's left, not the patient's.

    Examples
    --------
    >>> place_words(0.9, 0.1), place_words(0.5, 0.5), place_words(0.2, 0.5)
    ('upper right', 'centre', 'middle left')
    """
    row = _ROWS[min(int(3 * down), 2)]
    column = _COLUMNS[min(int(3 * across), 2)]
    return "centre" if row == column == "middle" else f"{row} {column}"


def _place(group: Bools, sums: Doubles) -> str:
    """Where the middle of a group lies, its cells weighed."""
    down, across = np.nonzero(group)
    weights = sums[group]
    rows, columns = group.shape
    return place_words(
        float(np.average(across + 0.5, weights=weights) / columns),
        float(np.average(down + 0.5, weights=weights) / rows),
    )
