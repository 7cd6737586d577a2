"""Text that is burned into the pixels of a scan: lines of small, sharp strokes.

A modest detector: it finds characters by their strokes, not by reading them. What it finds
is pointed out and can be masked; that it finds nothing proves nothing. How often it is right
is in ``burned_in.json``, made by `burned_in_measure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from medmodels.inputs.scan import Scan

# The picture is looked at with this many pixels along its longer side, at most.
_SIDE = 1024
# Strokes are thinner than this, in pixels of the smaller picture.
_STROKE = 9
# How far a stroke stands out from what surrounds it, as a share of the range of values.
_CONTRAST = 0.22
_HEIGHTS = (5, 64)
_WIDEST = 3.0
_FILLED = (0.15, 0.95)
# Characters of a line: of heights alike, side by side, not far apart.
_ALIKE = 1.7
_BESIDE = 0.6
_APART = 1.6
# Side markers (R, L, A-P) have up to two characters of a height. With 4 fewer scans are flagged in
# vain (0 of 186 validation images for 4, both sizes), and a third of small text is missed.
FEWEST = 3
#: What reading notes of a DICOM image whose file says so (Burned In Annotation, PS3.3 C.7.6.1.1.3).
STATED_NOTE: Final = "Text is burned into this image; it may name the patient."
#: Signs of text: the file says so; something looks like it.
STATED: Final = "stated"
SEEN: Final = "seen"


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: from ``top`` to ``bottom`` and ``left`` to ``right``, ends out."""

    top: int
    left: int
    bottom: int
    right: int


def find_text(pixels: npt.NDArray[np.float32]) -> tuple[Box, ...]:
    """Find what is likely to be text.

    Parameters
    ----------
    pixels : ndarray, float32, shape (H, W) or (H, W, 3)
        Of a scan. Pictures in colour are not looked at: in half of the cells
        under a microscope something looks like text.

    Returns
    -------
    tuple of Box
        One for each line, from top to bottom; empty where nothing looks like text.
    """
    if pixels.ndim != 2:
        return ()
    step = max(1, -(-max(pixels.shape) // _SIDE))
    small = _smaller(pixels, step)
    low, high = float(small.min()), float(small.max())
    if not high > low:
        return ()
    small = (small - low) / (high - low)
    found = [line for strokes in _strokes(small) for line in _lines(_characters(strokes))]
    boxes = []
    for line in sorted(found, key=lambda line: line[:, 0].min()):
        top, left = line[:, 0].min(), line[:, 1].min()
        bottom, right = line[:, 2].max(), line[:, 3].max()
        margin = max(2, (bottom - top) // 3)
        boxes.append(
            Box(
                max(0, int(top - margin) * step),
                max(0, int(left - margin) * step),
                min(pixels.shape[0], int(bottom + margin) * step),
                min(pixels.shape[1], int(right + margin) * step),
            )
        )
    return _together(boxes)


def signs_of_text(scan: Scan, *, look: bool = True) -> tuple[str, ...]:
    """Why there may be text in the pixels of a scan.

    Parameters
    ----------
    scan : Scan
        As decoded.
    look : bool
        Whether to search the pixels, too.

    Returns
    -------
    tuple of str
        Of `STATED` and `SEEN`.
    """
    stated = (STATED,) if STATED_NOTE in scan.notes else ()
    return (*stated, SEEN) if look and find_text(scan.pixels) else stated


def _smaller(grey: npt.NDArray[np.float32], step: int) -> npt.NDArray[np.float32]:
    """Means of squares of ``step`` pixels a side; the last part of a square is left out."""
    if step == 1:
        return grey.astype(np.float32)
    rows, columns = grey.shape[0] // step, grey.shape[1] // step
    cut = grey[: rows * step, : columns * step]
    return cut.reshape(rows, step, columns, step).mean(axis=(1, 3), dtype=np.float32)


def _strokes(small: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.bool_], ...]:
    """Bright strokes, and dark ones: what an opening or a closing takes away."""
    from scipy import ndimage  # half a second, when the first scan is opened

    bright = small - ndimage.grey_opening(small, size=_STROKE)
    dark = ndimage.grey_closing(small, size=_STROKE) - small
    return bright > _CONTRAST, dark > _CONTRAST


def _characters(strokes: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Connected strokes of the size and proportions of characters.

    Returns
    -------
    ndarray, shape (N, 4)
        Top, left, bottom, right.
    """
    from scipy import ndimage

    labels, count = ndimage.label(strokes, structure=np.ones((3, 3)))
    if count == 0:
        return np.zeros((0, 4), np.int64)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    boxes = np.array(
        [
            (rows.start, columns.start, rows.stop, columns.stop)
            for rows, columns in ndimage.find_objects(labels)
        ]
    )
    height, width = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    filled = sizes / (height * width)
    # An "l" or a "1" is all stroke.
    good = (height >= _HEIGHTS[0]) & (height <= _HEIGHTS[1]) & (width <= _WIDEST * height)
    good &= (filled >= _FILLED[0]) & ((filled <= _FILLED[1]) | (width <= 0.4 * height))
    return boxes[good]


def _lines(characters: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Characters that stand in a line, of which there are enough."""
    found = []
    left = list(characters[np.argsort(characters[:, 1], kind="stable")])
    while left:
        line = [left.pop(0)]
        for other in list(left):
            if _follows(line[-1], other):
                line.append(other)
        taken = {id(character) for character in line}
        left = [character for character in left if id(character) not in taken]
        if len(line) >= FEWEST:
            found.append(np.array(line))
    return found


def _follows(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> bool:
    """Whether a character stands next to another one, on its right."""
    heights = one[2] - one[0], other[2] - other[0]
    overlap = min(one[2], other[2]) - max(one[0], other[0])
    gap = other[1] - one[3]
    return bool(
        max(heights) <= _ALIKE * min(heights)
        and overlap >= _BESIDE * min(heights)
        and -0.3 * min(heights) <= gap <= _APART * max(heights)
    )


def _together(boxes: list[Box]) -> tuple[Box, ...]:
    """Join boxes that overlap: bright text on a dark bar is found twice."""
    joined: list[Box] = []
    for box in boxes:
        for index, other in enumerate(joined):
            apart = (
                box.left >= other.right or other.left >= box.right
                or box.top >= other.bottom or other.top >= box.bottom
            )  # fmt: skip
            if not apart:
                joined[index] = Box(
                    min(box.top, other.top), min(box.left, other.left),
                    max(box.bottom, other.bottom), max(box.right, other.right),
                )  # fmt: skip
                break
        else:
            joined.append(box)
    return tuple(joined)
