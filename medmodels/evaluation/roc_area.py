"""Area under the ROC curve, once or for a thousand resamples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def weighted_auc(labels: Integers, scores: Floats) -> Callable[[Floats], float]:
    """Area under the ROC curve as a function of row weights.

    Sorting is done once, so that a thousand resamples are cheap.

    Parameters
    ----------
    labels : ndarray, shape (n,)
        1 for the positive class, 0 otherwise.
    scores : ndarray, shape (n,)
        Higher means more likely positive; ties count one half.

    Returns
    -------
    callable
        From weights, shape (n,), to the area; NaN when a class has no weight.

    See Also
    --------
    resampled_auc : For weights of groups of rows, many at once.
    """
    negatives, positives, below, up_to = _sorted_sides(labels, scores)

    def area(weights: Floats) -> float:
        misses = running(weights[negatives])
        hits = weights[positives]
        pairs = hits.sum() * misses[-1]
        if pairs == 0:
            return float("nan")
        return float((hits * (misses[below] + misses[up_to])).sum() / 2 / pairs)

    return area


def running(values: Floats) -> Floats:
    """Sum of the first 0, 1, ..., n values; (n,) to (n + 1,)."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def resampled_auc(labels: Integers, scores: Floats, groups: Integers, weights: Floats) -> Floats:
    """Area under the ROC curve for many weights of groups of rows.

    Parameters
    ----------
    labels, scores : ndarray, shape (n,)
        As for `weighted_auc`.
    groups : ndarray, int64, shape (n,)
        Group of each row, 0 to G - 1.
    weights : ndarray, float64, shape (R, G)
        How often each group counts in each resample.

    Returns
    -------
    ndarray, float64, shape (R,)
        The areas; NaN where a class has no weight.

    Notes
    -----
    A pair of a positive and a negative row weighs what their groups weigh, multiplied. So where
    groups are few and large, the pairs that are won are counted once for every two groups, and
    a resample is a quadratic form of its weights. Whole weights give what `weighted_auc` gives,
    to the bit: halves of pairs are counted without rounding.
    """
    n_groups = weights.shape[1]
    if n_groups**2 > len(labels):
        area = weighted_auc(labels, scores)
        return np.array([area(row[groups]) for row in weights])
    negatives, positives, _, _ = _sorted_sides(labels, scores)
    of_positives, values = groups[positives], scores[positives]
    won = np.empty((n_groups, n_groups))
    for group in range(n_groups):
        others = scores[negatives[groups[negatives] == group]]
        twice = np.searchsorted(others, values) + np.searchsorted(others, values, side="right")
        won[:, group] = np.bincount(of_positives, twice, minlength=n_groups) / 2
    hits = weights @ np.bincount(of_positives, minlength=n_groups).astype(float)
    misses = weights @ np.bincount(groups[negatives], minlength=n_groups).astype(float)
    pairs = hits * misses
    areas = np.full(len(weights), np.nan)
    return np.divide(((weights @ won) * weights).sum(axis=1), pairs, out=areas, where=pairs > 0)


def _sorted_sides(
    labels: Integers, scores: Floats
) -> tuple[Integers, Integers, Integers, Integers]:
    """Rows of both sides from the lowest score up, and where positives stand among negatives.

    Returns
    -------
    negatives, positives : ndarray of int
        Rows.
    below, up_to : ndarray of int, shape (number of positives,)
        How many negatives score lower than each positive; lower or the same.
    """
    order = np.argsort(scores, kind="stable")
    is_positive = labels[order] > 0
    negatives, positives = order[~is_positive], order[is_positive]
    among, values = scores[negatives], scores[positives]
    return (
        negatives,
        positives,
        np.searchsorted(among, values),
        np.searchsorted(among, values, side="right"),
    )
