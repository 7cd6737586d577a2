"""Changes to batches of pictures that augmentations of any kind of picture draw on."""

from __future__ import annotations

from typing import Any, Literal

import tensorflow as tf


def each(pictures: Any) -> Any:
    """Shape of one value for each picture, ready to broadcast."""
    return tf.stack([tf.shape(pictures)[0], 1, 1, 1])


def affine(
    pictures: Any,
    matrix: tuple[Any, Any, Any, Any],
    shift: tuple[Any, Any],
    sides: Any,
    fill: Literal["CONSTANT", "REFLECT"],
) -> Any:
    """Move each picture in its own way, by bilinear interpolation.

    Parameters
    ----------
    pictures : tensor, float32, shape (N, H, W, C)
    matrix : tuple of tensor, each of shape (N,)
        Row by row, from output to input pixels.
    shift : tuple of tensor, each of shape (N,)
        Across and down, pixels of the input.
    sides : tensor or tuple of int, shape (2,)
        Height and width going out, pixels.
    fill : {"CONSTANT", "REFLECT"}
        What lies beyond the borders: black, or the picture mirrored.
    """
    a, b, c, d = matrix
    zero = tf.zeros_like(a)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures,
        transforms=tf.stack([a, b, shift[0], c, d, shift[1], zero, zero], axis=1),
        output_shape=sides,
        interpolation="BILINEAR",
        fill_mode=fill,
        fill_value=0.0,
    )


def grain(pictures: Any, highest: float, seed: Any) -> Any:
    """Add white noise of up to ``highest`` standard deviation, values being 0 to 1."""
    first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
    # Squared, so that most pictures get little of it.
    strength = highest * tf.square(tf.random.stateless_uniform(each(pictures), first))
    noise = tf.random.stateless_normal(tf.shape(pictures), second)
    return tf.clip_by_value(pictures + strength * noise, 0.0, 1.0)


def erase(pictures: Any, chance: float, growth: float, seed: Any) -> Any:
    """Replace one rectangle by the picture's mean, in some pictures.

    Parameters
    ----------
    pictures : tensor, float32, shape (N, side, side, C)
    chance : float
        Share of pictures in which one is.
    growth : float
        Half a side of the rectangle is 0.04 to ``0.04 + growth`` of the picture's.
    seed : tensor, int32, shape (2,)
    """
    first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
    count = tf.shape(pictures)[0]
    place = tf.random.stateless_uniform((4, count, 1), first)
    chosen = tf.random.stateless_uniform((count, 1), second) < chance
    axis = tf.linspace(0.0, 1.0, tf.shape(pictures)[1])[tf.newaxis]
    rows = tf.abs(axis - place[0]) < 0.04 + growth * place[1]
    columns = tf.abs(axis - place[2]) < 0.04 + growth * place[3]
    hidden = (rows & chosen)[:, :, tf.newaxis] & columns[:, tf.newaxis, :]
    mean = tf.reduce_mean(pictures, axis=(1, 2), keepdims=True)
    return tf.where(hidden[..., tf.newaxis], mean, pictures)
