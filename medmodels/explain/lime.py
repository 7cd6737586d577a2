"""LIME of a scan: a linear model of the answer over random parts of the scan hidden.

Ribeiro, Singh and Guestrin 2016, "Why should I trust you? Explaining the
predictions of any classifier", arXiv 1602.04938. The network is asked about
the scan with random parts hidden, and a ridge regression finds how much of the
answer each part carries. It is not looked into.

In place of superpixels stands a grid of square cells, over the scan or over
the place in it that is asked about, and what is hidden are spots of several
cells, from next to nothing to nearly all: a cell counts in the company of many
others and of few. Each mask is asked with its mirror image too, in which what
was hidden stays (Covert and Lee 2021, "Improving KernelSHAP", arXiv
2012.01536). As no baseline is neutral (see `medmodels.explain.baselines`), the
masks take several in turn.
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
from medmodels.explain.cut import Cut
from medmodels.explain.masking import Progress, ScanMasking, part_of
from medmodels.explain.place import Place
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.trust.calibration import log_odds

Doubles = npt.NDArray[np.float64]

UNIT = "log-odds per cell"
# Standard deviation, in cells, of the spots that are hidden, and of what a cell's weight is
# shared with: few masks tell a cell from its neighbours. Chosen on validation pictures of cells.
_SPOTS, _SHARED = 1.0, 0.8
# Weight of the ridge, in masks.
_RIDGE = 10.0
# How an answer falls with the share that is hidden, wherever that is: a polynomial.
_DEGREE = 3
_LEAST = 2 * (_DEGREE + 1)
# More masks never did harm. Of a small scan more can be asked about in the same time.
_FEWEST, _MOST, _PIXELS = 600, 2400, 2400 * 128 * 128


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    place: Place | None = None,
    baselines: Sequence[str] = ("blurred", "mean", "noise"),
    masks: int | None = None,
    cells: int = 10,
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
    place : Place, optional
        What is cut into cells; what lies around it stays. All of the scan if
        not given.
    baselines : sequence of str
        What a hidden part shows, see `baselines.scan_baseline`.
    masks : int, optional
        How many, an even number, at least 8 for each baseline; see `masks_for`
        if not given.
    cells : int
        Along each side of the place; fewer where it has fewer points.
    seed : int
        The same seed hides the same.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (H, W), even within each cell and 0 around the place, grid of
        the cells; signed: below 0 where the class is likelier with the cell
        hidden.

    Raises
    ------
    ValueError
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    shape = (int(scan.shape[1]), int(scan.shape[2]))
    if masks is None:
        masks = masks_for(shape)
    if cells < 1 or not baselines or masks % 2 or masks < _LEAST * len(baselines):
        raise ValueError(
            f"cells must be at least 1, a baseline be given, and masks even and at least {_LEAST} "
            "for each baseline"
        )
    place = place or Place.all_of(shape)
    cut = Cut(shape, place, min(cells, place.height, place.width))
    keep, turn, weights = design(cut.cells, masks, len(baselines), seed)
    answers, words = np.zeros(masks), []
    for number, name in enumerate(baselines):
        instead, said = scan_baseline(scan, name)
        words.append(said)
        logits = ScanMasking(network, scan, instead).logits_of_grid(
            cut.padded(keep[turn == number]), cut.rows, cut.columns,
            part_of(progress, number, len(baselines)),
        )  # fmt: skip
        answers[turn == number] = log_odds(logits)[:, class_index]
    return SaliencyMap(
        values=cut.spread(weights @ answers),
        grid=cut.grid,
        signed=True,
        method="LIME",
        class_index=class_index,
        unit=UNIT,
        baseline=say_all(words),
        place=None if place == Place.all_of(shape) else place,
    )


def masks_for(shape: tuple[int, int]) -> int:
    """How many masks are worth the wait: 600 to 2,400, of small scans more.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the scan.
    """
    rows, columns = shape
    masks = min(max(_PIXELS // (rows * columns), _FEWEST), _MOST)
    return masks - masks % 2


@lru_cache(maxsize=8)
def design(
    cells: int, masks: int, baselines: int, seed: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp], Doubles]:
    """Which cells stay under each mask, and what turns the answers into weights of cells.

    Parameters
    ----------
    cells : int
        Along each side, P = cells squared in all.
    masks : int
        How many, N, an even number.
    baselines : int
    seed : int

    Returns
    -------
    keep : ndarray, bool, shape (N, P)
        Shares spread evenly over 0 to 1; every second mask is the mirror image
        of the one before it.
    turn : ndarray of int, shape (N,)
        Which baseline each is asked with.
    weights : ndarray, float64, shape (P, N)
        Times the answers (N,) under the masks: ridge regression of the answers
        on the cells, less what the share that stays explains by itself, for each
        baseline its own cubic.
    """
    generator = np.random.default_rng(seed)
    grain = generator.standard_normal((masks // 2, cells, cells))
    height = gaussian_filter(grain, (0, _SPOTS, _SPOTS)).reshape(masks // 2, -1)
    shares = (generator.permutation(masks // 2) + 0.5) / (masks // 2)
    first = height.argsort(axis=1).argsort(axis=1) >= np.rint(shares * cells**2)[:, None]
    keep = np.stack([first, ~first], axis=1).reshape(masks, -1)
    turn = np.arange(masks) // 2 % baselines
    share = keep.mean(axis=1)
    powers = share[:, None] ** np.arange(_DEGREE + 1)
    known = np.concatenate([(turn == k)[:, None] * powers for k in range(baselines)], axis=1)
    basis, _ = np.linalg.qr(known)
    near = np.eye(cells**2).reshape(-1, cells, cells)
    shared = gaussian_filter(near, (0, _SHARED, _SHARED)).reshape(cells**2, -1)
    told = (keep - share[:, None]) @ shared
    told -= basis @ (basis.T @ told)
    solved = shared @ np.linalg.solve(told.T @ told + _RIDGE * np.eye(cells**2), told.T)
    return keep, turn, solved - (solved @ basis) @ basis.T
