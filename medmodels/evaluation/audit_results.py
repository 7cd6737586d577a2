"""How often each explanation method passes its audit, from stored areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from medmodels.bundles import Card
from medmodels.trust.chance import p_value

Arrays = Mapping[str, npt.NDArray[Any]]
SPLITS = ("validation", "test")
_LEVEL = 0.95


def audit_results(predictions: Arrays, card: Card, trust: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is told about a bundle's explanation methods.

    Parameters
    ----------
    predictions : mapping of ndarray
        Under ``audit/<split>/``: ``labels``, ``blob``, ``edges`` (n,) and
        ``chance`` (n, 2 R); for each method ``area/<method>`` (n,); and
        ``whole/<what>`` (n,), see `training.explain_audit.measure_methods`.
    card : Card
    trust : mapping
        With the table ``explain``.

    Returns
    -------
    dict
        For each split ``n`` and ``methods``: the share of inputs on which a
        method's map passed, beat random maps, and led blob and edges, each
        with its Wilson interval; by class; and ``false_alarms``, how often
        a random map is taken for better than random maps; ``shown_first``,
        what else was measured of the maps of the method shown first. And
        ``method``, that one, with the ``rule``.
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
    methods: dict[str, dict[str, Any]] = {}
    for name, (better, leads) in _found(predictions, stem, rule).items():
        passed = better & leads
        methods[name] = {
            "passed": share(passed),
            "beat_random": share(better),
            "led_controls": share(leads),
            "area": float(predictions[f"{stem}area/{name}"].astype(np.float64).mean()),
            "by_class": {
                card.class_names[k]: share(passed[labels == k]) for k in np.unique(labels)
            },
        }
    ranked = sorted(methods, key=lambda name: -methods[name]["passed"]["value"])
    return {
        "n": len(labels),
        "false_alarms": false_alarms(chance, rule["level"]),
        "methods": {name: methods[name] for name in ranked},
        "shown_first": _whole(predictions, f"{stem}whole/"),
    }


def passes(
    predictions: Arrays, split: str, rule: Mapping[str, Any]
) -> dict[str, npt.NDArray[np.bool_]]:
    """On which inputs of a split each method's map passed, (n,) by method.

    Parameters
    ----------
    predictions : mapping of ndarray
        As for `audit_results`.
    split : str
    rule : mapping
        ``level`` and ``margin``.
    """
    found = _found(predictions, f"audit/{split}/", rule)
    return {name: better & leads for name, (better, leads) in found.items()}


def _found(
    predictions: Arrays, stem: str, rule: Mapping[str, Any]
) -> dict[str, tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """On which inputs each method's map beat random maps, and led blob and edges."""
    chance = predictions[f"{stem}chance"].astype(np.float64)
    rival = np.maximum(predictions[f"{stem}blob"], predictions[f"{stem}edges"])
    areas = {
        key.removeprefix(f"{stem}area/"): predictions[key].astype(np.float64)
        for key in predictions
        if key.startswith(f"{stem}area/")
    }
    return {
        name: (p_value(own, chance) <= rule["level"], own - rival >= rule["margin"])
        for name, own in areas.items()
    }


def _whole(predictions: Arrays, stem: str) -> dict[str, Any]:
    """What else is known of the maps of the method shown first: middle half, and how many."""
    found: dict[str, Any] = {}
    for what in ("noise", "shift", "completeness"):
        values = predictions.get(f"{stem}{what}", np.empty(0)).astype(np.float64)
        if (known := values[~np.isnan(values)]).size:
            low, median, high = (float(q) for q in np.quantile(known, (0.25, 0.5, 0.75)))
            found[what] = {"median": median, "low": low, "high": high, "n": len(known)}
    warned = predictions.get(f"{stem}shortcut", np.empty(0)).astype(np.float64)
    if (known := warned[~np.isnan(warned)]).size:
        found["shortcut_warned"] = share(known == 1)
    return found


def false_alarms(chance: npt.NDArray[np.float64], level: float) -> float:
    """How often a random map is taken for one that beats random maps; should be ``level``.

    Parameters
    ----------
    chance : ndarray, shape (n, 2 R)
        R areas of random maps of each input, and their mirror images.
    level : float
        Highest p that passes.
    """
    draws = chance[:, : chance.shape[1] // 2]
    alarms = []
    for k in range(draws.shape[1]):
        others = np.delete(draws, k, axis=1)
        both = np.concatenate([others, -others], axis=1)
        alarms += [p_value(sign * draws[:, k], both) <= level for sign in (1, -1)]
    return float(np.mean(alarms))


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
