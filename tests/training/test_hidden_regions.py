"""Regions of pictures are hidden: any share, by something that says nothing, in others not."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from medmodels.training.hidden_regions import empty_middle, hide_regions

SIDE, COUNT = 64, 160
SEED = tf.constant([3, 5])


@pytest.fixture(scope="module")
def pictures():
    """A red disc with stripes on a pale ground: nothing that hides it is like it."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    disc = np.hypot(rows - 32, columns - 32) < 16
    one = np.full((SIDE, SIDE, 3), (0.9, 0.8, 0.7))
    one[disc & (rows % 4 < 2)] = (0.8, 0.1, 0.2)
    return np.repeat(one[np.newaxis].astype(np.float32), COUNT, axis=0)


def changed(pictures, made):
    """Share of each picture that is not as it was."""
    return (np.abs(made - pictures).max(axis=-1) > 1e-3).mean(axis=(1, 2))


def test_without_a_chance_pictures_stay_and_the_same_seed_hides_the_same(pictures):
    np.testing.assert_allclose(hide_regions(pictures, 0.0, SEED), pictures, atol=1e-6)
    first, again = (hide_regions(pictures, 1.0, SEED).numpy() for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - hide_regions(pictures, 1.0, SEED + 1).numpy()).max() > 0.1
    assert first.min() >= 0
    assert first.max() <= 1


def test_some_pictures_are_left_and_of_the_others_any_share_is_hidden(pictures):
    made = hide_regions(pictures, 0.5, SEED).numpy()
    touched = np.abs(made - pictures).max(axis=(1, 2, 3)) > 1e-3
    assert touched.mean() == pytest.approx(0.5, abs=0.12)
    share = changed(pictures, hide_regions(pictures, 1.0, SEED).numpy())
    assert np.quantile(share, 0.15) < 0.35
    assert np.quantile(share, 0.85) > 0.65


def test_what_stays_is_as_it_was_and_what_is_hidden_is_gone(pictures):
    made = hide_regions(pictures, 1.0, SEED).numpy()
    most = changed(pictures, made).argsort()[-8:]
    # Where nearly all is hidden, no picture keeps the stripes of the whole disc.
    stripes = np.abs(np.diff(made[:, 20:44, 28:36].mean(axis=(2, 3)), axis=1)).mean(axis=1)
    whole = np.abs(np.diff(pictures[0, 20:44, 28:36].mean(axis=(1, 2)))).mean()
    assert (stripes[most] < whole / 2).all()
    least = changed(pictures, made).argsort()[:8]
    kept = np.abs(made[least] - pictures[least]).max(axis=-1) < 1e-3
    assert (kept.mean(axis=(1, 2)) > 0.7).all()


def test_different_pictures_get_different_things_in_the_place(pictures):
    made = hide_regions(pictures, 1.0, SEED).numpy()
    colour = pictures[0].mean(axis=(0, 1))
    grey = np.full(3, colour.mean())
    found = {
        name: (np.abs(made - even).max(axis=-1) < 1e-3).mean(axis=(1, 2)).max() > 0.5
        for name, even in (("colour", colour), ("grey", grey))
    }
    assert found == {"colour": True, "grey": True}
    # Noise is nothing that the picture holds: blue where there was none.
    assert (made[..., 2] - made[..., 0]).max() > 0.3


def test_an_emptied_middle_is_every_class_alike_and_the_others_stay(pictures):
    targets = np.eye(8, dtype=np.float32)[np.arange(COUNT) % 8]
    reach = np.full(COUNT, 0.6, np.float32)
    made, told = (one.numpy() for one in empty_middle(pictures, targets, reach, 0.5, SEED))
    emptied = np.abs(made - pictures).max(axis=(1, 2, 3)) > 1e-3
    assert emptied.mean() == pytest.approx(0.5, abs=0.12)
    np.testing.assert_allclose(told[emptied], 1 / 8)
    np.testing.assert_array_equal(told[~emptied], targets[~emptied])
    np.testing.assert_allclose(made[~emptied], pictures[~emptied], atol=1e-6)
    # The whole disc is gone from all that were emptied: it reaches half of the way.
    stripes = np.abs(np.diff(made[:, 20:44, 28:36].mean(axis=(2, 3)), axis=1)).mean(axis=1)
    whole = np.abs(np.diff(pictures[0, 20:44, 28:36].mean(axis=(1, 2)))).mean()
    assert (stripes[emptied] < whole / 2).all()


def test_no_less_than_the_reach_is_emptied(pictures):
    targets = np.full((COUNT, 8), 1 / 8, np.float32)
    for reach in (0.3, 0.8):
        made, _ = empty_middle(pictures, targets, np.full(COUNT, reach, np.float32), 1.0, SEED)
        assert changed(pictures, made.numpy()).min() > 0.6 * reach**2
        assert changed(pictures, made.numpy()).max() > 0.8
