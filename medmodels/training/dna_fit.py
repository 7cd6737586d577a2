"""Fit a splice site network: AdamW along a cosine, smoothed labels, averaged weights."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.training.dna_augment import Augmentation, change, made_negatives
from medmodels.training.dna_data import NEITHER, Windows

LOG = logging.getLogger(__name__)
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Settings:
    """How a splice site network is fitted.

    Parameters
    ----------
    epochs, batch : int
    rate : float
        Highest learning rate; it falls to 0 along a cosine.
    decay : float
        AdamW's weight decay.
    smoothing : float
        Share of a label that is spread over all classes.
    averaging : float
        Share of the old in the running average of the weights, per step; 0: none.
    made_weight : float
        Weight of a made negative; a real window has 1.
    augmentation : Augmentation
    """

    epochs: int = 60
    batch: int = 64
    rate: float = 3e-3
    decay: float = 1e-2
    smoothing: float = 0.05
    averaging: float = 0.99
    made_weight: float = 0.3
    augmentation: Augmentation = field(default_factory=Augmentation)


def fit(network: keras.Model, windows: Windows, settings: Settings, seed: int) -> None:
    """Fit in place.

    Parameters
    ----------
    network : keras.Model
        Inputs (n, 60, 4), logits (n, 3); its weights' seed is the caller's.
    windows : Windows
    settings : Settings
    seed : int
        Of the order and of what is drawn.
    """
    rng = np.random.default_rng(seed)
    per_epoch = max(1, len(windows) // settings.batch)
    steps = settings.epochs * per_epoch
    rate = keras.optimizers.schedules.CosineDecay(
        0.1 * settings.rate, steps, warmup_target=settings.rate, warmup_steps=max(1, steps // 20)
    )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=settings.decay, global_clipnorm=1.0)
    optimiser.build(network.trainable_variables)
    average = [tf.Variable(v) for v in network.trainable_variables]
    keep = tf.Variable(0.0)
    classes = int(network.outputs[0].shape[-1])

    @tf.function
    def step(bases: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        smooth = tf.one_hot(labels, classes) * (1 - settings.smoothing)
        smooth += settings.smoothing / classes
        with tf.GradientTape() as tape:
            logits = network(bases, training=True)
            each = tf.nn.softmax_cross_entropy_with_logits(smooth, logits)
            loss = tf.reduce_sum(each * weights) / tf.reduce_sum(weights)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimiser.apply(gradients, network.trainable_variables)
        for mean, now in zip(average, network.trainable_variables, strict=True):
            mean.assign(keep * mean + (1 - keep) * now.value)
        return loss

    start, count = time.monotonic(), 0
    for epoch in range(settings.epochs):
        losses = []
        for batch in batches(windows, settings, rng):
            keep.assign(min(settings.averaging, count / (count + 10)))
            losses.append(step(*batch))
            count += 1
        if epoch % 10 == 9 or epoch == settings.epochs - 1:
            spent = time.monotonic() - start
            left = spent / count * (steps - count)
            LOG.info("epoch %d of %d, loss %.4f, %.0f s, about %.0f s left",
                     epoch + 1, settings.epochs, float(np.mean(losses)), spent, left)  # fmt: skip
    if settings.averaging:
        for mean, now in zip(average, network.trainable_variables, strict=True):
            now.assign(mean)


def batches(
    windows: Windows, settings: Settings, rng: np.random.Generator
) -> Iterator[tuple[Floats, Ints, Floats]]:
    """One epoch: every window once, changed anew, and made negatives spread among them.

    Parameters
    ----------
    windows : Windows
    settings : Settings
    rng : numpy Generator

    Yields
    ------
    tuple
        Bases (batch, 60, 4), labels (batch,) and weights (batch,); all batches of an
        epoch have one size. Rows that do not fill the last one wait for another epoch.
    """
    bases = change(windows.bases, windows.labels, settings.augmentation, rng)
    made = made_negatives(windows.bases, windows.labels, settings.augmentation, rng)
    order, extra = rng.permutation(len(bases)), rng.permutation(len(made))
    count = max(1, len(bases) // settings.batch)
    size, beside = min(settings.batch, len(bases)), len(made) // count
    for k in range(count):
        real = order[k * size : (k + 1) * size]
        more = extra[k * beside : (k + 1) * beside]
        labels = np.r_[windows.labels[real], np.full(len(more), NEITHER)]
        weights = np.r_[np.ones(len(real)), np.full(len(more), settings.made_weight)]
        yield (
            np.concatenate([bases[real], made[more]]),
            labels.astype(np.int64),
            weights.astype(np.float32),
        )
