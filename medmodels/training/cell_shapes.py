"""A new shape for a picture of a cell: stretched, resized and bent a little, at random."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, map_coordinates

Array = npt.NDArray[np.float32]

_STRETCH = 0.14  # largest logarithm of an axis: the longer is at most 1.32 times the shorter
_SIZES = (0.94, 1.1)  # how much of the picture fills it: less than 1 enlarges
_BEND, _BEND_WIDTH = 2.0, 14.0  # standard deviation and smoothness of the bending, pixels


def in_new_shape(picture: Array, rng: np.random.Generator) -> Array:
    """Give a picture a shape of its own; what its border lacks is mirrored.

    Parameters
    ----------
    picture : ndarray, float32, shape (H, H, C)
        Values in 0 to 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, float32, shape (H, H, C)
        Values in 0 to 1.
    """
    side = picture.shape[0]
    angle, stretch = rng.uniform(0, np.pi), np.exp(rng.uniform(-_STRETCH, _STRETCH))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    change = rng.uniform(*_SIZES) * turn.T @ np.diag([stretch, 1 / stretch]) @ turn
    middle = (side - 1) / 2
    places = np.tensordot(change, np.mgrid[0:side, 0:side] - middle, axes=1) + middle
    bend = gaussian_filter(
        rng.standard_normal((2, side, side)), (0, _BEND_WIDTH, _BEND_WIDTH), mode="reflect"
    )
    places += _BEND * bend / bend.std()
    colours = [
        map_coordinates(picture[..., k], places, order=3, mode="reflect")
        for k in range(picture.shape[2])
    ]
    return np.clip(np.stack(colours, axis=-1), 0.0, 1.0).astype(np.float32)
