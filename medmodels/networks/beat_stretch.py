"""Which beats a beat network is given together: overlapping stretches of a recording.

A recurrent network answers for each beat with regard to the beats beside it.
Whoever explains an answer has to give it the very stretch that it answered on.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.generic)

LENGTH = 128  # beats in a stretch
MARGIN = 24  # beats on either side that are read only for what they say of their neighbours
CORE = LENGTH - 2 * MARGIN  # beats that a stretch answers for


def stretch_of(beat: int) -> int:
    """Number of the beat in the first row of the stretch that answers for a beat.

    Below 0 in the first stretch of a recording: its first rows are empty.

    Examples
    --------
    >>> stretch_of(0), stretch_of(79), stretch_of(80)
    (-24, -24, 56)
    """
    return beat // CORE * CORE - MARGIN


def cut(rows: npt.NDArray[Number], first: int) -> npt.NDArray[Number]:
    """One stretch of a recording's beats; rows beyond the recording are 0.

    Parameters
    ----------
    rows : ndarray, shape (n, ...)
        One for each beat of the recording, in its order.
    first : int
        From `stretch_of`.

    Returns
    -------
    ndarray, shape (LENGTH, ...)

    Examples
    --------
    >>> cut(np.arange(1, 4), -24)[22:29].tolist()
    [0, 0, 1, 2, 3, 0, 0]
    """
    found = np.zeros((LENGTH, *rows.shape[1:]), dtype=rows.dtype)
    start, end = max(first, 0), min(first + LENGTH, len(rows))
    found[start - first : end - first] = rows[start:end]
    return found
