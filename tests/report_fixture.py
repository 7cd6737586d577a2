"""Bundles whose reports can be read, without any network in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from medmodels.bundles import parse_card
from medmodels.evaluation.evaluate import evaluate_predictions
from medmodels.evaluation.report import report_of
from medmodels.training.bundle_writer import seal, write_json
from medmodels.trust.operating_point import OperatingPoint
from tests.bundles_fixture import SCAN_CARD, SCAN_TASK, SIGNAL_CARD, SIGNAL_TASK

PUBLISHED = """
[[published]]
method = "An earlier network"
metric = "AUC"
measure = "auc"
value = 0.876
n = "60 scans"
source = "Journal 2020, doi 10.1000/1"
like_for_like = false
note = "On other scans."
"""
EXTERNAL = """
[[data]]
name = "Other noise"
role = "external"
licence = "CC0"
source = "another generator"
citation = "none"
population = "Nobody, elsewhere."
rate_hz = 100
"""
HEAD = 'ethics = ["Nobody is represented."]\nversion = "3.1"\n'


def write_scan_report(root: Path, *, full: bool = True) -> Path:
    """Two classes; with names, subgroups and trust where ``full``, else as old bundles are."""
    trust = {
        "temperature": 1.5,
        "operating_point": {
            "class": "finding", "threshold": 0.4, "rule": "best", "chosen_on": "validation",
        },
    }  # fmt: skip
    predictions = scan_predictions()
    if not full:
        predictions = {k: v for k, v in predictions.items() if k.count("/") == 1}
    card = (HEAD + SCAN_CARD + EXTERNAL + PUBLISHED) if full else SCAN_CARD
    return _write(root, SCAN_TASK, card, trust, predictions, full)


def write_signal_report(root: Path) -> Path:
    """Four classes, record by record, no external data."""
    trust = {"temperature": 1.0, "class_offsets": [0.0] * 4, "rule": "r", "chosen_on": "v"}
    card = SIGNAL_CARD.replace('group = "record"', 'group = "record"\nby_group = true')
    predictions = _split("test", 120, 4, 3.0, seed=2)
    del predictions["test/names"]
    predictions["test/samples"] = np.arange(120) * 50
    return _write(root, SIGNAL_TASK, card, trust, predictions, True)


def scan_predictions() -> dict[str, Any]:
    """Good on the test data, poor elsewhere."""
    test, external = _split("test", 80, 2, 3.0, seed=0), _split("external", 60, 2, 0.2, seed=1)
    test["test/subgroups/subtype"] = np.array(["early", "late", "", "late"] * 20)
    external["external/subgroups/age"] = np.array(["60 and over", "under 60"] * 30)
    return test | external


def _split(name: str, n: int, k: int, strength: float, seed: int) -> dict[str, Any]:
    labels = np.arange(n) % k
    logits = np.random.default_rng(seed).normal(size=(n, k)) + strength * np.eye(k)[labels]
    return {
        f"{name}/logits": logits.astype(np.float32),
        f"{name}/labels": labels.astype(np.int8),
        f"{name}/groups": np.array([f"g{i // 4}" for i in range(n)]),
        f"{name}/names": np.array([f"{name}/image-{i}.png" for i in range(n)]),
    }


def trust_table() -> dict[str, Any]:
    """The table ``trust`` of an evaluation, with numbers that are easy to find again."""

    def of(value: float) -> dict[str, float]:
        return {"value": value, "low": round(value - 0.011, 6), "high": round(value + 0.011, 6)}

    errors = {"ece": of(0.123), "adaptive_ece": of(0.124), "brier": of(0.125), "log_loss": of(0.2)}
    after = {name: of(e["value"] / 2) for name, e in errors.items()}
    level = {
        "n": 80, "coverage": of(0.911), "by_class": {"normal": of(0.922), "finding": of(0.899)},
        "sizes": [1, 70, 9], "mean_size": of(1.1),
    }  # fmt: skip
    return {
        "calibration": {
            "method": "temperature",
            "candidates": [{"method": "vector", "log_loss": 0.321, "standard_error": 0.0456}],
            "splits": {"test": {"n": 80, "before": errors, "after": after}},
            "why": "The simplest one that is good enough.",
            "shift": {
                "sentence": "Elsewhere its percentages cannot be believed.",
                "test": {"probability_less_share": [of(0.0613), of(-0.0613)]},
            },
        },
        "intervals": {
            "splits": {"test": {"n": 80, "median_width": 0.1, "ninetieth_percentile": 0.27}}
        },
        "prediction_sets": {
            "unclaimed": ["finding"],
            "exchangeable": {"0.90": {"coverage": 0.9021, "halves": 100}},
            "score": "lac", "conditional": True, "splits": {"test": {"0.90": level, "0.95": level}},
        },
        "out_of_distribution": {
            "method": "distance", "threshold": 1.0,
            "candidates": [{"method": "energy", "auroc": 0.876, "by_kind": {"cat": 0.5}}],
            "kinds": [{"name": "cat", "title": "Cats", "group": "not medical", "n": 17,
                       "auroc": of(0.977), "refused": of(0.944), "refused_at_5": 0.955}],
            "splits": {"test": {"n": 80, "flagged": of(0.0501)}},
        },
        "decision": {
            "splits": {
                "test": {
                    "n": 80, "answer": 71, "warn": 5, "abstain": 4,
                    "reasons": {"undecided": 3, "far_too_dark": 1},
                    "error": {"all": of(0.0777), "answered": of(0.0333)},
                },
                "external": {
                    "n": 60, "answer": 45, "warn": 0, "abstain": 15,
                    "reasons": {"unlike_training": 15},
                    "error": {"all": of(0.4777), "answered": of(0.4333)},
                },
            },
            "selective": {"test": {"aurc": of(0.02)}},
        },
    }  # fmt: skip


def _write(
    root: Path, task: str, card: str, trust: dict[str, Any], predictions: dict[str, Any], full: bool
) -> Path:
    folder = root / task
    folder.mkdir(parents=True)
    parsed = parse_card(card)
    point = OperatingPoint.from_trust(trust, parsed.class_names)
    evaluation = evaluate_predictions(
        predictions, parsed.class_names, point, steps=[], settings=parsed.evaluation
    )
    if full:
        evaluation["report"] = report_of(predictions, parsed, point, evaluation["splits"])
    if full and task == SCAN_TASK:
        evaluation["trust"] = trust_table()
    (folder / "card.toml").write_text(card)
    (folder / "network.keras").write_bytes(b"no network is needed to read a report")
    np.savez_compressed(folder / "predictions.npz", **predictions)
    write_json(folder / "trust.json", trust)
    write_json(folder / "training.json", {"command": "none", "seeds": [1], "steps": []})
    write_json(folder / "evaluation.json", json.loads(json.dumps(evaluation)))
    seal(folder)
    return folder
