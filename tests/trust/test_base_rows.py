"""The description of windows by their letters, against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.bases import one_hot
from medmodels.trust.base_rows import LAGS, SHARES, WIDTH, base_rows

SINGLE, PAIRS, TRIPLETS = slice(0, 4), slice(4, 20), slice(20, 84)
SAME, UNEVEN = slice(84, 84 + LAGS), slice(SHARES, 2 * SHARES)
ENTROPY, QUALITY = slice(2 * SHARES, 2 * SHARES + 3), slice(2 * SHARES + 3, WIDTH)


def row(sequence: str) -> np.ndarray:
    found = base_rows(one_hot(sequence)[np.newaxis])
    assert found.shape == (1, WIDTH)
    assert found.dtype == np.float32
    return found[0]


def test_shares_of_words_by_hand():
    found = row("AC" * 10)
    assert found[SINGLE].tolist() == [0.5, 0.5, 0, 0]
    # AC ten times and CA nine times among nineteen pairs.
    pairs = found[PAIRS].reshape(4, 4)
    assert pairs[0, 1] == pytest.approx(10 / 19)
    assert pairs[1, 0] == pytest.approx(9 / 19)
    triplets = found[TRIPLETS].reshape(4, 4, 4)
    assert triplets[0, 1, 0] == triplets[1, 0, 1] == pytest.approx(0.5)
    assert found[TRIPLETS].sum() == pytest.approx(1, abs=1e-5)


def test_repeats_show_at_their_period_and_its_multiples():
    found = row("ACG" * 20)[SAME]
    np.testing.assert_allclose(found, [(lag % 3 == 0) for lag in range(1, LAGS + 1)], atol=1e-6)


def test_what_is_too_often_and_too_seldom_is_far_from_even():
    found = row("AC" * 10)[UNEVEN]
    np.testing.assert_allclose(found[:4], [1 / 16] * 4, atol=1e-6)  # a half or none, not a quarter
    assert found[4 + 1] == pytest.approx((10 / 19 - 1 / 16) ** 2, abs=1e-6)  # AC
    assert found[20 + 63] == pytest.approx(1 / 64**2, abs=1e-6)  # TTT, which is not there
    # At two places further on all is the same, at one nothing.
    assert found[84:86].tolist() == pytest.approx([1 / 16, 9 / 16])


def test_entropies_by_hand():
    found = row("AC" * 10)[ENTROPY]
    pairs = -(10 / 19 * np.log(10 / 19) + 9 / 19 * np.log(9 / 19))
    np.testing.assert_allclose(found, [np.log(2), pairs, np.log(2)], atol=1e-5)
    np.testing.assert_allclose(row("A" * 60)[ENTROPY], 0, atol=1e-5)


def test_a_mixture_counts_as_its_parts():
    whole = "ACGGTCAGTTACGATCGGATCAGT"
    at = 7
    mixed = whole[:at] + "R" + whole[at + 1 :]
    parts = [whole[:at] + base + whole[at + 1 :] for base in "AG"]
    halfway = np.mean([row(part)[:84] for part in parts], axis=0)
    np.testing.assert_allclose(row(mixed)[:84], halfway, atol=1e-6)


def test_what_is_not_known_of_repetition_counts_as_none():
    found = row("N" * 60)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[QUALITY], [1, 1, 1, 0])
