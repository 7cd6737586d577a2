"""Fit a network to pictures: averaged weights, repeatable batches, progress in plain lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.training.hidden_regions import empty_middle

Log = Callable[[str], None]
Augment = Callable[[Any, Any], Any]
_REPORT_SECONDS = 30.0


@dataclass(frozen=True)
class Schedule:
    """How a network is fitted.

    Parameters
    ----------
    steps : int
        Weight updates.
    batch : int
        Pictures in each.
    rate : float
        Highest learning rate, reached after a tenth of the steps; half a
        cosine to zero follows.
    decay : float
        Decoupled weight decay (AdamW, Loshchilov and Hutter 2019).
    smoothing : float
        Label smoothing: the target is ``1 - smoothing + smoothing / classes``
        for the class, and ``smoothing / classes`` for each other.
    averaging : float
        Momentum of the running mean of the weights that is kept in the end
        (0: the last weights are kept).
    balanced : bool
        Whether every kind of picture is drawn equally often; how is the
        recipe's business.
    augmentation : callable or None
        From pictures (N, side, side, C) in 0 to 1 and a seed (2,) to pictures
        in 0 to 1. A frozen dataclass, so that it can be written down.
    seed : int
    emptied : float
        Share of the pictures whose middle is hidden and whose target is every
        class alike, see `hidden_regions.empty_middle`.
    """

    steps: int = 900
    batch: int = 32
    rate: float = 1e-3
    decay: float = 0.02
    smoothing: float = 0.1
    averaging: float = 0.99
    balanced: bool = True
    augmentation: Augment | None = None
    seed: int = 1
    emptied: float = 0.0


def fit(
    network: keras.Model,
    batches: tf.data.Dataset,
    schedule: Schedule,
    log: Log,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> None:
    """Fit in place.

    Parameters
    ----------
    network : keras.Model
        Ends in logits, one for each class.
    batches : tf.data.Dataset
        Endless, of pictures and one-hot labels; see `training_batches`.
    schedule : Schedule
    log : callable
        Takes one line of text.
    callbacks : sequence of keras.callbacks.Callback
        Further ones, to keep the weights on the way for example.
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
    # Built while the step is traced, it would have the step traced twice, for ten seconds more.
    optimizer.build(network.trainable_variables)
    network.compile(
        optimizer,
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=schedule.smoothing),
    )
    # At the end Keras puts the averaged weights in place of the last ones.
    network.fit(
        batches,
        epochs=1,
        steps_per_epoch=schedule.steps,
        shuffle=False,
        verbose=0,
        callbacks=[Progress(schedule.steps, log), *callbacks],
    )
    if averaged:
        refresh_normalisation(network, batches, batches_used=min(60, schedule.steps))


def training_batches(
    images: npt.NDArray[Any],
    labels: npt.NDArray[np.integer[Any]],
    classes: int,
    order: npt.NDArray[np.int64],
    schedule: Schedule,
    reach: npt.NDArray[np.float32] | None = None,
) -> tf.data.Dataset:
    """Endless batches of augmented pictures and one-hot labels, the same for the same seed.

    Parameters
    ----------
    images : ndarray, uint8 or float32, shape (N, side, side, C)
        Bytes, or values in 0 to 1; bytes take a quarter of the memory.
    labels : ndarray of int, shape (N,)
    classes : int
    order : ndarray, int64, shape (steps, batch)
        Rows of each batch; begun anew when it is used up.
    schedule : Schedule
        Its augmentation and seed are used.
    reach : ndarray, float32, shape (N,), optional
        How far from its middle at least a picture is emptied; all of it if not given.
    """
    pixels, targets = tf.constant(images), tf.one_hot(labels, classes)
    far = tf.ones(len(labels)) if reach is None else tf.constant(reach)

    def gather(number: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        x, y = tf.gather(pixels, rows), tf.gather(targets, rows)
        if x.dtype == tf.uint8:
            x = tf.cast(x, tf.float32) / 255.0
        if schedule.augmentation is not None:
            x = schedule.augmentation(x, tf.stack([tf.cast(number, tf.int32), schedule.seed]))
        if schedule.emptied > 0:
            seed = tf.stack([tf.cast(number, tf.int32), -schedule.seed])
            x, y = empty_middle(x, y, tf.gather(far, rows), schedule.emptied, seed)
        return x, y

    rows = tf.data.Dataset.from_tensor_slices(order).repeat().enumerate()
    return rows.map(gather, num_parallel_calls=1, deterministic=True).prefetch(2)


def cycle(
    rows: npt.NDArray[np.int64], size: int, draw: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Shuffled passes over ``rows``, one after another, ``size`` in all."""
    passes = [draw.permutation(rows) for _ in range(-(-size // len(rows)))]
    return np.concatenate(passes)[:size]


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
