"""Hide parts of a scan, such as text that names a person, before anything else sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from medmodels.inputs.burned_in import Box
from medmodels.inputs.scan import Scan
from medmodels.inputs.windows import contrast_windows


def masked(scan: Scan, boxes: Iterable[Box]) -> Scan:
    """Make rectangles of a scan black.

    Parameters
    ----------
    scan : Scan
        As decoded, before it is turned.
    boxes : iterable of Box
        What lies outside of the scan is left out.

    Returns
    -------
    Scan
        The same one where there is nothing to hide. Its note says how much was
        hidden; its digest stays that of the file. A window that was fitted to the
        pixels is fitted anew: the text was often the brightest thing in it.
    """
    rows, columns = scan.shape
    hidden = np.zeros((rows, columns), bool)
    count = 0
    for box in boxes:
        part = hidden[max(box.top, 0) : max(box.bottom, 0), max(box.left, 0) : max(box.right, 0)]
        count += part.size > 0
        part[...] = True
    if not count:
        return scan
    pixels = scan.pixels.copy()
    # Black in the default window, which the network and all reports see, and a value that
    # the scan can hold.
    low = scan.windows[0].centre - scan.windows[0].width / 2
    low = max(scan.value_range[0], min(float(scan.pixels.min()), low))
    pixels[hidden] = low if pixels.ndim == 2 else 0
    windows = scan.windows
    if pixels.ndim == 2 and not hidden.all():
        fitted = {window.name: window for window in contrast_windows(scan.pixels[~hidden])}
        windows = tuple(fitted.get(window.name, window) for window in windows)
    share = 100 * hidden.sum() / hidden.size
    what = "1 rectangle was" if count == 1 else f"{count} rectangles were"
    note = f"{what} hidden at the reader’s request, {share:.2g}% of the scan."
    return replace(scan, pixels=pixels, windows=windows, notes=(*scan.notes, note))


def box_of(first: tuple[float, float], second: tuple[float, float], shape: tuple[int, int]) -> Box:
    """The rectangle between two corners, inside of a scan.

    Parameters
    ----------
    first, second : tuple of float
        Row and column, pixels; any two opposite corners.
    shape : tuple of int
        Height and width of the scan.

    Examples
    --------
    >>> box_of((10.2, 50), (-3, 20.7), (100, 40))
    Box(top=0, left=20, bottom=11, right=40)
    """
    rows, columns = sorted((first[0], second[0])), sorted((first[1], second[1]))
    top, bottom = max(0, int(rows[0])), min(shape[0], int(np.ceil(rows[1])))
    left, right = max(0, int(columns[0])), min(shape[1], int(np.ceil(columns[1])))
    return Box(top, left, bottom, right)
