"""Results record by record, and of a beat detector, as AAMI EC57 asks."""

from __future__ import annotations

from typing import Any

import numpy as np

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.metrics import (
    Floats,
    Integers,
    Rows,
    accuracies,
    group_confusions,
    predictive_values,
    ratio,
    sensitivities,
)


def by_group(rows: Rows, classes: tuple[str, ...]) -> dict[str, Any]:
    """Counts and rates of each patient or record, and their plain average.

    The average weighs every record alike, whatever its number of beats, as
    AAMI EC57 asks to be shown beside the gross figures.

    Returns
    -------
    dict
        ``rows``: one entry a group with ``group``, ``n``, ``confusion``,
        ``accuracy`` and each class's ``n``, ``sensitivity``, ``ppv`` (null when
        not defined); ``average``: estimates over the groups where defined.
    """
    k = len(classes)
    names, index = np.unique(rows.groups, return_inverse=True)
    confusions = group_confusions(rows.labels, rows.predicted, index, k)
    rates = {"sensitivity": sensitivities(confusions), "ppv": predictive_values(confusions)}
    accuracy = accuracies(confusions)
    weights = group_weights(len(names))

    def average(values: Floats) -> dict[str, float | None]:
        known = ~np.isnan(values)
        drawn = weights[:, known]
        total = ratio(drawn @ values[known], drawn.sum(axis=1))
        return estimate(total).to_dict() | {"groups": int(known.sum())}

    return {
        "rows": [
            {
                "group": str(name),
                "n": int(confusions[g].sum()),
                "accuracy": _plain(accuracy[g]),
                "confusion": confusions[g].astype(int).tolist(),
                "classes": {
                    label: {"n": int(confusions[g, i].sum())}
                    | {metric: _plain(values[g, i]) for metric, values in rates.items()}
                    for i, label in enumerate(classes)
                },
            }
            for g, name in enumerate(names)
        ],
        "average": {
            "accuracy": average(accuracy),
            "classes": {
                label: {metric: average(values[:, i]) for metric, values in rates.items()}
                for i, label in enumerate(classes)
            },
        },
    }


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def detection(matched: Integers, missed: Integers, false: Integers) -> dict[str, Any]:
    """Sensitivity and PPV of a beat detector, gross, over records.

    Parameters
    ----------
    matched, missed, false : ndarray, int64, shape (n_records,)
        Reference beats found, not found, and detections without a beat.
    """
    weights = group_weights(len(matched))
    hits, lost, extra = (weights @ counts.astype(float) for counts in (matched, missed, false))

    def rate(part: Floats, whole: Floats) -> dict[str, float | None]:
        return estimate(ratio(part, whole)).to_dict()

    return {
        "matched": int(matched.sum()),
        "missed": int(missed.sum()),
        "false": int(false.sum()),
        "sensitivity": rate(hits, hits + lost),
        "ppv": rate(hits, hits + extra),
    }
