"""What the trust layer is worth, computed from stored predictions alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Card
from medmodels.evaluation.base_decisions import decide_bases
from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.calibration_results import calibration_results
from medmodels.evaluation.metrics import Rows, ratio
from medmodels.evaluation.roc_area import weighted_auc
from medmodels.evaluation.scan_decisions import decide_scans
from medmodels.evaluation.set_results import set_results
from medmodels.evaluation.signal_decisions import decide_signals
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.unlike import MIRRORED, UPRIGHT, turn_of

Arrays = Mapping[str, npt.NDArray[Any]]
Doubles = npt.NDArray[np.float64]

SPLITS = ("validation", "cross_validation", "test", "external")
_FALSE = 0.05
_RESAMPLES = 200


def trust_results(
    predictions: Arrays,
    trust: Mapping[str, Any],
    reference: Arrays,
    card: Card,
    point: OperatingPoint,
    rows_of: Callable[[str], Rows],
) -> dict[str, Any]:
    """Everything under ``trust`` in a bundle's ``evaluation.json``.

    Parameters
    ----------
    predictions : mapping of ndarray
        The bundle's stored predictions.
    trust : mapping
        Its ``trust.json``.
    reference : mapping of ndarray
        Its ``reference.npz``.
    card : Card
    point : OperatingPoint
    rows_of : callable
        From a split's name to its judged rows.

    Returns
    -------
    dict
        ``calibration``, ``prediction_sets``, ``intervals``,
        ``out_of_distribution`` and ``decision``, JSON-ready; every estimate is
        ``{"value", "low", "high"}``.
    """
    present = [split for split in SPLITS if f"{split}/logits" in predictions]
    rows = {split: rows_of(split) for split in present}
    if card.kind == "signal":
        decided = decide_signals(predictions, trust, rows)
    else:
        titles = [entry.title for entry in card.classes]
        decide = decide_bases if card.kind == "sequence" else decide_scans
        decided = decide(predictions, trust, reference, titles, point, rows)
    return {
        "calibration": calibration_results(predictions, trust, rows, point),
        "prediction_sets": set_results(trust, rows, card.class_names),
        "intervals": {"splits": {
            split: _widths(predictions, split, point) for split in present
            if f"{split}/low" in predictions
        }},
        "out_of_distribution": _outliers(predictions, trust, present),
        "decision": decided,
    }  # fmt: skip


def _widths(predictions: Arrays, split: str, point: OperatingPoint) -> dict[str, Any]:
    """Widths of the probability's interval.

    Stored are all classes where one has a threshold, then it is that class's;
    otherwise the decided class alone.
    """
    low, high = (predictions[f"{split}/{side}"].astype(np.float64) for side in ("low", "high"))
    if point.positive is not None:
        low, high = low[:, point.positive], high[:, point.positive]
    width = high - low
    found: dict[str, Any] = {
        "n": len(width),
        "median_width": round(float(np.median(width)), 5),
        "ninetieth_percentile": round(float(np.quantile(width, 0.9)), 5),
    }
    if point.positive is not None and point.threshold is not None:
        over = (low < point.threshold) & (high >= point.threshold)
        found["over_the_operating_point"] = round(float(over.mean()), 5)
    return found


def _outliers(predictions: Arrays, trust: Mapping[str, Any], present: list[str]) -> dict[str, Any]:
    table = trust["out_of_distribution"]
    refuse = float(table["refuse"])
    names = tuple(trust.get("turns", {}).get("names", (UPRIGHT,)))
    inside = predictions["test/unlike"].astype(np.float64)
    at_five = float(np.quantile(inside, 1 - _FALSE))
    kinds = []
    for kind in table["kinds"]:
        outside = predictions[f"ood/{kind['name']}/unlike"].astype(np.float64)
        lies = predictions.get(f"ood/{kind['name']}/lies")
        owners = predictions.get(f"ood/{kind['name']}/recording")
        refused = _whole(outside, owners) >= refuse
        if lies is not None:
            turned = np.array([turn_of(row, names) not in (UPRIGHT, MIRRORED) for row in lies])
            refused = refused | turned
        kinds.append(kind | {
            "n": len(outside),
            **({} if owners is None else {"recordings": len(refused)}),
            "auroc": _auroc(inside, outside),
            "refused": _share(refused),
            "refused_at_5": round(float((outside >= at_five).mean()), 5),
        })  # fmt: skip
    splits = {}
    for split in present:
        if f"{split}/unlike" not in predictions:
            continue
        scores = predictions[f"{split}/unlike"].astype(np.float64)
        groups = predictions.get(f"{split}/unlike_groups", predictions[f"{split}/groups"])
        splits[split] = {"n": len(scores), "flagged": _share(scores >= refuse, groups)}
    return {
        "method": table["method"],
        "why": table["why"],
        "candidates": table["candidates"],
        "threshold": refuse,
        "kinds": kinds,
        "splits": splits,
    }


def _whole(scores: Doubles, owners: npt.NDArray[Any] | None) -> Doubles:
    """One score an input: of a recording the median of its stretches."""
    if owners is None:
        return scores
    return np.array([np.median(scores[owners == name]) for name in np.unique(owners)])


def _auroc(inside: Doubles, outside: Doubles) -> dict[str, float | None]:
    """Chance that an outlier scores higher, with an interval over rows."""
    labels = np.r_[np.zeros(len(inside), int), np.ones(len(outside), int)]
    area = weighted_auc(labels, np.r_[inside, outside])
    weights = group_weights(len(labels), resamples=_RESAMPLES)
    return estimate(np.array([area(row) for row in weights])).to_dict()


def _share(
    hits: npt.NDArray[np.bool_], groups: npt.NDArray[Any] | None = None
) -> dict[str, float | None]:
    """A share with its interval over groups, or over rows."""
    names, index = np.unique(
        np.arange(len(hits)) if groups is None else groups, return_inverse=True
    )
    weights = group_weights(len(names))
    counts = np.bincount(index).astype(float)
    return estimate(ratio(weights @ np.bincount(index, hits), weights @ counts)).to_dict()
