"""What the distances between beats say, each as a plain number per beat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

Doubles = npt.NDArray[np.float64]

_TYPICAL_RR = 0.8  # seconds; 75 beats a minute
_LOCAL_BEATS = 21
_IRREGULARITY_BEATS = 41
_NEAR_BEATS = 9
_LONG_SECONDS = 600.0
_STEP_SECONDS = 60.0
_LONG_QUANTILE = 0.8
_LIMIT = 1.5  # of a natural logarithm: a factor of 4.5

RHYTHM_NAMES = (
    "rr_before",
    "rr_after",
    "before_to_local",
    "after_to_local",
    "before_to_long",
    "after_to_long",
    "before_to_after",
    "before_to_previous",
    "irregularity",
    "irregularity_near",
    "before_known",
    "after_known",
)


def rr_intervals(times: Doubles, gaps: Doubles) -> Doubles:
    """Seconds from each beat to the one before it.

    Parameters
    ----------
    times : ndarray, float64, shape (n,)
        Times of the R peaks, seconds, increasing.
    gaps : ndarray, float64, shape (n_gaps, 2)
        Stretches without samples, seconds.

    Returns
    -------
    ndarray, float64, shape (n,)
        NaN for the first beat and where a gap lies between the two.
    """
    rr = np.full(len(times), np.nan)
    rr[1:] = np.maximum(np.diff(times), 1e-3)
    for start, end in gaps:
        rr[1:][(times[:-1] < end) & (times[1:] > start)] = np.nan
    return rr


def long_reference(times: Doubles, rr: Doubles) -> Doubles:
    """The slow end of the heart's own rhythm over ten minutes.

    A premature beat is early against the *longer* intervals around it. A local
    median calls a recording regular in which premature beats are the majority;
    the 80th percentile over minutes does not.

    Parameters
    ----------
    times, rr : ndarray, float64, shape (n,)
        Seconds; ``rr`` may hold NaN.

    Returns
    -------
    ndarray, float64, shape (n,)
        Seconds; NaN where no interval is known at all.
    """
    known = np.isfinite(rr)
    if not known.any():
        return np.full(len(times), np.nan)
    at, values = times[known], rr[known]
    centres = np.arange(times[0], times[-1] + _STEP_SECONDS, _STEP_SECONDS)
    # Near an end the ten minutes reach further in, as long as there are ten.
    half = _LONG_SECONDS / 2
    mean = times.mean()
    middle = np.clip(centres, min(times[0] + half, mean), max(times[-1] - half, mean))
    starts = np.searchsorted(at, middle - half)
    ends = np.searchsorted(at, middle + half)
    whole = float(np.quantile(values, _LONG_QUANTILE))
    levels = [
        float(np.quantile(values[a:b], _LONG_QUANTILE)) if b - a >= 5 else whole
        for a, b in zip(starts, ends, strict=True)
    ]
    return np.interp(times, centres, levels)


def rhythm_features(times: Doubles, gaps: Doubles) -> dict[str, Doubles]:
    """Rhythm of each beat as natural logarithms of ratios, by name.

    Parameters
    ----------
    times : ndarray, float64, shape (n,)
        Times of the R peaks, seconds, increasing.
    gaps : ndarray, float64, shape (n_gaps, 2)
        Stretches without samples, seconds.

    Returns
    -------
    dict of ndarray, float64, shape (n,)
        One entry for each of ``RHYTHM_NAMES``; 0 where unknown.
    """
    n = len(times)
    before = rr_intervals(times, gaps)
    after = np.append(before[1:], np.nan) if n else before
    previous = np.concatenate([[np.nan], before[:-1]]) if n else before
    long = long_reference(times, before) if n else before
    typical = np.nanmedian(before) if np.isfinite(before).any() else _TYPICAL_RR
    filled = np.where(np.isfinite(before), before, typical)
    local = median_filter(filled, _LOCAL_BEATS, mode="reflect") if n else filled
    steps = np.abs(np.diff(filled, prepend=filled[:1]))
    unrest = median_filter(steps, _IRREGULARITY_BEATS, mode="reflect") if n else steps
    near = median_filter(steps, _NEAR_BEATS, mode="reflect") if n else steps
    return {
        "rr_before": _log(before, _TYPICAL_RR),
        "rr_after": _log(after, _TYPICAL_RR),
        "before_to_local": _log(before, local),
        "after_to_local": _log(after, local),
        "before_to_long": _log(before, long),
        "after_to_long": _log(after, long),
        "before_to_after": _log(before, after),
        "before_to_previous": _log(before, previous),
        "irregularity": np.minimum(unrest / local, 0.5) * 5,
        "irregularity_near": np.minimum(near / local, 0.5) * 5,
        "before_known": np.isfinite(before).astype(np.float64),
        "after_known": np.isfinite(after).astype(np.float64),
    }


def _log(value: Doubles, to: Doubles | float) -> Doubles:
    ratio = np.log(value / to)
    return np.clip(np.where(np.isfinite(ratio), ratio, 0.0), -_LIMIT, _LIMIT)
