"""Augmentations of the retrained ideas; each ends in what that idea's network reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from medmodels.training.augmentation import Augmentation
from medmodels.training.external_ideas_images import LEAST_DEVIATION, NEIGHBOURHOOD

_KNOTS = 6


@dataclass(frozen=True)
class LocalContrast(Augmentation):
    """An augmentation after which every image is standardised locally.

    The same as `medmodels.training.external_ideas_images.standardise_locally`,
    as an operation of a TensorFlow graph.
    """

    def __call__(self, images: Any, seed: Any) -> Any:
        """Change a batch; see `Augmentation`. The result is no longer in 0 to 1."""
        return locally_standardised(super().__call__(images, seed))


@dataclass(frozen=True)
class StrongAugmentation(Augmentation):
    """Adds random grey curves and coarse brightness from another image.

    Parameters
    ----------
    curves : float
        Chance of a random rising grey curve.
    borrowed : float
        Highest share of the coarsest brightness that is exchanged with the
        next image of the batch: an exchange of low frequencies in the manner
        of Fourier domain adaptation (Yang and Soatto 2020), in the image.
    cells : int
        Cells along a side at which brightness counts as coarse.
    """

    curves: float = 0.5
    borrowed: float = 0.6
    cells: int = 4

    def __call__(self, images: Any, seed: Any) -> Any:
        """Change a batch; see `Augmentation`."""
        changed = super().__call__(images, seed)
        first, second = (tf.random.experimental.stateless_fold_in(seed, k) for k in (11, 12))
        return self._curve(self._borrow(changed, first), second)

    def _borrow(self, images: Any, seed: Any) -> Any:
        side = tf.shape(images)[1:3]
        coarse = tf.image.resize(tf.image.resize(images, (self.cells, self.cells), "area"), side)
        other = tf.roll(coarse, 1, axis=0)
        count = tf.shape(images)[0]
        share = tf.random.stateless_uniform((count, 1, 1, 1), seed, 0.0, self.borrowed)
        return tf.clip_by_value(images + share * (other - coarse), 0.0, 1.0)

    def _curve(self, images: Any, seed: Any) -> Any:
        """Straight pieces between knots that rise by random amounts, from 0 to 1."""
        first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
        count = tf.shape(images)[0]
        steps = tf.random.stateless_uniform((count, _KNOTS), first, 0.3, 1.7)
        heights = steps / tf.reduce_sum(steps, axis=1, keepdims=True)
        bent = tf.zeros_like(images)
        for knot in range(_KNOTS):
            inside = tf.clip_by_value(images * _KNOTS - knot, 0.0, 1.0)
            bent += heights[:, knot, tf.newaxis, tf.newaxis, tf.newaxis] * inside
        chosen = tf.random.stateless_uniform((count, 1, 1, 1), second) < self.curves
        return tf.where(chosen, bent, images)


def locally_standardised(images: Any) -> Any:
    """Subtract the mean around each pixel and divide by the deviation there.

    Parameters
    ----------
    images : tensor, float32, shape (N, side, side, 1)
        Grey values in 0 to 1.

    Returns
    -------
    tensor, float32, shape (N, side, side, 1)
    """
    mean = _box(images)
    variance = _box(tf.square(images - 0.5)) - tf.square(mean - 0.5)
    return (images - mean) / tf.sqrt(tf.maximum(variance, LEAST_DEVIATION**2))


def _box(images: Any) -> Any:
    """Mean of the square around each pixel, rows first; padding does not count."""
    rows = tf.nn.avg_pool2d(images, (NEIGHBOURHOOD, 1), 1, "SAME")
    return tf.nn.avg_pool2d(rows, (1, NEIGHBOURHOOD), 1, "SAME")
