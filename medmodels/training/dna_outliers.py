"""Compare scores of unlikeness for windows of bases inside the training data, and keep the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.training.dna_data import Windows, fold_of
from medmodels.training.dna_letters import TEACHING, drawn, shuffled
from medmodels.training.scan_outliers import compare_scores
from medmodels.trust.base_trust import LETTERS, NETWORK, outlier_rows
from medmodels.trust.out_of_distribution import (
    Energy,
    FeatureClassifier,
    Mahalanobis,
    NearestNeighbour,
    Score,
)

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
Run = Callable[[Floats], tuple[Floats, Floats]]

READS: Final = (LETTERS, NETWORK, f"{LETTERS}+{NETWORK}")
_FOLDS, _SEED = 5, 11
# Where two are as good as this, the simpler description is kept.
_TIE = 0.005


@dataclass(frozen=True)
class Outliers:
    """The score that was chosen.

    Parameters
    ----------
    score : Score
        Fitted to all training windows and all families of made letters.
    reads : str
        What it reads, see `medmodels.trust.base_trust.outlier_rows`.
    held_out : ndarray, float64, shape (n,)
        Score of each training window when its GenBank entry was left out.
    candidates : list of dict
        What was compared, the best of each method.
    """

    score: Score
    reads: str
    held_out: Doubles
    candidates: list[dict[str, Any]]


def choose_outliers(windows: Windows, run: Run, each: int) -> Outliers:
    """Compare every score on every description of the windows, and fit the best.

    A fifth of the GenBank entries is left out to compare on. The classifier is judged
    on families of made letters that it has not learned from.

    Parameters
    ----------
    windows : Windows
        Of the training; the network has seen them all, so that descriptions by it
        flatter it here.
    run : callable
        From windows (n, 60, 4) to logits (n, K) and features (n, F).
    each : int
        Windows of each family of made letters.
    """
    bases = {
        "own": windows.bases,
        "near": shuffled(windows.bases, _SEED),
        **{name: drawn(draw, each, _SEED + k) for k, (name, draw) in enumerate(TEACHING.items())},
    }
    read = {name: run(some) for name, some in bases.items()}
    folds = fold_of(windows.groups, _FOLDS, _SEED)
    out = folds == 0
    table: list[dict[str, Any]] = []
    for reads in READS:
        rows = {name: outlier_rows(reads, some, read[name][1]) for name, some in bases.items()}
        logits = {name: z for name, (z, _) in read.items()} | {"validation": read["own"][0][out]}
        _, compared = compare_scores(
            rows["own"][~out], windows.labels[~out], {name: rows[name] for name in TEACHING},
            rows["own"][out], {"near": rows["near"][out]},
            logits | {"near": read["near"][0][out]},
        )  # fmt: skip
        table += [row | {"features": reads} for row in compared]
    usable = [row for row in table if row["method"] != Energy.name]
    good = [row for row in usable if _worth(row) >= max(map(_worth, usable)) - _TIE]
    best = min(good, key=lambda row: (READS.index(row["features"]), -_worth(row)))
    rows = {name: outlier_rows(best["features"], some, read[name][1])
            for name, some in bases.items()}  # fmt: skip
    taught = np.concatenate([rows[name] for name in TEACHING])
    held_out = np.empty(len(windows))
    for fold in range(_FOLDS):
        score = fitted(best["method"], rows["own"][folds != fold],
                       windows.labels[folds != fold], taught)  # fmt: skip
        held_out[folds == fold] = score.score(rows["own"][folds == fold])
    score = fitted(best["method"], rows["own"], windows.labels, taught)
    return Outliers(score, best["features"], held_out, _best_of_each(table))


def fitted(method: str, rows: Values, labels: npt.NDArray[Any], taught: Values) -> Score:
    """Fit a score by its name."""
    makers: Mapping[str, Callable[[], Score]] = {
        Mahalanobis.name: lambda: Mahalanobis.fit(rows, labels),
        NearestNeighbour.name: lambda: NearestNeighbour.fit(rows),
        FeatureClassifier.name: lambda: FeatureClassifier.fit(rows, taught),
    }
    return makers[method]()


def _worth(row: Mapping[str, Any]) -> float:
    return float(row["auroc"] + row["near_auroc"])


def _best_of_each(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The best row of each method; the best first."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(table, key=_worth, reverse=True):
        found.setdefault(row["method"], row)
    return list(found.values())
