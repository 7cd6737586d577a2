"""What is computed for all resamples at once is what one after another gives, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.evaluation.bootstrap import group_weights
from medmodels.evaluation.curves import ThresholdCounts
from medmodels.evaluation.roc_area import resampled_auc, running, weighted_auc
from medmodels.evaluation.selective import aurc, resampled_aurc

# Class, score (with ties) and group of each row: few large groups and many small ones.
ROWS = st.integers(1, 12).flatmap(
    lambda groups: st.lists(
        st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, groups - 1)),
        min_size=1, max_size=60,
    )
)  # fmt: skip


def columns(rows):
    positive, scores, groups = (np.array(column) for column in zip(*rows, strict=True))
    return positive, scores / 7, groups, group_weights(int(groups.max()) + 1, resamples=20)


def plain_area(positive, scores, weights):
    """Every pair looked at."""
    ones, others = np.flatnonzero(positive), np.flatnonzero(~positive)
    won = (scores[ones, None] > scores[others]) + 0.5 * (scores[ones, None] == scores[others])
    pairs = weights[ones].sum() * weights[others].sum()
    return (weights[ones] @ won @ weights[others]) / pairs if pairs else np.nan


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_areas_are_those_of_all_pairs(rows):
    positive, scores, groups, weights = columns(rows)
    found = resampled_auc(positive.astype(int), scores, groups, weights)
    area = weighted_auc(positive.astype(int), scores)
    for value, row in zip(found, weights, strict=True):
        np.testing.assert_array_equal(value, area(row[groups]))
        np.testing.assert_array_equal(value, plain_area(positive, scores, row[groups]))


def test_both_ways_of_counting_pairs_are_taken():
    # Of the same rows: once as 3 groups of 40, once as 120 groups of one.
    draw = np.random.default_rng(2)
    positive, scores = draw.random(120) < 0.3, draw.integers(0, 50, 120) / 50
    groups = np.arange(120) % 3
    weights = group_weights(3, resamples=30)
    few = resampled_auc(positive.astype(int), scores, groups, weights)
    many = resampled_auc(positive.astype(int), scores, np.arange(120), weights[:, groups])
    np.testing.assert_array_equal(few, many)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_areas_under_the_risk_are_those_of_each(rows):
    right, confidence, groups, weights = columns(rows)
    found = resampled_aurc(confidence, right, groups, weights)
    for value, row in zip(found, weights, strict=True):
        np.testing.assert_array_equal(value, aurc(confidence, right, row[groups]))


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_thresholds_count_by_group_as_by_row(rows):
    positive, scores, groups, weights = columns(rows)
    by_group, by_row = ThresholdCounts(positive, scores, groups), ThresholdCounts(positive, scores)
    for row in weights:
        for found, expected in zip(by_group(row), by_row(row[groups]), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_nothing_has_no_area():
    none = np.empty(0)
    found = resampled_aurc(none, np.empty(0, bool), np.empty(0, int), np.ones((2, 1)))
    assert np.isnan(found).all()
    assert running(none).tolist() == [0.0]


def test_the_same_groups_are_drawn_each_time_and_may_be_changed():
    first = group_weights(300, resamples=50)
    kept = first.copy()
    first[:] = 0
    again = group_weights(300, resamples=50)
    np.testing.assert_array_equal(again, kept)
    assert again.dtype == np.float64
    assert again[1:].sum(axis=1) == pytest.approx(np.full(50, 300))
