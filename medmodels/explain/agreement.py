"""Whether methods that work in different ways point at the same places.

Disagreement is common, and says that none of the maps should be believed
alone (Krishna et al. 2022, "The disagreement problem in explainable machine
learning", arXiv 2202.01602).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.similarity import one_per_beat, rank_correlation

Doubles = npt.NDArray[np.float64]

# Along each side of a scan, and along a beat's window (40 ms each of 96 samples at 100 Hz).
CELLS = 12
STRETCHES = 24


def agreement(
    own: SaliencyMap, others: Mapping[str, SaliencyMap], beat: int | None = None
) -> dict[str, float]:
    """Rank correlation of one map with others of the same input and class.

    Maps are summed over the cells of one coarse grid first, for the finest
    and the coarsest method share no other; of bases every method has a value
    for each, which are compared as they are. Between two signed maps the sums
    are compared as they are; where one of the two knows no evidence against a
    class, only what speaks for it.

    Parameters
    ----------
    own : SaliencyMap
    others : mapping of SaliencyMap
        By the name of the method.
    beat : int, optional
        The beat explained, for a signal.

    Returns
    -------
    dict of float
        -1 to 1 for each of the others. Maps of a signal are compared within
        the explained beat's window, or beat by beat where one of the two has
        one value for each beat.
    """
    return {name: _agree(own, other, beat) for name, other in others.items()}


def coarse(values: Doubles, cells: tuple[int, ...]) -> Doubles:
    """Sums over a grid of cells along the first axes, as even as the sizes allow.

    Parameters
    ----------
    values : ndarray, shape (n, m, ...)
    cells : tuple of int
        How many along each axis from the first; fewer where there are fewer values.

    Examples
    --------
    >>> coarse(np.arange(6.0).reshape(2, 3), (1, 3))
    array([[3., 5., 7.]])
    """
    for axis, n in enumerate(cells):
        size = values.shape[axis]
        starts = np.unique(np.arange(min(n, size)) * size // min(n, size))
        values = np.add.reduceat(values, starts, axis=axis)
    return values


def _agree(first: SaliencyMap, second: SaliencyMap, beat: int | None) -> float:
    a, b = _cells((first, second), beat)
    if not (first.signed and second.signed):
        a, b = np.maximum(a, 0), np.maximum(b, 0)
    return rank_correlation(a, b)


def _cells(maps: tuple[SaliencyMap, SaliencyMap], beat: int | None) -> list[Doubles]:
    if all(found.values.ndim == 1 for found in maps):
        return [found.values.astype(np.float64) for found in maps]
    if beat is None:
        return [coarse(found.values.astype(np.float64), (CELLS, CELLS)) for found in maps]
    if any(one_per_beat(found) for found in maps):
        return [found.values.astype(np.float64).sum(axis=(1, 2)) for found in maps]
    return [coarse(found.values[beat].astype(np.float64), (STRETCHES,)) for found in maps]
