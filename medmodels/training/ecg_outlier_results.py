"""What a fitted out-of-distribution score does on test recordings, and what a bundle keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from medmodels.training.ecg_outlier_choice import FALSE_REFUSALS, Candidate
from medmodels.training.ecg_outlier_rows import Recording
from medmodels.training.made_signals import TEST
from medmodels.trust.out_of_distribution import Score
from medmodels.trust.stretches import BEATS, REFUSED_SHARE

Arrays = dict[str, npt.NDArray[Any]]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A fitted score with its threshold and what it reads of a pooled row."""

    candidate: Candidate
    score: Score
    threshold: float
    where: dict[str, slice]

    def scores(self, recording: Recording) -> Doubles:
        """One score a stretch; none where no beat was found."""
        if not len(recording.rows):
            return np.zeros(0)
        return self.score.score(self.candidate.take(recording.rows, self.where))

    def refuses(self, recording: Recording) -> bool:
        """Whether most beats lie in refused stretches, or there is no beat at all."""
        beyond = self.scores(recording) >= self.threshold
        total = recording.beats.sum()
        return not total or recording.beats[beyond].sum() / total > REFUSED_SHARE


def measure(fitted: Fitted, test: Mapping[str, Sequence[Recording]]) -> dict[str, Any]:
    """What the score does on what it was tested on.

    Returns
    -------
    dict
        ``made``: AUROC of the stretches of all made test kinds against DS2's,
        the same for whole recordings (their median stretch; without a beat
        beyond all others), and the share refused at the threshold that refuses
        exactly 5% of DS2's stretches. ``kinds``: for each the share of
        stretches and of recordings refused at the shipped threshold, and the
        AUROC of its stretches.
    """
    scores = {kind: [fitted.scores(r) for r in rs] for kind, rs in test.items()}
    joined = {kind: np.concatenate(parts) for kind, parts in scores.items()}
    own = joined["test"]
    made = np.concatenate([joined[kind] for kind in TEST if kind in joined])
    at_five = float(np.quantile(own, 1 - FALSE_REFUSALS))
    kinds = {}
    for kind, values in joined.items():
        refused = [fitted.refuses(r) for r in test[kind]]
        kinds[kind] = {
            "recordings": len(refused),
            "without_a_beat": sum(not len(r.rows) for r in test[kind]),
            "recordings_refused": round(float(np.mean(refused)), 4),
            "stretches": len(values),
            "stretches_refused": round(float((values >= fitted.threshold).mean()), 4)
            if len(values)
            else None,
            "auroc": _auroc(own, values) if kind != "test" and len(values) else None,
        }
    whole = [_whole(part) for kind in TEST for part in scores.get(kind, [])]
    return {
        "threshold_at_5_percent_of_test": round(at_five, 5),
        "made": {
            "auroc_stretches": _auroc(own, made),
            "auroc_recordings": _auroc(
                np.array([_whole(part) for part in scores["test"]]), np.array(whole)
            ),
            "stretches_refused_at_5_percent": round(float((made >= at_five).mean()), 4),
            "stretches_refused": round(float((made >= fitted.threshold).mean()), 4),
        },
        "kinds": kinds,
    }


def _whole(scores: Doubles) -> float:
    """One score a recording; no beat at all is less like an ECG than anything."""
    return float(np.median(scores)) if len(scores) else 1e9


def _auroc(own: Doubles, other: Doubles) -> float:
    truth = np.r_[np.zeros(len(own)), np.ones(len(other))]
    return round(float(roc_auc_score(truth, np.r_[own, other])), 5)


def for_bundle(
    fitted: Fitted, table: list[dict[str, Any]], test: Mapping[str, Sequence[Recording]]
) -> tuple[dict[str, Any], Arrays, Arrays]:
    """What a bundle keeps.

    Returns
    -------
    trust : dict
        For ``trust.json``, under "out_of_distribution".
    reference : dict of ndarray
        For ``reference.npz``: the score's arrays, ``ood/<name>``.
    predictions : dict of ndarray
        For ``predictions.npz``: ``ood/<kind>/score`` and, to know whose
        stretch is whose, ``ood/<kind>/recording``; a recording without a beat
        has one score of infinity.
    """
    trust = {
        "score": fitted.candidate.score,
        "features": fitted.candidate.features,
        "strength": fitted.candidate.strength,
        "beats_in_a_stretch": BEATS,
        "refused_share": REFUSED_SHARE,
        "threshold": round(fitted.threshold, 6),
        "chosen_on": "DS1, cross-validated by record with made kinds held out; the threshold "
        f"refuses {FALSE_REFUSALS:.0%} of the stretches of held-out records",
        "compared": table,
    }
    reference = {f"ood/{name}": values for name, values in fitted.score.arrays().items()}
    predictions: Arrays = {}
    for kind, recordings in test.items():
        parts = [fitted.scores(r) if len(r.rows) else np.array([np.inf]) for r in recordings]
        predictions[f"ood/{kind}/score"] = np.concatenate(parts).astype(np.float32)
        names = [np.full(len(p), r.name) for p, r in zip(parts, recordings, strict=True)]
        predictions[f"ood/{kind}/recording"] = np.concatenate(names).astype(np.str_)
    return trust, reference, predictions
