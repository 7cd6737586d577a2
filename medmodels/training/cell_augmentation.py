"""Random changes to the picture of a blood cell that leave its kind as it was.

What a second picture of the same cell could differ in: how the cell lay (any
way round, mirrored too: a smear has no up and no left), where it was cut out,
stain and lamp, focus, camera noise, compression, something in the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from medmodels.training.hidden_regions import hide_regions
from medmodels.training.picture_changes import affine, each, erase, grain
from medmodels.training.stain import StainJitter

_TURN = 2.0 * 3.14159265


@dataclass(frozen=True)
class CellAugmentation:
    """How far each change may go; each picture draws its own amount.

    Parameters
    ----------
    size : int
        Side of the pictures going out, pixels; the field stays the same.
    turned : float
        Chance of any angle, with shift and zoom. The others are turned by
        quarters, which needs no interpolation and keeps them sharp.
    shift : float
        Share of the side, either way, on each axis.
    zoom : float
        Factor from ``1 / (1 + zoom)`` to ``1 + zoom``.
    stain : StainJitter or None
    blurred : float
        Chance of a loss of focus, up to a Gaussian of about 2.2 pixels.
    sharpness : float
        The others get up to this much unsharp masking.
    noise : float
        Highest standard deviation of the noise, values being 0 to 1.
    compressed : float
        Chance that the picture went through a JPEG of quality 15 to 90.
    erased : float
        Chance that one rectangle is replaced by the picture's mean colour.
    hidden : float
        Chance that regions are hidden, see `hidden_regions.hide_regions`.
    """

    size: int = 128
    turned: float = 0.6
    shift: float = 0.08
    zoom: float = 0.15
    stain: StainJitter | None = field(default_factory=StainJitter)
    blurred: float = 0.3
    sharpness: float = 0.7
    noise: float = 0.03
    compressed: float = 0.3
    erased: float = 0.2
    hidden: float = 0.0

    def __call__(self, pictures: Any, seed: Any) -> Any:
        """Change a batch.

        Parameters
        ----------
        pictures : tensor, float32, shape (N, side, side, 3)
            Red, green and blue in 0 to 1.
        seed : tensor, int32, shape (2,)
            The same seed makes the same changes.

        Returns
        -------
        tensor, float32, shape (N, size, size, 3)
            In 0 to 1.
        """
        seeds = tf.unstack(tf.random.experimental.stateless_split(seed, 6))
        pictures = self._move(pictures, seeds[0])
        if self.stain is not None:
            pictures = self.stain(pictures, seeds[1])
        if self.blurred > 0 or self.sharpness > 0:
            pictures = self._focus(pictures, seeds[2])
        if self.noise > 0:
            pictures = grain(pictures, self.noise, seeds[3])
        if self.compressed > 0:
            pictures = self._compress(pictures, seeds[4])
        if self.erased > 0:
            pictures = erase(pictures, self.erased, 0.08, seeds[5])
        if self.hidden > 0:
            # Not one seed more of the six: recipes without hidden regions stay what they were.
            pictures = hide_regions(pictures, self.hidden, seeds[5] + 1)
        return pictures

    def _move(self, pictures: Any, seed: Any) -> Any:
        first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
        count, side = tf.shape(pictures)[0], tf.cast(tf.shape(pictures)[1], tf.float32)
        draw = tf.random.stateless_uniform((4, count), first, -1.0, 1.0)
        choice = tf.random.stateless_uniform((2, count), second)
        freely = choice[0] < self.turned
        quarters = _TURN / 4.0 * tf.round(4.0 * draw[0])
        angle = tf.where(freely, _TURN * draw[0], quarters)
        zoom = tf.where(freely, tf.pow(1.0 + self.zoom, draw[1]), 1.0) * side / self.size
        mirrored = tf.where(choice[1] < 0.5, -1.0, 1.0)
        # Row-major affine from output to input pixels, about both centres.
        a, b = tf.cos(angle) * zoom * mirrored, -tf.sin(angle) * zoom
        c, d = tf.sin(angle) * zoom * mirrored, tf.cos(angle) * zoom
        centre, middle = (side - 1.0) / 2.0, (self.size - 1.0) / 2.0
        shift = tf.where(freely, self.shift * side, 0.0) * draw[2:]
        shift_x = centre - middle * (a + b) + shift[0]
        shift_y = centre - middle * (c + d) + shift[1]
        sides = (self.size, self.size)
        # A black corner would tell the network which pictures were turned.
        return affine(pictures, (a, b, c, d), (shift_x, shift_y), sides, "REFLECT")

    def _focus(self, pictures: Any, seed: Any) -> Any:
        first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
        lost = tf.random.stateless_uniform(each(pictures), first) < self.blurred
        amount = tf.random.stateless_uniform(each(pictures), second)
        soft = _blur(pictures, 1)
        out_of_focus = pictures + amount * (_blur(soft, 2) - pictures)
        sharper = pictures + self.sharpness * amount * (pictures - soft)
        return tf.clip_by_value(tf.where(lost, out_of_focus, sharper), 0.0, 1.0)

    def _compress(self, pictures: Any, seed: Any) -> Any:
        first, second = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
        count = tf.shape(pictures)[0]
        chances = tf.random.stateless_uniform((count,), first)
        qualities = tf.random.stateless_uniform((count,), second, 15, 91, tf.int32)

        def through_jpeg(item: tuple[Any, Any, Any]) -> Any:
            picture, chance, quality = item
            return tf.cond(
                chance < self.compressed,
                lambda: tf.image.adjust_jpeg_quality(picture, quality),
                lambda: picture,
            )

        return tf.map_fn(
            through_jpeg, (pictures, chances, qualities), fn_output_signature=tf.float32
        )


def _blur(pictures: Any, reach: int) -> Any:
    """Binomial blur of five taps, ``reach`` pixels apart, mirrored at the borders."""
    pad = 2 * reach
    padded = tf.pad(pictures, [[0, 0], [pad, pad], [pad, pad], [0, 0]], mode="SYMMETRIC")
    size = tf.shape(padded)[1]

    def taps(x: Any, axis: int) -> Any:
        # Sums of shifted pictures: on a CPU faster than a depthwise convolution.
        shown = [slice(None)] * 4
        total = 0.0
        for step, weight in enumerate((1.0, 4.0, 6.0, 4.0, 1.0)):
            shown[axis] = slice(step * reach, size - pad * 2 + step * reach)
            total += weight / 16.0 * x[tuple(shown)]
        return total

    return taps(taps(padded, 1), 2)
