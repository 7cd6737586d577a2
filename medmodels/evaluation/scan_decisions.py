"""How often scans are answered, warned about or declined, and how often that was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.metrics import Rows, ratio
from medmodels.evaluation.selective import resampled_aurc
from medmodels.trust.decision import ABSTAIN, ANSWER, WARN, Decision
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.scan_quality import ScanQuality
from medmodels.trust.scan_trust import ScanTrust

Arrays = Mapping[str, npt.NDArray[Any]]
_RESAMPLES = 200


def decide_scans(
    predictions: Arrays,
    trust: Mapping[str, Any],
    reference: Arrays,
    titles: Sequence[str],
    point: OperatingPoint,
    rows: Mapping[str, Rows],
) -> dict[str, Any]:
    """Decide every stored scan again, as the app would.

    Returns
    -------
    dict
        ``splits``: for each ``n``, ``answer``, ``warn``, ``abstain``,
        ``reasons`` (how often each was the weightiest), ``abstained`` and
        ``error`` (``all`` and ``answered``, estimates); ``selective``: the area
        under the risk-coverage curve of each.
    """
    layer = ScanTrust(trust, reference, point, titles, "")
    return counted({
        split: (judged, [_decide(layer, predictions, split, judged, i)
                         for i in range(len(judged.labels))])
        for split, judged in rows.items()
    })  # fmt: skip


def counted(decided: Mapping[str, tuple[Rows, Sequence[Decision]]]) -> dict[str, Any]:
    """Count the decisions about rows that are each decided by itself.

    Parameters
    ----------
    decided : mapping of tuple
        By split, its judged rows and the decision about each.

    Returns
    -------
    dict
        As `decide_scans`.
    """
    splits, selective = {}, {}
    for split, (judged, decisions) in decided.items():
        wrong = judged.predicted != judged.labels
        answered = np.array([decision.kind != ABSTAIN for decision in decisions])
        everything = np.ones(len(decisions), bool)
        kinds = Counter(decision.kind for decision in decisions)
        reasons = Counter(decision.reasons[0].code for decision in decisions if decision.reasons)
        splits[split] = {
            "n": len(decisions),
            **{kind: kinds[kind] for kind in (ANSWER, WARN, ABSTAIN)},
            "reasons": dict(reasons.most_common()),
            "abstained": share(~answered, everything, judged.groups),
            "error": {
                "all": share(wrong, everything, judged.groups),
                "answered": share(wrong, answered, judged.groups),
            },
        }
        selective[split] = {"aurc": area_of(judged)}
    return {"splits": splits, "selective": selective}


def _decide(layer: ScanTrust, predictions: Arrays, split: str, rows: Rows, i: int) -> Decision:
    """The decision about one stored scan."""
    assert rows.probabilities is not None
    return layer.verdict(
        score=float(predictions[f"{split}/unlike"][i]),
        lies=predictions[f"{split}/lies"][i].astype(np.float64),
        quality=ScanQuality(*map(float, predictions[f"{split}/quality"][i])),
        probabilities=rows.probabilities[i],
        low=predictions[f"{split}/low"][i].astype(np.float64),
        high=predictions[f"{split}/high"][i].astype(np.float64),
    ).decision


def area_of(rows: Rows) -> dict[str, float | None]:
    """Area under the risk-coverage curve by confidence in the decided class."""
    assert rows.probabilities is not None
    at = np.arange(len(rows.labels))
    confidence = rows.probabilities[at, rows.predicted]
    right = rows.labels == rows.predicted
    names, index = np.unique(rows.groups, return_inverse=True)
    weights = group_weights(len(names), resamples=_RESAMPLES)
    return estimate(resampled_aurc(confidence, right, index, weights)).to_dict()


def share(
    of: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_], groups: npt.NDArray[np.str_]
) -> dict[str, float | None]:
    """Share of some rows among others, with its interval over groups."""
    names, index = np.unique(groups, return_inverse=True)
    weights = group_weights(len(names))
    total = weights @ np.bincount(index, among.astype(float))
    return estimate(ratio(weights @ np.bincount(index, of & among), total)).to_dict()
