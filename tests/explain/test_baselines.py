"""What a sequence is compared with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.explain.baselines import BASE_BASELINES, base_baseline
from medmodels.inputs.bases import one_hot

SEQUENCES = st.text("ACGTRYSWKMBDHVN", min_size=1, max_size=70)


@given(SEQUENCES, st.sampled_from(BASE_BASELINES))
def test_a_baseline_is_a_sequence_of_mixtures_and_always_the_same(sequence, name):
    bases = one_hot(sequence)
    found, words = base_baseline(bases, name)
    assert found.shape == bases.shape
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(found, base_baseline(bases, name)[0])
    assert words


@given(SEQUENCES)
def test_shuffling_keeps_the_letters(sequence):
    bases = one_hot(sequence)
    found = base_baseline(bases, "shuffled")[0]
    assert sorted(map(tuple, found.tolist())) == sorted(map(tuple, bases.tolist()))


def test_what_each_of_them_is():
    bases = one_hot("ACGT" * 15)
    assert (base_baseline(bases, "unknown")[0] == 0.25).all()
    shuffled = base_baseline(bases, "shuffled")[0]
    assert 5 < (shuffled == bases).all(axis=1).sum() < 25  # 15 expected by chance
    random = base_baseline(bases, "random")[0]
    np.testing.assert_array_equal(random, base_baseline(one_hot("A" * 60), "random")[0])
    assert random.sum(axis=0).min() >= 8  # 15 expected of each
    assert set(random.max(axis=1)) == {1.0}


def test_another_one_is_refused():
    with pytest.raises(ValueError, match='"flat", expected one of unknown, shuffled, random'):
        base_baseline(one_hot("ACGT"), "flat")
