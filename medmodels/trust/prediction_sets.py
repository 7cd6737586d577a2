"""Prediction sets by split conformal prediction.

Sets of labels that hold the true one with a stated chance, whatever the
network, as long as the input comes from where the calibration data come from
(exchangeability; Vovk et al. 2005, Angelopoulos and Bates 2021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Labels = npt.NDArray[np.integer[Any]]

LEVELS = (0.90, 0.95)
# A hair above the threshold is rounding, not evidence.
_ROUNDING = 1e-12


def lac_scores(probabilities: Doubles) -> Doubles:
    """Scores of all labels, shape (n, K): one less the probability (Sadinle et al. 2019)."""
    return 1.0 - np.asarray(probabilities, dtype=np.float64)


def aps_scores(probabilities: Doubles) -> Doubles:
    """Scores of all labels, shape (n, K): the mass of all labels at least as likely.

    Adaptive prediction sets (Romano et al. 2020) without their randomisation,
    so that the same input always gets the same set; the sets are larger for it.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    order = np.argsort(-p, axis=1, kind="stable")
    scores = np.empty_like(p)
    np.put_along_axis(scores, order, np.take_along_axis(p, order, axis=1).cumsum(axis=1), axis=1)
    return scores


SCORES = {"lac": lac_scores, "aps": aps_scores}


def conformal_quantile(scores: Doubles, level: float) -> float:
    """The threshold that a new score stays below with chance at least ``level``.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        Of the true labels of calibration data.
    level : float
        Between 0 and 1.

    Returns
    -------
    float
        The ``ceil((n + 1) level)``-th smallest score; infinite where n is too
        small for the level.

    Examples
    --------
    >>> conformal_quantile(np.arange(1, 20) / 20, 0.90)
    0.9
    >>> conformal_quantile(np.array([0.1, 0.2]), 0.90)
    inf
    """
    rank = int(np.ceil((len(scores) + 1) * level - 1e-9))
    if rank > len(scores):
        return float("inf")
    return float(np.partition(scores, rank - 1)[rank - 1])


@dataclass(frozen=True)
class PredictionSets:
    """Thresholds of a conformal predictor.

    Parameters
    ----------
    score : str
        "lac" or "aps".
    conditional : bool
        Whether every class has a threshold of its own, so that the coverage
        holds within each class (Vovk 2012).
    thresholds : mapping of float to tuple of float
        For each level one threshold a class.
    """

    score: str
    conditional: bool
    thresholds: Mapping[float, tuple[float, ...]]

    @classmethod
    def fit(
        cls,
        probabilities: Doubles,
        labels: Labels,
        *,
        score: str = "lac",
        conditional: bool = True,
        levels: tuple[float, ...] = LEVELS,
        unclaimed: Sequence[int] = (),
    ) -> PredictionSets:
        """Calibrate on data that fitted neither the network nor the thresholds.

        Parameters
        ----------
        probabilities : ndarray, shape (n, K)
            Calibrated.
        labels : ndarray of int, shape (n,)
        score : str
        conditional : bool
        levels : tuple of float
        unclaimed : sequence of int
            Classes for which the task claims nothing: they take the threshold
            of all rows together, for their own would let them into every set.
        """
        k = probabilities.shape[1]
        own = SCORES[score](probabilities)[np.arange(len(labels)), labels]
        return cls.fit_scores(
            own, labels, k, score=score, conditional=conditional, levels=levels,
            unclaimed=unclaimed,
        )  # fmt: skip

    @classmethod
    def fit_scores(
        cls,
        own: Doubles,
        labels: Labels,
        classes: int,
        *,
        score: str = "lac",
        conditional: bool = True,
        levels: tuple[float, ...] = LEVELS,
        unclaimed: Sequence[int] = (),
    ) -> PredictionSets:
        """As `fit`, from the scores of the true labels, where they are known already.

        Parameters
        ----------
        own : ndarray, shape (n,)
        labels : ndarray of int, shape (n,)
        classes : int
        score, conditional, levels, unclaimed
            As for `fit`.
        """
        thresholds = {}
        for level in levels:
            if conditional:
                found = [
                    conformal_quantile(own if i in unclaimed else own[labels == i], level)
                    for i in range(classes)
                ]
            else:
                found = [conformal_quantile(own, level)] * classes
            thresholds[level] = tuple(found)
        return cls(score, conditional, thresholds)

    @property
    def levels(self) -> tuple[float, ...]:
        """The chances that sets are promised with, the lower ones first."""
        return tuple(sorted(self.thresholds))

    def sets(self, probabilities: Doubles, level: float) -> npt.NDArray[np.bool_]:
        """Which labels cannot be ruled out; shape (n, K) in and out.

        A set may be empty: then no label fits at this level.
        """
        limits = np.asarray(self.thresholds[level])
        return np.asarray(SCORES[self.score](probabilities) <= limits + _ROUNDING)

    def covers(self, own: Doubles, labels: Labels, level: float) -> npt.NDArray[np.bool_]:
        """Whether the sets hold the true labels, (n,), from those labels' scores, (n,)."""
        limits = np.asarray(self.thresholds[level])
        return np.asarray(own <= limits[labels] + _ROUNDING)

    @classmethod
    def from_trust(cls, table: Mapping[str, Any]) -> PredictionSets:
        """Read the table ``prediction_sets`` of ``trust.json``."""
        return cls(
            str(table["score"]),
            bool(table["conditional"]),
            {
                float(level): tuple(float("inf") if v is None else float(v) for v in values)
                for level, values in table["thresholds"].items()
            },
        )

    def to_trust(self) -> dict[str, Any]:
        """As it stands in ``trust.json``; an infinite threshold becomes null."""
        return {
            "score": self.score,
            "conditional": self.conditional,
            "thresholds": {
                f"{level:.2f}": [v if np.isfinite(v) else None for v in values]
                for level, values in self.thresholds.items()
            },
        }


def coverage(sets: npt.NDArray[np.bool_], labels: Labels) -> npt.NDArray[np.bool_]:
    """Whether each set, (n, K), holds its row's true label, (n,)."""
    return np.asarray(sets[np.arange(len(labels)), labels])
