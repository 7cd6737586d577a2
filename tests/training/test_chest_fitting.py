"""Fitting: balanced batches, the same every time, and weights that learn."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from medmodels.networks.cnn import Stage, lite_cnn
from medmodels.training.chest_fitting import Schedule, fit, training_batches
from medmodels.training.chest_images import Radiographs


@pytest.fixture(scope="module")
def train() -> Radiographs:
    """Pneumonia is a bright lower half; its two kinds look alike."""
    labels = np.array([0] * 6 + [1] * 30, np.int8)
    images = np.random.default_rng(0).uniform(0.2, 0.4, (36, 32, 32, 1)).astype(np.float32)
    images[labels == 1, 16:] += 0.4
    kinds = np.array(["normal"] * 6 + ["bacteria"] * 24 + ["virus"] * 6)
    return Radiographs(images, labels, np.arange(36).astype(str), kinds)


def test_batches_are_balanced_and_repeatable(train: Radiographs) -> None:
    schedule = Schedule(steps=5, batch=8, seed=4)
    first = [(x.numpy(), y.numpy()) for x, y in training_batches(train, schedule).take(5)]
    again = [(x.numpy(), y.numpy()) for x, y in training_batches(train, schedule).take(5)]
    for (x, y), (same_x, same_y) in zip(first, again, strict=True):
        assert y.sum(axis=0).tolist() == [4.0, 4.0]
        np.testing.assert_array_equal(x, same_x)
        np.testing.assert_array_equal(y, same_y)
    assert (first[0][0] != first[1][0]).any()


def test_without_balance_every_image_is_seen_once_before_any_is_seen_twice(
    train: Radiographs,
) -> None:
    schedule = Schedule(steps=9, batch=4, balanced=False, augmentation=None)
    seen = np.concatenate([x.numpy() for x, _ in training_batches(train, schedule).take(9)])
    assert len({image.tobytes() for image in seen}) == 36


def test_fit_learns_and_says_how_far_it_is(train: Radiographs) -> None:
    keras.utils.set_random_seed(1)
    network = lite_cnn(32, stages=(Stage(3, 1, 2, 1, 8),), explained_channels=8, dropout=0.0)
    lines: list[str] = []
    schedule = Schedule(steps=40, batch=8, rate=0.02, averaging=0.8, augmentation=None)
    fit(network, train, schedule, lines.append)
    logits = network.predict(train.images, verbose=0)
    assert (logits.argmax(axis=1) == train.labels).mean() == 1.0
    assert lines[-1].startswith("  step 40 of 40, loss ")
    assert lines[-1].endswith(", 0 s left")
