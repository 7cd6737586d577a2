"""Grow a region of cells until it changes an answer, and shrink it to what is needed."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter, uniform_filter

from medmodels.explain.cells import Bools, frontier, pieces

Doubles = npt.NDArray[np.float64]

_SEEDS = 2
# Neighbours asked at each step, and the size from which several are added at once.
_CANDIDATES = 8
_SINGLY = 8


class Asked(Protocol):
    """The answers to hidden cells.

    Attributes
    ----------
    start : float
        How far the first answer is ahead with nothing hidden.
    """

    start: float

    @property
    def left(self) -> int:
        """How many more may be asked to grow a region."""
        ...

    def __call__(self, hidden: Bools) -> tuple[Bools, Doubles]:
        """Ask with cells hidden.

        Parameters
        ----------
        hidden : ndarray, bool, shape (N, rows, columns)

        Returns
        -------
        flips : ndarray, bool, shape (N,)
            Whether the answer is another one.
        margins : ndarray, float64, shape (N,)
            How far the first answer is ahead of the next; to steer by.
        """
        ...


def grow(asked: Asked, effect: Doubles, limit: int) -> Bools | None:
    """The smallest region met that changes the answer, or None."""
    best: Bools | None = None
    for seed in _seeds(effect):
        most = limit if best is None else int(best.sum()) - 1
        smaller = _grow_from(asked, effect.copy(), seed, most)
        best = best if smaller is None else smaller
    return best


def _seeds(effect: Doubles) -> list[tuple[int, int]]:
    """Where to begin: the strongest cell, and the strongest neighbourhood elsewhere."""
    around = uniform_filter(effect, size=3, mode="nearest")
    peaks = np.flatnonzero(around == maximum_filter(around, size=3, mode="nearest"))
    ordered = [int(effect.argmax()), *peaks[np.argsort(-around.ravel()[peaks])].tolist()]
    return [divmod(cell, effect.shape[1]) for cell in dict.fromkeys(ordered)][:_SEEDS]


def _grow_from(asked: Asked, effect: Doubles, seed: tuple[int, int], most: int) -> Bools | None:
    """Add the neighbours that move the answer the most, as the network says each time."""
    region = np.zeros(effect.shape, dtype=np.bool_)
    region[seed] = True
    ahead = asked.start
    if most >= 1:
        flips, margins = asked(region[np.newaxis])
        if flips[0]:
            return region
        ahead = float(margins[0])
    while (size := int(region.sum())) < most and asked.left >= _CANDIDATES:
        edge = np.flatnonzero(frontier(region))
        edge = edge[np.argsort(-effect.ravel()[edge], kind="stable")][:_CANDIDATES]
        tried = np.repeat(region[np.newaxis], len(edge), axis=0)
        tried.reshape(len(edge), -1)[np.arange(len(edge)), edge] = True
        flips, margins = asked(tried)
        if flips.any():
            return np.asarray(tried[int(np.where(flips, margins, np.inf).argmin())])
        # What a cell did beside this region says more than what it did alone.
        effect.flat[edge] = ahead - margins
        order = np.argsort(margins, kind="stable")
        ahead = float(margins[order[0]])
        # A large region takes several at a time: what was not needed is shown again later.
        at_once = min(1 + size // _SINGLY, most - size)
        region = region.copy()
        region.flat[edge[order[:at_once]]] = True
    if int(region.sum()) > 1 and asked.left >= 1 and asked(region[np.newaxis])[0][0]:
        return region
    return None


def spare(asked: Asked, region: Bools) -> Bools:
    """Show cells again that are not needed, until every one that is left is needed."""
    candidates = np.flatnonzero(region)
    while True:
        everything = len(candidates) == int(region.sum())
        flips, margins = asked(_each_shown(region, candidates))
        if not flips.any():
            if everything:
                return region
            # A cell that was needed before seldom is not now, but it has to be asked.
            candidates = np.flatnonzero(region)
            continue
        needless = candidates[flips][np.argsort(margins[flips], kind="stable")]
        fewer = _shown_again(region, needless)
        flips, _ = asked(fewer)
        region = np.asarray(fewer[int(np.flatnonzero(flips).max())])
        candidates = needless[region.flat[needless]]
        if not len(candidates):
            candidates = np.flatnonzero(region)


def _each_shown(region: Bools, cells: npt.NDArray[np.intp]) -> Bools:
    """The region without each of some cells, shape (n, rows, columns)."""
    without = np.repeat(region[np.newaxis], len(cells), axis=0)
    without.reshape(len(cells), -1)[np.arange(len(cells)), cells] = False
    return without


def _shown_again(region: Bools, needless: npt.NDArray[np.intp]) -> Bools:
    """The region without the first, the first two, ... of some cells, shape (n, rows, columns).

    Cells that hold the region together are left in it, unless there are no others.
    """
    left, found = region, []
    for cell in needless:
        smaller = left.copy()
        smaller.flat[cell] = False
        if pieces(smaller) <= 1 and smaller.any():
            left = smaller
            found.append(left)
    if not found:
        left = region.copy()
        left.flat[needless[0]] = False
        found.append(left)
    return np.stack(found)
