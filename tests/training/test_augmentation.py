"""Augmented radiographs stay radiographs: in range, upright, not mirrored, reproducible."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from medmodels.training.augmentation import Augmentation

STILL = Augmentation(
    rotation=0,
    shift=0,
    zoom=0,
    aspect=0,
    gamma=0,
    curve=0,
    blur=0,
    sharpness=0,
    noise=0,
    resolution=0,
    erased=0,
)
STRONG = Augmentation(compressed=0.5)
SEED = tf.constant([3, 5])


@pytest.fixture(scope="module")
def scans() -> np.ndarray:
    """Bright disc low on the right of a ramp: turning, mirroring and inverting show."""
    rows, columns = np.mgrid[0:64, 0:64] / 63.0
    disc = ((rows - 0.7) ** 2 + (columns - 0.7) ** 2 < 0.03).astype(np.float32)
    image = 0.2 + 0.3 * rows + 0.4 * disc
    return np.repeat(image[np.newaxis, ..., np.newaxis], 16, axis=0).astype(np.float32)


def test_values_stay_in_range_and_images_stay_images(scans: np.ndarray) -> None:
    for number in range(4):
        made = STRONG(tf.constant(scans), tf.constant([number, 1])).numpy()
        assert made.shape == scans.shape
        assert made.dtype == np.float32
        assert made.min() >= 0.0
        assert made.max() <= 1.0
        # A clip to the wrong range would flatten them.
        assert (made.std(axis=(1, 2, 3)) > 0.05).all()


def test_same_seed_same_images_other_seed_others(scans: np.ndarray) -> None:
    first = STRONG(tf.constant(scans), SEED).numpy()
    np.testing.assert_array_equal(first, STRONG(tf.constant(scans), SEED).numpy())
    assert np.abs(first - STRONG(tf.constant(scans), SEED + 1).numpy()).mean() > 0.01


def test_each_image_draws_its_own_change(scans: np.ndarray) -> None:
    made = STRONG(tf.constant(scans), SEED).numpy()
    assert len({image.tobytes() for image in made}) == len(made)


def test_disc_stays_low_on_the_right_and_bright(scans: np.ndarray) -> None:
    made = Augmentation(erased=0)(tf.constant(scans), SEED).numpy()[..., 0]
    left, right = made[:, 32:, :32].mean(axis=(1, 2)), made[:, 32:, 32:].mean(axis=(1, 2))
    top = made[:, :32, 32:].mean(axis=(1, 2))
    assert (right > left).all()
    assert (right > top).all()


def test_no_change_asked_leaves_only_the_window(scans: np.ndarray) -> None:
    made = STILL(tf.constant(scans), SEED).numpy()
    for image in made:
        inside = (image > 0) & (image < 1)
        slope, offset = np.polyfit(scans[0][inside], image[inside], 1)
        np.testing.assert_allclose(image[inside], (scans[0] * slope + offset)[inside], atol=1e-4)


def test_erasing_hides_one_rectangle(scans: np.ndarray) -> None:
    hidden = Augmentation(**(vars(STILL) | {"erased": 1.0}))(tf.constant(scans), SEED).numpy()
    shown = STILL(tf.constant(scans), SEED).numpy()
    changed = (np.abs(hidden - shown) > 1e-6)[..., 0]
    assert changed.any(axis=(1, 2)).all()
    assert changed.mean(axis=(1, 2)).max() < 0.15
    for mask, image in zip(changed, hidden, strict=True):
        assert np.ptp(image[..., 0][mask]) < 1e-6


def test_shutters_hide_edges_and_nothing_else(scans: np.ndarray) -> None:
    closed = Augmentation(**(vars(STILL) | {"collimated": 1.0}))(tf.constant(scans), SEED).numpy()
    shown = STILL(tf.constant(scans), SEED).numpy()
    same = np.isclose(closed, shown, atol=1e-6)[..., 0]
    # A fifth of the side at most, so the middle is never touched.
    assert same[:, 13:51, 13:51].all()
    hidden = (~same).mean(axis=(1, 2))
    assert hidden.min() > 0
    assert hidden.max() < 1 - 0.6**2
