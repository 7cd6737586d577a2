"""LIME of a scan: a linear model of the answer over random parts of the scan hidden.

Ribeiro, Singh and Guestrin 2016, "Why should I trust you? Explaining the
predictions of any classifier", arXiv 1602.04938. The network is asked about
the scan with random parts hidden, and a ridge regression finds how much of the
answer each part carries. It is not looked into.

In place of superpixels stands a grid of square cells, and what is hidden are
spots of several cells, from next to nothing to nearly all of the scan: a cell
counts in the company of many others and of few. As no baseline is neutral
(see `medmodels.explain.baselines`), each mask is asked with several.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import keras
import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.baselines import say_all, scan_baseline
from medmodels.explain.cells import scan_cells
from medmodels.explain.masking import Progress, ScanMasking, soft_steps
from medmodels.explain.parts import ask_all
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.trust.calibration import log_odds

Doubles = npt.NDArray[np.float64]

UNIT = "log-odds per cell"
# Standard deviation, in cells, of the spots that are hidden, and of what one cell's weight is
# shared with: a cell is told from its neighbours by few masks only.
_SPOTS, _SHARED = 1.0, 1.0
# Weight of the ridge: in masks, how much is asked before a cell is given a weight.
_RIDGE = 3.0


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    baselines: Sequence[str] = ("blurred", "mean", "noise"),
    masks: int = 200,
    cells: int = 16,
    seed: int = 0,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Find how much of a class's log-odds each part of a scan carries.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    baselines : sequence of str
        What a hidden part shows, one after the other, see `baselines.scan_baseline`.
    masks : int
        How many, at least 2; each is asked with every baseline.
    cells : int
        Along each side of the scan; fewer where a scan has fewer points.
    seed : int
        The same seed hides the same.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (H, W), even within each cell, grid of the cells; signed: below 0
        where the class is likelier with the cell hidden.

    Raises
    ------
    ValueError
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    if masks < 2 or cells < 1 or not baselines:
        raise ValueError("masks must be at least 2, cells at least 1, and a baseline be given")
    grid = scan_cells(scan.shape[1:3], cells)
    rows, columns = (
        soft_steps(count, length) for count, length in zip(grid.grid, scan.shape[1:3], strict=True)
    )
    keep, weights = design(grid.grid, masks, seed)
    shown = keep.reshape(-1, *grid.grid).astype(np.float32)
    instead, words = zip(*(scan_baseline(scan, name) for name in baselines), strict=True)
    logits = ask_all(
        [ScanMasking(network, scan, other) for other in instead],
        lambda one, report: one.logits_of_grid(shown, rows, columns, report),
        progress,
    )
    answers = np.mean([log_odds(found)[:, class_index] for found in logits], axis=0)
    return SaliencyMap(
        values=(weights @ answers)[grid.of].astype(np.float32),
        grid=grid.grid,
        signed=True,
        method="LIME",
        class_index=class_index,
        unit=UNIT,
        baseline=say_all(words),
    )


@lru_cache(maxsize=4)
def design(grid: tuple[int, int], masks: int, seed: int) -> tuple[npt.NDArray[np.bool_], Doubles]:
    """Which cells stay under each mask, and what turns the answers into weights of cells.

    Parameters
    ----------
    grid : tuple of int
        Rows and columns of cells, P in all.
    masks : int
        How many, N.
    seed : int

    Returns
    -------
    keep : ndarray, bool, shape (N, P)
        The shares of cells that stay are spread evenly over 0 to 1.
    weights : ndarray, float64, shape (P, N)
        Times the answers (N,) under the masks: ridge regression of the answers
        on the cells. Each row sums to 0, for a constant answer says nothing.
    """
    generator = np.random.default_rng(seed)
    grain = generator.standard_normal((masks, *grid))
    height = gaussian_filter(grain, (0, _SPOTS, _SPOTS)).reshape(masks, -1)
    count = height.shape[1]
    shares = (generator.permutation(masks) + 0.5) / masks
    place = height.argsort(axis=1).argsort(axis=1)
    keep = place >= np.rint(shares * count)[:, None]
    near = np.eye(count).reshape(-1, *grid)
    share = gaussian_filter(near, (0, _SHARED, _SHARED)).reshape(count, count)
    cells = (keep - keep.mean(axis=0)) @ share
    solved = np.linalg.solve(cells.T @ cells + _RIDGE * np.eye(count), cells.T)
    return keep, share @ solved
