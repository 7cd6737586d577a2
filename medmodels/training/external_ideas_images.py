"""Changes to radiographs that might carry a network over to another hospital."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter

Images = npt.NDArray[np.float32]
Grey = Callable[[Images], Images]

NEIGHBOURHOOD = 49  # pixels; a quarter of the side of the network's input
LEAST_DEVIATION = 0.03
_LEVELS = 256


@dataclass(frozen=True)
class Plan:
    """What is done to an image between its resizing and the network.

    Parameters
    ----------
    whole : int
        Side to which the whole image is resized, pixels.
    corners : tuple of (int, int)
        Top and left of each crop of the network's size out of the whole; the
        logits of all crops are averaged.
    grey : callable or None
        Changes the grey values of crops, shape (N, side, side, 1) in and out.
    """

    whole: int
    corners: tuple[tuple[int, int], ...] = ((0, 0),)
    grey: Grey | None = None

    def crops(self, images: Images, side: int) -> list[Images]:
        """Cut the crops out of whole images.

        Parameters
        ----------
        images : ndarray, float32, shape (N, whole, whole, 1)
        side : int
            Of a crop, pixels.

        Returns
        -------
        list of ndarray, float32, shape (N, side, side, 1)
        """
        return [images[:, top : top + side, left : left + side] for top, left in self.corners]

    def tone(self, crops: Images) -> Images:
        """Crops with their grey values changed, shape (N, side, side, 1) in and out."""
        return crops if self.grey is None else self.grey(crops)


def centre_crop(side: int, share: float) -> Plan:
    """Cut a share of the side away at each edge, then resize: in that order.

    Resizing the whole image to more pixels and cutting out the middle is the
    same, with every pixel resampled once.

    Parameters
    ----------
    side : int
        Of the network's input, pixels.
    share : float
        0 to less than 0.5, of the side of the whole image.

    Returns
    -------
    Plan
    """
    edge = round(side * share / (1 - 2 * share))
    return Plan(side + 2 * edge, ((edge, edge),))


def five_crops(side: int, share: float) -> Plan:
    """The four corners and the centre, each without this share of the side.

    Parameters
    ----------
    side : int
    share : float
        0 to less than 1.

    Returns
    -------
    Plan
    """
    spare = round(side * share / (1 - share))
    middle = spare // 2
    corners = ((0, 0), (0, spare), (spare, 0), (spare, spare), (middle, middle))
    return Plan(side + spare, corners)


def mean_histogram(images: Images) -> npt.NDArray[np.float64]:
    """Mean grey histogram, 256 levels.

    Parameters
    ----------
    images : ndarray, float32, shape (N, side, side, 1)
        Grey values in 0 to 1.

    Returns
    -------
    ndarray, float64, shape (256,)
        Shares; their sum is 1.
    """
    levels = np.rint(images * (_LEVELS - 1)).astype(np.int64).ravel()
    return np.bincount(np.clip(levels, 0, _LEVELS - 1), minlength=_LEVELS) / levels.size


def match_histogram(images: Images, wanted: npt.NDArray[np.float64]) -> Images:
    """Map each image's grey levels, rank for rank, to a histogram.

    The mid-rank of each level among the image's pixels is looked up in the
    wanted cumulative histogram (Gonzalez and Woods, "Digital Image
    Processing", histogram specification).

    Parameters
    ----------
    images : ndarray, float32, shape (N, side, side, 1)
        Grey values in 0 to 1.
    wanted : ndarray, float64, shape (256,)
        Shares, from :func:`mean_histogram`.

    Returns
    -------
    ndarray, float32, shape (N, side, side, 1)
        Grey values in 0 to 1; the order of the grey levels is kept.
    """
    centres = np.cumsum(wanted) - wanted / 2
    used = wanted > 0
    out = np.empty_like(images)
    for image, changed in zip(images, out, strict=True):
        levels = np.clip(np.rint(image * (_LEVELS - 1)).astype(np.int64), 0, _LEVELS - 1)
        share = np.bincount(levels.ravel(), minlength=_LEVELS) / levels.size
        ranks = np.cumsum(share) - share / 2
        table = np.interp(ranks, centres[used], np.flatnonzero(used) / (_LEVELS - 1))
        changed[:] = table[levels]
    return out


def standardise_locally(images: Images, neighbourhood: int = NEIGHBOURHOOD) -> Images:
    """Subtract the mean around each pixel and divide by the deviation there.

    Beyond the borders there is nothing: only pixels of the image count.

    Parameters
    ----------
    images : ndarray, float32, shape (N, side, side, 1)
        Grey values in 0 to 1.
    neighbourhood : int
        Side of the square around each pixel; odd.

    Returns
    -------
    ndarray, float32, shape (N, side, side, 1)
        No longer grey values: about mean 0 and deviation 1.
    """
    size = (1, neighbourhood, neighbourhood, 1)
    exact = images.astype(np.float64)
    inside = uniform_filter(np.ones_like(exact[:1]), size, mode="constant")
    mean = uniform_filter(exact, size, mode="constant") / inside
    square = uniform_filter(exact**2, size, mode="constant") / inside
    deviation = np.sqrt(np.maximum(square - mean**2, LEAST_DEVIATION**2))
    return ((exact - mean) / deviation).astype(np.float32)


def half_local(images: Images) -> Images:
    """Half the image, half the locally standardised image, both at deviation 1.

    Parameters
    ----------
    images : ndarray, float32, shape (N, side, side, 1)
        Grey values in 0 to 1.

    Returns
    -------
    ndarray, float32, shape (N, side, side, 1)
    """
    mixed = (_standardised(images) + _standardised(standardise_locally(images))) / 2
    return np.asarray(mixed, dtype=np.float32)


def _standardised(images: Images) -> Images:
    mean = images.mean(axis=(1, 2, 3), keepdims=True)
    deviation = images.std(axis=(1, 2, 3), keepdims=True)
    return np.asarray((images - mean) / np.maximum(deviation, 1e-3), dtype=np.float32)
