"""Which score and which features tell ECGs from what is none, by cross-validation inside DS1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from medmodels.training.ecg_data import FOLDS
from medmodels.training.ecg_outlier_rows import LAYERS, NEAR, Recording, pooled_columns, stacked
from medmodels.training.made_signals import TRAINING
from medmodels.trust.beat_sizes import BeatSizes
from medmodels.trust.out_of_distribution import (
    Energy,
    FeatureClassifier,
    Mahalanobis,
    NearestNeighbour,
    Score,
)

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
Fit = Callable[[Values, Values], Score]

FALSE_REFUSALS: Final = 0.05
"""Share of the stretches of held-out training records that the threshold refuses."""

FEATURES: Final[dict[str, tuple[str, ...]]] = {
    "judgement": ("judgement",),
    "beat": ("beat",),
    "within_beat": ("within_beat",),
    "all three layers": LAYERS,
    "rhythm": ("rhythm",),
    "windows": ("windows",),
    "windows and rhythm": ("windows", "rhythm"),
    "windows and within_beat": ("windows", "within_beat"),
}
_STRENGTHS = (0.01, 0.003, 0.001)


@dataclass(frozen=True)
class Training:
    """All that a score may be fitted to and chosen on.

    Parameters
    ----------
    records, excerpts : sequence of Recording
        Of DS1.
    made : sequence of Recording
        Kinds of `medmodels.training.made_signals.TRAINING`.
    near : sequence of Recording
        Records of DS1 made wrong; looked at, not fitted to.
    """

    records: Sequence[Recording]
    excerpts: Sequence[Recording]
    made: Sequence[Recording]
    near: Sequence[Recording]


@dataclass(frozen=True)
class Candidate:
    """A score and the groups of features that it reads."""

    score: str
    features: str
    strength: float | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of groups in `columns`."""
        return ("logits",) if self.features == "logits" else FEATURES[self.features]

    def fit(self, rows: Values, outliers: Values) -> Score:
        """Fit to rows of ECGs (n, d) and, where the score uses them, outliers (m, d)."""
        if self.score == Mahalanobis.name:
            return Mahalanobis.fit(rows, np.zeros(len(rows), dtype=np.int64))
        if self.score == NearestNeighbour.name:
            return NearestNeighbour.fit(rows)
        if self.score == Energy.name:
            return Energy()
        if self.score == BeatSizes.name:
            return BeatSizes.fit(rows, outliers, strength=self.strength or 0.001)
        return FeatureClassifier.fit(rows, outliers, strength=self.strength or 0.01)

    def columns(self, where: dict[str, slice]) -> npt.NDArray[np.int64]:
        """Columns of a pooled row; the energy needs the mean logits alone."""
        found = pooled_columns(self.groups, where)
        return found[: len(found) // 2] if self.score == Energy.name else found


def candidates() -> list[Candidate]:
    """All that are compared."""
    found = [Candidate(Energy.name, "logits")]
    found += [Candidate(BeatSizes.name, "windows", strength) for strength in _STRENGTHS]
    for features in FEATURES:
        found += [Candidate(Mahalanobis.name, features), Candidate(NearestNeighbour.name, features)]
        found += [Candidate(FeatureClassifier.name, features, s) for s in _STRENGTHS]
    return found


def cross_validate(
    candidate: Candidate, training: Training, where: dict[str, slice],
    folds: Sequence[Sequence[str]] = FOLDS,
) -> dict[str, Doubles]:  # fmt: skip
    """Scores of stretches whose record and whose kind the score has not seen.

    With each fold of records a fifth of the made kinds is held out.

    Returns
    -------
    dict of ndarray
        "records", "excerpts", every made kind and every near kind; in the
        order of folds.
    """
    at = candidate.columns(where)
    kinds = sorted({r.kind for r in training.made}, key=list(TRAINING).index)
    found: dict[str, list[Doubles]] = {}
    for k, fold in enumerate(folds):
        held = kinds[k :: len(folds)]
        seen = [r for r in (*training.records, *training.excerpts) if r.name not in fold]
        fitted = candidate.fit(
            stacked(seen)[0][:, at],
            stacked([r for r in training.made if r.kind not in held])[0][:, at],
        )
        parts = {
            "records": [r for r in training.records if r.name in fold],
            "excerpts": [r for r in training.excerpts if r.name in fold],
            **{kind: [r for r in training.made if r.kind == kind] for kind in held},
            **{kind: [r for r in training.near if r.kind == kind and r.name in fold]
               for kind in NEAR},
        }  # fmt: skip
        for name, recordings in parts.items():
            if any(len(r.rows) for r in recordings):
                rows, _ = stacked(recordings)
                found.setdefault(name, []).append(fitted.score(rows[:, at]))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def compare(
    training: Training, where: dict[str, slice], among: Sequence[Candidate] | None = None,
    folds: Sequence[Sequence[str]] = FOLDS,
) -> list[dict[str, Any]]:  # fmt: skip
    """Cross-validate candidates.

    Returns
    -------
    list of dict
        For each: what it is; ``auroc`` of made stretches against stretches of
        records; ``refused`` of the made ones where 5% of the records' stretches
        are; that share for the worst kind; and for excerpts and near kinds.
        The best first, by the AUROC.
    """
    table = []
    for candidate in among or candidates():
        scores = cross_validate(candidate, training, where, folds)
        threshold = float(np.quantile(scores["records"], 1 - FALSE_REFUSALS))
        shares = {
            name: round(float((values >= threshold).mean()), 4) for name, values in scores.items()
        }
        kinds = [name for name in scores if name in TRAINING]
        made = np.concatenate([scores[kind] for kind in kinds])
        worst = min(kinds, key=lambda kind: shares[kind])
        truth = np.r_[np.zeros(len(scores["records"])), np.ones(len(made))]
        table.append(
            {
                "score": candidate.score,
                "features": candidate.features,
                "strength": candidate.strength,
                "auroc": round(float(roc_auc_score(truth, np.r_[scores["records"], made])), 5),
                "refused": round(float((made >= threshold).mean()), 4),
                "worst_kind": [worst, shares[worst]],
                "excerpts_refused": shares["excerpts"],
                "near_refused": {kind: shares[kind] for kind in NEAR if kind in shares},
                "threshold": threshold,
            }
        )
    return sorted(table, key=lambda row: -row["auroc"])
