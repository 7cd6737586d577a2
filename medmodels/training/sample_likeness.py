"""How alike a synthetic radiograph is to the images that it was made from.

The yardstick is how alike different patients are: for many training images,
the likeness of the nearest image of anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter

from medmodels.training.sample_composite import Array, normalise_contrast

SIDE = 112
_NEIGHBOURHOOD = 6.0
_WINDOW = 7


@dataclass(frozen=True)
class Likeness:
    """How alike an image is to its nearest among many.

    Parameters
    ----------
    correlation : float
        Highest Pearson correlation of the pixels, -1 to 1.
    local_correlation : float
        The same after local contrast normalisation.
    structural_similarity : float
        Highest SSIM (Wang et al. 2004, doi 10.1109/TIP.2003.819861), -1 to 1.
    """

    correlation: float
    local_correlation: float
    structural_similarity: float

    def is_below(self, other: Likeness) -> bool:
        """Whether all three are lower than the other's."""
        return (
            self.correlation < other.correlation
            and self.local_correlation < other.local_correlation
            and self.structural_similarity < other.structural_similarity
        )


class Gallery:
    """Training images to compare with.

    Parameters
    ----------
    images : ndarray, float32, shape (N, 112, 112)
        Grey values in 0 to 1.
    groups : ndarray of str, shape (N,)
        Patient of each image.
    """

    def __init__(self, images: Array, groups: npt.NDArray[np.str_]) -> None:
        self.images = images
        self.groups = groups
        self._plain = _unit(images)
        self._local = _unit(normalise_contrast(images, _NEIGHBOURHOOD))

    def nearest(
        self, image: Array, other_than: str | None = None, closely: int | None = None
    ) -> Likeness:
        """Return the likeness of the nearest images, each measure by itself.

        Parameters
        ----------
        image : ndarray, float32, shape (112, 112)
        other_than : str, optional
            Leave this patient's images out.
        closely : int, optional
            Compute the SSIM only for this many best of each correlation, which
            can but lower it; all when not given.

        Returns
        -------
        Likeness
        """
        others = (
            np.ones(len(self.groups), bool) if other_than is None else (self.groups != other_than)
        )
        plain = np.where(others, self._plain @ _unit(image[np.newaxis])[0], -1.0)
        feature = normalise_contrast(image[np.newaxis], _NEIGHBOURHOOD)
        local = np.where(others, self._local @ _unit(feature)[0], -1.0)
        chosen = np.flatnonzero(others)
        if closely is not None:
            chosen = np.union1d(np.argsort(plain)[-closely:], np.argsort(local)[-closely:])
        similarity = structural_similarity(image, self.images[chosen])
        return Likeness(float(plain.max()), float(local.max()), float(similarity.max()))

    def between_patients(self, chosen: npt.NDArray[np.int64]) -> Likeness:
        """Return the median likeness of these images to the nearest of another patient.

        Parameters
        ----------
        chosen : ndarray, int64
            Rows of the gallery. The SSIM is the best of the 30 images nearest by
            correlation: a lower bound, so a stricter yardstick.

        Returns
        -------
        Likeness
        """
        found = [self.nearest(self.images[i], str(self.groups[i]), closely=15) for i in chosen]
        return Likeness(
            float(np.median([one.correlation for one in found])),
            float(np.median([one.local_correlation for one in found])),
            float(np.median([one.structural_similarity for one in found])),
        )


def structural_similarity(image: Array, others: Array) -> npt.NDArray[np.float64]:
    """Mean SSIM of one image with each of many, 7 by 7 windows.

    Parameters
    ----------
    image : ndarray, float32, shape (H, W)
        Grey values in 0 to 1.
    others : ndarray, float32, shape (N, H, W)

    Returns
    -------
    ndarray, float64, shape (N,)
    """
    edge = _WINDOW // 2
    found = np.empty(len(others))
    mean = uniform_filter(image, _WINDOW)
    variance = uniform_filter(image * image, _WINDOW) - mean**2
    for i, other in enumerate(others):
        its_mean = uniform_filter(other, _WINDOW)
        its_variance = uniform_filter(other * other, _WINDOW) - its_mean**2
        shared = uniform_filter(image * other, _WINDOW) - mean * its_mean
        above = (2 * mean * its_mean + 0.01**2) * (2 * shared + 0.03**2)
        below = (mean**2 + its_mean**2 + 0.01**2) * (variance + its_variance + 0.03**2)
        found[i] = (above / below)[edge:-edge, edge:-edge].mean()
    return found


def _unit(images: Array) -> Array:
    flat = images.reshape(len(images), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9)
