"""Calibration errors of a split, with intervals over patients or records."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.metrics import Floats, Integers, ratio
from medmodels.evaluation.reliability import (
    SMALLEST_PROBABILITY,
    equal_mass_bins,
    equal_width_bins,
)

BINS = 15


def calibration_errors(
    probabilities: Floats, labels: Integers, predicted: Integers, groups: npt.NDArray[np.str_]
) -> dict[str, dict[str, float | None]]:
    """ECE, adaptive ECE, Brier score and log loss, each as an estimate.

    Every measure is a sum over rows or over bins of sums over rows, so that each
    patient's share is added up once and resampled by one matrix product. The
    bins of equal mass are those of the data as they are.

    Parameters
    ----------
    probabilities : ndarray, shape (n, K)
    labels, predicted : ndarray, int64, shape (n,)
        True class, and the answer whose probability is judged.
    groups : ndarray of str, shape (n,)

    Returns
    -------
    dict
        ``ece``, ``adaptive_ece``, ``brier``, ``log_loss``; see
        `medmodels.evaluation.reliability` for each.
    """
    rows = np.arange(len(labels))
    names, index = np.unique(groups, return_inverse=True)
    weights = group_weights(len(names))
    n = weights @ np.bincount(index).astype(float)
    confidence = probabilities[rows, predicted]
    gaps = confidence - (labels == predicted)

    def binned(assigned: Integers) -> Floats:
        cells = np.bincount(index * BINS + assigned, weights=gaps, minlength=len(names) * BINS)
        return np.abs(weights @ cells.reshape(-1, BINS)).sum(axis=1)

    def summed(values: Floats) -> Floats:
        return weights @ np.bincount(index, weights=values)

    truth = np.eye(probabilities.shape[1])[labels]
    totals = {
        "ece": binned(equal_width_bins(confidence, BINS)),
        "adaptive_ece": binned(equal_mass_bins(confidence, BINS)),
        "brier": summed(((probabilities - truth) ** 2).sum(axis=1)),
        "log_loss": summed(-np.log(np.maximum(probabilities[rows, labels], SMALLEST_PROBABILITY))),
    }
    return {name: estimate(ratio(total, n)).to_dict() for name, total in totals.items()}
