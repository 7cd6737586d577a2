"""What of a radiograph is the patient, and what is a mark on the film.

Simple rules on brightness and size, no network: they say where a map may lie
and where it should not, and must not share the failings of what they check.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import (
    binary_dilation,
    binary_erosion,
    binary_fill_holes,
    find_objects,
    gaussian_filter,
    label,
    white_tophat,
)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating]

# Shares of the shorter side.
_SMOOTH = 1 / 64
_SPECKS = 1 / 48
_STROKE = 0.0125  # half as wide as the widest stroke of a letter
_LEAST, _MOST = 0.03, 0.12  # how high a letter is
_WORD = 0.3  # how wide a word is
_GAP = 0.01  # between the strokes of a letter, and half of that between letters
# Background is darker than this part of Otsu's threshold: lungs are dark, too, but not black.
_DARK = 0.5
# How much brighter than what lies beside it a stroke is, of 0 to 1.
_CONTRAST = 0.2
# A letter is not much narrower than it is high; the rim of a rib is.
_SLENDER = 0.4
_BORDER = 0.3  # marks are put in the outer part, away from what is looked for


def otsu(values: Floats, bins: int = 128) -> float:
    """The threshold that parts dark from bright best.

    Otsu 1979, "A threshold selection method from gray-level histograms", IEEE
    Transactions on Systems, Man and Cybernetics 9:62.

    Parameters
    ----------
    values : ndarray
        Any shape.
    bins : int

    Returns
    -------
    float
        Upper edge of the last bin of the darker part; the value itself where
        all values are equal.
    """
    if np.ptp(values) == 0:
        return float(values.flat[0])
    counts, edges = np.histogram(values, bins)
    shares = counts / counts.sum()
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(shares)[:-1]
    sums = np.cumsum(shares * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (sums[-1] * below - sums[:-1]) ** 2 / (below * (1 - below))
    return float(edges[1:-1][np.nanargmax(np.nan_to_num(between))])


def body(scan: Floats) -> Bools:
    """The patient in a radiograph: the largest thing that is not black background.

    Background is what is nearly black and reaches the frame; lungs are neither.
    A scan without a black background is patient from edge to edge.

    Parameters
    ----------
    scan : ndarray, shape (H, W)
        Brightness, 0 to 1.

    Returns
    -------
    ndarray, bool, shape (H, W)
    """
    side = min(scan.shape)
    smooth = gaussian_filter(scan.astype(np.float64), side * _SMOOTH)
    bright = smooth > _DARK * otsu(smooth)
    # Letters in the background are no part of the patient.
    disc = _disc(side * _SPECKS)
    bright = binary_dilation(binary_erosion(bright, disc, border_value=1), disc)
    parts, n = label(bright)
    if n == 0:
        return np.ones(scan.shape, dtype=np.bool_)
    largest = parts == 1 + int(np.argmax(np.bincount(parts.ravel())[1:]))
    return np.asarray(binary_fill_holes(largest))


def marks(scan: Floats) -> npt.NDArray[np.int64]:
    """Burned-in marks near the border: side letters, words, small metal things.

    Strokes are narrower than the rim of any bone and stand out sharply: a
    white top-hat with a disc hardly wider than a stroke leaves little else.
    Strokes close to each other are one mark, and a mark is as small and as
    compact as a letter or a word.

    Parameters
    ----------
    scan : ndarray, shape (H, W)
        Brightness, 0 to 1.

    Returns
    -------
    ndarray of int, shape (H, W)
        0 where there is none, else the number of the mark, from 1, with a
        narrow halo around it.
    """
    side = min(scan.shape)
    strokes = white_tophat(scan.astype(np.float64), structure=_disc(_STROKE * side)) > _CONTRAST
    spots, n = label(binary_dilation(strokes, _disc(_GAP * side)))
    kept = np.zeros(n + 1, dtype=np.bool_)
    for number, place in enumerate(find_objects(spots), start=1):
        own = [
            np.flatnonzero((strokes[place] & (spots[place] == number)).any(axis=k)) for k in (1, 0)
        ]
        height, width = (int(at[-1] - at[0]) + 1 for at in own)
        middle = (
            (along.start + along.stop) / 2 / n for along, n in zip(place, scan.shape, strict=True)
        )
        near = min(min(at, 1 - at) for at in middle) < _BORDER
        compact = width >= _SLENDER * height
        small = _LEAST * side <= height <= _MOST * side and width <= _WORD * side
        kept[number] = near and compact and small
    return np.asarray(label(kept[spots])[0], dtype=np.int64)


def _disc(radius: float) -> Bools:
    reach = max(1, round(radius))
    y, x = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(x * x + y * y <= reach * reach)
