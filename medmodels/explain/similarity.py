"""How alike two saliency maps of one input are.

Rank correlation (Spearman 1904) asks whether the same places stand out, on
whatever scale. Structural similarity (Wang et al. 2004, "Image quality
assessment: from error visibility to structural similarity", IEEE TIP 13:600)
asks whether the two would look alike drawn with the same colour bar.

Both are taken of absolute values where a map is signed: a map that lights up
the same edges with other signs is the same picture to whoever looks at it.
Adebayo et al. 2018 report both; `rank_correlation` of the values as they are
is the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter
from scipy.stats import rankdata

from medmodels.explain.saliency_map import SaliencyMap

Floats = npt.NDArray[np.floating]

# Wang et al. 2004: a window of 11 with a standard deviation of 1.5.
_SIGMA, _RADIUS = 1.5, 5
_C1, _C2 = 0.01**2, 0.03**2


def rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's rank correlation of two maps.

    Parameters
    ----------
    first, second : ndarray, of one shape
        Equal values share the mean of their ranks.

    Returns
    -------
    float
        -1 to 1; 0 where a map is the same everywhere, for it says nothing of
        what the other shows.

    Raises
    ------
    ValueError
        When the shapes differ.

    Examples
    --------
    >>> round(rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([1.0, 3.0, 2.0])), 3)
    0.5
    """
    _check(first, second)
    a, b = (rankdata(values) - (values.size + 1) / 2 for values in (first, second))
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(np.clip(a @ b / size, -1, 1)) if size > 0 else 0.0


def structural_similarity(first: Floats, second: Floats, axes: tuple[int, ...]) -> float:
    """Structural similarity of two maps drawn on one scale.

    Both are divided by the same number: the span from the lowest to the
    highest value of the two together, 0 included. Neither is stretched to its
    own range, so that a map that has faded is unlike the one that it was.

    Parameters
    ----------
    first, second : ndarray, of one shape
    axes : tuple of int
        Along which neighbours are compared, in Gaussian windows of 11 with a
        standard deviation of 1.5: (0, 1) for a scan, (0,) for a sequence, the
        axis of time for traces. Along the others the values stand beside each other.

    Returns
    -------
    float
        -1 to 1, the mean over all windows; 1 for two equal maps, two empty
        ones included.

    Raises
    ------
    ValueError
        When the shapes differ.
    """
    _check(first, second)
    a, b = first.astype(np.float64), second.astype(np.float64)
    span = max(a.max(), b.max(), 0.0) - min(a.min(), b.min(), 0.0)
    if span == 0:
        return 1.0
    a, b = a / span, b / span
    sigma = [_SIGMA if axis in axes else 0.0 for axis in range(a.ndim)]

    def mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return gaussian_filter(values, sigma, mode="nearest", radius=_RADIUS)

    mean_a, mean_b = mean(a), mean(b)
    # Of equal windows rounding could leave less than nothing.
    var_a, var_b = np.maximum(mean(a * a) - mean_a**2, 0), np.maximum(mean(b * b) - mean_b**2, 0)
    together = mean(a * b) - mean_a * mean_b
    level = (2 * mean_a * mean_b + _C1) / (mean_a**2 + mean_b**2 + _C1)
    structure = (2 * together + _C2) / (var_a + var_b + _C2)
    return float(np.mean(level * structure))


def shown(
    first: SaliencyMap, second: SaliencyMap, beat: int | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The part of two maps of one kind that they are compared in.

    Sequences' maps whole; scans' maps where both were computed: a map is 0 around its
    place, whatever the network has learned. Of signals' maps the window of the explained beat: far
    from it every map fades, whatever the network has learned, and that alone
    would make any two alike. Maps with one value for each beat (of whole
    beats, or of past steps) have nothing to compare in a window; they are
    compared over the beats.

    Parameters
    ----------
    first, second : SaliencyMap
    beat : int or None
        The beat explained; None for scans and sequences.

    Returns
    -------
    tuple of ndarray, float64
        Each of shape (H, W), (L,), (L, leads) or (T, 1).
    """
    a, b = first.values.astype(np.float64), second.values.astype(np.float64)
    if beat is None:
        for place in (first.place, second.place):
            if place is not None:
                rows = slice(place.top, place.top + place.height)
                columns = slice(place.left, place.left + place.width)
                return a[rows, columns], b[rows, columns]
        return a, b
    if one_per_beat(first) and one_per_beat(second):
        return a[:, 0, :1], b[:, 0, :1]
    return a[beat], b[beat]


def one_per_beat(found: SaliencyMap) -> bool:
    """Whether a signal's map has one value for each beat, all over its window."""
    return bool(np.ptp(found.values, axis=(1, 2)).max() == 0)


class Likeness(NamedTuple):
    """How alike two maps are.

    Parameters
    ----------
    rank : float
        Rank correlation of absolute values, -1 to 1.
    ssim : float
        Structural similarity of absolute values, -1 to 1.
    signed : float
        Rank correlation of the values as they are.
    """

    rank: float
    ssim: float
    signed: float


def likeness(first: SaliencyMap, second: SaliencyMap, beat: int | None) -> Likeness:
    """Compare two maps of one input, in the part that `shown` gives."""
    a, b = shown(first, second, beat)
    size_a, size_b = np.abs(a), np.abs(b)
    return Likeness(
        rank_correlation(size_a, size_b),
        structural_similarity(size_a, size_b, tuple(range(a.ndim)) if beat is None else (0,)),
        rank_correlation(a, b),
    )


def _check(first: Floats, second: Floats) -> None:
    if first.shape != second.shape:
        raise ValueError(f"maps of shape {first.shape} and {second.shape} cannot be compared")
