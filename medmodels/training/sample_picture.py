"""Make one synthetic radiograph: members drawn, aligned, blended, and given a new shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.training.chest_images import Radiographs
from medmodels.training.sample_composite import Array, draw_shape, find_flows, fuse, warp
from medmodels.training.sample_likeness import SIDE, Gallery, Likeness

MEMBERS = 14
HEIGHT, WIDTH = 384, 480
_COARSE = 28
_COMPONENTS = 20
_MARGIN = 12
_MOST_SHAPES = 200


@dataclass(frozen=True)
class Recipe:
    """What one picture is made from.

    Parameters
    ----------
    name : str
    subtype : str
        Of the training images: "normal", "bacteria" or "virus".
    seed : int
        Of everything drawn for it.
    """

    name: str
    subtype: str
    seed: int


@dataclass(frozen=True)
class Picture:
    """A synthetic radiograph with what is known of its making.

    Parameters
    ----------
    grey : ndarray, float32, shape (384, 480)
        Values in 0 to 1.
    subtype : str
        "normal", "bacteria" or "virus".
    members : int
        Training images it was blended from.
    likeness : Likeness
        To the nearest training image.
    yardstick : Likeness
        Between different patients of the class: median of the nearest.
    """

    grey: Array
    subtype: str
    members: int
    likeness: Likeness
    yardstick: Likeness


def make(recipe: Recipe, training: Radiographs, gallery: Gallery, yardstick: Likeness) -> Picture:
    """Make one sample.

    Parameters
    ----------
    recipe : Recipe
    training : Radiographs
        The training split, a multiple of 28 pixels a side.
    gallery : Gallery
        The same images.
    yardstick : Likeness
        Between different patients of the class.

    Returns
    -------
    Picture

    Raises
    ------
    RuntimeError
        None of 200 shapes made a picture that is unlike all training images.
    """
    rng = np.random.default_rng(recipe.seed)
    members = training.take(choose_members(training, recipe.subtype, rng))
    images = match_tones(members.images[..., 0])
    flows = find_flows(images)
    blended = fuse(warp(images, flows), rng)
    for _ in range(_MOST_SHAPES):
        shape = draw_shape(flows, rng, spread=rng.uniform(1.2, 2.0))
        if not is_plausible(shape):
            continue
        drawn = warp(blended[np.newaxis], shape)[0]
        picture = stretch(drawn[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN])
        likeness = gallery.nearest(resample(picture, SIDE, SIDE), closely=15)
        if likeness.is_below(yardstick):
            likeness = gallery.nearest(resample(picture, SIDE, SIDE))
            if likeness.is_below(yardstick):
                grey = resample(picture, HEIGHT, WIDTH)
                return Picture(grey, recipe.subtype, len(images), likeness, yardstick)
    raise RuntimeError(f"every shape drawn for {recipe.name} is too like a training image")


def choose_members(
    training: Radiographs, subtype: str, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Choose the patients nearest to a coarse picture drawn from a Gaussian of their class.

    Parameters
    ----------
    training : Radiographs
    subtype : str
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, int64, shape (14,)
        One image of each of fourteen patients.
    """
    rows = np.flatnonzero(training.subtypes == subtype)
    block = training.images.shape[1] // _COARSE
    coarse = training.images[rows, ..., 0].reshape(-1, _COARSE, block, _COARSE, block)
    flat = coarse.mean(axis=(2, 4)).reshape(len(rows), -1)
    flat = (flat - flat.mean(axis=1, keepdims=True)) / flat.std(axis=1, keepdims=True)
    mean = flat.mean(axis=0)
    _, scales, axes = np.linalg.svd(flat - mean, full_matrices=False)
    count = min(_COMPONENTS, len(scales))
    amounts = 1.2 * rng.standard_normal(count) * scales[:count] / np.sqrt(len(rows))
    # The sign of a principal axis is arbitrary: fix it, so that a seed means one picture.
    signs = np.sign(axes[:count].sum(axis=1))
    target = mean + (amounts * signs) @ axes[:count]
    nearest = rows[np.argsort(np.square(flat - target).mean(axis=1), kind="stable")]
    _, first = np.unique(training.groups[nearest], return_index=True)
    return nearest[np.sort(first)[:MEMBERS]]


def match_tones(images: Array) -> Array:
    """Give all images the same mean and standard deviation: the members' median.

    Parameters
    ----------
    images : ndarray, float32, shape (N, H, W)

    Returns
    -------
    ndarray, float32, shape (N, H, W)
    """
    means = images.mean(axis=(1, 2), keepdims=True)
    spreads = images.std(axis=(1, 2), keepdims=True)
    matched = (images - means) / spreads * np.median(spreads) + np.median(means)
    return np.clip(matched, 0.0, 1.1).astype(np.float32)


def is_plausible(shape: Array) -> bool:
    """Whether a shape neither folds anatomy nor shows what lies beyond the border.

    Parameters
    ----------
    shape : ndarray, float32, shape (2, 1, H, W)
        Rows and columns, in pixels.

    Returns
    -------
    bool
    """
    down, across = shape[:, 0]
    squeezed = min(np.diff(down, axis=0).min(), np.diff(across, axis=1).min())
    inside = (
        down[_MARGIN].min() > -_MARGIN
        and down[-_MARGIN - 1].max() < _MARGIN
        and across[:, _MARGIN].min() > -_MARGIN
        and across[:, -_MARGIN - 1].max() < _MARGIN
    )
    return bool(squeezed > -0.5 and inside)


def stretch(picture: Array) -> Array:
    """Spread the grey values over the range that a finished film uses.

    Parameters
    ----------
    picture : ndarray, float32, shape (H, W)

    Returns
    -------
    ndarray, float32, shape (H, W)
        Values in 0 to 1.
    """
    low, high = np.quantile(picture, (0.005, 0.995))
    return np.clip(0.02 + 0.88 * (picture - low) / (high - low), 0.0, 1.0).astype(np.float32)


def resample(picture: Array, height: int, width: int) -> Array:
    """Resize with a Lanczos filter, without what it overshoots.

    Parameters
    ----------
    picture : ndarray, float32, shape (H, W)
        Values in 0 to 1.
    height, width : int

    Returns
    -------
    ndarray, float32, shape (height, width)
        Values in 0 to 1.
    """
    resized = Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS)
    return np.clip(np.asarray(resized), 0.0, 1.0).astype(np.float32)
