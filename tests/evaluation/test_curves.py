"""ROC and precision-recall curves against hand-computed cases and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score
from sklearn.metrics import roc_curve as sklearn_roc

from medmodels.evaluation.curves import (
    FALSE_POSITIVE_GRID,
    RECALL_GRID,
    ThresholdCounts,
    average_precision,
    curves_of,
    precision_at,
    roc_at,
    scored_classes,
)

# From the surest down: +, +, -, (+ and - together), -
SCORES = np.array([0.9, 0.8, 0.7, 0.4, 0.4, 0.1])
POSITIVE = np.array([True, True, False, True, False, False])
ROWS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 3)), min_size=2, max_size=40
)


def _counts(weights=None):
    return ThresholdCounts(POSITIVE, SCORES)(np.ones(6) if weights is None else weights)


def test_counts_at_every_threshold_by_hand():
    hits, misses = _counts()
    assert hits.tolist() == [1, 2, 2, 3, 3]
    assert misses.tolist() == [0, 0, 1, 2, 3]


def test_roc_by_hand():
    found = roc_at(*_counts(), np.array([0, 1 / 3, 1 / 2, 2 / 3, 1]))
    # Half way through the tie at 1/3 to 2/3, half of the last positive is found.
    assert found == pytest.approx([2 / 3, 2 / 3, 5 / 6, 1, 1])


def test_precision_by_hand():
    found = precision_at(*_counts(), np.array([0, 1 / 3, 2 / 3, 0.7, 1]))
    assert found == pytest.approx([1, 1, 1, 3 / 5, 3 / 5])
    # 1/3 at precision 1, 1/3 at 1, 1/3 at 3/5
    assert average_precision(*_counts()) == pytest.approx((1 + 1 + 0.6) / 3)


def test_a_class_without_weight_is_not_defined():
    none = _counts(np.zeros(6))
    assert np.isnan(roc_at(*none, RECALL_GRID)).all()
    assert np.isnan(precision_at(*none, RECALL_GRID)).all()
    assert np.isnan(average_precision(*none))


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_the_curves_are_those_of_scikit_learn(rows):
    positive, scores, weights = (np.array(column) for column in zip(*rows, strict=True))
    scores, weights = scores / 8, weights.astype(float)
    if weights[positive].sum() == 0 or weights[~positive].sum() == 0:
        return
    hits, misses = ThresholdCounts(positive, scores)(weights)
    rate, found, _ = sklearn_roc(positive, scores, sample_weight=weights, drop_intermediate=False)
    for at in FALSE_POSITIVE_GRID:
        left = np.flatnonzero(rate <= at + 1e-12)[-1]
        right = min(left + 1, len(rate) - 1)
        step = rate[right] - rate[left]
        part = (at - rate[left]) / step if step > 0 else 0
        expected = found[left] + part * (found[right] - found[left])
        assert roc_at(hits, misses, np.array([at]))[0] == pytest.approx(expected, abs=1e-9)
    precision, recall, _ = precision_recall_curve(positive, scores, sample_weight=weights)
    for at in RECALL_GRID[1:]:
        # Its thresholds grow: the last that still reaches the recall is the highest.
        expected = precision[:-1][recall[:-1] >= at - 1e-9][-1]
        assert precision_at(hits, misses, np.array([at]))[0] == pytest.approx(expected)
    assert average_precision(hits, misses) == pytest.approx(
        average_precision_score(positive, scores, sample_weight=weights)
    )


def test_the_curve_has_the_area_of_the_data():
    generator = np.random.default_rng(0)
    positive = generator.random(4000) < 0.3
    scores = generator.normal(size=4000) + positive
    groups = np.arange(4000) // 200
    curves = curves_of(positive, scores, scores > 1, groups.astype(str))
    area = np.trapezoid([0, *curves["roc"]["sensitivity"]], [0, *curves["roc"]["fpr"]])
    assert area == pytest.approx(roc_auc_score(positive, scores), abs=0.003)
    for low, value, high in zip(
        curves["roc"]["low"], curves["roc"]["sensitivity"], curves["roc"]["high"], strict=True
    ):
        assert low - 0.02 <= value <= high + 0.02
    chosen = scores > 1
    assert curves["roc"]["chosen"]["sensitivity"] == pytest.approx(
        chosen[positive].mean(), abs=1e-6
    )
    assert curves["roc"]["chosen"]["fpr"] == pytest.approx(chosen[~positive].mean(), abs=1e-6)
    assert curves["pr"]["chosen"]["precision"] == pytest.approx(positive[chosen].mean(), abs=1e-6)
    assert curves["pr"]["prevalence"] == pytest.approx(positive.mean(), abs=1e-6)


def test_bands_resample_whole_groups():
    # One patient's ten rows are one opinion: with one patient a side the band spans everything.
    positive = np.repeat([True, True, False, False], 10)
    scores = np.repeat([0.9, 0.1, 0.5, 0.5], 10)
    groups = np.repeat(["a", "b", "c", "d"], 10)
    roc = curves_of(positive, scores, scores > 0.5, groups)["roc"]
    assert (roc["low"][0], roc["sensitivity"][0], roc["high"][0]) == (0.0, 0.5, 1.0)


def test_without_one_side_there_is_no_curve():
    assert curves_of(np.ones(3, bool), np.ones(3), np.ones(3, bool), np.array(list("abc"))) is None


def test_of_two_classes_one_is_drawn():
    assert scored_classes(2, 0) == (0,)
    assert scored_classes(2, None) == (1,)
    assert scored_classes(4, None) == (0, 1, 2, 3)
