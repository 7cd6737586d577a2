"""How alike two maps are: by hand, and by what must always hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr

from medmodels.explain.agreement import agreement, coarse
from medmodels.explain.completeness import relative_completeness
from medmodels.explain.place import Place
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.similarity import (
    likeness,
    one_per_beat,
    rank_correlation,
    shown,
    structural_similarity,
)

NUMBERS = arrays(np.float64, (4, 5), elements=st.integers(-50, 50).map(float))


def a_map(values, *, signed=True, error=None) -> SaliencyMap:
    values = np.asarray(values, dtype=np.float32)
    return SaliencyMap(values, values.shape, signed, "made", 0, "logit", error)


def test_rank_correlation_by_hand():
    # Ranks 1 2 3 and 1 3 2: 1 - 6 (0 + 1 + 1) / (3 (9 - 1)).
    assert rank_correlation(np.array([1, 2, 9]), np.array([10, 30, 20])) == pytest.approx(0.5)


def test_equal_values_share_a_rank():
    # Ranks 1.5 1.5 3 and 1 2 3: covariance 1.5, variances 1.5 and 2.
    found = rank_correlation(np.array([0, 0, 5]), np.array([1, 2, 3]))
    assert found == pytest.approx(1.5 / np.sqrt(1.5 * 2))


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_rank_correlation_is_spearmans(first, second):
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        assert rank_correlation(first, second) == 0
    else:
        expected = spearmanr(first.ravel(), second.ravel()).statistic
        assert rank_correlation(first, second) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(NUMBERS, st.floats(0.1, 10), st.floats(-10, 10))
def test_ranks_know_no_scale(values, factor, offset):
    moved = np.tanh(values / 50) * factor + offset
    expected = 1.0 if np.ptp(values) else 0.0
    assert rank_correlation(values, moved) == pytest.approx(expected)
    assert rank_correlation(values, -moved) == pytest.approx(-expected)


def test_structural_similarity_of_even_maps_by_hand():
    # No structure on either side: what remains is 2ab + C1 over aa + bb + C1, of 1 and 0.5.
    bright, faded = np.full((20, 20), 8.0), np.full((20, 20), 4.0)
    expected = (2 * 0.5 + 1e-4) / (1 + 0.25 + 1e-4)
    assert structural_similarity(bright, faded, (0, 1)) == pytest.approx(expected)


def test_structural_similarity_window_by_window(random):
    # The formula of the paper, spelled out for every window of a short line.
    first, second = random.random(14), random.random(14)
    a, b = (
        np.pad(line / max(first.max(), second.max()), 5, mode="edge") for line in (first, second)
    )
    weights = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    weights /= weights.sum()
    windows = []
    for start in range(14):
        x, y = a[start : start + 11], b[start : start + 11]
        mx, my = weights @ x, weights @ y
        vx, vy = weights @ (x - mx) ** 2, weights @ (y - my) ** 2
        both = weights @ ((x - mx) * (y - my))
        windows.append(
            (2 * mx * my + 1e-4) * (2 * both + 9e-4)
            / ((mx**2 + my**2 + 1e-4) * (vx + vy + 9e-4))
        )  # fmt: skip
    assert structural_similarity(first, second, (0,)) == pytest.approx(np.mean(windows))


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_structural_similarity_is_one_for_equals_and_symmetric(first, second):
    assert structural_similarity(first, first, (0, 1)) == pytest.approx(1)
    there = structural_similarity(first, second, (0, 1))
    assert there == pytest.approx(structural_similarity(second, first, (0, 1)))
    assert -1 - 1e-9 <= there <= 1 + 1e-9


@settings(deadline=None)
@given(NUMBERS, NUMBERS, st.floats(1e-6, 1e6))
def test_both_maps_are_scaled_by_one_number(first, second, factor):
    there = structural_similarity(first, second, (0, 1))
    assert structural_similarity(first * factor, second * factor, (0, 1)) == pytest.approx(there)


def test_a_faded_map_is_unlike_the_one_that_it_was(random):
    values = random.random((24, 24))
    assert structural_similarity(values, values * 0.01, (0, 1)) < 0.1
    assert rank_correlation(values, values * 0.01) == pytest.approx(1)


def test_leads_are_not_neighbours(random):
    # Each lead against its own copy, whichever leads lie beside it.
    trace, other = random.random((60, 1)), random.random((60, 1))
    both = np.concatenate([trace, other], axis=1)
    swapped = np.concatenate([trace, np.full_like(other, 0.5)], axis=1)
    changed = structural_similarity(both, swapped, (0,))
    own = structural_similarity(other / 1, np.full_like(other, 0.5), (0,))
    span = max(both.max(), 0.5)
    assert span < 1.01
    assert changed == pytest.approx((1 + own) / 2, abs=0.02)


def test_maps_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        rank_correlation(np.zeros((2, 3)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="cannot be compared"):
        structural_similarity(np.zeros(3), np.zeros(4), (0,))


def test_a_signal_is_compared_in_the_beats_own_window(random):
    first, second = random.random((5, 30, 2)), random.random((5, 30, 2))
    a, b = shown(a_map(first), a_map(second), 3)
    np.testing.assert_allclose(a, first[3], rtol=1e-6)
    np.testing.assert_allclose(b, second[3], rtol=1e-6)


def test_maps_of_whole_beats_are_compared_beat_by_beat():
    values = np.arange(5.0).reshape(5, 1, 1) * np.ones((5, 30, 2))
    first, second = a_map(values), a_map(-(values**2))
    assert one_per_beat(first)
    assert likeness(first, second, 3).rank == pytest.approx(1)
    assert likeness(first, second, 3).signed == pytest.approx(-1)


def test_an_empty_map_of_a_signal_is_unlike_any(random):
    empty, full = a_map(np.zeros((5, 30, 2))), a_map(random.random((5, 30, 2)))
    assert likeness(empty, full, 1).rank == 0


def test_signs_count_only_where_they_are_asked_for(random):
    values = random.standard_normal((24, 24))
    found = likeness(a_map(values), a_map(-values), None)
    assert (found.rank, found.ssim, found.signed) == pytest.approx((1, 1, -1))


def test_coarse_cells_add_up(random):
    values = random.random((25, 13))
    found = coarse(values, (12, 12))
    assert found.shape == (12, 12)
    assert found.sum() == pytest.approx(values.sum())
    np.testing.assert_allclose(coarse(np.ones((24, 36)), (12, 12)), 6)
    assert coarse(np.ones((3, 2)), (24,)).shape == (3, 2)


def test_agreement_of_a_fine_and_a_coarse_map_of_the_same(random):
    grid = random.random((12, 12))
    blocks = grid.repeat(4, axis=0).repeat(4, axis=1)
    grain = random.standard_normal((12, 4, 12, 4))
    grain -= grain.mean(axis=(1, 3), keepdims=True)
    fine = blocks + 5 * grain.reshape(48, 48)
    found = agreement(a_map(blocks), {"fine": a_map(fine), "turned": a_map(-fine)})
    assert found["fine"] == pytest.approx(1)
    assert found["turned"] == pytest.approx(-1)
    assert rank_correlation(blocks, fine) < 0.5


def test_agreement_with_a_map_that_knows_no_evidence_against():
    signed = np.array([[3.0, 2.0, 1.0, -1.0, -2.0, -3.0]])
    unsigned = np.array([[3.0, 2.0, 1.0, 0.0, 0.0, 0.0]])
    assert agreement(a_map(signed), {"other": a_map(unsigned, signed=False)}) == {
        "other": pytest.approx(1)
    }


def test_agreement_of_a_fine_map_of_beats_with_one_value_for_each_beat(random):
    fine = random.standard_normal((6, 30, 2))
    beats = fine.mean(axis=(1, 2), keepdims=True) * np.ones_like(fine)
    assert agreement(a_map(fine), {"beats": a_map(beats)}, 2)["beats"] == pytest.approx(1)


def test_completeness_is_a_share_of_the_change():
    values = np.ones((2, 2))
    assert relative_completeness(a_map(values), 3.0) is None
    assert relative_completeness(a_map(values, error=0.5), -2.0) == pytest.approx(0.25)
    assert relative_completeness(a_map(values, error=0.0), 0.0) == 0
    assert relative_completeness(a_map(values, error=0.1), 0.0) == float("inf")


def test_maps_of_bases_are_compared_whole_and_base_by_base(random):
    values = random.standard_normal(60)
    first, second = a_map(values), a_map(-values)
    a, b = shown(first, second, None)
    assert a.shape == b.shape == (60,)
    found = likeness(first, second, None)
    assert (found.rank, found.ssim, found.signed) == pytest.approx((1, 1, -1))
    # Two neighbours that change places: over stretches of bases nothing would have changed.
    swapped = values.reshape(30, 2)[:, ::-1].reshape(-1)
    told = agreement(first, {"own": a_map(2 * values), "swapped": a_map(swapped)})
    assert told["own"] == pytest.approx(1)
    assert told["swapped"] == pytest.approx(rank_correlation(values, swapped))
    assert told["swapped"] < 0.5


def test_a_map_of_a_place_is_compared_within_it(random):
    place = Place(2, 3, 4, 4)
    first, second = np.zeros((2, 10, 10))
    first[2:6, 3:7], second[2:6, 3:7] = random.standard_normal((2, 4, 4))
    one, other = (replace(a_map(values), place=place) for values in (first, second))
    a, b = shown(one, other, None)
    np.testing.assert_allclose(a, first[2:6, 3:7], rtol=1e-6)
    np.testing.assert_allclose(b, second[2:6, 3:7], rtol=1e-6)
    # The zeros around it would have made them alike.
    assert (
        abs(likeness(one, other, None).signed)
        < likeness(a_map(np.abs(first)), a_map(np.abs(second)), None).signed
    )
    # One of them is enough: the other method knows nothing of the place.
    assert shown(a_map(second), one, None)[0].shape == (4, 4)
