"""Hide regions of pictures at random: a network learns what can be told from the rest.

A network that has only seen whole pictures answers a picture with a hole by
extrapolation, and a picture of nothing with whichever class has least to show.
One that was fitted to pictures with regions hidden answers with what is left
(Hooker et al. 2019, "A benchmark for interpretability methods in deep neural
networks", arXiv 1806.10758, on why hiding parts of a picture asks for it), and
with the shares of the classes where nothing is left.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

# Cells of a region along each side, and the sizes of spots that regions are drawn with.
_CELLS, _SPOTS = 16, (4, 8, 16)
# Cells of the picture that stands for a blurred one.
_COARSE = 8
# Pixels over which a region's border fades.
_SEAM = 5
_SIZES = 3  # how many random numbers choose what is hidden and by what


def hide_regions(pictures: Any, chance: float, seed: Any) -> Any:
    """Replace random regions, of any share of the picture, by something that says nothing.

    The regions are spots of random size; what stands in their place is, for
    each picture, one of its own blur, its mean colour, an even grey, and noise.

    Parameters
    ----------
    pictures : tensor, float32, shape (N, side, side, 3)
        In 0 to 1; the side is a multiple of 16.
    chance : float
        Share of pictures in which regions are hidden; of those, the hidden
        share of the picture is anything from 0 to 1.
    seed : tensor, int32, shape (2,)
        The same seed hides the same.

    Returns
    -------
    tensor, float32, shape (N, side, side, 3)
        In 0 to 1.
    """
    seeds = tf.unstack(tf.random.experimental.stateless_split(seed, 3))
    count = tf.shape(pictures)[0]
    chosen, share, kind = tf.unstack(tf.random.stateless_uniform((_SIZES, count), seeds[0]))
    hidden = _regions(share, seeds[1], tf.shape(pictures)[1])
    hidden *= tf.cast(chosen < chance, tf.float32)[:, None, None, None]
    return pictures + hidden * (_instead(pictures, kind, seeds[2]) - pictures)


def empty_middle(
    pictures: Any, targets: Any, reach: Any, chance: float, seed: Any
) -> tuple[Any, Any]:
    """Hide the middle of some pictures, where a cell is, and call them every class alike.

    A network that never saw a picture without a cell has to give it one of its
    names, and gives it the one with least to show.

    Parameters
    ----------
    pictures : tensor, float32, shape (N, side, side, 3)
        In 0 to 1.
    targets : tensor, float32, shape (N, K)
        One row each, adding up to 1.
    reach : tensor, float32, shape (N,)
        How far from the middle at least is hidden: 0, nothing, to 1, all.
    chance : float
        Share of the pictures that are emptied.
    seed : tensor, int32, shape (2,)

    Returns
    -------
    pictures : tensor, float32, shape (N, side, side, 3)
    targets : tensor, float32, shape (N, K)
    """
    seeds = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
    count, classes = tf.shape(targets)[0], tf.shape(targets)[1]
    chosen, half, kind = tf.unstack(tf.random.stateless_uniform((_SIZES, count), seeds[0]))
    emptied = tf.cast(chosen < chance, tf.float32)
    axis = tf.abs(tf.linspace(-1.0, 1.0, tf.shape(pictures)[1]))
    inner = tf.cast(axis[None] < (reach + (1.0 - reach) * half**2)[:, None], tf.float32)
    square = (inner[:, :, None] * inner[:, None, :])[..., None]
    hidden = emptied[:, None, None, None] * tf.nn.avg_pool2d(square, _SEAM, 1, "SAME")
    made = pictures + hidden * (_instead(pictures, kind, seeds[1]) - pictures)
    alike = tf.ones_like(targets) / tf.cast(classes, tf.float32)
    return made, targets + emptied[:, None] * (alike - targets)


def _regions(share: Any, seed: Any, side: Any) -> Any:
    """1 where hidden, 0 elsewhere, (N, side, side, 1), over a share (N,) of each picture."""
    count = tf.shape(share)[0]
    sizes = tf.unstack(tf.random.experimental.stateless_split(seed, len(_SPOTS) + 1))
    weights = tf.random.stateless_uniform((len(_SPOTS), count, 1, 1, 1), sizes[-1])
    height = tf.add_n([
        weight * tf.image.resize(
            tf.random.stateless_normal((count, n, n, 1), size), (_CELLS, _CELLS), "bicubic"
        )
        for n, size, weight in zip(_SPOTS, sizes, tf.unstack(weights), strict=False)
    ])  # fmt: skip
    flat = tf.sort(tf.reshape(height, (count, -1)), axis=1)
    place = tf.cast(share * _CELLS**2, tf.int32)
    level = tf.gather(flat, tf.minimum(place, _CELLS**2 - 1), batch_dims=1)
    cells = tf.cast(height < level[:, None, None, None], tf.float32)
    sharp = tf.image.resize(cells, (side, side), "nearest")
    return tf.nn.avg_pool2d(sharp, _SEAM, 1, "SAME")


def _instead(pictures: Any, kind: Any, seed: Any) -> Any:
    """What is put in the place of a hidden region; ``kind`` (N,) in 0 to 1 chooses."""
    sides = tf.shape(pictures)[1:3]
    coarse = tf.image.resize(pictures, (_COARSE, _COARSE), "area")
    blurred = tf.clip_by_value(tf.image.resize(coarse, sides, "bicubic"), 0.0, 1.0)
    colour = tf.reduce_mean(pictures, axis=(1, 2), keepdims=True) + tf.zeros_like(pictures)
    grey = tf.reduce_mean(colour, axis=3, keepdims=True) + tf.zeros_like(pictures)
    grain = tf.random.stateless_normal(tf.shape(pictures), seed)
    grain = tf.nn.avg_pool2d(grain, _SEAM, 1, "SAME") * float(_SEAM)
    noise = tf.clip_by_value(grey + tf.math.reduce_std(pictures, (1, 2, 3), True) * grain, 0.0, 1.0)
    kind = kind[:, None, None, None]
    even = tf.where(kind < 0.55, colour, grey)
    return tf.where(kind < 0.4, blurred, tf.where(kind < 0.7, even, noise))
