"""Augmented cells stay cells: in range, of any attitude, reproducible, nothing black let in."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from medmodels.training.cell_augmentation import CellAugmentation

NOTHING = {
    "turned": 0.0,
    "stain": None,
    "blurred": 0.0,
    "sharpness": 0.0,
    "noise": 0.0,
    "compressed": 0.0,
    "erased": 0.0,
}
STRONG = CellAugmentation(size=64, blurred=0.5, compressed=0.5, erased=0.5)
SEED = tf.constant([3, 5])


@pytest.fixture(scope="module")
def cells() -> np.ndarray:
    """Violet disc off the middle on a ramp: every turn and mirror image is another picture."""
    rows, columns = np.mgrid[0:64, 0:64] / 63.0
    disc = ((rows - 0.35) ** 2 + (columns - 0.6) ** 2 < 0.03)[..., np.newaxis]
    ramp = (0.6 + 0.3 * rows)[..., np.newaxis] * np.array([1.0, 0.9, 0.8])
    one = np.where(disc, np.array([0.4, 0.2, 0.6]), ramp)
    return np.repeat(one[np.newaxis], 24, axis=0).astype(np.float32)


def _attitudes(picture: np.ndarray) -> list[np.ndarray]:
    return [np.rot90(one, k) for one in (picture, picture[:, ::-1]) for k in range(4)]


def test_values_stay_in_range_and_pictures_stay_pictures(cells: np.ndarray) -> None:
    for number in range(4):
        made = STRONG(tf.constant(cells), tf.constant([number, 1])).numpy()
        assert made.shape == cells.shape
        assert made.dtype == np.float32
        assert made.min() >= 0.0
        assert made.max() <= 1.0
        assert (made.std(axis=(1, 2, 3)) > 0.05).all()


def test_same_seed_same_pictures_other_seed_others(cells: np.ndarray) -> None:
    first = STRONG(tf.constant(cells), SEED).numpy()
    np.testing.assert_array_equal(first, STRONG(tf.constant(cells), SEED).numpy())
    assert np.abs(first - STRONG(tf.constant(cells), SEED + 1).numpy()).mean() > 0.01
    assert len({one.tobytes() for one in first}) == len(first)


def test_not_turned_freely_means_one_of_eight_attitudes_and_all_occur(cells: np.ndarray) -> None:
    made = CellAugmentation(size=64, **NOTHING)(tf.constant(cells), SEED).numpy()
    attitudes = _attitudes(cells[0])
    found = [min(range(8), key=lambda k: np.abs(one - attitudes[k]).max()) for one in made]
    for one, attitude in zip(made, found, strict=True):
        np.testing.assert_allclose(one, attitudes[attitude], atol=1e-4)
    assert len(set(found)) >= 6


def test_a_larger_size_shows_the_same_field(cells: np.ndarray) -> None:
    made = CellAugmentation(size=128, **NOTHING)(tf.constant(cells), SEED).numpy()
    assert made.shape == (24, 128, 128, 3)
    pooled = made.reshape(24, 64, 2, 64, 2, 3).mean(axis=(2, 4))
    best = [min(np.abs(one - other).mean() for other in _attitudes(cells[0])) for one in pooled]
    assert max(best) < 0.01


def test_turning_lets_no_black_corner_in(cells: np.ndarray) -> None:
    settings = NOTHING | {"turned": 1.0}
    made = CellAugmentation(size=64, **settings)(tf.constant(cells), SEED).numpy()
    assert made.min() >= cells.min() - 1e-5
    assert made.max() <= cells.max() + 1e-5


def test_loss_of_focus_softens_and_keeps_the_mean(cells: np.ndarray) -> None:
    draw = np.random.default_rng(0)
    rough = draw.uniform(0.3, 0.7, (16, 64, 64, 3)).astype(np.float32)
    settings = NOTHING | {"blurred": 1.0}
    made = CellAugmentation(size=64, **settings)(tf.constant(rough), SEED).numpy()
    spread = made.std(axis=(1, 2, 3)) / rough.std(axis=(1, 2, 3))
    assert spread.max() <= 1.0 + 1e-5
    assert spread.min() < 0.5
    np.testing.assert_allclose(made.mean(axis=(1, 2, 3)), rough.mean(axis=(1, 2, 3)), atol=0.003)


def test_erasing_hides_one_rectangle_in_the_mean_colour(cells: np.ndarray) -> None:
    hidden = CellAugmentation(size=64, **(NOTHING | {"erased": 1.0}))(tf.constant(cells), SEED)
    shown = CellAugmentation(size=64, **NOTHING)(tf.constant(cells), SEED).numpy()
    changed = (np.abs(hidden.numpy() - shown) > 1e-6).any(axis=3)
    assert changed.any(axis=(1, 2)).all()
    assert changed.mean(axis=(1, 2)).max() < 0.07
    for mask, one, whole in zip(changed, hidden.numpy(), shown, strict=True):
        np.testing.assert_allclose(one[mask][0], whole.mean(axis=(0, 1)), atol=1e-4)


def test_compression_changes_only_the_share_that_was_asked_for(cells: np.ndarray) -> None:
    draw = np.random.default_rng(0)
    rough = draw.uniform(0.0, 1.0, (24, 64, 64, 3)).astype(np.float32)
    made = CellAugmentation(size=64, **(NOTHING | {"compressed": 0.5}))(tf.constant(rough), SEED)
    plain = CellAugmentation(size=64, **NOTHING)(tf.constant(rough), SEED).numpy()
    touched = (np.abs(made.numpy() - plain) > 0.05).any(axis=(1, 2, 3))
    assert 4 <= touched.sum() <= 20
