"""Changes of stain in optical density, where stains add up (Beer-Lambert).

A dye takes the same share of the light wherever it lies as thick again, so in
optical density, the negative logarithm of what comes through, each dye is a
direction in red, green and blue and its amount a length along it (Ruifrok and
Johnston 2001, Anal Quant Cytol Histol 23:291). Changing amounts there looks
like another batch of stain or another time in it; changing brightness or hue of
the picture does not (Tellez et al. 2019, Med Image Anal 58:101544).

`StainJitter` is for training, in TensorFlow; `shift_stain` measures, in NumPy,
so that a network is not judged by the code that trained it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

# Optical density per channel of the blue and the pink dye of a Giemsa stain:
# Landini's vectors for colour deconvolution (methyl blue, eosin), as unit lengths.
_DYES = np.array([[0.8348, 0.5136, 0.1963], [0.0928, 0.9541, 0.2831]])
# What neither dye explains lies across both.
_ACROSS = np.cross(_DYES[0], _DYES[1])
STAINS: Floats = np.vstack([
    _DYES / np.linalg.norm(_DYES, axis=1, keepdims=True), _ACROSS / np.linalg.norm(_ACROSS)
])  # fmt: skip
_UNMIX = np.linalg.inv(STAINS)
_DARKEST = 1 / 255  # black has no finite density


def to_density(pictures: npt.NDArray[np.floating[Any]]) -> Floats:
    """Optical density of values in 0 to 1, to the base of 10.

    Examples
    --------
    >>> to_density(np.array([1.0, 0.1])).tolist()
    [0.0, 1.0]
    """
    return np.asarray(-np.log10(np.maximum(pictures, _DARKEST)), np.float64) + 0.0


def from_density(density: Floats) -> Floats:
    """Values in 0 to 1 from optical density; what would be brighter than white is white."""
    return np.asarray(np.clip(np.power(10.0, -density), 0.0, 1.0))


def stain_amounts(pictures: npt.NDArray[np.floating[Any]]) -> Floats:
    """Amounts of blue dye, of pink dye and of what neither explains.

    Parameters
    ----------
    pictures : ndarray, shape (..., 3)
        Red, green and blue in 0 to 1.

    Returns
    -------
    ndarray, float64, shape (..., 3)
        In units of optical density.
    """
    return np.asarray(to_density(pictures) @ _UNMIX)


@dataclass(frozen=True)
class StainShift:
    """A change of stain at a stated strength.

    Every picture is changed by the full strength, in a direction of its own.

    Parameters
    ----------
    amount : float
        Each dye is this share more, or less.
    tilt : float
        Each dye's colour moves by this length, its own being 1.
    tint : float
        Each colour channel gets this much optical density more, or less: lamp,
        white balance and how well the stain was rinsed.
    """

    amount: float
    tilt: float
    tint: float


# By name, from what a day's staining does to what no laboratory would accept.
STAIN_SHIFTS = {
    "mild": StainShift(0.15, 0.05, 0.02),
    "moderate": StainShift(0.30, 0.10, 0.04),
    "strong": StainShift(0.45, 0.15, 0.06),
}


def shift_stain(pictures: Bytes, shift: StainShift, seed: int) -> Bytes:
    """Change the stain of every picture.

    Parameters
    ----------
    pictures : ndarray, uint8, shape (N, H, W, 3)
    shift : StainShift
    seed : int
        The same seed changes the same pictures in the same way.

    Returns
    -------
    ndarray, uint8, shape (N, H, W, 3)
    """
    draw = np.random.default_rng(seed)
    changed = np.empty_like(pictures)
    for one, picture in zip(changed, pictures, strict=True):
        factors = 1.0 + shift.amount * draw.choice([-1.0, 1.0], 3)
        towards = draw.normal(size=(2, 3))
        towards *= shift.tilt / np.linalg.norm(towards, axis=1, keepdims=True)
        tint = shift.tint * draw.choice([-1.0, 1.0], 3)
        stains = STAINS.copy()
        stains[:2] += towards
        stains[:2] /= np.linalg.norm(stains[:2], axis=1, keepdims=True)
        amounts = stain_amounts(picture / 255.0) * factors
        one[:] = np.round(255.0 * from_density(amounts @ stains + tint))
    return changed


@dataclass(frozen=True)
class StainJitter:
    """Random changes of stain; each picture draws its own.

    Parameters
    ----------
    amount, tilt, tint : float
        As `StainShift`, but how far each change may go: the draws are uniform
        from nothing to this, either way.
    """

    amount: float = 0.4
    tilt: float = 0.12
    tint: float = 0.05

    def __call__(self, pictures: Any, seed: Any) -> Any:
        """Change a batch.

        Parameters
        ----------
        pictures : tensor, float32, shape (N, H, W, 3)
            Red, green and blue in 0 to 1.
        seed : tensor, int32, shape (2,)
            The same seed makes the same changes.

        Returns
        -------
        tensor, float32, shape (N, H, W, 3)
            In 0 to 1.
        """
        first, second, third = tf.unstack(tf.random.experimental.stateless_split(seed, 3))
        count, shape = tf.shape(pictures)[0], tf.shape(pictures)
        factors = 1.0 + tf.random.stateless_uniform((count, 3), first, -self.amount, self.amount)
        towards = tf.random.stateless_uniform((count, 2, 3), second, -self.tilt, self.tilt)
        tint = tf.random.stateless_uniform((count, 1, 3), third, -self.tint, self.tint)
        dyes = tf.constant(STAINS[:2], tf.float32) + towards
        dyes /= tf.norm(dyes, axis=2, keepdims=True)
        rest = tf.broadcast_to(tf.constant(STAINS[2:], tf.float32), (count, 1, 3))
        stains = tf.concat([dyes, rest], axis=1)
        # Unmixing, weighing and mixing anew are one 3 by 3 matrix for each picture.
        unmix = tf.constant(_UNMIX, tf.float32)
        mixed = tf.einsum("ij,nj,njk->nik", unmix, factors, stains)
        density = -tf.math.log(tf.maximum(pictures, _DARKEST)) / np.log(10.0).astype(np.float32)
        density = tf.matmul(tf.reshape(density, (count, -1, 3)), mixed) + tint
        return tf.reshape(tf.clip_by_value(tf.pow(10.0, -density), 0.0, 1.0), shape)
