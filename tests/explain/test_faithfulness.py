"""Deletion and insertion by hand, and what passes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from medmodels.explain.faithfulness import (
    BLOB,
    EDGES,
    RANDOM,
    log_odds_of,
    measure_faithfulness,
)
from medmodels.explain.plan import Rule
from medmodels.trust.chance import p_value


class FewParts:
    """Parts whose logit of class 0 is the sum of the weights of those kept."""

    def __init__(self, weights, baselines=1):
        self.weights = np.asarray(weights, dtype=np.float64)
        self.baselines = baselines
        self.asked = 0

    @property
    def count(self):
        return len(self.weights)

    def logits(self, keep, progress=None):  # noqa: ARG002
        self.asked += len(keep)
        own = keep @ self.weights
        both = np.stack([own, np.zeros_like(own)], axis=1)
        return np.stack([both * (k + 1) for k in range(self.baselines)])

    def random(self, generator, n):
        return generator.standard_normal((n, self.count))

    def blob(self):
        return np.arange(self.count, dtype=np.float64)[::-1]

    def edges(self):
        return np.arange(self.count, dtype=np.float64)


def margin(logits):
    return logits[:, 0] - logits[:, 1]


def measured(weights, maps, rule=None, baselines=1):
    parts = FewParts(weights, baselines)
    rule = rule or Rule(steps=2, randoms=3)
    return measure_faithfulness(parts, maps, margin, baseline="nothing", rule=rule)


def test_curves_by_hand():
    # Shares of 1/4 and 3/4 of four parts: one and three are replaced.
    (found,) = measured([4, 3, 2, 1], [np.array([4.0, 3, 2, 1])])
    own = found.curves[0]
    np.testing.assert_allclose(found.shares, [0.25, 0.75])
    np.testing.assert_allclose(own.deletion, [3 + 2 + 1, 1])
    np.testing.assert_allclose(own.insertion, [4, 4 + 3 + 2])
    assert own.area == pytest.approx((4 + 9) / 2 - (6 + 1) / 2)
    assert (found.whole, found.nothing) == (10, 0)
    assert [curve.name for curve in found.curves[1:]] == [RANDOM, BLOB, EDGES]


def test_the_reverse_order_has_the_opposite_area():
    order = np.array([2.0, 9.0, 4.0, 1.0, 7.0])
    there, back = measured([4, 3, 2, 1, -2], [order, -order])
    assert there.area == pytest.approx(-back.area)


def test_random_maps_count_twice_and_are_even_about_zero():
    (found,) = measured([4, 3, 2, 1], [np.ones(4)], Rule(steps=2, randoms=7))
    assert len(found.random) == 14
    np.testing.assert_allclose(np.sort(found.random), np.sort(-found.random))


def test_p_is_students_with_a_mean_of_zero():
    weights = np.arange(20.0)
    best, worst = measured(weights, [weights, -weights], Rule(steps=5, randoms=12))
    spread = np.sqrt((best.random[:12] ** 2).mean())
    assert best.p == pytest.approx(float(t.sf(best.area / spread, 12)))
    assert best.p < 0.01
    assert worst.p == pytest.approx(1 - best.p)


def test_chance_alone_passes_as_often_as_the_level_says():
    draws = np.random.default_rng(8).standard_normal((4000, 11))
    chance = np.concatenate([draws[:, :10], -draws[:, :10]], axis=1)
    assert (p_value(draws[:, 10], chance) <= 0.05).mean() == pytest.approx(0.05, abs=0.01)


def test_a_map_must_beat_the_controls_by_the_margin():
    weights = np.arange(20.0)[::-1]
    # The blob has the very order of the weights here.
    (found,) = measured(weights, [weights], Rule(steps=5, randoms=12))
    assert found.p <= 0.05
    assert found.lead == pytest.approx(0)
    assert not found.passed
    better = [3, 9, 1, 0, 8, 2, 7, 4, 6, 5, 19, 11, 18, 12, 17, 13, 10, 16, 14, 15]
    (found,) = measured(better, [np.array(better, float)], Rule(steps=5, randoms=12))
    assert found.passed


def test_baselines_are_averaged_and_judged_alone():
    weights = [3, 9, 1, 0, 8, 2, 7, 4, 6, 5]
    one = measured(weights, [np.array(weights, float)], Rule(steps=5, randoms=12))[0]
    two = measured(weights, [np.array(weights, float)], Rule(steps=5, randoms=12), baselines=2)[0]
    assert two.area == pytest.approx(1.5 * one.area)
    assert len(two.alone) == 2
    assert one.alone == (one.passed,)


def test_as_many_passes_as_the_speed_bar_allows():
    parts = FewParts(np.arange(10.0))
    rule = Rule(steps=50, randoms=1)
    measure_faithfulness(parts, [np.arange(10.0)], margin, baseline="", rule=rule)
    # The map, two controls and a random map: two curves of 50 each, and both ends.
    assert parts.asked == 4 * 100 + 2


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=12), st.randoms())
def test_the_true_order_is_never_beaten(weights, shuffler):
    other = list(range(len(weights)))
    shuffler.shuffle(other)
    best, any_other = measured(weights, [np.array(weights), np.array(other, float)])
    assert best.area >= any_other.area - 1e-9


def test_log_odds_by_hand():
    def softmax(logits):
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)

    score = log_odds_of(softmax, 1)
    np.testing.assert_allclose(score(np.array([[0.0, 2.0]])), [2.0])
    three = np.log([[0.25, 0.5, 0.25]])
    np.testing.assert_allclose(score(three), [0.0], atol=1e-12)
    assert np.isfinite(score(np.array([[0.0, 5000.0], [5000.0, 0.0]]))).all()
