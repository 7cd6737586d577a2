"""Calibration before and after, split by split, with intervals; and how splits differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.calibration_errors import BINS, calibration_errors
from medmodels.evaluation.metrics import Floats, Rows, ratio
from medmodels.trust.operating_point import OperatingPoint, softmax

Arrays = Mapping[str, npt.NDArray[Any]]


def calibration_results(
    predictions: Arrays, trust: Mapping[str, Any], rows: Mapping[str, Rows], point: OperatingPoint
) -> dict[str, Any]:
    """Errors of calibration of every split, uncalibrated and calibrated.

    Parameters
    ----------
    predictions, trust
        Of the bundle.
    rows : mapping of Rows
        By split; their probabilities are calibrated.
    point : OperatingPoint

    Returns
    -------
    dict
        ``method``, ``why``, ``candidates``, ``bins``, ``splits`` (``n``,
        ``before`` and ``after``, each with ``ece``, ``adaptive_ece``, ``brier``,
        ``log_loss``) and ``shift`` (mean probability of each class less its
        share, and how far the operating point moved, by split).
    """
    table = trust.get("calibration", {})
    splits = {}
    for split, judged in rows.items():
        labels = predictions[f"{split}/labels"].astype(np.int64)
        keep = (labels >= 0) & (labels < judged_classes(judged))
        plain = softmax(predictions[f"{split}/logits"].astype(np.float64)[keep])
        splits[split] = {
            "n": len(judged.labels),
            "before": _errors(plain, judged),
            "after": _errors(np.asarray(judged.probabilities), judged),
        }
    return {
        "method": point.calibration.method,
        "why": table.get("why", ""),
        "candidates": table.get("candidates", []),
        "bins": BINS,
        "splits": splits,
        "shift": {split: _shift(judged, point) for split, judged in rows.items()},
    }


def judged_classes(rows: Rows) -> int:
    """Number of classes of judged rows."""
    assert rows.probabilities is not None
    return int(rows.probabilities.shape[1])


def _errors(probabilities: Floats, rows: Rows) -> dict[str, Any]:
    """Errors of the likeliest label's probability, as Guo et al. 2017 define them."""
    return calibration_errors(probabilities, rows.labels, probabilities.argmax(axis=1), rows.groups)


def _shift(rows: Rows, point: OperatingPoint) -> dict[str, Any]:
    """How far probabilities lean: mean probability less share, class by class."""
    assert rows.probabilities is not None
    names, index = np.unique(rows.groups, return_inverse=True)
    weights = group_weights(len(names))
    size = weights @ np.bincount(index).astype(float)
    leaning = []
    for k in range(judged_classes(rows)):
        gap = rows.probabilities[:, k] - (rows.labels == k)
        leaning.append(estimate(ratio(weights @ np.bincount(index, gap), size)).to_dict())
    found: dict[str, Any] = {"probability_less_share": leaning}
    if point.positive is not None:
        ill = rows.labels == point.positive
        for name, inside, right in (
            ("sensitivity", ill, rows.predicted == point.positive),
            ("specificity", ~ill, rows.predicted != point.positive),
        ):
            hits = weights @ np.bincount(index, inside & right)
            found[name] = estimate(ratio(hits, weights @ np.bincount(index, inside))).to_dict()
    return found
