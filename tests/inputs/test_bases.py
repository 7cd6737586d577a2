"""IUPAC codes: what each stands for, and what stands opposite."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.inputs.bases import BASES, MIXTURES, one_hot, reverse_complement

CODES = "".join(MIXTURES)


def test_a_mixture_shares_one_among_its_bases():
    found = one_hot("ACGTRYN")
    by_hand = [
        [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1],
        [0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5], [0.25] * 4,
    ]  # fmt: skip
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.array(by_hand, dtype=np.float32))


def test_three_bases_share_one_too():
    np.testing.assert_allclose(one_hot("B")[0], [0, 1 / 3, 1 / 3, 1 / 3], rtol=1e-6)


@given(st.text(alphabet=CODES, max_size=200))
def test_every_row_sums_to_one(sequence):
    found = one_hot(sequence)
    assert found.shape == (len(sequence), 4)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("letter", ["U", "a", "X", "-", "E", "\xdf", "\u0410"])
def test_any_other_letter_is_an_error_that_says_where(letter):
    with pytest.raises(ValueError, match="position 3"):
        one_hot("AC" + letter + "GT")


def test_the_donor_consensus_read_from_the_other_strand():
    assert reverse_complement("CAGGTAAGT") == "ACTTACCTG"


@given(st.text(alphabet=CODES, max_size=200))
def test_the_other_strand_of_the_other_strand_is_the_first(sequence):
    assert reverse_complement(reverse_complement(sequence)) == sequence


@given(st.text(alphabet=CODES, max_size=200))
def test_opposite_bases_pair_in_every_mixture(sequence):
    # A pairs with T and C with G: turning both axes round is the same thing.
    other = one_hot(reverse_complement(sequence))
    np.testing.assert_allclose(other, one_hot(sequence)[::-1, ::-1], rtol=1e-6)
    assert BASES[::-1] == "TGCA"
