"""How often recordings are read, warned about or declined, and how many beats are in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.metrics import Rows
from medmodels.evaluation.scan_decisions import area_of, share
from medmodels.trust.decision import ABSTAIN, ANSWER, WARN, Decision
from medmodels.trust.prediction_sets import PredictionSets

Arrays = Mapping[str, npt.NDArray[Any]]


def decide_signals(
    predictions: Arrays, trust: Mapping[str, Any], rows: Mapping[str, Rows]
) -> dict[str, Any]:
    """Count the decisions about recordings, which are stored, and about their beats.

    A recording is answered, warned about or declined as a whole; a beat is in
    doubt when at 95% not exactly one label is left.

    Returns
    -------
    dict
        As `decide_scans`; ``n`` counts recordings, ``beats`` says how many beats
        were read and in doubt, and ``error`` is that of all beats and of those
        in recordings that are answered and not in doubt.
    """
    sets = PredictionSets.from_trust(trust["prediction_sets"])
    splits, selective = {}, {}
    for split, judged in rows.items():
        selective[split] = {"aurc": area_of(judged)}
        if f"{split}/records" not in predictions:
            continue
        kinds = predictions[f"{split}/records_decision"].astype(str)
        names = predictions[f"{split}/records"].astype(str)
        reasons = predictions[f"{split}/records_reason"].astype(str)
        assert judged.probabilities is not None
        clear = sets.sets(judged.probabilities, sets.levels[-1]).sum(axis=1) == 1
        answered = np.isin(judged.groups, names[kinds != ABSTAIN])
        wrong = judged.predicted != judged.labels
        everything = np.ones(len(wrong), dtype=bool)
        counted = Counter(kinds.tolist())
        splits[split] = {
            "n": len(names),
            **{kind: counted[kind] for kind in (ANSWER, WARN, ABSTAIN)},
            "reasons": dict(Counter(filter(None, reasons.tolist())).most_common()),
            "beats": {
                "n": len(wrong),
                "answered": int(answered.sum()),
                "in_doubt": share(~clear, answered, judged.groups),
            },
            "error": {
                "all": share(wrong, everything, judged.groups),
                "answered": share(wrong, answered & clear, judged.groups),
            },
        }
    return {"splits": splits, "selective": selective}


def decision_row(decision: Decision) -> tuple[str, str]:
    """A decision as it is stored: its kind and the code of its weightiest reason."""
    return decision.kind, decision.reasons[0].code if decision.reasons else ""
