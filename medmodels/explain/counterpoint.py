"""What speaks against an answer: pointed at by a map, measured by hiding it.

The negative values of a signed map say where to look and not how much it
weighs: summed point by point, integrated gradients of a radiograph hold many
times more against the answer than the whole answer has, nearly all of it grain
that cancels between neighbours. So the map is summed over cells first,
and what each connected group of negative cells weighs is then asked of the
network: by how much does the answer gain when that part is replaced (occlusion,
Zeiler and Fergus 2014, arXiv 1311.2901)?
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.explain.cells import Bools, Cells
from medmodels.explain.map_regions import MOST, Doubles, Region, cell_values, regions_of
from medmodels.explain.saliency_map import SaliencyMap

if TYPE_CHECKING:
    from medmodels.explain.masking import Masking

Score = Callable[[npt.NDArray[np.float32]], Doubles]

# Log-odds that are worth naming: a factor of 1.1 in the odds.
LEAST = 0.1


@dataclass(frozen=True, eq=False)
class Counterpoint:
    """What speaks against an answer about a scan.

    Parameters
    ----------
    sums : ndarray, float64, shape (rows, columns)
        What the map gives to each cell, in its unit.
    regions : tuple of Region
        The strongest negative ones; the largest gain first.
    together : float
        Log-odds that the answer gains when all of them are replaced at once;
        0 without regions.
    whole : float
        Log-odds of the answer as it is.
    """

    sums: Doubles
    regions: tuple[Region, ...]
    together: float
    whole: float

    @property
    def share(self) -> float:
        """Share of the map's mass, cell by cell, that is negative; 0 for an empty map."""
        total = float(np.abs(self.sums).sum())
        return float(-np.minimum(self.sums, 0).sum()) / total if total > 0 else 0.0

    @property
    def confirmed(self) -> tuple[Region, ...]:
        """Regions whose replacement strengthens the answer by what is worth naming."""
        return tuple(r for r in self.regions if r.gain is not None and r.gain >= LEAST)


def scan_counterpoint(
    saliency: SaliencyMap, masking: Masking, cells: Cells, score: Score, *, most: int = MOST
) -> Counterpoint:
    """Find what speaks against an answer, and ask the network what it weighs.

    Parameters
    ----------
    saliency : SaliencyMap
        Signed, values of the masking's shape; negative against the answer.
    masking : Masking
        The scan and what takes the place of a hidden part.
    cells : Cells
    score : callable
        Logits (N, K) to the log-odds of the answer (N,), see
        `medmodels.explain.faithfulness.log_odds_of`.
    most : int
        How many regions.

    Returns
    -------
    Counterpoint

    Raises
    ------
    ValueError
        When the map has no sign.
    """
    if not saliency.signed:
        raise ValueError(f"{saliency.method} drops what speaks against an answer")
    sums = cell_values(saliency, cells)
    found = regions_of(-sums, most=most)
    nothing = np.zeros(cells.grid, dtype=np.bool_)
    union = np.any([nothing, *(region.cells for region in found)], axis=0)
    hidden = cells.covered(np.stack([nothing, union, *(region.cells for region in found)]))
    whole, together, *gains = gains_of(masking, hidden, score)
    measured = [
        replace(region, mapped=-region.mapped, gain=float(gain))
        for region, gain in zip(found, gains, strict=True)
    ]
    measured.sort(key=lambda region: -(region.gain or 0.0))
    return Counterpoint(sums, tuple(measured), together, whole)


def gains_of(masking: Masking, hidden: Bools, score: Score) -> list[float]:
    """What an answer gains when parts are replaced.

    Parameters
    ----------
    masking : Masking
    hidden : ndarray, bool, shape (N, *shape)
        The first hides nothing.
    score : callable

    Returns
    -------
    list of float
        Score of the whole input, then the gain of each further mask.
    """
    scores = score(masking.logits(1 - hidden.astype(np.float32)))
    return [float(scores[0]), *(scores[1:] - scores[0]).tolist()]


def strongest_first(gains: Sequence[float], *, least: float = LEAST) -> list[int]:
    """Places of the gains that are worth naming, the largest first."""
    order = np.argsort(-np.asarray(gains), kind="stable")
    return [int(i) for i in order if gains[int(i)] >= least]
