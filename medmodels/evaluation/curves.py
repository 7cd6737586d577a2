"""ROC and precision-recall curves, with bands that resample patients or records."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import LEVEL, estimate, group_weights
from medmodels.evaluation.metrics import Floats
from medmodels.evaluation.reliability import Bools
from medmodels.evaluation.roc_area import running

# Fewer than the 1000 of the other intervals: a whole curve is recomputed each time.
BAND_RESAMPLES = 500
_STEPS = np.linspace(0, 1, 61)
# Finer near 0, where a rare class is decided.
FALSE_POSITIVE_GRID = _STEPS**2
RECALL_GRID = _STEPS


class ThresholdCounts:
    """Hits and false alarms at every threshold, for any weights of the rows.

    Sorting is done once, so that hundreds of resamples are cheap.

    Parameters
    ----------
    positive : ndarray, bool, shape (n,)
        Whether the row is of the class.
    scores : ndarray, shape (n,)
        Higher means more likely of the class; equal scores pass a threshold together.
    groups : ndarray of int, shape (n,), optional
        Which weight is each row's; its own, if not given.
    """

    def __init__(
        self, positive: Bools, scores: Floats, groups: npt.NDArray[np.int64] | None = None
    ) -> None:
        order = np.argsort(-scores, kind="stable")
        ends = np.flatnonzero(np.r_[np.diff(scores[order]) != 0, True])
        is_positive = positive[order]
        owners = order if groups is None else groups[order]
        self._positives, self._negatives = owners[is_positive], owners[~is_positive]
        # How many rows of either side are at or above each threshold.
        self._hits = np.cumsum(is_positive)[ends]
        self._misses = ends + 1 - self._hits

    def __call__(self, weights: Floats) -> tuple[Floats, Floats]:
        """Weighted numbers of positives and negatives at or above each threshold.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            One a group, where there are groups.

        Returns
        -------
        hits, misses : ndarray, shape (thresholds,)
            From the highest threshold down; both grow.
        """
        hits, misses = running(weights[self._positives]), running(weights[self._negatives])
        return hits[self._hits], misses[self._misses]


def roc_at(hits: Floats, misses: Floats, grid: Floats) -> Floats:
    """Sensitivity at given false positive rates.

    Parameters
    ----------
    hits, misses : ndarray, shape (thresholds,)
        See `ThresholdCounts`.
    grid : ndarray, shape (m,)
        False positive rates, 0 to 1.

    Returns
    -------
    ndarray, shape (m,)
        The highest sensitivity reached; between two thresholds on the straight line
        that joins them (Fawcett 2006). NaN where a class has no weight.
    """
    if hits[-1] <= 0 or misses[-1] <= 0:
        return np.full(len(grid), np.nan)
    rate = misses / misses[-1]
    # The curve's points are counted from (0, 0), which comes before the highest threshold.
    left = np.searchsorted(rate, grid + 1e-12, side="right")
    right = np.minimum(left + 1, len(rate))
    (rate_left, rate_right), (found_left, found_right) = (
        [np.where(at > 0, counts[at - 1] / counts[-1], 0.0) for at in (left, right)]
        for counts in (misses, hits)
    )
    step = rate_right - rate_left
    part = np.divide(grid - rate_left, step, out=np.zeros(len(grid)), where=step > 0)
    return np.asarray(found_left + part * (found_right - found_left))


def precision_at(hits: Floats, misses: Floats, grid: Floats) -> Floats:
    """Precision (PPV) at the highest threshold that reaches given recalls.

    Parameters
    ----------
    hits, misses : ndarray, shape (thresholds,)
        See `ThresholdCounts`.
    grid : ndarray, shape (m,)
        Recalls (sensitivities), 0 to 1; 0 stands for the first hit.

    Returns
    -------
    ndarray, shape (m,)
        No line is drawn between thresholds: there, precision is not linear (Davis
        and Goadrich 2006). NaN where the class has no weight.
    """
    if hits[-1] <= 0:
        return np.full(len(grid), np.nan)
    smallest = max(hits[-1] * 1e-9, 1e-12)
    wanted = np.maximum(grid * hits[-1] - smallest, smallest)
    at = np.minimum(np.searchsorted(hits, wanted), len(hits) - 1)
    return np.asarray(hits[at] / (hits[at] + misses[at]))


def average_precision(hits: Floats, misses: Floats) -> float:
    """Area under the precision-recall steps; NaN where the class has no weight.

    As ``sklearn.metrics.average_precision_score``: the precision at each
    threshold, weighted by the recall gained there.
    """
    if hits[-1] <= 0:
        return float("nan")
    passed = hits + misses
    precision = np.divide(hits, passed, out=np.zeros(len(hits)), where=passed > 0)
    return float((np.diff(np.r_[0, hits]) * precision).sum() / hits[-1])


def curves_of(
    positive: Bools, scores: Floats, chosen: Bools, groups: npt.NDArray[np.str_]
) -> dict[str, Any] | None:
    """Both curves of one class against the rest, with 95% bands and the operating point.

    Parameters
    ----------
    positive : ndarray, bool, shape (n,)
        Rows of the class.
    scores : ndarray, shape (n,)
        Probability of the class.
    chosen : ndarray, bool, shape (n,)
        Rows that were given the class as their answer.
    groups : ndarray of str, shape (n,)
        Patient or record of each row.

    Returns
    -------
    dict or None
        ``n``, ``roc`` (``fpr``, ``sensitivity``, ``low``, ``high``, ``chosen``) and
        ``pr`` (``recall``, ``precision``, ``low``, ``high``, ``chosen``,
        ``average_precision``, ``prevalence``); None where either side has no row.
    """
    n_positive = int(positive.sum())
    if n_positive in (0, len(positive)):
        return None
    names, index = np.unique(groups, return_inverse=True)
    counts = ThresholdCounts(positive, scores, index)
    found, precise, areas = [], [], []
    for weights in group_weights(len(names), resamples=BAND_RESAMPLES):
        hits, misses = counts(weights)
        found.append(roc_at(hits, misses, FALSE_POSITIVE_GRID))
        precise.append(precision_at(hits, misses, RECALL_GRID))
        areas.append(average_precision(hits, misses))
    hit = int((positive & chosen).sum())
    recall = round(hit / n_positive, 6)
    return {
        "n": n_positive,
        "roc": {
            "fpr": rounded(FALSE_POSITIVE_GRID),
            **banded("sensitivity", np.stack(found)),
            "chosen": {
                "fpr": round(float(chosen[~positive].mean()), 6),
                "sensitivity": recall,
            },
        },
        "pr": {
            "recall": rounded(RECALL_GRID),
            **banded("precision", np.stack(precise)),
            "chosen": {
                "recall": recall,
                "precision": round(hit / int(chosen.sum()), 6) if chosen.any() else None,
            },
            "average_precision": estimate(np.array(areas)).to_dict(),
            "prevalence": round(n_positive / len(positive), 6),
        },
    }


def banded(name: str, values: Floats) -> dict[str, list[float | None]]:
    """A curve and its 95% percentile band, point by point.

    Parameters
    ----------
    name : str
        Key of the curve itself.
    values : ndarray, shape (resamples + 1, m)
        The first row is the curve on the data as they are; NaN where undefined.
    """
    tail = (1 - LEVEL) / 2
    empty = np.isnan(values[1:]).all(axis=0)
    known = np.where(empty, 0.0, values[1:])
    low, high = np.nanquantile(known, [tail, 1 - tail], axis=0)
    return {
        name: rounded(values[0]),
        "low": rounded(np.where(empty, np.nan, low)),
        "high": rounded(np.where(empty, np.nan, high)),
    }


def rounded(values: Floats) -> list[float | None]:
    """As plain JSON with four decimals; NaN becomes null."""
    return [None if np.isnan(value) else round(float(value), 4) for value in values]


def scored_classes(k: int, positive: int | None) -> tuple[int, ...]:
    """Classes whose scores are drawn: of two the positive one, otherwise all."""
    if k == 2:
        return (1 if positive is None else positive,)
    return tuple(range(k))
