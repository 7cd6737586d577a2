"""Class offsets and temperature, from cross-validated predictions inside DS1."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from medmodels.trust.operating_point import softmax

Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_RULE = (
    "The class with the largest logit after these offsets. They maximise the sum of the F2 "
    "score of S (a missed S counts more than a false one), the F1 score of V and the "
    "accuracy, each record's beats weighted by one over the root "
    "of its number of beats of that class, so that no one heart decides."
)
_CHOSEN_ON = "predictions cross-validated by record inside DS1"


def choose_trust(logits: Doubles, labels: Ints, groups: npt.NDArray[np.str_]) -> dict[str, Any]:
    """Choose how logits become a label and a probability.

    Parameters
    ----------
    logits : ndarray, shape (n, 4)
        Cross-validated.
    labels : ndarray, int64, shape (n,)
        0 to 4; beats of class 4 (Q) are left out.
    groups : ndarray of str, shape (n,)
        Record of each beat.

    Returns
    -------
    dict
        ``class_offsets``, ``temperature``, ``rule``, ``chosen_on``.
    """
    keep = labels < logits.shape[1]
    logits, labels, groups = np.asarray(logits[keep], dtype=np.float64), labels[keep], groups[keep]
    weights = _record_weights(labels, groups)
    best, chosen = -np.inf, (0.0, 0.0, 0.0)
    for s, v, f in product(np.arange(-2, 4.01, 0.25), (-0.5, 0.0, 0.5), (-2.0, -1.0, 0.0)):
        score = _score(labels, (logits + np.array([0, s, v, f])).argmax(axis=1), weights)
        # A tie, or nearly one, goes to the smaller change.
        score -= 0.002 * (abs(s) + abs(v) + 0.2 * abs(f))
        if score > best:
            best, chosen = score, (float(s), float(v), float(f))
    return {
        "class_offsets": [0.0, *chosen],
        "temperature": round(_temperature(logits, labels), 4),
        "rule": _RULE,
        "chosen_on": _CHOSEN_ON,
    }


def _record_weights(labels: Ints, groups: npt.NDArray[np.str_]) -> Doubles:
    weights = np.zeros(len(labels))
    for record in np.unique(groups):
        for c in np.unique(labels[groups == record]):
            inside = (groups == record) & (labels == c)
            weights[inside] = 1 / np.sqrt(inside.sum())
    for c in np.unique(labels):
        weights[labels == c] *= (labels == c).sum() / weights[labels == c].sum()
    return weights


def _score(labels: Ints, predicted: Ints, weights: Doubles) -> float:
    total = float(weights[labels == predicted].sum() / weights.sum())
    for c, beta in ((1, 2.0), (2, 1.0)):
        hit = weights[(labels == c) & (predicted == c)].sum()
        missed = weights[(labels == c) & (predicted != c)].sum()
        false = weights[(labels != c) & (predicted == c)].sum()
        both = (1 + beta**2) * hit
        total += float(both / (both + beta**2 * missed + false + 1e-9))
    return total


def _temperature(logits: Doubles, labels: Ints) -> float:
    """The temperature with the least log loss (Guo et al. 2017)."""

    def loss(log_t: float) -> float:
        p = softmax(logits, float(np.exp(log_t)))
        return float(-np.log(p[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))
