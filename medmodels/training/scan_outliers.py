"""Compare scores of unlikeness for scans on validation data, and keep the best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from medmodels.trust.out_of_distribution import (
    Energy,
    FeatureClassifier,
    Mahalanobis,
    NearestNeighbour,
    Score,
)

Values = npt.NDArray[np.floating[Any]]
_FALSE = 0.05


def compare_scores(
    training: Values,
    labels: npt.NDArray[np.integer[Any]],
    outliers: Mapping[str, Values],
    validation: Values,
    near: Mapping[str, Values],
    logits: Mapping[str, Values],
) -> tuple[Score, list[dict[str, Any]]]:
    """Fit every score, compare them on validation, return the best.

    Parameters
    ----------
    training : ndarray, shape (n, d)
        Features of training inputs, as they are and shifted.
    labels : ndarray of int, shape (n,)
    outliers : mapping of ndarray, shape (m, d)
        Features of made outliers by family. The classifier learns from all
        families but the one that it is judged on.
    validation : ndarray, shape (v, d)
    near : mapping of ndarray
        Validation inputs turned, inverted or cropped: what is hard.
    logits : mapping of ndarray, shape (., K)
        Of "validation", of every family and of every near kind, for the energy.

    Returns
    -------
    Score
        With the highest mean AUROC over families and near kinds.
    list of dict
        For each score ``method``, ``auroc`` (mean over families), ``near_auroc``
        and ``refused_at_5`` (share of outliers refused where 5% of validation
        inputs are).
    """
    kinds = {**outliers, **near}
    taught = np.concatenate(list(outliers.values()))
    fitted: dict[str, Score] = {
        Mahalanobis.name: Mahalanobis.fit(training, labels),
        NearestNeighbour.name: NearestNeighbour.fit(training),
        Energy.name: Energy(),
        FeatureClassifier.name: FeatureClassifier.fit(training, taught),
    }
    compared: list[dict[str, Any]] = []
    for name, score in fitted.items():
        areas, refused = {}, {}
        for kind, features in kinds.items():
            judge = score
            if name == FeatureClassifier.name and kind in outliers:
                rest = [rows for family, rows in outliers.items() if family != kind]
                judge = FeatureClassifier.fit(training, np.concatenate(rest))
            energy = name == Energy.name
            inside = judge.score(logits["validation"] if energy else validation)
            outside = judge.score(logits[kind] if energy else features)
            areas[kind] = roc_auc_score(
                np.r_[np.zeros(len(inside)), np.ones(len(outside))], np.r_[inside, outside]
            )
            refused[kind] = float((outside >= np.quantile(inside, 1 - _FALSE)).mean())
        compared.append({
            "method": name,
            "auroc": round(float(np.mean([areas[k] for k in outliers])), 5),
            "near_auroc": round(float(np.mean([areas[k] for k in near])), 5),
            "refused_at_5": round(float(np.mean([refused[k] for k in outliers])), 4),
        })  # fmt: skip
    best = max(compared, key=lambda row: row["auroc"] + row["near_auroc"])
    return fitted[best["method"]], compared
