"""Calibration errors against hand-computed cases and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from medmodels.evaluation.calibration_errors import calibration_errors
from medmodels.evaluation.reliability import (
    adaptive_ece,
    brier,
    ece,
    equal_mass_bins,
    equal_width_bins,
    log_loss,
    reliability_curve,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 100), st.booleans(), st.integers(0, 3)), min_size=1, max_size=40
)


def test_ece_by_hand():
    # Bin 0.6 to 0.7: two at 0.65, one right, gap 0.15. Bin 0.9 to 1: two at 0.95, both right, 0.05.
    confidence = np.array([0.65, 0.65, 0.95, 0.95])
    correct = np.array([True, False, True, True])
    assert ece(confidence, correct, bins=10) == pytest.approx((2 * 0.15 + 2 * 0.05) / 4)
    # One bin for all: mean confidence 0.8, 3 of 4 right.
    assert ece(confidence, correct, bins=1) == pytest.approx(0.05)
    # The wrong one counts three times: that bin is (0.65 * 4 - 1) / 6 away.
    weighted = ece(confidence, correct, np.array([1.0, 3.0, 1.0, 1.0]), bins=10)
    assert weighted == pytest.approx(((0.65 * 4 - 1) + 0.1) / 6)


def test_adaptive_ece_by_hand():
    # Two bins of two rows each, all within one bin of the same width.
    confidence = np.array([0.91, 0.92, 0.98, 0.99])
    correct = np.array([True, False, True, True])
    assert adaptive_ece(confidence, correct, bins=2) == pytest.approx((0.83 + 0.03) / 4)
    assert ece(confidence, correct, bins=2) == pytest.approx(0.8 / 4)


def test_bins_have_their_borders_where_the_docstring_says():
    assert equal_width_bins(np.array([0.0, 0.25, 0.49, 0.5, 1.0]), 4).tolist() == [0, 1, 1, 2, 3]
    assert equal_mass_bins(np.array([0.3, 0.1, 0.3, 0.9]), 2).tolist() == [1, 0, 1, 1]


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_weights_are_repetitions_and_order_does_not_matter(rows):
    scores, correct, times = (np.array(column) for column in zip(*rows, strict=True))
    confidence, weights = scores / 100, times.astype(float)
    repeated = np.repeat(np.arange(len(rows)), times)
    for measure in (ece, adaptive_ece):
        value = measure(confidence, correct, weights)
        if not len(repeated):
            assert np.isnan(value)
            continue
        assert 0 <= value <= 1
        assert value == pytest.approx(measure(confidence[repeated], correct[repeated]))
        back = slice(None, None, -1)
        assert measure(confidence[back], correct[back]) == pytest.approx(
            measure(confidence, correct)
        )


def test_brier_and_log_loss_by_hand_and_as_scikit_learn():
    probabilities = np.array([[0.8, 0.2], [0.4, 0.6], [0.5, 0.5]])
    labels = np.array([0, 0, 1])
    assert brier(probabilities, labels) == pytest.approx((0.08 + 0.72 + 0.5) / 3)
    assert log_loss(probabilities, labels) == pytest.approx(-np.log([0.8, 0.4, 0.5]).mean())
    assert brier(probabilities, labels) == pytest.approx(
        2 * brier_score_loss(labels, probabilities[:, 1])
    )
    assert log_loss(probabilities, labels) == pytest.approx(sklearn_log_loss(labels, probabilities))
    weights = np.array([1.0, 0.0, 3.0])
    assert brier(probabilities, labels, weights) == pytest.approx((0.08 + 1.5) / 4)
    assert log_loss(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(-np.log(1e-12))


def test_a_reliability_curve_by_hand():
    scores = np.array([0.05] * 6 + [0.95, 0.95])
    came_true = np.array([True, False, False, False, False, False, True, True])
    groups = np.array(["a", "b", "c", "d", "e", "f", "g", "h"])
    low, high = reliability_curve(scores, came_true, groups, bins=10)
    assert (low["from"], low["to"], low["n"], low["groups"]) == (0.0, 0.1, 6, 6)
    assert low["predicted"] == pytest.approx(0.05)
    assert low["observed"]["value"] == pytest.approx(1 / 6, abs=1e-6)
    assert low["observed"]["low"] == 0.0
    assert 0.3 < low["observed"]["high"] < 0.8
    # Two patients who agree say nothing about the others.
    assert high["observed"] == {"value": 1.0, "low": None, "high": None}


def test_the_resampled_errors_are_those_of_the_plain_functions():
    generator = np.random.default_rng(3)
    probabilities = generator.dirichlet([1, 1, 1], size=60)
    labels, groups = generator.integers(0, 3, 60), generator.integers(0, 12, 60).astype(str)
    predicted = probabilities.argmax(axis=1)
    confidence, correct = probabilities.max(axis=1), predicted == labels
    found = calibration_errors(probabilities, labels, predicted, groups)
    expected = {
        "ece": ece(confidence, correct),
        "adaptive_ece": adaptive_ece(confidence, correct),
        "brier": brier(probabilities, labels),
        "log_loss": log_loss(probabilities, labels),
    }
    for name, value in expected.items():
        assert found[name]["value"] == pytest.approx(value, abs=1e-6)
        assert found[name]["low"] < found[name]["high"]
