"""Stretches of one lead in which it says nothing: gaps, flat lines, clipped tops."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]
Runs = npt.NDArray[np.int64]

CLIPPED_S: Final = 0.02
"""Shortest clipped top, seconds: rounding alone makes tops of one or two equal samples."""
FLAT_S: Final = 2.0
"""Shortest flat line, seconds: shorter ones are the line between two beats of a slow heart.
From 2 s on, an interval without a beat is called a pause, and reported as one."""
_BLOCK_S = 0.25
# A rail lies far from where the lead spends its time; a baseline of equal values does not.
_AWAY = 0.25


def runs_of(mask: npt.NDArray[np.bool_], least: int = 1) -> Runs:
    """Runs of true values.

    Parameters
    ----------
    mask : ndarray, bool, shape (n,)
    least : int
        Shorter runs are left out.

    Returns
    -------
    ndarray, int64, shape (n_runs, 2)
        Start and end (exclusive) of each.

    Examples
    --------
    >>> runs_of(np.array([True, False, True, True])).tolist()
    [[0, 1], [2, 4]]
    """
    edges = np.flatnonzero(np.diff(mask.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    runs = edges.reshape(-1, 2).astype(np.int64)
    return runs[runs[:, 1] - runs[:, 0] >= least]


def clipped_runs(x: Values, rate: float) -> Runs:
    """Tops and bottoms cut off at the lead's greatest or least value.

    Parameters
    ----------
    x : ndarray, float32, shape (n,)
        One lead, finite.
    rate : float
        Hz.

    Returns
    -------
    ndarray, int64, shape (n_runs, 2)
        Runs of at least 20 ms and three samples; a line that stays for 2 s is
        flat (`flat_runs`), not clipped.
    """
    if not len(x):
        return np.zeros((0, 2), dtype=np.int64)
    low, high = float(x.min()), float(x.max())
    middle = float(np.median(x[:: max(1, len(x) // 4096)]))
    least = max(3, round(CLIPPED_S * rate))
    found = [np.zeros((0, 2), dtype=np.int64)]
    for rail in (low, high):
        if abs(rail - middle) <= _AWAY * (high - low):
            continue
        at = np.flatnonzero(x == np.float32(rail))
        if len(at) < least:
            continue
        breaks = np.flatnonzero(np.diff(at) > 1)
        starts, ends = at[np.r_[0, breaks + 1]], at[np.r_[breaks, len(at) - 1]] + 1
        long = (ends - starts >= least) & (ends - starts < FLAT_S * rate)
        found.append(np.stack([starts[long], ends[long]], axis=1))
    runs = np.concatenate(found).astype(np.int64)
    return runs[np.argsort(runs[:, 0])]


def flat_runs(x: Values, rate: float, small: float) -> Runs:
    """Lines without a heart beat: a lead that is off, or a pause.

    Parameters
    ----------
    x : ndarray, float32, shape (n,)
        One lead, finite.
    rate : float
        Hz.
    small : float
        The line stays within this height, in the unit of ``x``.

    Returns
    -------
    ndarray, int64, shape (n_runs, 2)
        Runs of at least 2 s, to the sample.
    """
    size = max(2, round(_BLOCK_S * rate))
    blocks = len(x) // size
    none = np.zeros((0, 2), dtype=np.int64)
    if len(x) < FLAT_S * rate or not blocks:
        return none
    parts = x[: blocks * size].reshape(blocks, size)
    low, high = parts.min(axis=1), parts.max(axis=1)
    found = []
    # A run of 2 s holds whole blocks for all but its two ends.
    for first, last in runs_of(high - low <= small, int(FLAT_S / _BLOCK_S) - 2):
        bottom, top = low[first:last].min(), high[first:last].max()
        if top - bottom > small:
            middle = np.median(parts[first:last])
            bottom, top = middle - small, middle + small
        start, end = _reach(x, int(first) * size, int(last) * size, size, bottom, top, small)
        if end - start >= FLAT_S * rate:
            found.append((start, end))
    return np.array(found, dtype=np.int64) if found else none


def _reach(
    x: Values, start: int, end: int, size: int, bottom: float, top: float, small: float
) -> tuple[int, int]:
    """Move both ends of a flat run outwards, at most one block, while the line stays flat."""
    spare = max(0.0, small - (top - bottom))
    low, high = bottom - spare / 2, top + spare / 2
    before = x[max(0, start - size) : start][::-1]
    after = x[end : end + size]
    outside = (before < low) | (before > high)
    start -= int(outside.argmax()) if outside.any() else len(before)
    outside = (after < low) | (after > high)
    end += int(outside.argmax()) if outside.any() else len(after)
    return start, end
