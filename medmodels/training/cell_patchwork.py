"""Patchwork pictures of blood cells: pieces of many pictures joined along a soft plan.

The plan is the blurred mean of a few pictures; each piece is the one, of all
pictures in all eight ways of turning and mirroring them, that fits the plan and
what is joined already (image quilting: Efros and Freeman 2001,
doi 10.1145/383259.383296, with the plan as its correspondence map, and joined by
feathering from the middle outwards: a cell lies there). A mean of aligned cells
has the nucleus of none; a patchwork is as sharp as its pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt, gaussian_filter

SIDE = 128  # of a picture, pixels
PIECE, STEP = 28, 20
_COARSE = 8  # pixels of a picture to one of a coarse one
_BLUR = 4.0  # standard deviation of the plan's blur, pixels
_THIN = 4  # a blurred picture is compared at every fourth pixel
_REACH = 5  # how far from its own place a piece may be taken, pixels
_FEATHER = 6.0  # width of a join, pixels
# How much the plan counts against the joins: in the middle, where the cell is, most. The
# more it counts, the more a patchwork is like those that share the plan.
_PLAN, _PLAN_SIGMA, _PLAN_LEAST = 1.0, 34.0, 0.2

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Patchwork:
    """A picture made of pieces, no two of them from one picture.

    Parameters
    ----------
    picture : ndarray, float32, shape (128, 128, 3)
        Values in 0 to 1.
    lenders : tuple of int
        Rows of the pool that lent a piece, in the order of joining.
    """

    picture: Array
    lenders: tuple[int, ...]

    @property
    def largest_share(self) -> float:
        """Share of the area that one picture lent at most, 0 to 1; before a new shape is given."""
        return PIECE * PIECE / (SIDE * SIDE)


def all_turns(pictures: Array) -> Array:
    """Each picture in its eight orientations; a cell on a slide has no upper side.

    Parameters
    ----------
    pictures : ndarray, float32, shape (N, H, H, 3)

    Returns
    -------
    ndarray, float32, shape (N, 8, H, H, 3)
        As it is and turned by a quarter, a half and three quarters, each
        followed by its mirror image.
    """
    turned = []
    for quarters in range(4):
        one = np.rot90(pictures, quarters, axes=(1, 2))
        turned += [one, one[:, :, ::-1]]
    return np.stack(turned, axis=1)


def coarse_middle(pictures: Array) -> Array:
    """Coarse colours, the middle of the picture counting most: what a cell looks like from afar.

    Parameters
    ----------
    pictures : ndarray, float32, shape (..., 128, 128, 3)

    Returns
    -------
    ndarray, float32, shape (..., 768)
    """
    *before, side, _, colours = pictures.shape
    cells = side // _COARSE
    blocks = pictures.reshape(*before, cells, _COARSE, cells, _COARSE, colours)
    away = (np.mgrid[0:cells, 0:cells] - (cells - 1) / 2) ** 2
    weight = np.exp(-away.sum(axis=0) / (2 * (0.28 * cells) ** 2)).astype(np.float32)
    coarse = blocks.mean(axis=(-4, -2)) * weight[..., np.newaxis]
    return coarse.reshape(*before, -1)


def match_colours(pictures: Array) -> Array:
    """Give all pictures the mean and deviation of each colour that the median picture has.

    Pieces of a pale and of a dark stain would show where they are joined.

    Parameters
    ----------
    pictures : ndarray, float32, shape (N, H, W, 3)

    Returns
    -------
    ndarray, float32, shape (N, H, W, 3)
        Values in 0 to 1.
    """
    mean = pictures.mean(axis=(1, 2), keepdims=True)
    spread = pictures.std(axis=(1, 2), keepdims=True) + 1e-6
    matched = (pictures - mean) / spread * np.median(spread, axis=0) + np.median(mean, axis=0)
    return np.clip(matched, 0.0, 1.0).astype(np.float32)


def join(pool: Array, plan: Array) -> Patchwork:
    """Join pieces of a pool of pictures along a plan.

    Parameters
    ----------
    pool : ndarray, float32, shape (N, 8, 128, 128, 3)
        From `all_turns`; at least 36 pictures, for none lends two pieces. Two of one
        picture, one of them mirrored, were seen at once.
    plan : ndarray, float32, shape (128, 128, 3)
        A picture of which only the blurred colours are followed.

    Returns
    -------
    Patchwork

    Raises
    ------
    ValueError
        When there are too few pictures.
    """
    starts = range(0, SIDE - PIECE + 1, STEP)
    places = sorted(((y, x) for y in starts for x in starts), key=_from_the_middle)
    if len(pool) < len(places):
        raise ValueError(f"{len(pool)} pictures cannot lend {len(places)} pieces")
    blurred, wanted = _blurred(pool), _blurred(plan)
    picture, joined = np.zeros_like(plan), np.zeros(plan.shape[:2], bool)
    lenders: list[int] = []
    for y, x in places:
        there = np.s_[y : y + PIECE, x : x + PIECE]
        mask, old, least = joined[there], picture[there], np.inf
        weight = _PLAN_LEAST + _PLAN * np.exp(-_from_the_middle((y, x)) / (2 * _PLAN_SIGMA**2))
        best = old
        for dy, dx in _offsets(y, x):
            taken = np.s_[:, :, y + dy : y + dy + PIECE, x + dx : x + dx + PIECE]
            afar = (*taken[:2], *(slice(s.start, s.stop, _THIN) for s in taken[2:]))
            apart = blurred[afar] - wanted[there][::_THIN, ::_THIN]
            error = weight * np.square(apart).mean(axis=(2, 3, 4))
            if mask.any():
                error += np.square(pool[taken][:, :, mask] - old[mask]).mean(axis=(2, 3))
            error[lenders] = np.inf
            row, turn = np.unravel_index(int(error.argmin()), error.shape)
            if error[row, turn] < least:
                least, lender, best = error[row, turn], int(row), pool[taken][row, turn]
        lenders.append(lender)
        picture[there] = _feathered(old, best, mask)
        joined[there] = True
    return Patchwork(np.clip(picture, 0.0, 1.0), tuple(lenders))


def _from_the_middle(place: tuple[int, int]) -> float:
    """Squared distance of a piece's middle from the picture's, pixels."""
    return float(sum((start + (PIECE - SIDE) / 2) ** 2 for start in place))


def _offsets(y: int, x: int) -> list[tuple[int, int]]:
    """How far from its place a piece may be taken without leaving its picture."""
    steps = (0, -_REACH, _REACH)
    inside = range(SIDE - PIECE + 1)
    return [(dy, dx) for dy in steps for dx in steps if y + dy in inside and x + dx in inside]


def _blurred(pictures: Array) -> Array:
    sigma = (*(0.0,) * (pictures.ndim - 3), _BLUR, _BLUR, 0.0)
    return np.asarray(gaussian_filter(pictures, sigma, mode="nearest"), np.float32)


def _feathered(old: Array, new: Array, joined: npt.NDArray[np.bool_]) -> Array:
    """A new piece over what is there, fading out where it reaches into it."""
    if not joined.any():
        return new
    depth = distance_transform_edt(joined)
    share = np.where(joined, np.clip(1 - depth / (_FEATHER + 1), 0, 1), 1)[..., np.newaxis]
    return np.asarray(share * new + (1 - share) * old, np.float32)
