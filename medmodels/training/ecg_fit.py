"""Fit a beat network: sequences of beats in recording order, weighted classes, averaged weights."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.training.ecg_data import Beats
from medmodels.training.ecg_disturb import Disturbance

LOG = logging.getLogger(__name__)
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    """How a beat network is fitted.

    Parameters
    ----------
    epochs : int
    sequence, batch : int
        Beats per sequence and sequences per step.
    rate : float
        Highest learning rate; it falls to 0 along a cosine.
    decay : float
        AdamW's weight decay.
    averaging : float
        Share of the old in the running average of the weights, per step; 0: none.
    class_weights : tuple of float
        For N, S, V, F.
    cosine : bool
        Warm up, then fall along a cosine; else the rate is constant.
    """

    epochs: int = 8
    sequence: int = 64
    batch: int = 16
    rate: float = 3e-3
    decay: float = 1e-3
    averaging: float = 0.995
    class_weights: tuple[float, float, float, float] = (1.0, 3.0, 1.5, 1.0)
    cosine: bool = True


def fit(
    network: keras.Model, real: list[Beats], variants: list[list[Beats]], settings: Settings,
    disturbance: Disturbance | None, seed: int,
) -> None:  # fmt: skip
    """Fit in place.

    Parameters
    ----------
    network : keras.Model
        From ``medmodels.networks.rnn``.
    real : list of Beats
        Seen in every epoch.
    variants : list of list of Beats
        One of these lists is seen beside the real beats in each epoch, in turn.
    settings : Settings
    disturbance : Disturbance or None
        What is done to the inputs on the way in.
    seed : int
    """
    rng = np.random.default_rng(seed)
    per_epoch = sum(len(b.labels) for b in real)
    if variants:
        per_epoch += int(np.mean([sum(len(b.labels) for b in v) for v in variants]))
    steps = max(1, settings.epochs * per_epoch // (settings.sequence * settings.batch))
    rate = settings.rate
    if settings.cosine:
        rate = keras.optimizers.schedules.CosineDecay(
            0.1 * settings.rate,
            steps,
            warmup_target=settings.rate,
            warmup_steps=max(1, steps // 20),
        )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=settings.decay, global_clipnorm=1.0)
    optimiser.build(network.trainable_variables)
    average = [tf.Variable(v) for v in network.trainable_variables]
    keep = tf.Variable(0.0)

    @tf.function
    def step(
        windows: tf.Tensor, rhythm: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = network([windows, rhythm], training=True)
            each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_sum(each * weights) / (tf.reduce_sum(weights) + 1e-6)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimiser.apply(gradients, network.trainable_variables)
        for mean, now in zip(average, network.trainable_variables, strict=True):
            mean.assign(keep * mean + (1 - keep) * now.value)
        return loss

    start, count, epoch = time.monotonic(), 0, 0
    while count < steps:
        pool = real + (variants[epoch % len(variants)] if variants else [])
        losses = []
        for windows, rhythm, labels, weights in batches(pool, settings, rng):
            if disturbance is not None:
                windows, rhythm = disturbance.apply(windows, rhythm, rng)
                disturbance.as_table(windows, rhythm, labels, weights, rng)
            keep.assign(min(settings.averaging, count / (count + 10)))
            losses.append(step(windows, rhythm, labels, weights))
            count += 1
            if count >= steps:
                break
        epoch += 1
        spent = time.monotonic() - start
        left = spent / count * (steps - count)
        LOG.info("epoch %d, step %d of %d, loss %.4f, %.0f s, about %.0f s left",
                 epoch, count, steps, float(np.mean(losses)), spent, left)  # fmt: skip
    if settings.averaging:
        for mean, now in zip(average, network.trainable_variables, strict=True):
            now.assign(mean)


def batches(
    pool: list[Beats], settings: Settings, rng: np.random.Generator
) -> Iterator[tuple[Floats, Floats, npt.NDArray[np.int64], Floats]]:
    """Sequences of neighbouring beats, in the order of the recording, shuffled as sequences.

    Parameters
    ----------
    pool : list of Beats
    settings : Settings
    rng : numpy Generator

    Yields
    ------
    tuple
        Windows, rhythm, labels and weights; the weight of class Q and of
        padding is 0.
    """
    length = settings.sequence
    strips = []
    for k, beats in enumerate(pool):
        n = len(beats.labels)
        first = -int(rng.integers(0, length)) if n > length else 0
        strips += [(k, s) for s in range(first, n, length)]
    rng.shuffle(strips)
    class_weights = np.array([*settings.class_weights, 0.0], dtype=np.float32)
    _, samples, leads = pool[0].inputs.windows.shape
    context = pool[0].inputs.rhythm.shape[1]
    for at in range(0, max(len(strips) - settings.batch, 0) + 1, settings.batch):
        windows = np.zeros((settings.batch, length, samples, leads), dtype=np.float32)
        rhythm = np.zeros((settings.batch, length, context), dtype=np.float32)
        labels = np.zeros((settings.batch, length), dtype=np.int64)
        weights = np.zeros((settings.batch, length), dtype=np.float32)
        for row, (k, s) in enumerate(strips[at : at + settings.batch]):
            a, b = max(s, 0), min(s + length, len(pool[k].labels))
            inside = slice(a - s, b - s)
            windows[row, inside] = pool[k].inputs.windows[a:b]
            rhythm[row, inside] = pool[k].inputs.rhythm[a:b]
            labels[row, inside] = np.minimum(pool[k].labels[a:b], 3)
            weights[row, inside] = class_weights[pool[k].labels[a:b]]
        yield windows, rhythm, labels, weights
