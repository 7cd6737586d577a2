"""Made letters are windows, come the same from the same seed, and teach apart from what judges."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.bases import BASES
from medmodels.training.dna_kinds import dna_kinds
from medmodels.training.dna_letters import (
    TEACHING,
    drawn,
    excerpt,
    quarters,
    repeated,
    shuffled,
    with_slips,
    written,
)
from tests.bundles_fixture import made_bases

KINDS = dna_kinds(made_bases(12), 6, 3)


def letters(window: np.ndarray) -> str:
    return "".join(BASES[k] for k in window.argmax(axis=1))


@pytest.mark.parametrize("name", TEACHING)
def test_a_family_is_drawn_the_same_from_the_same_seed_and_differs_within(name):
    first, again = (drawn(TEACHING[name], 4, 5) for _ in range(2))
    assert first.shape == (4, 60, 4)
    assert first.dtype == np.float32
    np.testing.assert_allclose(first.sum(axis=2), 1, atol=1e-6)
    np.testing.assert_array_equal(first, again)
    assert len({window.tobytes() for window in first}) == 4


def test_letters_by_hand():
    assert letters(written(np.array([3, 0, 2, 1]))) == "TAGC"
    assert quarters(np.array([5.0, 1.0, 9.0, 3.0])).tolist() == [2, 0, 3, 1]
    rng = np.random.default_rng(0)
    long = np.arange(200) % 4
    assert letters(excerpt(long, rng)) in "ACGT" * 50
    assert with_slips(long, 0.0, rng).tolist() == long.tolist()
    changed = with_slips(long, 0.5, rng) != long
    assert 40 <= changed.sum() <= 110


def test_repeats_have_their_period():
    rng = np.random.default_rng(1)
    for _ in range(20):
        text = letters(repeated(3, 3, 0.0, rng))
        assert text == (text[:3] * 20)
        assert len(set(text)) > 1


def test_what_is_shuffled_has_the_same_letters_in_another_order():
    windows = made_bases(5)
    mixed = shuffled(windows, 2)
    np.testing.assert_array_equal(mixed.sum(axis=1), windows.sum(axis=1))
    np.testing.assert_array_equal(mixed.sum(axis=2), 1)
    assert (mixed != windows).any(axis=(1, 2)).all()


@pytest.mark.parametrize("name", KINDS)
def test_kinds_are_windows(name):
    kind = KINDS[name]
    assert kind.windows.shape == (6, 60, 4)
    np.testing.assert_allclose(kind.windows.sum(axis=2), 1, atol=1e-6)
    assert kind.group in ("other modality", "not medical", "near")


def test_there_are_ten_kinds_that_are_no_dna_and_none_of_them_teaches():
    far = [name for name, kind in KINDS.items() if kind.group != "near"]
    assert len(far) >= 10
    assert not set(TEACHING) & {kind.title for kind in KINDS.values()}


def test_kinds_are_what_their_titles_say():
    assert (KINDS["masked"].windows == 0.25).all(axis=2).any(axis=1).all()
    assert KINDS["bisulfite"].windows[..., 1].max() == 0
    assert all(len(set(letters(window))) <= 2 for window in KINDS["two"].windows)
    runs = [max(map(letters(w).count, BASES)) for w in KINDS["homopolymer"].windows]
    assert min(runs) > 45
    weak = KINDS["at_rich"].windows[..., [0, 3]].sum(axis=2).mean()
    assert weak == pytest.approx(0.85, abs=0.08)
    # Codons as they are chosen: in one of three frames no other than these.
    codons = {"GCC", "CGG", "AAC", "GAC", "TGC", "CAG", "GAG", "GGC", "CAC", "ATC", "CTG", "AAG",
              "ATG", "TTC", "CCC", "AGC", "ACC", "TGG", "TAC", "GTG"}  # fmt: skip
    for window in KINDS["protein"].windows:
        text = letters(window)
        frames = [{text[i : i + 3] for i in range(f, 58, 3)} for f in range(3)]
        assert any(frame <= codons for frame in frames)


def test_kinds_come_the_same_from_the_same_seed():
    again = dna_kinds(made_bases(12), 6, 3)
    for name, kind in KINDS.items():
        np.testing.assert_array_equal(kind.windows, again[name].windows)
