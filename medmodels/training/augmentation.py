"""Random changes to a radiograph that leave its diagnosis as it was.

What a second film of the same chest could differ in: how the patient lay and
how the film was cropped, exposure and window, sharpness, noise, something in
front. Not: mirrored (the heart is on the left), upside down, or inverted.
Everything works on a batch at once and keeps values in 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from medmodels.training.picture_changes import affine, each, erase, grain


@dataclass(frozen=True)
class Augmentation:
    """How far each change may go; each image draws its own amount.

    Parameters
    ----------
    rotation : float
        Degrees, either way.
    shift : float
        Share of the side, either way, on each axis.
    zoom : float
        Factor from ``1 / (1 + zoom)`` to ``1 + zoom``.
    aspect : float
        Stretch of one axis against the other, as a factor like ``zoom``.
    gamma : float
        Exponent from ``1 / (1 + gamma)`` to ``1 + gamma``.
    curve : float
        Weight of an S-shaped tone curve, either way (more or less contrast in the mid-greys).
    blur, sharpness : float
        From this much of a 5 by 5 blur to this much unsharp masking with it.
    noise : float
        Highest standard deviation of the grain, in grey values of 0 to 1.
    resolution : float
        Chance that the image is seen through half its resolution.
    collimated : float
        Chance that shutters hide up to a fifth of the side at each edge.
    compressed : float
        Chance that the image went through a JPEG of quality 10 to 80.
    erased : float
        Chance that one rectangle is replaced by the image's mean grey.
    """

    rotation: float = 10.0
    shift: float = 0.08
    zoom: float = 0.15
    aspect: float = 0.12
    gamma: float = 0.6
    curve: float = 0.5
    blur: float = 1.0
    sharpness: float = 1.0
    noise: float = 0.03
    resolution: float = 0.15
    collimated: float = 0.0
    compressed: float = 0.0
    erased: float = 0.3

    def __call__(self, images: Any, seed: Any) -> Any:
        """Change a batch.

        Parameters
        ----------
        images : tensor, float32, shape (N, side, side, 1)
            Grey values in 0 to 1.
        seed : tensor, int32, shape (2,)
            The same seed makes the same changes.

        Returns
        -------
        tensor, float32, shape (N, side, side, 1)
            Grey values in 0 to 1.
        """
        seeds = tf.unstack(tf.random.experimental.stateless_split(seed, 6))
        images = self._move(images, seeds[0])
        if self.collimated > 0:
            images = self._collimate(images, tf.random.experimental.stateless_fold_in(seed, 7))
        images = self._detail(images, seeds[1])
        images = self._tone(images, seeds[2])
        images = grain(images, self.noise, seeds[3])
        if self.compressed > 0:
            images = self._compress(images, seeds[5])
        return erase(images, self.erased, 0.11, seeds[4])

    def _move(self, images: Any, seed: Any) -> Any:
        count, side = tf.shape(images)[0], tf.cast(tf.shape(images)[1], tf.float32)
        draw = tf.random.stateless_uniform((5, count), seed, -1.0, 1.0)
        angle = draw[0] * self.rotation * (3.14159265 / 180.0)
        zoom = tf.pow(1.0 + self.zoom, draw[1])
        stretch = tf.pow(1.0 + self.aspect, draw[2] / 2.0)
        across, down = zoom * stretch, zoom / stretch
        centre = (side - 1.0) / 2.0
        # Row-major affine from output to input pixels, about the centre.
        a, b = tf.cos(angle) * across, -tf.sin(angle) * down
        c, d = tf.sin(angle) * across, tf.cos(angle) * down
        shift_x = centre * (1.0 - a - b) + draw[3] * self.shift * side
        shift_y = centre * (1.0 - c - d) + draw[4] * self.shift * side
        sides = tf.shape(images)[1:3]
        return affine(images, (a, b, c, d), (shift_x, shift_y), sides, "CONSTANT")

    def _collimate(self, images: Any, seed: Any) -> Any:
        first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
        count = tf.shape(images)[0]
        top, bottom, left, right = tf.unstack(
            tf.random.stateless_uniform((4, count, 1), first, 0.0, 0.2)
        )
        axis = tf.linspace(0.0, 1.0, tf.shape(images)[1])[tf.newaxis]
        rows = (axis >= top) & (axis <= 1.0 - bottom)
        columns = (axis >= left) & (axis <= 1.0 - right)
        open_field = (rows[:, :, tf.newaxis] & columns[:, tf.newaxis, :])[..., tf.newaxis]
        closed = tf.random.stateless_uniform(each(images), second) < self.collimated
        return tf.where(closed & ~open_field, 0.0, images)

    def _detail(self, images: Any, seed: Any) -> Any:
        first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
        amount = tf.random.stateless_uniform(each(images), first, -self.blur, self.sharpness)
        sharper = images + amount * (images - _blur(images))
        half = tf.image.resize(tf.nn.avg_pool2d(images, 2, 2, "SAME"), tf.shape(images)[1:3])
        coarse = tf.random.stateless_uniform(each(images), second) < self.resolution
        return tf.clip_by_value(tf.where(coarse, half, sharper), 0.0, 1.0)

    def _tone(self, images: Any, seed: Any) -> Any:
        seeds = tf.unstack(tf.random.experimental.stateless_split(seed, 4))
        power = tf.pow(
            1.0 + self.gamma, tf.random.stateless_uniform(each(images), seeds[0], -1.0, 1.0)
        )
        images = tf.pow(tf.maximum(images, 1e-4), power)
        weight = tf.random.stateless_uniform(each(images), seeds[1], -self.curve, self.curve)
        curve = images * images * (3.0 - 2.0 * images)
        images = images + weight * (curve - images)
        # A window that cuts a little off either end, or leaves the ends unused.
        low = tf.random.stateless_uniform(each(images), seeds[2], -0.1, 0.08)
        high = tf.random.stateless_uniform(each(images), seeds[3], 0.85, 1.15)
        return tf.clip_by_value((images - low) / (high - low), 0.0, 1.0)

    def _compress(self, images: Any, seed: Any) -> Any:
        seeds = tf.random.experimental.stateless_split(seed, tf.shape(images)[0])
        draw = tf.map_fn(
            lambda one: tf.random.stateless_uniform((), one), seeds, fn_output_signature=tf.float32
        )

        def through_jpeg(item: tuple[Any, Any, Any]) -> Any:
            image, one, chance = item
            return tf.cond(
                chance < self.compressed,
                lambda: tf.image.stateless_random_jpeg_quality(image, 10, 80, one),
                lambda: image,
            )

        return tf.map_fn(through_jpeg, (images, seeds, draw), fn_output_signature=tf.float32)


def _blur(images: Any) -> Any:
    """Binomial blur, 5 by 5, mirrored at the borders."""
    row = tf.constant([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    padded = tf.pad(images, [[0, 0], [2, 2], [2, 2], [0, 0]], mode="SYMMETRIC")
    down = tf.nn.conv2d(padded, tf.reshape(row, (5, 1, 1, 1)), 1, "VALID")
    return tf.nn.conv2d(down, tf.reshape(row, (1, 5, 1, 1)), 1, "VALID")
