"""Where in a picture that lies which is asked about.

A simple rule on stain and place, no network: it says where a map may lie and
must not share the failings of what it helps to check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_fill_holes, find_objects, gaussian_filter, label

Floats = npt.NDArray[np.floating[Any]]

STAINED_CELL = "stained cell"
# Shares of the side: the rim that is taken for background, half the middle where the cell is
# darkest, and how far from the middle it may lie.
_RIM, _MIDDLE, _REACH = 1 / 32, 5 / 64, 3 / 32
# Part of the way from the background's density to the cell's from where on it is cell: the
# cytoplasm is much paler than the nucleus.
_PALE = 0.4
# Around the cell, of its longer side; and the least that is cut, pixels.
_MARGIN, _LEAST = 0.15, 16
_DARKEST = 0.02  # so that black has a density


@dataclass(frozen=True)
class Place:
    """A rectangle of a picture, in pixels of the network's input.

    Parameters
    ----------
    top, left : int
        Its first row and column.
    height, width : int
    """

    top: int
    left: int
    height: int
    width: int

    @classmethod
    def all_of(cls, shape: tuple[int, ...]) -> Place:
        """All of a picture, shape (H, W)."""
        return cls(0, 0, int(shape[0]), int(shape[1]))


def place_of(card_input: Mapping[str, Any], scan: Floats) -> Place | None:
    """Find what a task asks about.

    Parameters
    ----------
    card_input : mapping
        The card's table ``input``; its ``place`` says what is looked for.
    scan : ndarray, shape (H, W, C)
        A prepared scan, 0 to 1.

    Returns
    -------
    Place or None
        None where all of the scan is asked about.

    Raises
    ------
    ValueError
        When the card names what cannot be found.
    """
    wanted = card_input.get("place")
    if wanted is None:
        return None
    if wanted == STAINED_CELL:
        return stained_cell(scan)
    raise ValueError(f'[input] place is "{wanted}", expected "{STAINED_CELL}"')


def stained_cell(picture: Floats) -> Place:
    """The square around the stained cell in the middle of a picture.

    Nuclei and the granules of platelets hold back red light, red cells let it
    through: the optical density of red parts them. What is denser than two
    fifths of the way from the rim of the picture to its middle, and lies in the
    middle, is the cell.

    Parameters
    ----------
    picture : ndarray, shape (H, W, 3)
        Red, green and blue, 0 to 1.

    Returns
    -------
    Place
        All of the picture where nothing stands out.
    """
    height, width = picture.shape[:2]
    side = min(height, width)
    density = gaussian_filter(-np.log(np.clip(picture[..., 0].astype(np.float64), _DARKEST, 1)), 1)
    rim, half = max(1, round(side * _RIM)), max(1, round(side * _MIDDLE))
    edge = np.ones((height, width), dtype=np.bool_)
    edge[rim:-rim, rim:-rim] = False
    ground = float(np.median(density[edge]))
    middle = density[height // 2 - half : height // 2 + half, width // 2 - half : width // 2 + half]
    dense = binary_fill_holes(density > ground + _PALE * (np.quantile(middle, 0.95) - ground))
    found, count = label(dense)
    if count == 0:
        return Place.all_of(picture.shape)
    rows, columns = np.mgrid[:height, :width]
    away = ((rows - height / 2) ** 2 + (columns - width / 2) ** 2) / (2 * (side * _REACH) ** 2)
    weights = np.bincount(found.ravel(), np.exp(-away).ravel())
    down, across = find_objects(found)[int(np.argmax(weights[1:]))]
    longer = max(down.stop - down.start, across.stop - across.start)
    square = int(np.clip(round(longer * (1 + 2 * _MARGIN)), min(_LEAST, side), side))

    def first(along: slice, length: int) -> int:
        return int(np.clip(round((along.start + along.stop - square) / 2), 0, length - square))

    return Place(first(down, height), first(across, width), square, square)
