"""How far probabilities can be believed: reliability curve and calibration errors.

Plain arrays in, plain numbers out. ``weights`` are row weights, for example how
often each row's patient was drawn in a bootstrap resample.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.metrics import Floats, Integers, ratio

Bools = npt.NDArray[np.bool_]
# A label that was given probability 0 would make the log loss infinite.
SMALLEST_PROBABILITY = 1e-12
# An interval from fewer patients would look surer than it is.
FEWEST_GROUPS = 5


def equal_width_bins(scores: Floats, bins: int) -> Integers:
    """Bin of each score when 0 to 1 is cut into parts of the same width.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        In 0 to 1; a score on a border belongs to the bin above, 1 to the last.
    bins : int

    Returns
    -------
    ndarray, int64, shape (n,)
    """
    return np.clip((np.asarray(scores) * bins).astype(np.int64), 0, bins - 1)


def equal_mass_bins(scores: Floats, bins: int, weights: Floats | None = None) -> Integers:
    """Bin of each score when every bin holds about as many rows.

    Equal scores share a bin, so the result does not depend on the rows' order.

    Parameters
    ----------
    scores : ndarray, shape (n,)
    bins : int
    weights : ndarray, shape (n,), optional
        Not negative; all one if not given.

    Returns
    -------
    ndarray, int64, shape (n,)
    """
    distinct, place = np.unique(scores, return_inverse=True)
    mass = np.bincount(place, weights=_row_weights(weights, len(place)), minlength=len(distinct))
    total = mass.sum()
    if total == 0:
        return np.zeros(len(place), dtype=np.int64)
    middle = (np.cumsum(mass) - mass / 2) / total
    return np.clip((middle * bins).astype(np.int64), 0, bins - 1)[place]


def ece(confidence: Floats, correct: Bools, weights: Floats | None = None, bins: int = 15) -> float:
    """Expected calibration error: mean gap between confidence and share right.

    Parameters
    ----------
    confidence : ndarray, shape (n,)
        Probability of the answer that was given, 0 to 1.
    correct : ndarray, bool, shape (n,)
        Whether that answer was right.
    weights : ndarray, shape (n,), optional
        Not negative; all one if not given.
    bins : int
        Of the same width.

    Returns
    -------
    float
        0 (as often right as it says) to 1; NaN without rows.

    Notes
    -----
    Guo et al. 2017, "On calibration of modern neural networks", ICML.

    Examples
    --------
    >>> import numpy as np
    >>> float(ece(np.array([0.75, 0.75, 0.75, 0.75]), np.array([True, True, True, False])))
    0.0
    """
    return _mean_gap(equal_width_bins(confidence, bins), confidence, correct, weights, bins)


def adaptive_ece(
    confidence: Floats, correct: Bools, weights: Floats | None = None, bins: int = 15
) -> float:
    """Expected calibration error over bins that hold about as many rows each.

    Most answers of a good network are near 1, where equal-width bins see only
    one or two bins; bins of equal mass look closely there.

    Parameters
    ----------
    confidence, correct, weights, bins
        As in `ece`.

    Notes
    -----
    Nixon et al. 2019, "Measuring calibration in deep learning", CVPR workshops.
    """
    assigned = equal_mass_bins(confidence, bins, weights)
    return _mean_gap(assigned, confidence, correct, weights, bins)


def brier(probabilities: Floats, labels: Integers, weights: Floats | None = None) -> float:
    """Brier score: squared distance of the probabilities from what was true.

    Parameters
    ----------
    probabilities : ndarray, shape (n, K)
        Rows sum to 1.
    labels : ndarray, int64, shape (n,)
        0 to ``K - 1``.
    weights : ndarray, shape (n,), optional

    Returns
    -------
    float
        Sum over classes, mean over rows: 0 (perfect) to 2; NaN without rows.

    Notes
    -----
    Brier 1950, "Verification of forecasts expressed in terms of probability",
    in its first form, over all classes. With two classes it is twice the score
    of the positive class alone.
    """
    truth = np.eye(probabilities.shape[1])[labels]
    return _mean(((probabilities - truth) ** 2).sum(axis=1), weights)


def log_loss(probabilities: Floats, labels: Integers, weights: Floats | None = None) -> float:
    """Mean of minus the natural logarithm of the true label's probability.

    Parameters
    ----------
    probabilities, labels, weights
        As in `brier`; probabilities below 1e-12 count as 1e-12.

    Returns
    -------
    float
        0 or more, in nats; NaN without rows.
    """
    given = probabilities[np.arange(len(labels)), labels]
    return _mean(-np.log(np.maximum(given, SMALLEST_PROBABILITY)), weights)


def reliability_curve(
    scores: Floats, positive: Bools, groups: npt.NDArray[np.str_], bins: int = 10
) -> list[dict[str, Any]]:
    """Observed share in each bin of a predicted probability.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        Predicted probability, 0 to 1.
    positive : ndarray, bool, shape (n,)
        Whether it came true.
    groups : ndarray of str, shape (n,)
        Patient or record of each row; intervals resample these.
    bins : int
        Of the same width.

    Returns
    -------
    list of dict
        For every bin with rows: ``from``, ``to``, ``n``, ``groups``, ``predicted`` (mean
        score) and ``observed`` (an estimate with its 95% interval; none from fewer
        than five groups, or where all resamples agree, as they do at 0 and at 1).
    """
    names, index = np.unique(groups, return_inverse=True)
    cells = index * bins + equal_width_bins(scores, bins)

    def per_group(values: Floats | None) -> Floats:
        size = len(names) * bins
        return np.bincount(cells, weights=values, minlength=size).reshape(-1, bins).astype(float)

    counts, hits, sums = per_group(None), per_group(positive.astype(float)), per_group(scores)
    weights = group_weights(len(names))
    observed = ratio(weights @ hits, weights @ counts)
    return [
        {
            "from": round(b / bins, 6),
            "to": round((b + 1) / bins, 6),
            "n": int(counts[:, b].sum()),
            "groups": int((counts[:, b] > 0).sum()),
            "predicted": round(float(sums[:, b].sum() / counts[:, b].sum()), 6),
            "observed": _observed(observed[:, b], int((counts[:, b] > 0).sum())),
        }
        for b in range(bins)
        if counts[:, b].any()
    ]


def _observed(resampled: Floats, groups: int) -> dict[str, float | None]:
    """A bin's estimate, without an interval that would look surer than it is."""
    found = estimate(resampled).to_dict()
    if groups < FEWEST_GROUPS or found["low"] == found["high"]:
        return found | {"low": None, "high": None}
    return found


def _mean_gap(
    assigned: Integers, confidence: Floats, correct: Bools, weights: Floats | None, bins: int
) -> float:
    """Gap between confidence and share right of each bin, weighted by its mass."""
    weight = _row_weights(weights, len(confidence))
    gap = np.bincount(assigned, weights=weight * (confidence - correct), minlength=bins)
    total = weight.sum()
    return float(np.abs(gap).sum() / total) if total > 0 else float("nan")


def _mean(values: Floats, weights: Floats | None) -> float:
    weight = _row_weights(weights, len(values))
    total = weight.sum()
    return float((weight * values).sum() / total) if total > 0 else float("nan")


def _row_weights(weights: Floats | None, n: int) -> Floats:
    return np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
