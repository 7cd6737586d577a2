"""Decisions about stored windows of bases, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.evaluation.base_decisions import decide_bases
from medmodels.evaluation.metrics import Rows
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.out_of_distribution import Energy
from medmodels.trust.prediction_sets import PredictionSets

SURE, TORN, WRONG = [0.97, 0.02, 0.01], [0.5, 0.49, 0.01], [0.02, 0.97, 0.01]
GOOD = [0.0, 0.0, 0.9, 3.0]


@pytest.fixture
def trust():
    sets = PredictionSets("lac", False, {0.9: (0.6,) * 3, 0.95: (0.7,) * 3})
    return {
        "out_of_distribution": {
            "method": Energy.name, "features": "letters", "warn": 2.0, "refuse": 4.0,
            "validation_quantiles": [0.0, 1.0],
        },
        "head": {"layer": "along", "scale": 1.0},
        "prediction_sets": sets.to_trust(),
        "quality": {"unknown": {"warn": 0.1, "refuse": 0.5, "why": "."}},
    }  # fmt: skip


REFERENCE = {"head/draws": np.zeros((2, 2, 3), np.float32), "unlike/temperature": np.float32(1)}
POINT = OperatingPoint(Calibration("temperature"), None, None, (0.0,) * 3, "r", "v")


def rows(probabilities, labels) -> Rows:
    p = np.array(probabilities)
    names = np.array([f"g{i}" for i in range(len(p))])
    return Rows(np.array(labels), p.argmax(axis=1), names, p)


def test_each_window_is_decided_as_if_it_were_alone(trust):
    judged = rows([SURE, SURE, SURE, TORN, WRONG, SURE], [0, 0, 0, 1, 0, 0])
    predictions = {
        "test/unlike": np.array([0, 5, 3, 0, 0, 0], np.float32),
        "test/quality": np.array([GOOD] * 5 + [[0.6, 0.0, 0.9, 3.0]], np.float32),
    }
    found = decide_bases(predictions, trust, REFERENCE, "abc", POINT, {"test": judged})
    test = found["splits"]["test"]
    assert (test["n"], test["answer"], test["warn"], test["abstain"]) == (6, 2, 1, 3)
    assert test["reasons"] == {
        "unlike_training": 1, "unusual": 1, "undecided": 1, "unknown": 1,
    }  # fmt: skip
    # Wrong are the torn window, which is declined, and the one that was sure of the wrong class.
    assert test["error"]["all"]["value"] == pytest.approx(2 / 6, abs=1e-5)
    assert test["error"]["answered"]["value"] == pytest.approx(1 / 3, abs=1e-5)
    assert test["abstained"]["value"] == pytest.approx(1 / 2, abs=1e-5)
    assert 0 < found["selective"]["test"]["aurc"]["value"] < 1


def test_a_split_that_was_not_judged_is_left_out(trust):
    found = decide_bases({}, trust, REFERENCE, "abc", POINT, {"test": rows([SURE], [0])})
    assert found == {"splits": {}, "selective": {}}
