"""From logits to probabilities and to a label, by the rule chosen on validation data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.trust.calibration import Calibration


def softmax(
    logits: npt.NDArray[np.floating[Any]], temperature: float = 1.0
) -> npt.NDArray[np.float64]:
    """Probabilities from logits.

    Parameters
    ----------
    logits : ndarray, shape (..., K)
    temperature : float
        Greater than 0; above 1 flattens (Guo et al. 2017).

    Returns
    -------
    ndarray, float64, shape (..., K)
        Sums to 1 over the last axis.
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    exponentials = np.exp(scaled)
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class OperatingPoint:
    """How logits become a label.

    Either one class has a threshold (two-class tasks), or every class has an
    offset that is added to its logit before the largest is taken.

    Parameters
    ----------
    calibration : Calibration
        From logits to probabilities.
    positive : int or None
        The class with the threshold.
    threshold : float or None
        The label is ``positive`` when its calibrated probability is at least
        this.
    offsets : tuple of float
        One per class, in logits; all zero where a threshold decides.
    rule, chosen_on : str
        How it was chosen and on which data, in words.
    """

    calibration: Calibration
    positive: int | None
    threshold: float | None
    offsets: tuple[float, ...]
    rule: str
    chosen_on: str

    @classmethod
    def from_trust(cls, trust: Mapping[str, Any], classes: tuple[str, ...]) -> OperatingPoint:
        """Read the decision rule from a bundle's ``trust.json``.

        Raises
        ------
        KeyError, ValueError
            When the file lacks the rule or names an unknown class.
        """
        calibration = Calibration.from_trust(trust)
        if "operating_point" in trust:
            point = trust["operating_point"]
            return cls(
                calibration=calibration,
                positive=classes.index(point["class"]),
                threshold=float(point["threshold"]),
                offsets=(0.0,) * len(classes),
                rule=str(point["rule"]),
                chosen_on=str(point["chosen_on"]),
            )
        offsets = tuple(float(value) for value in trust["class_offsets"])
        if len(offsets) != len(classes):
            raise ValueError("one offset is needed for each class")
        return cls(calibration, None, None, offsets, str(trust["rule"]), str(trust["chosen_on"]))

    def probabilities(self, logits: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities; shape (..., K) in and out."""
        return self.calibration(logits)

    def labels(self, logits: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.int64]:
        """Class indices; logits of shape (..., K) give shape (...)."""
        values = np.asarray(logits, dtype=np.float64)
        if self.positive is not None and self.threshold is not None:
            return np.asarray(labels_at(self.probabilities(values), self.positive, self.threshold))
        return np.asarray((values + np.asarray(self.offsets)).argmax(axis=-1))


def labels_at(
    probabilities: npt.NDArray[np.floating[Any]], positive: int, threshold: float
) -> npt.NDArray[np.int64]:
    """Class indices when one class has a threshold.

    Parameters
    ----------
    probabilities : ndarray, shape (..., K)
    positive : int
        The class that is chosen when its probability reaches ``threshold``;
        otherwise the likeliest of the other classes is chosen.
    threshold : float
        In 0 to 1.

    Returns
    -------
    ndarray, int64, shape (...)
    """
    others = np.array(probabilities, dtype=np.float64, copy=True)
    reached = others[..., positive] >= threshold
    others[..., positive] = -np.inf
    return np.where(reached, positive, others.argmax(axis=-1))
