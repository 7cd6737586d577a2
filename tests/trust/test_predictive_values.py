"""Bayes by hand, and counts that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.trust.predictive_values import (
    NaturalFrequencies,
    largest_remainder,
    natural_frequencies,
    negative_predictive_value,
    positive_predictive_value,
)

RATES = st.floats(0, 1)
INNER = st.floats(0.01, 0.99)


def test_the_mammography_problem_by_hand():
    # Eddy 1982, as told by Gigerenzer and Hoffrage 1995: of 1,000 women 10 have cancer, 8 of
    # them are found; 95 of the other 990 are alarmed. 8 / (8 + 95.04) and 894.96 / 896.96.
    assert positive_predictive_value(0.8, 0.904, 0.01) == pytest.approx(8 / 103.04)
    assert negative_predictive_value(0.8, 0.904, 0.01) == pytest.approx(894.96 / 896.96)
    assert natural_frequencies(0.8, 0.904, 0.01, 1000) == NaturalFrequencies(8, 2, 95, 895)


def test_pairs_stay_pairs():
    # Row by row: (0.9, 0.5) and (0.5, 0.9) at one half give 9/14 and 5/6; NPV 5/6 and 9/14.
    ppv = positive_predictive_value([0.9, 0.5], [0.5, 0.9], 0.5)
    npv = negative_predictive_value([0.9, 0.5], [0.5, 0.9], 0.5)
    np.testing.assert_allclose(ppv, [9 / 14, 5 / 6])
    np.testing.assert_allclose(npv, [5 / 6, 9 / 14])


def test_where_nobody_or_everybody_is_alarmed_there_is_no_value():
    assert np.isnan(positive_predictive_value(0.0, 1.0, 0.3))
    assert negative_predictive_value(0.0, 1.0, 0.3) == pytest.approx(0.7)
    assert np.isnan(negative_predictive_value(1.0, 0.0, 0.3))
    assert positive_predictive_value(1.0, 0.0, 0.3) == pytest.approx(0.3)


@pytest.mark.parametrize("prevalence", [-0.1, 1.1, float("nan")])
def test_a_prevalence_outside_0_to_1_is_refused(prevalence):
    with pytest.raises(ValueError, match="0 to 1"):
        positive_predictive_value(0.9, 0.9, prevalence)
    with pytest.raises(ValueError, match="0 to 1"):
        natural_frequencies(0.9, 0.9, prevalence, 100)


def test_no_people_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        natural_frequencies(0.9, 0.9, 0.1, 0)


@given(RATES, RATES, RATES)
def test_a_predictive_value_is_a_share(sensitivity, specificity, prevalence):
    for value in (
        positive_predictive_value(sensitivity, specificity, prevalence),
        negative_predictive_value(sensitivity, specificity, prevalence),
    ):
        assert np.isnan(value) or 0 <= value <= 1


@given(INNER, INNER, RATES, RATES)
def test_the_more_are_ill_the_more_alarms_are_right(sensitivity, specificity, one, other):
    low, high = sorted((one, other))
    rates = sensitivity, specificity
    assert positive_predictive_value(*rates, low) <= positive_predictive_value(*rates, high) + 1e-12
    assert negative_predictive_value(*rates, low) >= negative_predictive_value(*rates, high) - 1e-12


@given(RATES, RATES, RATES, st.sampled_from([1, 7, 100, 1000]))
def test_counts_add_up_and_are_within_one_of_the_exact_figure(
    sensitivity, specificity, prevalence, people
):
    counts = natural_frequencies(sensitivity, specificity, prevalence, people)
    assert counts.people == people == counts.alarms + counts.quiet
    assert abs(counts.ill - people * prevalence) <= 0.5 + 1e-6
    exact = {
        "found": sensitivity * prevalence,
        "missed": (1 - sensitivity) * prevalence,
        "alarmed": (1 - specificity) * (1 - prevalence),
        "left_alone": specificity * (1 - prevalence),
    }
    for name, share in exact.items():
        assert getattr(counts, name) >= 0
        assert abs(getattr(counts, name) - people * share) <= 1 + 1e-6


def test_the_largest_remainder_is_rounded_up():
    # 4.7, 3.2 and 2.1 of 10: one is left over, and 0.7 is the largest remainder.
    assert largest_remainder((0.47, 0.32, 0.21), 10) == (5, 3, 2)
    # Equal remainders: the first.
    assert largest_remainder((1.0, 1.0), 3) == (2, 1)
    # 0.29 * 100 is 28.999999999999996, which is 29 and leaves nothing over.
    assert largest_remainder((0.29, 0.71), 100) == (29, 71)


@given(st.lists(RATES, min_size=1, max_size=6).filter(any), st.integers(0, 2000))
def test_parts_add_up_to_their_total(shares, total):
    parts = largest_remainder(tuple(shares), total)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - share / sum(shares) * total) < 1 + 1e-6


@pytest.mark.parametrize("shares", [(0.0, 0.0), (-0.1, 1.1), (float("nan"), 1.0)])
def test_what_is_no_part_of_a_whole_is_refused(shares):
    with pytest.raises(ValueError, match="parts of a whole"):
        largest_remainder(shares, 10)
