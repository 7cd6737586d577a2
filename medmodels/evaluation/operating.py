"""How well any threshold does on stored predictions, fast enough for a slider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import RESAMPLES, SEED, Estimate, estimate, group_weights
from medmodels.evaluation.metrics import ratio
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.predictive_values import (
    negative_predictive_value,
    positive_predictive_value,
)

Floats = npt.NDArray[np.float64]
Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Performance:
    """What one rule did on some data.

    Parameters
    ----------
    threshold : float or None
        None for a rule that is no threshold on this class's probability.
    found, ill, alarmed, well : int
        Alarms among those who have it, and how many they are; alarms among
        those who do not, and how many they are.
    sensitivities, specificities : ndarray, float64, shape (resamples + 1,)
        First on the data as they are, then of each bootstrap sample of whole
        patients or records; the same row of both is the same sample.
    """

    threshold: float | None
    found: int
    ill: int
    alarmed: int
    well: int
    sensitivities: Floats
    specificities: Floats

    @cached_property
    def sensitivity(self) -> Estimate:
        """Share of those who have it that is found, with its 95% interval."""
        return _estimate(self.sensitivities)

    @cached_property
    def specificity(self) -> Estimate:
        """Share of those who do not have it that is left alone, with its 95% interval."""
        return _estimate(self.specificities)

    def predictive_values(self, prevalence: float) -> tuple[Estimate, Estimate]:
        """PPV and NPV where this share has it, with 95% intervals.

        Every resampled pair of sensitivity and specificity is carried through
        Bayes' theorem. The prevalence is taken as known.

        Parameters
        ----------
        prevalence : float
            In 0 to 1.
        """
        pair = self.sensitivities, self.specificities
        return (
            _estimate(positive_predictive_value(*pair, prevalence)),
            _estimate(negative_predictive_value(*pair, prevalence)),
        )


class JudgedScores:
    """One class against the rest, ready to be judged at any threshold.

    Rows are sorted once; a threshold then costs one count of the rows above it
    per patient or record, and two products with the bootstrap weights.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        Probability of the class.
    positives : ndarray of bool, shape (n,)
    groups : ndarray, shape (n,)
        Patient or record of each row.
    resamples : int
    """

    def __init__(
        self,
        scores: npt.NDArray[np.floating[Any]],
        positives: npt.NDArray[np.bool_],
        groups: npt.NDArray[Any],
        resamples: int = RESAMPLES,
    ) -> None:
        names, index = np.unique(groups, return_inverse=True)
        self._n_groups = len(names)
        cells = 2 * index + np.asarray(positives, dtype=np.int64)
        order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
        self._order = order
        self._falling = np.asarray(scores, dtype=np.float64)[order]
        self._cells = cells[order]
        self._weights = group_weights(self._n_groups, resamples)
        self._totals = self._count(self._cells)
        self._resampled_totals = self._weights @ self._totals

    def __len__(self) -> int:
        return len(self._falling)

    @property
    def share(self) -> float:
        """Share of the rows that have it."""
        return float(self._totals[:, 1].sum() / max(len(self), 1))

    def at(self, threshold: float) -> Performance:
        """Judge the rule "alarm from this probability upwards"."""
        above = int(np.searchsorted(-self._falling, -threshold, side="right"))
        return self._judge(self._count(self._cells[:above]), threshold)

    def of(self, alarms: npt.NDArray[np.bool_]) -> Performance:
        """Judge a rule by its alarms, shape (n,), in the order of the rows."""
        chosen = np.asarray(alarms, dtype=bool)[self._order]
        return self._judge(self._count(self._cells[chosen]), None)

    def roc(self, most: int = 800) -> tuple[Floats, Floats]:
        """Corners of the ROC curve, thinned evenly along it where there are too many to draw.

        Returns
        -------
        false_alarms, found : ndarray, float64, shape (m,)
            1 - specificity and sensitivity, rising from 0 to 1; ``m`` is at
            most ``most + 1``.
        """
        ends = np.r_[np.flatnonzero(np.diff(self._falling)), len(self) - 1]
        hits = np.r_[0, np.cumsum(self._cells % 2)[ends]]
        misses = np.r_[0, ends + 1] - hits
        turns = np.diff(hits)[1:] * np.diff(misses)[:-1] != np.diff(misses)[1:] * np.diff(hits)[:-1]
        corners = np.r_[True, turns, True]
        found = hits[corners] / max(hits[-1], 1)
        false_alarms = misses[corners] / max(misses[-1], 1)
        if len(found) > most:
            along = found + false_alarms
            kept = np.searchsorted(along, np.linspace(0, along[-1], most))
            kept = np.union1d(np.minimum(kept, len(along) - 1), [len(along) - 1])
            found, false_alarms = found[kept], false_alarms[kept]
        return false_alarms, found

    def _count(self, cells: npt.NDArray[np.int64]) -> Floats:
        """Rows of each group without the class and with it; shape (n_groups, 2)."""
        counts = np.bincount(cells, minlength=2 * self._n_groups)
        return counts.reshape(-1, 2).astype(np.float64)

    def _judge(self, alarms: Floats, threshold: float | None) -> Performance:
        resampled = ratio(self._weights @ alarms, self._resampled_totals)
        alarmed, found = (int(n) for n in alarms.sum(axis=0))
        well, ill = (int(n) for n in self._totals.sum(axis=0))
        with_well, with_ill = (int(n) for n in (self._totals > 0).sum(axis=0))
        return Performance(
            threshold, found, ill, alarmed, well,
            sensitivities=_open_ended(resampled[:, 1], with_ill),
            specificities=_open_ended(1 - resampled[:, 0], with_well),
        )  # fmt: skip


def judged_split(
    predictions: Arrays, split: str, label: int, point: OperatingPoint
) -> tuple[JudgedScores, Performance]:
    """One split of a bundle's stored predictions, one class against the rest.

    Parameters
    ----------
    predictions : mapping of arrays
        As in `medmodels.evaluation.evaluate.evaluate_predictions`.
    split : str
    label : int
        The class.
    point : OperatingPoint
        The bundle's own.

    Returns
    -------
    scores : JudgedScores
    own : Performance
        Of the bundle's own rule, whatever that is.
    """
    logits, positives, groups = _rows(predictions, split, label)
    scores = JudgedScores(point.probabilities(logits)[:, label], positives, groups)
    own = scores.of(point.labels(logits) == label)
    return scores, own


def choosing_scores(
    predictions: Arrays, label: int, point: OperatingPoint
) -> tuple[Floats, npt.NDArray[np.bool_], tuple[int, int]]:
    """Probabilities to choose thresholds on: validation, and its shifted copies if stored.

    Returns
    -------
    scores : ndarray, float64, shape (n,)
    positives : ndarray of bool, shape (n,)
    counts : tuple of int
        Rows as they are, and rows that are shifted copies of them.
    """
    parts = [
        _rows(predictions, split, label)
        for split in ("validation", "shifted")
        if f"{split}/logits" in predictions
    ]
    logits = np.concatenate([part[0] for part in parts])
    positives = np.concatenate([part[1] for part in parts])
    plain = len(parts[0][1])
    return point.probabilities(logits)[:, label], positives, (plain, len(positives) - plain)


def _rows(
    predictions: Arrays, split: str, label: int
) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[Any]]:
    """Logits, truth and groups of the rows whose label is one of the classes."""
    logits = np.asarray(predictions[f"{split}/logits"], dtype=np.float64)
    labels = predictions[f"{split}/labels"].astype(np.int64)
    keep = (labels >= 0) & (labels < logits.shape[1])
    return logits[keep], labels[keep] == label, predictions[f"{split}/groups"][keep]


def _open_ended(rates: Floats, groups: int) -> Floats:
    """Give resamples a spread where the data hold no error at all, or nothing but errors.

    There the bootstrap can only repeat what it was given, and its interval
    would shrink to a point. Jeffreys' posterior, with patients or records and
    not rows as its trials, stands in (Brown, Cai and DasGupta 2001).
    """
    if rates[0] not in (0.0, 1.0):
        return rates
    drawn = np.random.default_rng(SEED).beta(groups + 0.5, 0.5, size=len(rates) - 1)
    return np.r_[rates[0], drawn if rates[0] == 1.0 else 1 - drawn]


def _estimate(values: Floats) -> Estimate:
    """As `estimate`, with an interval that always holds the value."""
    found = estimate(values)
    return Estimate(found.value, min(found.low, found.value), max(found.high, found.value))
