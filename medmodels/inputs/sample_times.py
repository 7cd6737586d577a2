"""From a time column to a sampling rate, and the gaps in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.inputs.csv_fields import CLOCK
from medmodels.inputs.errors import InputError

_PER_SECOND = {"s": 1.0, "ms": 1000.0, "us": 1e6, "clock": 1.0}
_USUAL_RATES = (
    100.0, 125.0, 128.0, 200.0, 240.0, 250.0, 256.0, 300.0, 360.0, 400.0, 500.0, 512.0,
    1000.0, 1024.0, 2000.0,
)  # fmt: skip
#: At most this share of the steps may be neither regular nor a gap.
_IRREGULAR = 0.01


@dataclass(frozen=True)
class SampleTimes:
    """What a time column says.

    Parameters
    ----------
    step : float
        Time between two samples, in the column's unit.
    tolerance : float
        How wrong the step can be because times are rounded, same unit.
    positions : ndarray, int64, shape (n_rows,), or None
        Sample index of each row when rows are missing; None when none is.
    """

    step: float
    tolerance: float
    positions: npt.NDArray[np.int64] | None


def read_times(times: npt.NDArray[np.float64], resolution: float) -> SampleTimes:
    """Find the step of a time column and the rows that are missing.

    Parameters
    ----------
    times : ndarray, float64, shape (n_rows,)
        In any unit.
    resolution : float
        Smallest difference that the column can show (its last decimal).

    Returns
    -------
    SampleTimes

    Raises
    ------
    InputError
        Times are missing, run backwards, stand still, or advance unevenly.
    """
    if not np.isfinite(times).all():
        raise _uneven("a time column with missing values.")
    # Floating point keeps about 15 digits: epoch times in seconds lose microseconds.
    slack = resolution + 4 * np.spacing(float(np.abs(times).max()))
    steps = np.diff(times)
    if len(steps) == 0:
        raise _uneven("a single row.")
    if steps.min() < -slack:
        raise _uneven("a time column that runs backwards.")
    span = float(times[-1] - times[0])
    if span <= 0:
        raise _uneven("a time column that stands still.")
    even = span / len(steps)
    drift = times - (times[0] + even * np.arange(len(times)))
    if np.abs(drift).max() <= 1.5 * slack:
        return SampleTimes(even, 2 * slack / len(steps), None)
    usual = _usual_step(steps, slack)
    regular = steps <= 1.5 * usual + slack
    step = float(steps[regular].mean())
    off = np.abs(steps - step) > 0.5 * step + slack
    if np.count_nonzero(off & regular) > _IRREGULAR * len(steps):
        raise _uneven("times that do not advance evenly.")
    if np.count_nonzero(~regular) > _IRREGULAR * len(steps) + 1:
        raise _uneven("times that do not advance evenly.")
    # Numbers of six significant digits lose decimals as they grow: the jitter tells.
    slack = max(slack, float(np.abs(steps[regular] - step).max()))
    tolerance = 2 * slack / max(1, np.count_nonzero(regular))
    if regular.all():
        return SampleTimes(step, tolerance, None)
    jumps = np.where(regular, 1, np.maximum(1, np.rint(steps / step))).astype(np.int64)
    positions = np.concatenate([np.zeros(1, np.int64), np.cumsum(jumps)])
    return SampleTimes(step, tolerance, positions)


def _usual_step(steps: npt.NDArray[np.float64], slack: float) -> float:
    """Step between neighbours, unmoved by gaps and by coarse rounding."""
    middle = float(np.median(steps))
    near = steps[steps <= 3 * middle + 2 * slack]
    return float(near.mean())


def rate_of(times: SampleTimes, unit: str) -> float:
    """Sampling rate, snapped to the usual or roundest number that the rounding of the times allows.

    Parameters
    ----------
    times : SampleTimes
    unit : {"s", "ms", "us", "clock"}

    Returns
    -------
    float
        Hz.

    Examples
    --------
    >>> round(rate_of(SampleTimes(0.0027778, 1e-6, None), "s"), 6)
    360.0
    """
    rate = _PER_SECOND[unit] / times.step
    slack = max(rate * times.tolerance / times.step, rate * 1e-9)
    nearest = min(_USUAL_RATES, key=lambda usual: abs(usual - rate))
    if abs(nearest - rate) <= min(slack, 0.02 * rate):
        return nearest
    for digits in (0, 1, 2, 3):
        if abs(round(rate, digits) - rate) <= slack:
            return float(round(rate, digits))
    return float(rate)


def parse_clock(texts: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.float64], float]:
    """Seconds from clock times such as ``0:00.003`` or ``2024-01-01T10:00:00.004``.

    The date is not looked at: midnight is found where the clock falls back.

    Parameters
    ----------
    texts : ndarray of str, shape (n_rows,)

    Returns
    -------
    seconds : ndarray, float64, shape (n_rows,)
        NaN where a text is no clock time.
    resolution : float
        Seconds.
    """
    filled = [text.encode("ascii", "replace") if isinstance(text, str) else b"" for text in texts]
    raw = np.array(filled, dtype=np.bytes_)
    width = raw.dtype.itemsize
    lengths = np.char.str_len(raw)
    letters = raw.view(np.uint8).reshape(len(raw), width)
    seconds = np.full(len(raw), np.nan)
    resolution = 1.0
    # Times of equal length have their digits in the same places.
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        found = CLOCK.search(raw[rows[0]].decode("ascii"))
        if found is None:
            continue
        block = letters[rows]
        total = np.zeros(len(rows))
        fits = np.ones(len(rows), dtype=bool)
        for group, weight in ((1, 3600.0), (2, 60.0), (3, 1.0), (4, 1.0)):
            start, stop = found.span(group)
            if start < 0:
                continue
            digits = block[:, start:stop].astype(np.int64) - ord("0")
            fits &= ((digits >= 0) & (digits <= 9)).all(axis=1)
            fits &= block[:, start - 1] == letters[rows[0], start - 1] if start else True
            number = digits @ (10 ** np.arange(stop - start - 1, -1, -1))
            total += number * (weight if group < 4 else 10.0 ** -(stop - start))
            if group == 4:
                resolution = min(resolution, 10.0 ** -(stop - start))
        seconds[rows] = np.where(fits, total, np.nan)
    falls = np.diff(seconds) < -43_200
    seconds[1:] += 86_400.0 * np.cumsum(falls)
    return seconds, resolution


def _uneven(found: str) -> InputError:
    return InputError(
        found,
        "times that advance by the same step from row to row.",
        "Export the recording without its time column and state the sampling rate by hand.",
    )
