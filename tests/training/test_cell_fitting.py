"""Order of the cells in training: balanced or plain, every picture in its turn."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from medmodels.networks.cnn import Stage, lite_cnn
from medmodels.training.cell_augmentation import CellAugmentation
from medmodels.training.cell_fitting import fit, order_of, reach_of
from medmodels.training.cell_images import CLASSES, Cells
from medmodels.training.image_fitting import Schedule, training_batches

LABELS = np.array([0] * 20 + [1] * 6 + [5] * 4, np.int8)


def test_balanced_batches_hold_every_class_alike_and_no_picture_twice_too_soon() -> None:
    order = order_of(LABELS, Schedule(steps=6, batch=9, seed=2))
    assert order.shape == (6, 9)
    for rows in order:
        assert np.bincount(LABELS[rows], minlength=8)[[0, 1, 5]].tolist() == [3, 3, 3]
    # 18 draws from 20 pictures: none twice. From 6: each three times.
    drawn = order.ravel()
    assert np.bincount(drawn)[:20].max() == 1
    assert np.bincount(drawn)[20:26].tolist() == [3] * 6


def test_a_batch_that_does_not_divide_is_still_full() -> None:
    order = order_of(LABELS, Schedule(steps=2, batch=8, seed=2))
    assert [np.bincount(LABELS[rows])[[0, 1, 5]].tolist() for rows in order] == [[3, 3, 2]] * 2


def test_plain_order_shows_every_picture_once_before_any_comes_twice() -> None:
    order = order_of(LABELS, Schedule(steps=5, batch=6, balanced=False, seed=2))
    assert sorted(order.ravel()) == list(range(30))
    again = order_of(LABELS, Schedule(steps=5, batch=6, balanced=False, seed=2))
    np.testing.assert_array_equal(order, again)
    other = order_of(LABELS, Schedule(steps=5, batch=6, balanced=False, seed=3))
    assert (order != other).any()


@pytest.fixture(scope="module")
def cells() -> Cells:
    """A class is the colour of the disc in the middle."""
    draw = np.random.default_rng(0)
    labels = np.arange(64) % 8
    pictures = draw.integers(150, 200, (64, 32, 32, 3), dtype=np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[8:24, 8:24] = [(label & 1) * 200, (label >> 1 & 1) * 200, (label >> 2) * 200]
    return Cells(pictures, labels.astype(np.int8), labels.astype(str), labels.astype(str))


def test_bytes_become_values_of_0_to_1_and_labels_one_of_eight(cells: Cells) -> None:
    schedule = Schedule(steps=1, batch=64, balanced=False, augmentation=None)
    order = order_of(cells.labels, schedule)
    x, y = next(iter(training_batches(cells.pictures, cells.labels, 8, order, schedule)))
    np.testing.assert_allclose(x.numpy(), cells.pictures[order[0]] / 255, atol=1e-6)
    np.testing.assert_array_equal(y.numpy(), np.eye(8)[cells.labels[order[0]]])


@pytest.mark.timeout(120)
def test_fit_learns_colours_and_calls_back(cells: Cells) -> None:
    keras.utils.set_random_seed(1)
    stages = (Stage(3, 1, 2, 1, 8),)
    network = lite_cnn(
        32, len(CLASSES), channels=3, stages=stages, explained_channels=16, dropout=0.0
    )
    seen: list[int] = []
    counter = keras.callbacks.LambdaCallback(on_train_batch_end=lambda *_, **__: seen.append(1))
    geometry = CellAugmentation(size=32, stain=None, noise=0.0, compressed=0.0, erased=0.0)
    schedule = Schedule(
        steps=120, batch=16, rate=0.02, averaging=0.9, smoothing=0.0, augmentation=geometry
    )
    lines: list[str] = []
    fit(network, cells, schedule, lines.append, [counter])
    logits = network.predict(cells.pictures / np.float32(255), verbose=0)
    assert (logits.argmax(axis=1) == cells.labels).mean() > 0.9
    assert len(seen) == 120
    assert lines[-1].startswith("  step 120 of 120, loss ")


def test_a_cell_reaches_as_far_as_its_stain_with_some_to_spare() -> None:
    rows, columns = np.mgrid[:64, :64]
    pictures = np.full((2, 64, 64, 3), 230, np.uint8)
    pictures[0][np.hypot(rows - 32, columns - 32) < 8] = (90, 40, 120)
    pictures[1][np.hypot(rows - 32, columns - 24) < 20] = (90, 40, 120)
    small, large = reach_of(pictures)
    assert 8 / 32 < small < 0.55
    assert 28 / 32 < large <= 1
