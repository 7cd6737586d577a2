"""Metrics against hand-computed cases and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, roc_auc_score

from medmodels.evaluation.by_record import by_group, detection
from medmodels.evaluation.metrics import Rows, evaluate_rows
from medmodels.evaluation.roc_area import weighted_auc

CLASSES = ("normal", "pneumonia")


def _rows(labels, predicted, groups=None, scores=None):
    labels = np.array(labels)
    groups = np.arange(len(labels)) if groups is None else np.array(groups)
    probabilities = None
    if scores is not None:
        positive = np.array(scores)
        probabilities = np.stack([1 - positive, positive], axis=1)
    return Rows(labels, np.array(predicted), groups.astype(str), probabilities)


def test_a_table_computed_by_hand():
    # reference 0: three right, one wrong; reference 1: four right, two wrong
    labels = [0] * 4 + [1] * 6
    predicted = [0, 0, 0, 1] + [1, 1, 1, 1, 0, 0]
    result = evaluate_rows(_rows(labels, predicted), CLASSES)
    assert result["confusion"] == [[3, 1], [2, 4]]
    assert result["accuracy"]["value"] == pytest.approx(7 / 10)
    assert result["balanced_accuracy"]["value"] == pytest.approx((3 / 4 + 4 / 6) / 2, abs=1e-6)
    pneumonia = result["classes"]["pneumonia"]
    assert pneumonia["sensitivity"]["value"] == pytest.approx(4 / 6, abs=1e-6)
    assert pneumonia["ppv"]["value"] == pytest.approx(4 / 5)
    assert pneumonia["f1"]["value"] == pytest.approx(8 / 11, abs=1e-6)


def test_macro_f1_by_hand_and_for_more_than_two_classes_only():
    # a: 2 of 3 found; b: 1 of 1 found, 1 wrongly; c: 1 of 2 found, 1 wrongly
    rows = _rows([0, 0, 0, 1, 2, 2], [0, 0, 2, 1, 2, 1])
    found = evaluate_rows(rows, ("a", "b", "c"))["macro_f1"]["value"]
    assert found == pytest.approx((4 / 5 + 2 / 3 + 2 / 4) / 3, abs=1e-6)
    assert "macro_f1" not in evaluate_rows(_rows([0, 1], [0, 1]), CLASSES)


def test_area_under_the_curve_by_hand_with_a_tie():
    # pairs (positive, negative): 0.9>0.4, 0.9>0.1, 0.4=0.4 (half), 0.4>0.1 -> 3.5 of 4
    area = weighted_auc(np.array([1, 1, 0, 0]), np.array([0.9, 0.4, 0.4, 0.1]))
    assert area(np.ones(4)) == pytest.approx(3.5 / 4)
    # the tied positive counted three times: (2 + 3 * 1.5) / 8
    assert area(np.array([1.0, 3.0, 1.0, 1.0])) == pytest.approx(6.5 / 8)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 9)), min_size=4))
def test_agrees_with_scikit_learn(cases):
    labels, predicted, tenths = (np.array(column) for column in zip(*cases, strict=True))
    if labels.min() == labels.max():
        return
    scores = tenths / 10
    result = evaluate_rows(_rows(labels, predicted, scores=scores), CLASSES)
    assert result["accuracy"]["value"] == pytest.approx(accuracy_score(labels, predicted), abs=1e-6)
    assert result["balanced_accuracy"]["value"] == pytest.approx(
        balanced_accuracy_score(labels, predicted), abs=1e-6
    )
    assert result["auc"]["value"] == pytest.approx(roc_auc_score(labels, scores), abs=1e-6)


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        hits = rng.random(150) < 0.8
        result = evaluate_rows(_rows(np.ones(150, int), hits.astype(int)), CLASSES)
        covered += result["accuracy"]["low"] <= 0.8 <= result["accuracy"]["high"]
    assert 88 <= covered <= 99


def test_whole_patients_are_resampled():
    # ten patients, each with twenty identical rows: as uncertain as ten rows, not two hundred
    right = np.repeat([1] * 5 + [0] * 5, 20)
    clustered = evaluate_rows(_rows(np.ones(200, int), right, np.repeat(range(10), 20)), CLASSES)
    loose = evaluate_rows(_rows(np.ones(200, int), right), CLASSES)
    width = clustered["accuracy"]["high"] - clustered["accuracy"]["low"]
    assert width > 3 * (loose["accuracy"]["high"] - loose["accuracy"]["low"])


def test_a_class_without_cases_has_no_sensitivity_instead_of_zero():
    result = evaluate_rows(_rows([0, 0, 0], [0, 0, 0]), CLASSES)
    assert result["classes"]["pneumonia"]["sensitivity"]["value"] is None
    assert result["balanced_accuracy"]["value"] == 1.0


def test_records_one_by_one_and_their_plain_average():
    # record a: 8 of 10 right; record b: 1 of 2 right
    labels = np.zeros(12, int)
    predicted = np.array([0] * 8 + [1] * 2 + [0, 1])
    report = by_group(_rows(labels, predicted, ["a"] * 10 + ["b"] * 2), CLASSES)
    assert [row["accuracy"] for row in report["rows"]] == [0.8, 0.5]
    assert report["average"]["accuracy"]["value"] == pytest.approx(0.65)


def test_detection_counts_by_hand():
    found = detection(np.array([90, 95]), np.array([10, 5]), np.array([0, 5]))
    assert found["sensitivity"]["value"] == pytest.approx(185 / 200)
    assert found["ppv"]["value"] == pytest.approx(185 / 190, abs=1e-6)
