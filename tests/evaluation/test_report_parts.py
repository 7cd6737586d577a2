"""Subgroups, mistakes, histograms and the drop, on cases small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.evaluation.drop import drop_of, value_at
from medmodels.evaluation.histograms import histogram_of
from medmodels.evaluation.metrics import Rows
from medmodels.evaluation.mistakes import row_names, worst_mistakes
from medmodels.evaluation.subgroups import subgroups_of
from tests.bundles_fixture import SCAN_CARD, SIGNAL_CARD
from tests.report_fixture import EXTERNAL

CLASSES = ("normal", "pneumonia")


def _estimate(value):
    return {"value": value, "low": value - 0.1, "high": value + 0.1}


def test_subgroups_by_hand():
    labels = np.array([1, 1, 1, 1, 1, 1, 0, 0])
    predicted = np.array([1, 1, 0, 1, 1, 1, 0, 1])
    kinds = np.array(["virus"] * 5 + ["bacteria", "", "bacteria"])
    groups = np.array([f"p{i}" for i in range(8)])
    probabilities = np.stack([1 - predicted, predicted], axis=1).astype(float)
    (found,) = subgroups_of(
        Rows(labels, predicted, groups, probabilities), {"subtype": kinds}, CLASSES
    )
    assert (found["name"], found["unknown"]) == ("subtype", 1)
    bacteria, virus = found["rows"]
    assert (virus["value"], virus["n"], virus["groups"]) == ("virus", 5, 5)
    assert virus["accuracy"]["value"] == pytest.approx(4 / 5)
    assert virus["accuracy"]["low"] < 4 / 5
    assert virus["classes"]["normal"] == {
        "n": 0, "sensitivity": {"value": None, "low": None, "high": None},
    }  # fmt: skip
    assert virus["auc"]["value"] is None
    # Two patients give no interval.
    assert bacteria["accuracy"] == {"value": 0.5, "low": None, "high": None}
    assert bacteria["auc"]["value"] == 0.5


def test_subgroups_stand_in_the_order_of_their_numbers():
    n = 4
    rows = Rows(np.zeros(n, int), np.zeros(n, int), np.arange(n).astype(str))
    ages = np.array(["100 and over", "40 to 59", "under 40", "unsure"])
    (found,) = subgroups_of(rows, {"age": ages}, CLASSES)
    order = [row["value"] for row in found["rows"]]
    assert order == ["under 40", "40 to 59", "100 and over", "unsure"]


def test_the_worst_mistakes_by_hand():
    found = worst_mistakes(
        np.array([0.99, 0.6, 0.9, 0.8, 0.7]),
        labels=np.array([0, 1, 1, 0, 0]),
        predicted=np.array([0, 0, 0, 1, 1]),
        names=np.array(["a.png", "b.png", "c.png", "d.png", "e.png"]),
        groups=np.array(["p", "p", "q", "p", "p"]),
        classes=CLASSES,
        shown=3,
        most_per_group=2,
    )
    assert [entry["name"] for entry in found] == ["c.png", "d.png", "e.png"]
    assert found[0] == {
        "name": "c.png", "group": "q", "score": 0.9, "true": "pneumonia", "given": "normal",
    }  # fmt: skip
    again = worst_mistakes(
        np.array([0.9, 0.8]), np.array([0, 0]), np.array([1, 1]), np.array(["a", "b"]),
        np.array(["p", "p"]), CLASSES, most_per_group=1,
    )  # fmt: skip
    assert [entry["name"] for entry in again] == ["a"]


def test_a_row_is_named_by_its_file_or_by_its_moment():
    groups, samples = np.array(["100", "213"]), np.array([36000, 407825])
    assert row_names(groups, None, samples, 360).tolist() == ["100 at 01:40.00", "213 at 18:52.85"]
    assert row_names(groups, None, samples, None)[0] == "100 at sample 36000"
    assert row_names(groups, np.array(["x.png", "y.png"]), samples, 360)[1] == "y.png"
    assert row_names(groups, None, None, None)[1] == "row 2, 213"


def test_a_histogram_by_hand():
    found = histogram_of(np.array([0.0, 0.5, 1.0, 0.49]), np.array([True, True, True, False]), 2)
    assert found == {"edges": [0.0, 0.5, 1.0], "of_class": [1, 2], "others": [1, 0]}


def _split(auc, finding, normal, n=60):
    return {
        "n": n, "auc": _estimate(auc), "accuracy": _estimate(0.9),
        "balanced_accuracy": _estimate(0.9),
        "classes": {
            "finding": {"sensitivity": _estimate(finding), "ppv": _estimate(0.8)},
            "normal": {"sensitivity": _estimate(normal), "ppv": _estimate(0.7)},
        },
    }  # fmt: skip


def test_the_drop_in_words_and_numbers():
    card = parse_card(SCAN_CARD + EXTERNAL)
    splits = {"test": _split(0.95, 0.97, 0.9), "external": _split(0.55, 0.6, 0.95, n=1234)}
    drop = drop_of(card, 1, splits)
    first, second, *rest = drop["sentences"]
    assert first == (
        "On 1,234 scans from elsewhere (Other noise), its AUC falls: 0.550 (0.450 to 0.650) there, "
        "0.950 (0.850 to 1.050) on test data from where it learned. That is no better than tossing "
        "a coin."
    )
    assert second == "Of 100 “finding” scans, it finds 60 there and 97 on its test data."
    assert rest == []
    change = {row["title"]: row["change"] for row in drop["rows"]}
    assert change["AUC"] == pytest.approx(-0.4)
    assert change["Sensitivity for finding"] == pytest.approx(-0.37)
    assert change["Specificity for finding"] == pytest.approx(0.05)


def test_no_fall_and_no_external_data_are_said_too():
    card = parse_card(SCAN_CARD)
    better = {"test": _split(0.8, 0.8, 0.8), "external": _split(0.9, 0.9, 0.9)}
    (sentence,) = drop_of(card, 1, better)["sentences"]
    assert "its AUC does not fall: 0.900" in sentence
    assert "coin" not in sentence
    (unknown,) = drop_of(card, 1, {"test": _split(0.8, 0.8, 0.8)})["sentences"]
    assert unknown.startswith("It has not been tested on data from elsewhere")


def test_many_classes_are_judged_by_accuracy():
    card = parse_card(SIGNAL_CARD + EXTERNAL)
    numbers = {"sensitivity": _estimate(0.9), "ppv": _estimate(0.9)}
    splits = {
        split: {
            "n": 10, "auc": _estimate(0.9), "accuracy": _estimate(accuracy),
            "classes": dict.fromkeys("NSVF", numbers),
        }
        for split, accuracy in (("test", 0.9), ("external", 0.6))
    }  # fmt: skip
    (sentence,) = drop_of(card, None, splits)["sentences"]
    assert "beats from elsewhere (Other noise), its accuracy falls: 0.600" in sentence


def test_a_path_leads_to_its_estimate_or_to_nothing():
    splits = _split(0.9, 0.8, 0.7)
    assert value_at(splits, "classes.finding.sensitivity")["value"] == 0.8
    assert value_at(splits, "classes.other.sensitivity") is None
    assert value_at({}, "auc") is None
