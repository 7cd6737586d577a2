"""The smallest part of an input whose removal changes the answer.

A counterfactual by removal (Wachter, Mittelstadt and Russell 2018, arXiv
1711.00399), sought as the smallest destroying region is (Dabkowski and Gal
2017, arXiv 1705.07857), but on a coarse grid and without gradients: every
region that is considered is put to the network itself.

1. Each cell is hidden alone; how far the answer moves says where to begin.
2. From the places that matter most a connected region grows: in the order of
   those numbers, and by asking the network which neighbour to take next.
3. Of the smallest region that changes the answer, cells that are not needed
   are shown again, until every cell that is left is needed.

The least of all regions could be told only by trying all of them. What is
returned is the least that this search met, and no cell of it can be spared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.explain.cells import Bools, Cells, pieces
from medmodels.explain.flip_regions import grow, spare
from medmodels.trust.operating_point import OperatingPoint

if TYPE_CHECKING:
    from medmodels.explain.masking import Masking

Doubles = npt.NDArray[np.float64]
Progress = Callable[[float], None]

# Maskings are fastest so many at a time.
_AT_ONCE = 16


@dataclass(frozen=True, eq=False)
class Flip:
    """A part of an input without which the answer is another one.

    Parameters
    ----------
    mask : ndarray, bool
        Of the masking's shape; True where the input was replaced.
    hidden : ndarray, bool, shape (rows, columns)
        The same as cells of the grid.
    share : float
        Share of the grid's cells that were replaced, 0 to 1.
    label_before, label_after : int
        The class answered, at the operating point.
    before, after : float
        Calibrated probability of ``label_before``.
    passes : int
        Changed inputs that the network read for it.
    connected : bool
        Whether the region is in one piece.
    """

    mask: Bools
    hidden: Bools
    share: float
    label_before: int
    label_after: int
    before: float
    after: float
    passes: int
    connected: bool


def smallest_flip(
    masking: Masking,
    cells: Cells,
    point: OperatingPoint,
    *,
    most: float = 0.5,
    budget: int = 850,
    progress: Progress | None = None,
) -> Flip | None:
    """Find a small connected region whose removal changes the answer.

    Parameters
    ----------
    masking : Masking
        The input, with what takes the place of a hidden part.
    cells : Cells
        The grid that regions are made of.
    point : OperatingPoint
        Makes answers and probabilities from logits.
    most : float
        Share of the cells that may be hidden, above 0 and up to 1.
    budget : int
        Changed inputs after which no further region is grown. Showing again
        what is not needed goes on to its end.
    progress : callable, optional
        Told the share that is done, as far as that can be known; whatever it
        raises stops the search.

    Returns
    -------
    Flip or None
        None when no region of up to ``most`` of the cells that was tried
        changes the answer.

    Raises
    ------
    ValueError
        When ``most`` is out of range.
    """
    if not 0 < most <= 1:
        raise ValueError(f"most is {most}, expected a share above 0 and up to 1")
    asked = _Asked(masking, cells, point, budget, progress)
    limit = max(1, int(most * cells.count))
    each = cells.each()
    found = grow(asked, (asked.start - asked(each)[1]).reshape(cells.grid), limit)
    if found is None and asked.left >= cells.count:
        # Where one part can stand in for another, hiding either alone shows
        # nothing. What a cell alone brings back tells more then.
        found = grow(asked, asked(~each)[1].reshape(cells.grid), limit)
    return None if found is None else asked.flip(spare(asked, found))


class _Asked:
    """The network's answers to hidden cells, counted."""

    def __init__(
        self,
        masking: Masking,
        cells: Cells,
        point: OperatingPoint,
        budget: int,
        progress: Progress | None,
    ) -> None:
        self._masking, self.cells, self._point = masking, cells, point
        self._budget, self._passes, self._progress = budget, 0, progress
        self._untouched = self._logits(np.zeros((1, *cells.grid), dtype=np.bool_))
        self._label = int(point.labels(self._untouched)[0])
        self.start = float(self._margins(self._untouched)[0])

    @property
    def left(self) -> int:
        """How many more may be asked."""
        return self._budget - self._passes

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
            How far the first answer is ahead of the next, in logits; to steer by.
        """
        logits = self._logits(hidden)
        return self._point.labels(logits) != self._label, self._margins(logits)

    def _logits(self, hidden: Bools) -> npt.NDArray[np.float32]:
        found = []
        for first in range(0, len(hidden), _AT_ONCE):
            covered = self.cells.covered(hidden[first : first + _AT_ONCE])
            found.append(self._masking.logits(1 - covered.astype(np.float32)))
            self._passes += len(covered)
            if self._progress is not None:
                # Growing seldom needs all of the budget, and sparing may go beyond it.
                self._progress(self._passes / (self._passes + 0.4 * self._budget))
        return np.concatenate(found)

    def _margins(self, logits: npt.NDArray[np.float32]) -> Doubles:
        z = logits.astype(np.float64) + np.asarray(self._point.offsets)
        return np.asarray(z[:, self._label] - np.delete(z, self._label, axis=1).max(axis=1))

    def flip(self, hidden: Bools) -> Flip:
        """The result, asked for once more."""
        logits = self._logits(hidden[np.newaxis])
        label, point = self._label, self._point
        return Flip(
            mask=self.cells.covered(hidden[np.newaxis])[0],
            hidden=hidden,
            share=float(hidden.mean()),
            label_before=label,
            label_after=int(point.labels(logits)[0]),
            before=float(point.probabilities(self._untouched)[0, label]),
            after=float(point.probabilities(logits)[0, label]),
            passes=self._passes,
            connected=pieces(hidden) == 1,
        )
