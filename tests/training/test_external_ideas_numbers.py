"""Numbers and verdicts on made logits, worked out by hand."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from medmodels.training.external_ideas import IDEAS
from medmodels.training.external_ideas_numbers import (
    EDGE,
    chest_internal,
    ecg_internal,
    external_numbers,
)
from medmodels.training.external_ideas_rules import decide

RULES = tomllib.loads(IDEAS.read_text())["rules"]
CHEST = {"mean_auc": 0.99, "worst_auc": 0.98, "edge_auc": 0.9}


def _logits(margins: list[float]) -> np.ndarray:
    return np.array([[0, margin] for margin in margins], np.float16)


def test_chest_views_are_kept_apart() -> None:
    labels = np.array([0, 0, 1, 1], np.int8)
    perfect, three_of_four, none = [-2, -1, 1, 2], [-2, 1, 0.5, 2], [2, 1, -1, -2]
    views = ["clean", "dark", "bright", "hidden", EDGE]
    logits = np.stack([_logits(m) for m in (perfect, perfect, three_of_four, none, none)])
    judged = chest_internal(logits, views, labels, probes=2)
    assert judged == {
        "clean_auc": 1.0,
        "mean_auc": 0.875,
        "worst_auc": 0.75,
        "worst_shift": "bright",
        "edge_auc": 0.0,
    }


def test_beats_are_counted_in_both_orders_and_q_is_left_out() -> None:
    labels = np.array([0, 1, 1, 2, 2, 4], np.int8)
    right = [0, 1, 1, 2, 2, 0]
    predicted = np.array([right, right, [1, 1, 0, 0, 0, 1]], np.int8)
    judged = ecg_internal(predicted, labels)
    assert judged["named"]["score"] == 100
    # S: 3 of 4 found, 1 false; V: 2 of 4 found, none false.
    assert judged["unnamed"]["S: sensitivity"] == 75
    assert judged["unnamed"]["S: PPV"] == 75
    assert judged["unnamed"]["V: sensitivity"] == 50
    assert judged["unnamed"]["V: PPV"] == 100
    assert judged["unnamed"]["score"] == pytest.approx(100 * (3 / 4 + 2 / 3) / 2, abs=0.01)


def test_external_change_of_the_same_network_is_nothing() -> None:
    stored = {
        "chest-xray/external/labels": np.array([0, 1, 0, 1, 1], np.int8),
        "chest-xray/external/groups": np.array(["a", "a", "b", "c", "d"]),
    }
    logits = _logits([-1, 1, 0.5, 0, 2])
    told = external_numbers("chest-xray", logits, logits, stored)
    assert told["n"] == 5
    assert told["groups"] == 4
    auc = told["measures"]["AUC"]
    assert auc["idea"] == auc["shipped"]
    # Six pairs of which one (0.5 over 0) is the wrong way round.
    assert auc["idea"]["value"] == pytest.approx(5 / 6, abs=1e-6)
    assert auc["change"] == {"value": 0, "low": 0, "high": 0}


def test_external_beats_are_read_at_the_offsets() -> None:
    stored = {
        "ecg-beats/external/labels": np.array([0, 1, 1, 2, 4], np.int8),
        "ecg-beats/external/groups": np.array(["a", "a", "b", "b", "b"]),
    }
    logits = np.zeros((5, 4), np.float16)
    logits[[0, 1, 3], [0, 1, 2]] = 3
    logits[2] = [0.5, 0, 0, 0]
    told = external_numbers("ecg-beats", logits, logits, stored, (0.0, 1.0, 0.0, 0.0))
    assert told["n"] == 4
    assert told["measures"]["S: sensitivity"]["idea"]["value"] == 1
    without = external_numbers("ecg-beats", logits, logits, stored, (0.0,) * 4)
    assert without["measures"]["S: sensitivity"]["idea"]["value"] == 0.5


@pytest.mark.parametrize(
    ("change", "adopted"),
    [
        ({"edge_auc": 0.85}, True),
        ({"worst_auc": 0.981}, True),
        ({}, False),
        ({"edge_auc": 0.85, "mean_auc": 0.988}, True),
        ({"edge_auc": 0.85, "mean_auc": 0.98799}, False),
        ({"mean_auc": 0.999}, False),
    ],
)
def test_chest_rule(change: dict[str, float], adopted: bool) -> None:
    verdict = decide("chest-xray", RULES["chest-xray"], CHEST, CHEST | change)
    assert verdict.adopted is adopted
    assert len(verdict.because) == 3


@pytest.mark.parametrize(
    ("named", "unnamed", "adopted"),
    [(80, 71, True), (79.5, 71, True), (79.49, 75, False), (85, 70, False)],
)
def test_beat_rule(named: float, unnamed: float, adopted: bool) -> None:
    shipped: dict[str, Any] = {"named": {"score": 80.0}, "unnamed": {"score": 70.0}}
    idea = {"named": {"score": named}, "unnamed": {"score": unnamed}}
    assert decide("ecg-beats", RULES["ecg-beats"], shipped, idea).adopted is adopted
