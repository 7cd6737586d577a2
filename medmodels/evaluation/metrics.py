"""Metrics of a classifier from plain arrays, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.roc_area import resampled_auc

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def group_confusions(labels: Integers, predicted: Integers, groups: Integers, k: int) -> Floats:
    """Confusion matrix of each group.

    Parameters
    ----------
    labels, predicted : ndarray, int64, shape (n,)
        Classes 0 to ``k - 1``.
    groups : ndarray, int64, shape (n,)
        Group index of each row, 0 to the number of groups less one.
    k : int
        Number of classes.

    Returns
    -------
    ndarray, float64, shape (n_groups, k, k)
        Rows are the reference, columns the prediction.
    """
    cells = (groups * k + labels) * k + predicted
    n_groups = int(groups.max()) + 1
    return np.bincount(cells, minlength=n_groups * k * k).reshape(n_groups, k, k).astype(float)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Divide arrays of the same shape; NaN where the whole is 0."""
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def sensitivities(confusions: Floats) -> Floats:
    """Share of each reference class that was found; (..., k, k) to (..., k)."""
    return ratio(np.diagonal(confusions, axis1=-2, axis2=-1), confusions.sum(axis=-1))


def predictive_values(confusions: Floats) -> Floats:
    """Share of each predicted class that is right (PPV); (..., k, k) to (..., k)."""
    return ratio(np.diagonal(confusions, axis1=-2, axis2=-1), confusions.sum(axis=-2))


def f1_scores(confusions: Floats) -> Floats:
    """Harmonic mean of sensitivity and PPV; (..., k, k) to (..., k)."""
    hits = np.diagonal(confusions, axis1=-2, axis2=-1)
    return ratio(2 * hits, confusions.sum(axis=-1) + confusions.sum(axis=-2))


def accuracies(confusions: Floats) -> Floats:
    """Share of rows that are right; (..., k, k) to (...)."""
    hits = np.trace(confusions, axis1=-2, axis2=-1)
    return ratio(np.asarray(hits), confusions.sum(axis=(-2, -1)))


def balanced_accuracies(confusions: Floats) -> Floats:
    """Mean sensitivity over the classes that occur; (..., k, k) to (...)."""
    found = sensitivities(confusions)
    occurs = ~np.isnan(found)
    return ratio(np.nansum(found, axis=-1), occurs.sum(axis=-1).astype(float))


@dataclass(frozen=True)
class Rows:
    """Predictions to be judged.

    Parameters
    ----------
    labels, predicted : ndarray, int64, shape (n,)
    groups : ndarray of str, shape (n,)
        Patient or record of each row.
    probabilities : ndarray, float64, shape (n, K) or None
        Needed for areas under the curve.
    """

    labels: Integers
    predicted: Integers
    groups: npt.NDArray[np.str_]
    probabilities: Floats | None = None

    def where(self, keep: npt.NDArray[np.bool_]) -> Rows:
        """Only the rows that are to be kept."""
        chosen = None if self.probabilities is None else self.probabilities[keep]
        return Rows(self.labels[keep], self.predicted[keep], self.groups[keep], chosen)


def evaluate_rows(rows: Rows, classes: tuple[str, ...]) -> dict[str, Any]:
    """Every metric of one split, with 95% intervals over its groups.

    Parameters
    ----------
    rows : Rows
        Labels all within 0 to ``len(classes) - 1``.
    classes : tuple of str

    Returns
    -------
    dict
        ``n``, ``groups``, ``confusion``, ``accuracy``, ``balanced_accuracy``,
        ``macro_f1`` (more than two classes: the mean of their F1), ``auc`` (two
        classes: of the last; more: mean of one against the rest)
        and, under ``classes``, ``n``, ``sensitivity``, ``ppv``, ``f1``, ``auc``
        of each. Every estimate is ``{"value", "low", "high"}``.
    """
    k = len(classes)
    names, index = np.unique(rows.groups, return_inverse=True)
    per_group = group_confusions(rows.labels, rows.predicted, index, k)
    weights = group_weights(len(names))
    resampled = np.einsum("rg,gij->rij", weights, per_group)
    by_class = {
        "sensitivity": sensitivities(resampled),
        "ppv": predictive_values(resampled),
        "f1": f1_scores(resampled),
    }
    result: dict[str, Any] = {
        "n": len(rows.labels),
        "groups": len(names),
        "confusion": resampled[0].astype(int).tolist(),
        "accuracy": estimate(accuracies(resampled)).to_dict(),
        "balanced_accuracy": estimate(balanced_accuracies(resampled)).to_dict(),
        "classes": {
            name: {"n": int(resampled[0][i].sum())}
            | {metric: estimate(values[:, i]).to_dict() for metric, values in by_class.items()}
            for i, name in enumerate(classes)
        },
    }
    if k > 2:
        result["macro_f1"] = estimate(by_class["f1"].mean(axis=-1)).to_dict()
    if rows.probabilities is not None:
        areas = [
            resampled_auc((rows.labels == i).astype(int), rows.probabilities[:, i], index, weights)
            for i in range(k)
        ]
        for name, values in zip(classes, areas, strict=True):
            result["classes"][name]["auc"] = estimate(values).to_dict()
        overall = areas[-1] if k == 2 else np.mean(areas, axis=0)
        result["auc"] = estimate(overall).to_dict()
    return result
