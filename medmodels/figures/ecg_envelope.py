"""Long traces made short for a plot without losing a peak."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.floating]


def extremes(values: Floats, columns: int) -> tuple[npt.NDArray[np.int64], Doubles, Doubles]:
    """Lowest and highest value in equal stretches of a trace.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN marks gaps.
    columns : int
        How many stretches at most; at least 1.

    Returns
    -------
    starts : ndarray, int64, shape (m,)
        First index of each stretch, m <= columns.
    lowest, highest : ndarray, float64, shape (m,)
        NaN where a stretch holds no value at all.
    """
    n = len(values)
    if not n:
        empty = np.zeros(0)
        return np.zeros(0, dtype=np.int64), empty, empty
    starts = np.unique(np.arange(columns, dtype=np.int64) * n // columns)
    finite = np.isfinite(values)
    low = np.minimum.reduceat(np.where(finite, values, np.inf), starts).astype(np.float64)
    high = np.maximum.reduceat(np.where(finite, values, -np.inf), starts).astype(np.float64)
    return (
        starts,
        np.where(np.isfinite(low), low, np.nan),
        np.where(np.isfinite(high), high, np.nan),
    )


def thinned(values: Floats, most: int) -> npt.NDArray[np.int64]:
    """Indices that keep the lowest and the highest point of every stretch.

    Parameters
    ----------
    values : ndarray, shape (n,)
    most : int
        Number of points that may remain, at least 2.

    Returns
    -------
    ndarray, int64
        All indices when there are no more than ``most``; else increasing, with
        both ends, at most ``most + 2`` of them.
    """
    n = len(values)
    if n <= most:
        return np.arange(n)
    starts = np.unique(np.arange(most // 2, dtype=np.int64) * n // (most // 2))
    ends = np.append(starts[1:], n)
    known = np.nan_to_num(np.asarray(values, dtype=np.float64))
    chosen = [0, n - 1]
    for start, end in zip(starts, ends, strict=True):
        piece = known[start:end]
        chosen += [start + int(piece.argmin()), start + int(piece.argmax())]
    return np.unique(np.asarray(chosen, dtype=np.int64))
