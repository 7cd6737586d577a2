"""How often each explanation method passes its audit, from stored areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from medmodels.bundles import Card

Arrays = Mapping[str, npt.NDArray[Any]]
SPLITS = ("validation", "test")
_LEVEL = 0.95


def audit_results(predictions: Arrays, card: Card, trust: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is told about a bundle's explanation methods.

    Parameters
    ----------
    predictions : mapping of ndarray
        Under ``audit/<split>/``: ``labels``, ``blob``, ``edges`` (n,) and
        ``chance`` (n, R); for each method ``area/<method>`` (n,) and
        ``alone/<method>`` (n, B).
    card : Card
    trust : mapping
        With the table ``explain``.

    Returns
    -------
    dict
        For each split ``n`` and ``methods``: the share of inputs on which a
        method's map passed, beat random maps, and led blob and edges, each
        with its Wilson interval; by class; with each baseline alone. And
        ``method``, the one shown first, with the ``rule``.
    """
    table = trust["explain"]
    rule = table["rule"]
    return {
        "method": table["method"],
        "rule": rule,
        "baselines": table["baselines"],
        "splits": {
            split: _split(predictions, split, card, rule)
            for split in SPLITS
            if f"audit/{split}/labels" in predictions
        },
    }


def _split(predictions: Arrays, split: str, card: Card, rule: Mapping[str, Any]) -> dict[str, Any]:
    stem = f"audit/{split}/"
    labels = predictions[f"{stem}labels"].astype(np.int64)
    chance = predictions[f"{stem}chance"].astype(np.float64)
    rival = np.maximum(predictions[f"{stem}blob"], predictions[f"{stem}edges"])
    methods: dict[str, dict[str, Any]] = {}
    for key in predictions:
        if not key.startswith(f"{stem}area/"):
            continue
        name, areas = key.removeprefix(f"{stem}area/"), predictions[key].astype(np.float64)
        p = (1 + (chance >= areas[:, None]).sum(axis=1)) / (1 + chance.shape[1])
        better, leads = p <= rule["level"], areas - rival >= rule["margin"]
        passed = better & leads
        alone = predictions[f"{stem}alone/{name}"].reshape(len(labels), -1)
        methods[name] = {
            "passed": share(passed),
            "beat_random": share(better),
            "led_controls": share(leads),
            "area": float(areas.mean()),
            "by_class": {
                card.class_names[k]: share(passed[labels == k]) for k in np.unique(labels)
            },
            "one_baseline_alone": [float(column.mean()) for column in alone.T],
        }
    ranked = sorted(methods, key=lambda name: -methods[name]["passed"]["value"])
    return {"n": len(labels), "methods": {name: methods[name] for name in ranked}}


def share(flags: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Share of inputs, with its 95% Wilson interval.

    Examples
    --------
    >>> share(np.array([True, True, True, False]))["value"]
    0.75
    """
    count = int(flags.sum())
    interval = binomtest(count, len(flags)).proportion_ci(_LEVEL, method="wilson")
    return {
        "value": count / len(flags), "low": float(interval.low), "high": float(interval.high),
        "count": count, "n": len(flags),
    }  # fmt: skip
