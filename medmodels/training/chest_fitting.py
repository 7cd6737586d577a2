"""Fit a network to radiographs: half normal, a quarter of either kind of pneumonia."""

from __future__ import annotations

from dataclasses import dataclass, field

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.training import image_fitting
from medmodels.training.augmentation import Augmentation
from medmodels.training.chest_images import CLASSES, Radiographs
from medmodels.training.image_fitting import Log, Progress, cycle


@dataclass(frozen=True)
class Schedule(image_fitting.Schedule):
    """As `image_fitting.Schedule`, with the augmentation that radiographs allow.

    When ``balanced``, half of each batch is normal, a quarter bacterial and a
    quarter viral pneumonia.
    """

    augmentation: Augmentation | None = field(default_factory=Augmentation)


def fit(network: keras.Model, train: Radiographs, schedule: Schedule, log: Log) -> None:
    """Fit in place, see `image_fitting.fit`.

    Parameters
    ----------
    network : keras.Model
        Ends in logits, one for each class.
    train : Radiographs
    schedule : Schedule
    log : callable
        Takes one line of text.
    """
    image_fitting.fit(network, training_batches(train, schedule), schedule, log)


def fit_plainly(network: keras.Model, train: Radiographs, schedule: Schedule, log: Log) -> None:
    """Fit in place as the article does: Adam at its defaults, sparse cross-entropy.

    Parameters
    ----------
    network : keras.Model
    train : Radiographs
    schedule : Schedule
        Steps, batch, balance, augmentation and seed; the rest is not used.
    log : callable
    """
    optimizer = keras.optimizers.Adam()
    optimizer.build(network.trainable_variables)  # see `image_fitting.fit`
    network.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    batches = training_batches(train, schedule).map(lambda x, y: (x, tf.argmax(y, axis=1)))
    network.fit(
        batches,
        epochs=1,
        steps_per_epoch=schedule.steps,
        shuffle=False,
        verbose=0,
        callbacks=[Progress(schedule.steps, log)],
    )


def training_batches(train: Radiographs, schedule: Schedule) -> tf.data.Dataset:
    """Endless batches of augmented images and one-hot labels, the same for the same seed."""
    return image_fitting.training_batches(
        train.images, train.labels, len(CLASSES), _order(train, schedule), schedule
    )


def _order(train: Radiographs, schedule: Schedule) -> npt.NDArray[np.int64]:
    """Rows of each batch, shape (steps, batch)."""
    draw = np.random.default_rng(schedule.seed)
    size = schedule.steps * schedule.batch
    if not schedule.balanced:
        return cycle(np.arange(len(train)), size, draw).reshape(schedule.steps, schedule.batch)
    columns = []
    for subtype, count in (
        ("normal", schedule.batch // 2),
        ("bacteria", schedule.batch // 4),
        ("virus", schedule.batch - schedule.batch // 2 - schedule.batch // 4),
    ):
        rows = np.flatnonzero(train.subtypes == subtype)
        columns.append(cycle(rows, schedule.steps * count, draw).reshape(schedule.steps, count))
    return np.concatenate(columns, axis=1)
