"""What a fitted out-of-distribution score does on test recordings, and what a bundle keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from medmodels.training.ecg_outlier_choice import FALSE_REFUSALS, Candidate
from medmodels.training.ecg_outlier_rows import NEAR, Recording
from medmodels.training.made_signals import TEST
from medmodels.training.trust_parts import TrustParts
from medmodels.trust.out_of_distribution import Score
from medmodels.trust.stretches import BEATS, REFUSED_SHARE

Arrays = dict[str, npt.NDArray[Any]]
Doubles = npt.NDArray[np.float64]

SPLITS: Final = ("test", "external")
NO_BEAT: Final = 1e6


@dataclass(frozen=True)
class Fitted:
    """A fitted score, its threshold, the columns it reads, and the held-out scores behind it."""

    candidate: Candidate
    score: Score
    threshold: float
    columns: npt.NDArray[np.int64]
    held_out: Doubles

    def scores(self, recording: Recording) -> Doubles:
        """One score a stretch; none where no beat was found."""
        if not len(recording.rows):
            return np.zeros(0)
        return self.score.score(recording.rows[:, self.columns])

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
    return float(np.median(scores)) if len(scores) else NO_BEAT


def _auroc(own: Doubles, other: Doubles) -> float:
    truth = np.r_[np.zeros(len(own)), np.ones(len(other))]
    return round(float(roc_auc_score(truth, np.r_[own, other])), 5)


def for_bundle(
    fitted: Fitted, table: list[dict[str, Any]], test: Mapping[str, Sequence[Recording]]
) -> TrustParts:
    """What a bundle keeps.

    Parameters
    ----------
    fitted : Fitted
    table : list of dict
        What was compared, from `medmodels.training.ecg_outlier_choice.compare`.
    test : mapping of str to sequence of Recording
        "test" and "external" are splits; every other name is a kind of outlier,
        or the samples.

    Returns
    -------
    TrustParts
        ``trust`` is the table "out_of_distribution" of ``trust.json``. Scores
        are stored a stretch: ``<split>/unlike`` with the record of each in
        ``<split>/unlike_groups``, ``ood/<kind>/unlike`` with
        ``ood/<kind>/recording``. A recording in which no beat was found has
        one score, `NO_BEAT`: the reader refuses it.
    """
    quantiles = np.quantile(fitted.held_out, np.linspace(0, 1, 201))
    kinds = [kind for kind in test if kind not in SPLITS]
    trust = {
        "method": fitted.score.name,
        "refuse": round(fitted.threshold, 5),
        "validation_quantiles": [float(f"{value:.5g}") for value in quantiles],
        "beats_in_a_stretch": BEATS,
        "refused_share": REFUSED_SHARE,
        "strength": fitted.candidate.strength,
        "why": f"Refused from the score that {FALSE_REFUSALS:.0%} of the stretches of training "
        "records reach, each scored without its record and without some kinds of outliers.",
        "candidates": best_of_each(table),
        "kinds": [{"name": _file_name(k), "title": k[:1].upper() + k[1:], "group": group_of(k)}
                  for k in kinds],
    }  # fmt: skip
    reference = {f"unlike/{name}": values for name, values in fitted.score.arrays().items()}
    predictions: Arrays = {}
    for kind, recordings in test.items():
        parts = [fitted.scores(r) if len(r.rows) else np.array([NO_BEAT]) for r in recordings]
        owners = [np.full(len(p), r.name) for p, r in zip(parts, recordings, strict=True)]
        where = f"{kind}/unlike" if kind in SPLITS else f"ood/{_file_name(kind)}/unlike"
        beside = f"{kind}/unlike_groups" if kind in SPLITS else f"ood/{_file_name(kind)}/recording"
        predictions[where] = np.concatenate(parts).astype(np.float32)
        predictions[beside] = np.concatenate(owners).astype(np.str_)
    return TrustParts(trust, reference, predictions)


def best_of_each(table: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The best row of each score, with what it reads; the best first."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(table, key=lambda row: -row["auroc"]):
        found.setdefault(row["score"], {
            "method": row["score"], "features": row["features"],
            "auroc": row["auroc"], "refused_at_5": row["refused"],
        })  # fmt: skip
    return list(found.values())


def group_of(kind: str) -> str:
    """Whether a kind is another biosignal, no medical signal, near to an ECG, or one."""
    if kind in NEAR:
        return "near"
    if kind not in TEST:
        return "samples"
    return "other modality" if TEST[kind].__module__.endswith("biosignals") else "not medical"


def _file_name(kind: str) -> str:
    return kind.lower().replace(" ", "_")
