"""From stored predictions to an evaluation, on cases small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.evaluation.evaluate import evaluate_predictions
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint

CLASSES = ("N", "S", "V")
POINT = OperatingPoint(
    Calibration("temperature"), None, None, (0.0, 0.0, 0.0), "largest", "nothing"
)


def _logits(predicted):
    return np.eye(3, dtype=np.float16)[predicted] * 5


def _predictions():
    return {
        "test/logits": _logits([0, 0, 1, 2, 0]),
        "test/labels": np.array([0, 0, 1, 2, 3], dtype=np.int8),
        "test/groups": np.array(["100", "100", "202", "202", "202"]),
        "steps/first/predicted": np.array([0, 1, 1, 2, 0], dtype=np.int8),
    }


def test_labels_outside_the_classes_are_counted_and_left_out():
    result = evaluate_predictions(_predictions(), CLASSES, POINT, steps=[], settings={})
    assert result["splits"]["test"]["n"] == 4
    assert result["splits"]["test"]["excluded"] == 1
    assert result["splits"]["test"]["accuracy"]["value"] == 1.0


def test_subsets_and_records_come_from_the_card():
    settings = {
        "group": "record",
        "by_group": True,
        "subsets": [{"name": "without 202", "without": ["202"], "why": "the same man as 201"}],
    }
    result = evaluate_predictions(_predictions(), CLASSES, POINT, steps=[], settings=settings)
    test = result["splits"]["test"]
    assert [subset["n"] for subset in test["subsets"]] == [2]
    assert [row["group"] for row in test["by_group"]["rows"]] == ["100", "202"]


def test_what_helped_is_judged_on_the_test_split():
    steps = [{"name": "first", "change": "one layer", "kind": "baseline"}]
    result = evaluate_predictions(_predictions(), CLASSES, POINT, steps=steps, settings={})
    assert result["steps"][0]["change"] == "one layer"
    assert result["steps"][0]["accuracy"]["value"] == pytest.approx(3 / 4)


def test_end_to_end_a_missed_beat_is_an_error_and_so_is_a_false_detection():
    predictions = _predictions() | {
        # N right, S taken for N, a false detection called V; and one V and one Q missed
        "found/logits": _logits([0, 0, 2]),
        "found/labels": np.array([0, 1, -1], dtype=np.int8),
        "found/groups": np.array(["100", "100", "100"]),
        "found/missed_labels": np.array([2, 4], dtype=np.int8),
        "found/missed_groups": np.array(["100", "202"]),
    }
    result = evaluate_predictions(predictions, CLASSES, POINT, steps=[], settings={})
    found = result["splits"]["found"]
    assert found["confusion"] == [[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    assert found["classes"]["V"]["sensitivity"]["value"] == 0.0
    assert found["classes"]["V"]["ppv"]["value"] == 0.0
    assert found["classes"]["N"]["ppv"]["value"] == 0.5
    assert (found["detection"]["matched"], found["detection"]["missed"]) == (2, 2)
    assert found["detection"]["ppv"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["excluded"] == 1
