"""Fit a network to radiographs: balanced batches, averaged weights, progress in plain lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.training.augmentation import Augmentation
from medmodels.training.chest_images import CLASSES, Radiographs

Log = Callable[[str], None]
_REPORT_SECONDS = 30.0


@dataclass(frozen=True)
class Schedule:
    """How a network is fitted.

    Parameters
    ----------
    steps : int
        Weight updates.
    batch : int
        Images in each; half normal, a quarter bacterial, a quarter viral
        pneumonia when ``balanced``.
    rate : float
        Highest learning rate, reached after a tenth of the steps; half a
        cosine to zero follows.
    decay : float
        Decoupled weight decay (AdamW, Loshchilov and Hutter 2019).
    smoothing : float
        Label smoothing: the target is ``1 - smoothing / 2`` for the class.
    averaging : float
        Momentum of the running mean of the weights that is kept in the end
        (0: the last weights are kept).
    balanced : bool
    augmentation : Augmentation or None
    seed : int
    """

    steps: int = 900
    batch: int = 32
    rate: float = 1e-3
    decay: float = 0.02
    smoothing: float = 0.1
    averaging: float = 0.99
    balanced: bool = True
    augmentation: Augmentation | None = field(default_factory=Augmentation)
    seed: int = 1


def fit(network: keras.Model, train: Radiographs, schedule: Schedule, log: Log) -> None:
    """Fit in place.

    Parameters
    ----------
    network : keras.Model
        Ends in logits, one for each class.
    train : Radiographs
    schedule : Schedule
    log : callable
        Takes one line of text.
    """
    warm = max(1, schedule.steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        schedule.rate / 20,
        decay_steps=max(1, schedule.steps - warm),
        warmup_target=schedule.rate,
        warmup_steps=warm,
    )
    averaged = schedule.averaging > 0
    optimizer = keras.optimizers.AdamW(
        rate,
        weight_decay=schedule.decay,
        use_ema=averaged,
        ema_momentum=schedule.averaging if averaged else 0.99,
        clipnorm=1.0,
    )
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    network.compile(
        optimizer,
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=schedule.smoothing),
    )
    batches = training_batches(train, schedule)
    # At the end Keras puts the averaged weights in place of the last ones.
    network.fit(
        batches,
        epochs=1,
        steps_per_epoch=schedule.steps,
        shuffle=False,
        verbose=0,
        callbacks=[Progress(schedule.steps, log)],
    )
    if averaged:
        refresh_normalisation(network, batches, batches_used=min(60, schedule.steps))


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
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
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
    images, labels = tf.constant(train.images), tf.one_hot(train.labels, len(CLASSES))
    order = _order(train, schedule)

    def gather(number: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        x, y = tf.gather(images, rows), tf.gather(labels, rows)
        if schedule.augmentation is not None:
            x = schedule.augmentation(x, tf.stack([tf.cast(number, tf.int32), schedule.seed]))
        return x, y

    rows = tf.data.Dataset.from_tensor_slices(order).repeat().enumerate()
    return rows.map(gather, num_parallel_calls=1, deterministic=True).prefetch(2)


def refresh_normalisation(
    network: keras.Model, batches: tf.data.Dataset, batches_used: int
) -> None:
    """Measure batch statistics anew, for averaged weights never saw the running ones.

    As stochastic weight averaging asks (Izmailov 2018, section 3.2).
    """
    norms = [
        layer
        for layer in network.layers
        if isinstance(layer, keras.layers.BatchNormalization) and layer.trainable
    ]
    momenta = [layer.momentum for layer in norms]
    for number, (images, _) in enumerate(batches.take(batches_used)):
        for layer in norms:
            layer.momentum = number / (number + 1.0)
        network(images, training=True)
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.momentum = momentum


class Progress(keras.callbacks.Callback):
    """One line every half minute: step, loss, time left.

    Parameters
    ----------
    steps : int
        Steps in all.
    log : callable
    """

    def __init__(self, steps: int, log: Log) -> None:
        super().__init__()
        self.steps, self.log = steps, log
        self.started = self.reported = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Report when it is time to."""
        now, done = time.monotonic(), batch + 1
        if now - self.reported < _REPORT_SECONDS and done < self.steps:
            return
        self.reported = now
        left = (now - self.started) / done * (self.steps - done)
        loss = (logs or {}).get("loss", float("nan"))
        self.log(f"  step {done} of {self.steps}, loss {loss:.4f}, {left:.0f} s left")


def _order(train: Radiographs, schedule: Schedule) -> npt.NDArray[np.int64]:
    """Rows of each batch, shape (steps, batch)."""
    draw = np.random.default_rng(schedule.seed)
    size = schedule.steps * schedule.batch
    if not schedule.balanced:
        return _cycle(np.arange(len(train)), size, draw).reshape(schedule.steps, schedule.batch)
    columns = []
    for subtype, count in (
        ("normal", schedule.batch // 2),
        ("bacteria", schedule.batch // 4),
        ("virus", schedule.batch - schedule.batch // 2 - schedule.batch // 4),
    ):
        rows = np.flatnonzero(train.subtypes == subtype)
        columns.append(_cycle(rows, schedule.steps * count, draw).reshape(schedule.steps, count))
    return np.concatenate(columns, axis=1)


def _cycle(
    rows: npt.NDArray[np.int64], size: int, draw: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Shuffled passes over ``rows``, one after another, ``size`` in all."""
    passes = [draw.permutation(rows) for _ in range(-(-size // len(rows)))]
    return np.concatenate(passes)[:size]
