"""Presets on made scores, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.trust.presets import cuts, presets, steps_along

# A hundred with it from 0.500 to 0.896 in steps of 0.004, a hundred without from 0 to 0.594 in
# steps of 0.006; they overlap from 0.500 to 0.594.
ILL = 0.5 + 0.004 * np.arange(100)
WELL = 0.006 * np.arange(100)
SCORES = np.r_[ILL, WELL].round(6)
TRUTH = np.r_[np.ones(100, bool), np.zeros(100, bool)]


def rates(threshold, scores=SCORES, truth=TRUTH):
    return (scores[truth] >= threshold).mean(), (scores[~truth] < threshold).mean()


def test_rule_out_may_miss_two_of_a_hundred():
    # Without the two lowest (0.500, 0.504) the next is 0.508; the score below it is 0.504.
    rule_out, _, _ = presets(cuts(SCORES, TRUTH))
    assert rule_out.threshold == pytest.approx(0.506)
    assert (rule_out.sensitivity, rule_out.specificity) == pytest.approx((0.98, 0.85))


def test_rule_in_may_alarm_two_of_a_hundred():
    # 0.588 and 0.594 stay above; the next is 0.582, and the score above that is 0.584.
    _, _, rule_in = presets(cuts(SCORES, TRUTH))
    assert rule_in.threshold == pytest.approx(0.583)
    assert (rule_in.sensitivity, rule_in.specificity) == pytest.approx((0.79, 0.98))


def test_of_equal_balance_the_lowest_threshold_is_taken():
    # Rising: well, ill, well, ill. From 0.15: 1 and 1/2; from 0.5: 1/2 and 1. Both give 3/4.
    found = cuts(np.array([0.1, 0.2, 0.4, 0.6]), np.array([False, True, False, True]))
    _, balanced, _ = presets(found)
    assert balanced.threshold == pytest.approx(0.15)
    assert (balanced.sensitivity, balanced.specificity) == (1.0, 0.5)


def test_cuts_by_hand():
    found = cuts(np.array([0.8, 0.2, 0.2, 0.4]), np.array([True, False, True, False]))
    np.testing.assert_allclose(found.thresholds, [0.1, 0.3, 0.6, 0.9])
    np.testing.assert_allclose(found.sensitivities, [1, 0.5, 0.5, 0])
    np.testing.assert_allclose(found.specificities, [0, 0.5, 1, 1])


def test_every_cut_does_what_it_says():
    found = cuts(SCORES, TRUTH)
    for threshold, sensitivity, specificity in zip(
        found.thresholds, found.sensitivities, found.specificities, strict=True
    ):
        assert rates(threshold) == pytest.approx((sensitivity, specificity))


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=2, max_size=80).filter(
        lambda rows: {True, False} == {ill for _, ill in rows}
    )
)
def test_presets_are_what_a_search_over_all_thresholds_finds(rows):
    scores = np.array([score for score, _ in rows]) / 31
    truth = np.array([ill for _, ill in rows])
    rule_out, balanced, rule_in = presets(cuts(scores, truth))
    # All rules there are: a threshold just above each score, and one at nothing.
    every = [rates(t, scores, truth) for t in (0.0, *(np.unique(scores) + 0.001))]
    assert rates(rule_out.threshold, scores, truth)[1] == pytest.approx(
        max(specificity for sensitivity, specificity in every if sensitivity >= 0.98 - 1e-9)
    )
    assert rates(rule_in.threshold, scores, truth)[0] == pytest.approx(
        max(sensitivity for sensitivity, specificity in every if specificity >= 0.98 - 1e-9)
    )
    assert sum(rates(balanced.threshold, scores, truth)) == pytest.approx(max(map(sum, every)))


def test_a_probability_of_one_cannot_be_surpassed():
    found = cuts(np.array([0.2, 1.0, 1.0]), np.array([False, False, True]))
    np.testing.assert_allclose(found.thresholds, [0.1, 0.6])
    _, _, rule_in = presets(found)
    assert (rule_in.threshold, rule_in.specificity) == pytest.approx((0.6, 0.5))


def test_presets_say_how_they_were_chosen():
    for preset, word in zip(presets(cuts(SCORES, TRUTH)), ("98%", "mean", "98%"), strict=True):
        assert word in preset.how


def test_steps_run_along_the_whole_curve_and_are_small():
    found = cuts(SCORES, TRUTH)
    steps = steps_along(found)
    assert steps[0] == found.thresholds[0]
    assert steps[-1] == found.thresholds[-1]
    assert (np.diff(steps) > 0).all()
    assert np.isin(steps, found.thresholds).all()
    # No step is larger than the data's own (one of a hundred, 0.1 in the arcsine at the ends).
    along = np.arcsin(np.sqrt([rates(step) for step in steps]))
    assert np.abs(np.diff(along, axis=0)).sum(axis=1).max() < 0.1 + np.pi / 200


def test_many_rows_make_no_more_steps_than_a_slider_bears():
    generator = np.random.default_rng(0)
    truth = generator.random(20_000) < 0.3
    scores = 1 / (1 + np.exp(-generator.normal(2.0 * truth, 1.0)))
    assert 150 <= len(steps_along(cuts(scores, truth))) <= 202


@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_nothing_can_be_chosen_on_one_group_alone(truth):
    with pytest.raises(ValueError, match="with the class and without"):
        cuts(np.array([0.2, 0.7]), np.array(truth))
