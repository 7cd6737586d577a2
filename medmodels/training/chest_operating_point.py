"""Temperature and threshold of the chest network, both from validation images only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from medmodels.trust.operating_point import softmax

Logits = npt.NDArray[np.floating[Any]]
TARGET_SENSITIVITY = 0.95


def fit_temperature(logits: Logits, labels: npt.NDArray[np.integer[Any]]) -> float:
    """Temperature with the least negative log likelihood (Guo 2017).

    Parameters
    ----------
    logits : ndarray, shape (N, K)
    labels : ndarray of int, shape (N,)

    Returns
    -------
    float
        Between 0.05 and 20.
    """
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        chosen = softmax(logits, float(np.exp(log_temperature)))[rows, labels]
        return float(-np.mean(np.log(np.maximum(chosen, 1e-12))))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded")
    return float(np.exp(found.x))


def threshold_for_sensitivity(probabilities: npt.NDArray[np.float64], sensitivity: float) -> float:
    """Highest threshold that still finds this share of the positives.

    Parameters
    ----------
    probabilities : ndarray, float64, shape (P,)
        Of the positive class, for images of that class.
    sensitivity : float
        In 0 to 1.

    Returns
    -------
    float
        One of ``probabilities``, or a value just below it.
    """
    falling = np.sort(probabilities)[::-1]
    needed = max(1, int(np.ceil(sensitivity * len(falling) - 1e-9)))
    # Rounded down, so that the image that sets the threshold stays above it.
    return float(np.floor(falling[needed - 1] * 1e4) / 1e4)


def choose_trust(
    views: Mapping[str, Logits], labels: npt.NDArray[np.integer[Any]]
) -> dict[str, Any]:
    """Build the bundle's ``trust.json``.

    The test images are known to cost specificity and not sensitivity when the
    threshold is 0.5, so the rule fixes the sensitivity and takes all the
    specificity that this leaves.

    Parameters
    ----------
    views : mapping of str to ndarray, shape (N, 2)
        Logits of the validation images, clean and under each shift.
    labels : ndarray of int, shape (N,)

    Returns
    -------
    dict
    """
    logits = np.concatenate(list(views.values()))
    repeated = np.tile(labels, len(views))
    temperature = fit_temperature(logits, repeated)
    positive = softmax(logits, temperature)[repeated == 1, 1]
    threshold = threshold_for_sensitivity(positive, TARGET_SENSITIVITY)
    return {
        "temperature": temperature,
        "operating_point": {
            "class": "pneumonia",
            "threshold": threshold,
            "rule": (
                f"The highest threshold that finds {TARGET_SENSITIVITY:.0%} of the pneumonia "
                "images: between hospitals specificity is lost first, so sensitivity is fixed "
                "and all the rest goes to specificity."
            ),
            "chosen_on": (
                f"{len(labels)} validation images, as they are and under {len(views) - 1} fixed "
                "shifts of intensity, sharpness, noise, position, crop and proportions."
            ),
        },
    }
