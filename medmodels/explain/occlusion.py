"""Occlusion of a scan, coarse to fine: what an answer loses when a part is hidden.

Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks",
arXiv 1311.2901. Every cell of a coarse grid is hidden once; where that changes
the answer most, quarters of the cell are hidden as well.
"""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.baselines import scan_baseline
from medmodels.explain.cells import Cells, scan_cells
from medmodels.explain.masking import Progress, ScanMasking
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.trust.calibration import log_odds

Doubles = npt.NDArray[np.float64]

# So that cells of different size compare: a cell twice as large may take twice as much.
UNIT = "log-odds per 1% of the scan"


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    baseline: str = "blurred",
    cells: int = 8,
    refined: float = 0.5,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Hide parts of a scan one after the other.

    The value of a cell is how far the class's log-odds (its logit less the
    logarithm of the summed exponentials of the others') fall when the cell is
    hidden, over the cell's share of the scan in per cent. So the mean of a
    coarse cell's values, times its area in per cent, is what hiding it takes,
    whether it was refined or not: what its quarters take together beyond the
    sum of each alone (or short of it) is shared evenly among them.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    baseline : str
        What a hidden part shows, see `baselines.scan_baseline`.
    cells : int
        Coarse cells along each side, at least 1; fewer where a scan has less
        than two points for each.
    refined : float
        Share of the coarse cells that are refined, 0 to 1: those that change
        the answer most, either way. The network reads ``cells`` squared scans,
        and four more for each refined cell.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (H, W), even within each cell, grid of the fine cells; signed:
        below 0 where hiding raises the log-odds.

    Raises
    ------
    ValueError
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    if cells < 1 or not 0 <= refined <= 1 or min(scan.shape[1:3]) < 2:
        raise ValueError("cells must be at least 1, refined 0 to 1, a scan 2 points high and wide")
    instead, words = scan_baseline(scan, baseline)
    masking = ScanMasking(network, scan, instead)
    side = min(cells, *(length // 2 for length in masking.shape))
    coarse, fine = (scan_cells(masking.shape, n * side) for n in (1, 2))
    n = round(refined * coarse.count)
    first = coarse.count / (coarse.count + 4 * n)

    drops = _drops(masking, coarse, np.arange(coarse.count), class_index, progress, (0, first))
    parent = (
        np.arange(coarse.count).reshape(coarse.grid).repeat(2, axis=0).repeat(2, axis=1).ravel()
    )
    values = (drops / _percent(coarse))[parent]
    if n:
        chosen = np.argsort(-np.abs(drops), kind="stable")[:n]
        quarters = np.flatnonzero(np.isin(parent, chosen))
        alone = _drops(masking, fine, quarters, class_index, progress, (first, 1))
        together = np.bincount(parent[quarters], alone, minlength=coarse.count)
        surplus = (drops - together) / _percent(coarse)
        values[quarters] = alone / _percent(fine)[quarters] + surplus[parent[quarters]]
    return SaliencyMap(
        values=values[fine.of].astype(np.float32),
        grid=fine.grid,
        signed=True,
        method="Occlusion",
        class_index=class_index,
        unit=UNIT,
        baseline=words,
    )


def _drops(
    masking: ScanMasking,
    cells: Cells,
    which: npt.NDArray[np.intp],
    class_index: int,
    progress: Progress | None,
    within: tuple[float, float],
) -> Doubles:
    """How far the log-odds fall when each of some cells is hidden alone, (n,)."""
    keep = np.ones((1 + len(which), *masking.shape), np.float32)
    keep[1:] = ~cells.covered(cells.each()[which])
    odds = log_odds(masking.logits(keep, _between(progress, *within)))[:, class_index]
    return np.asarray(odds[0] - odds[1:])


def _between(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Tell of a step that is only part of the work."""
    if progress is None:
        return None
    return lambda share: progress(start + (end - start) * share)


def _percent(cells: Cells) -> Doubles:
    """Each cell's share of the scan, (count,), adding up to 100."""
    points = np.bincount(cells.of.ravel(), minlength=cells.count)
    return np.asarray(100 * points / points.sum())
