"""Selective answering: how the error falls when only the surest answers are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.curves import BAND_RESAMPLES, ThresholdCounts, banded, rounded
from medmodels.evaluation.metrics import Floats
from medmodels.evaluation.reliability import Bools

COVERAGE_GRID = np.linspace(0, 1, 61)[1:]


def risk_coverage(
    confidence: Floats, correct: Bools, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Error among the answers at or above each confidence.

    Parameters
    ----------
    confidence : ndarray, shape (n,)
        Of the answer that would be given; equal ones are answered together.
    correct : ndarray, bool, shape (n,)
    weights : ndarray, shape (n,), optional
        Not negative; all one if not given.

    Returns
    -------
    coverage, risk : ndarray, shape (m,)
        Share answered (growing, the last is 1) and share wrong among these, from
        the surest answers down. Empty without weight.

    Notes
    -----
    El-Yaniv and Wiener 2010, "On the foundations of noise-free selective
    classification", JMLR 11:1605.

    Examples
    --------
    >>> import numpy as np
    >>> coverage, risk = risk_coverage(np.array([0.9, 0.6]), np.array([True, False]))
    >>> coverage.tolist(), risk.tolist()
    ([0.5, 1.0], [0.0, 0.5])
    """
    row_weights = np.ones(len(confidence)) if weights is None else weights
    return _steps(ThresholdCounts(~correct, confidence), row_weights)


def aurc(confidence: Floats, correct: Bools, weights: Floats | None = None) -> float:
    """Area under the risk-coverage curve: mean error over all shares answered.

    Parameters
    ----------
    confidence, correct, weights
        As in `risk_coverage`.

    Returns
    -------
    float
        0 to 1, smaller is better; NaN without rows.

    Notes
    -----
    Geifman, Uziel and El-Yaniv 2019, "Bias-reduced uncertainty estimation for deep
    neural classifiers", ICLR: the mean over rows of the error among all rows at
    least as sure.
    """
    if not len(confidence):
        return float("nan")
    return _area(*risk_coverage(confidence, correct, weights))


def resampled_aurc(
    confidence: Floats, correct: Bools, groups: npt.NDArray[np.int64], weights: Floats
) -> Floats:
    """Area under the risk-coverage curve for many weights of groups; sorts once.

    Parameters
    ----------
    confidence, correct : ndarray, shape (n,)
        As in `risk_coverage`.
    groups : ndarray of int, shape (n,)
        Group of each row, 0 to G - 1.
    weights : ndarray, float64, shape (R, G)

    Returns
    -------
    ndarray, float64, shape (R,)
        `aurc` of each.
    """
    if not len(confidence):
        return np.full(len(weights), np.nan)
    counts = ThresholdCounts(~correct, confidence, groups)
    return np.array([_area(*_steps(counts, row)) for row in weights])


def selective_of(
    confidence: Floats, correct: Bools, groups: npt.NDArray[np.str_]
) -> dict[str, Any]:
    """Risk-coverage curve on a fixed grid, with 95% bands over patients or records.

    Returns
    -------
    dict
        ``coverage``, ``risk``, ``low``, ``high`` (lists of the same length),
        ``error`` (of all answers) and ``aurc`` (estimates).
    """
    names, index = np.unique(groups, return_inverse=True)
    counts = ThresholdCounts(~correct, confidence, index)
    curves, areas, errors = [], [], []
    for weights in group_weights(len(names), resamples=BAND_RESAMPLES):
        coverage, risk = _steps(counts, weights)
        at = np.searchsorted(coverage, COVERAGE_GRID - 1e-9)
        curves.append(risk[np.minimum(at, len(risk) - 1)])
        areas.append(_area(coverage, risk))
        errors.append(risk[-1])
    return {
        "coverage": rounded(COVERAGE_GRID),
        **banded("risk", np.stack(curves)),
        "error": estimate(np.array(errors)).to_dict(),
        "aurc": estimate(np.array(areas)).to_dict(),
    }


def _steps(wrong_counts: ThresholdCounts, weights: Floats) -> tuple[Floats, Floats]:
    wrong, right = wrong_counts(weights)
    answered = wrong + right
    # Answers add up: before the first with weight there is nothing.
    first = int(np.searchsorted(answered, 0, side="right"))
    if first == len(answered):
        return np.empty(0), np.empty(0)
    wrong, answered = wrong[first:], answered[first:]
    return answered / answered[-1], wrong / answered


def _area(coverage: Floats, risk: Floats) -> float:
    if not len(coverage):
        return float("nan")
    return float((np.diff(np.r_[0, coverage]) * risk).sum())
