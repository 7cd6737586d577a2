"""What keeps a window's label is kept; what is no site is made to be none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs.bases import one_hot, reverse_complement
from medmodels.training.dna_augment import (
    CORE,
    Augmentation,
    change,
    lend_flanks,
    made_negatives,
    shift,
)
from medmodels.training.dna_data import ACCEPTOR, DONOR, NEITHER
from tests.training.dna_made import sequence


@pytest.fixture
def windows():
    rng = np.random.default_rng(3)
    names = ["EI", "IE", "N"] * 20
    bases = np.stack([one_hot(sequence(name, rng)) for name in names])
    return bases, np.array([DONOR, ACCEPTOR, NEITHER] * 20)


def text(window: np.ndarray) -> str:
    return "".join("ACGT"[k] for k in window.argmax(axis=1))


def test_noise_leaves_the_core_and_the_original_alone(windows):
    bases, labels = windows
    before = bases.copy()
    changed = change(bases, labels, Augmentation(noise=1.0), np.random.default_rng(0))
    np.testing.assert_array_equal(bases, before)
    np.testing.assert_array_equal(changed[:, CORE[0] : CORE[1]], bases[:, CORE[0] : CORE[1]])
    outside = np.ones(60, dtype=bool)
    outside[CORE[0] : CORE[1]] = False
    same = (changed[:, outside] == bases[:, outside]).all(axis=-1).mean()
    assert same == pytest.approx(0.25, abs=0.03)  # a base is drawn again one time in four
    np.testing.assert_array_equal(changed.sum(axis=-1), 1)


def test_nothing_is_changed_unless_it_is_asked_for(windows):
    bases, labels = windows
    np.testing.assert_array_equal(
        change(bases, labels, Augmentation(), np.random.default_rng(0)), bases
    )
    assert made_negatives(bases, labels, Augmentation(), np.random.default_rng(0)).shape == (
        0, 60, 4,
    )  # fmt: skip


def test_flanks_come_from_windows_of_the_same_class():
    # Each class is written in one letter: only that letter may appear in it afterwards,
    # and rows are told apart by a mixture.
    bases = np.zeros((6, 60, 4), dtype=np.float32)
    labels = np.array([0, 0, 0, 2, 2, 2])
    for row, label in enumerate(labels):
        bases[row, :, label] = 1 - row / 10
        bases[row, :, 3] = row / 10
    before = bases.copy()
    lend_flanks(bases, labels, 1.0, np.random.default_rng(1))
    np.testing.assert_array_equal(bases[:, CORE[0] : CORE[1]], before[:, CORE[0] : CORE[1]])
    assert (bases[labels == 0][..., 2] == 0).all()
    assert (bases[labels == 2][..., 0] == 0).all()
    assert (bases[:, 0] != before[:, 0]).any()
    assert (bases[:, -1] != before[:, -1]).any()


@settings(max_examples=60, deadline=None)
@given(by=st.integers(-59, 59), seed=st.integers(0, 50))
def test_a_shift_moves_every_base_that_stays_inside(by, seed):
    rng = np.random.default_rng(seed)
    window, filling = (one_hot("".join(rng.choice(list("ACGT"), 60))) for _ in range(2))
    moved = shift(window, filling, by)
    for at in range(60):
        source = window[at - by] if 0 <= at - by < 60 else filling[at]
        np.testing.assert_array_equal(moved[at], source)


def test_made_negatives_have_no_junction_in_their_middle(windows):
    bases, labels = windows
    plan = Augmentation(shifted=2.0, reversed_=0.5)
    made = made_negatives(bases, labels, plan, np.random.default_rng(0))
    assert len(made) == 40 * 2.5
    sites = {text(window) for window in bases[labels != NEITHER]}
    written = [text(window) for window in made]
    assert not sites & set(written)
    for one in written[:80]:
        assert one[27:36] != "CAGGTAAGT"
    others = {reverse_complement(site) for site in sites}
    assert set(written[80:]) <= others
