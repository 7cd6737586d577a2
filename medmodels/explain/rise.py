"""RISE: how likely an answer is, on average, while a place can be seen.

Petsiuk, Das and Saenko 2018, "RISE: randomized input sampling for explanation
of black-box models", arXiv 1806.07421. The network is asked about the scan
seen through many random masks; it is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import keras
import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.baselines import scan_baseline
from medmodels.explain.enlarge import enlarge
from medmodels.explain.masking import Progress, ScanMasking
from medmodels.explain.saliency_map import SaliencyMap

Doubles = npt.NDArray[np.float64]

UNIT = "probability"
_AT_ONCE = 64


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    baseline: str = "blurred",
    masks: int = 500,
    cells: int = 8,
    kept: float = 0.5,
    seed: int = 0,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Average the class's probability over random masks, weighed by what each shows.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    baseline : str
        What a hidden part shows, see `baselines.scan_baseline`; the paper's is
        "black".
    masks : int
        How many, at least 1; the grain in the map falls with their square root.
    cells : int
        Of a mask, along each side; fewer where a scan has fewer points.
    kept : float
        Chance that a cell stays, above 0 and below 1.
    seed : int
        The same seed gives the same masks.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (H, W), grid of the masks; signed. A probability that comes with
        the softmax of the logits, not calibrated; see `average`.

    Raises
    ------
    ValueError
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    if masks < 1 or cells < 1 or not 0 < kept < 1:
        raise ValueError("masks and cells must be at least 1, kept between 0 and 1")
    instead, words = scan_baseline(scan, baseline)
    masking = ScanMasking(network, scan, instead)
    height, width = masking.shape
    grid = min(cells, height), min(cells, width)
    generator = np.random.default_rng(seed)

    def asked() -> Iterator[tuple[Array, Doubles]]:
        for start in range(0, masks, _AT_ONCE):
            keep = random_masks(
                (height, width), grid, min(_AT_ONCE, masks - start), kept, generator
            )
            found = masking.logits(keep)
            yield keep, softmax(found.astype(np.float64), axis=1)[:, class_index]
            if progress is not None:
                progress((start + len(keep)) / masks)

    return SaliencyMap(
        values=average(asked(), kept).astype(np.float32),
        grid=grid,
        signed=True,
        method="RISE",
        class_index=class_index,
        unit=UNIT,
        baseline=words,
    )


def average(asked: Iterable[tuple[Array, Doubles]], kept: float) -> Doubles:
    """Mean probability where a point stays, less the mean over all masks.

    The paper's map is the mean alone (its equation 6), which for a network
    that ignores the scan shows that network's constant answer everywhere. With
    the mean over all masks taken from each probability, such a network has
    a map of zeros, and a value says by how much the class is likelier (below
    0: less likely) while the point can be seen than it is on the whole.

    Parameters
    ----------
    asked : iterable of (ndarray, shape (n, H, W), and ndarray, shape (n,))
        Masks, 1 where the scan stays, and the probability under each.
    kept : float
        Chance that a point stays.

    Returns
    -------
    ndarray, float64, shape (H, W)

    Examples
    --------
    >>> left, right = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    >>> average([(np.stack([left, right]), np.array([0.9, 0.5]))], 0.5)
    array([[ 0.2, -0.2]])
    """
    n, total, weighed, shown = 0, 0.0, np.zeros(()), np.zeros(())
    for keep, probability in asked:
        n, total = n + len(keep), total + float(probability.sum())
        weighed = weighed + np.tensordot(probability, keep, 1)
        shown = shown + keep.sum(axis=0, dtype=np.float64)
    return np.asarray((weighed - total / n * shown) / (n * kept))


def random_masks(
    shape: tuple[int, int],
    grid: tuple[int, int],
    n: int,
    kept: float,
    generator: np.random.Generator,
) -> Array:
    """Coarse random masks, enlarged bilinearly and shifted at random (the paper's section 3.2).

    A mask has one cell more than ``grid`` along each side, so that it still
    covers the scan when it is shifted by up to a cell.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the scan.
    grid : tuple of int
        Cells over the scan's height and width.
    n : int
    kept : float
        Chance that a cell stays.
    generator : numpy.random.Generator

    Returns
    -------
    ndarray, float32, shape (n, H, W)
        0 to 1; on average ``kept`` at every point.
    """
    cell = [-(-length // count) for length, count in zip(shape, grid, strict=True)]
    coarse = generator.random((n, grid[0] + 1, grid[1] + 1)) < kept
    size = ((grid[0] + 1) * cell[0], (grid[1] + 1) * cell[1])
    large = enlarge(coarse.astype(np.float32), size)
    shifts = generator.integers(0, cell, (n, 2))
    return np.stack(
        [
            mask[y : y + shape[0], x : x + shape[1]]
            for mask, (y, x) in zip(large, shifts, strict=True)
        ]
    )
