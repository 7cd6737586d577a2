"""The rhythm of a recording in numbers that a clinician expects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.inputs.errors import InputError

# Slower or faster than any adult or child is seen to live with for minutes:
# a sampling rate stated wrongly by a factor of two lands well outside.
_POSSIBLE = (15.0, 320.0)
_USUAL = (30.0, 220.0)


@dataclass(frozen=True)
class Rhythm:
    """Heart rate from the RR intervals.

    Parameters
    ----------
    rate : float
        Median heart rate, beats a minute; NaN with fewer than two beats.
    slowest, fastest : float
        From the 98th and 2nd percentile of the RR intervals, beats a minute.
    rr_ms : ndarray, float64, shape (n_beats - 1,)
        RR intervals, milliseconds.
    pauses : int
        Number of RR intervals of 2 s or more.
    """

    rate: float
    slowest: float
    fastest: float
    rr_ms: npt.NDArray[np.float64]
    pauses: int


def rhythm_of(times_s: npt.NDArray[np.float64]) -> Rhythm:
    """Describe the rhythm of R peaks.

    Parameters
    ----------
    times_s : ndarray, float64, shape (n_beats,)
        R peaks, seconds, increasing.
    """
    rr_ms = np.diff(times_s) * 1000
    if not len(rr_ms):
        return Rhythm(np.nan, np.nan, np.nan, rr_ms, 0)
    short, middle, long = np.quantile(rr_ms, [0.02, 0.5, 0.98])
    return Rhythm(60_000 / middle, 60_000 / long, 60_000 / short, rr_ms, int((rr_ms >= 2000).sum()))


def check_heart_rate(rhythm: Rhythm, rate: float) -> str | None:
    """Doubt a sampling rate at which no heart could beat like this.

    Parameters
    ----------
    rhythm : Rhythm
    rate : float
        The sampling rate that was used, Hz.

    Returns
    -------
    str or None
        A finding when the heart rate is unusual.

    Raises
    ------
    InputError
        When it is impossible.
    """
    if np.isnan(rhythm.rate):
        return None
    stated = f"a median heart rate of {rhythm.rate:.0f} beats a minute at {rate:g} Hz"
    if not _POSSIBLE[0] <= rhythm.rate <= _POSSIBLE[1]:
        raise InputError(
            f"{stated}.",
            f"{_POSSIBLE[0]:.0f} to {_POSSIBLE[1]:.0f} beats a minute.",
            "Check the sampling rate: it is probably stated wrongly.",
        )
    if not _USUAL[0] <= rhythm.rate <= _USUAL[1]:
        return f"Unusual: {stated}. Is the sampling rate right?"
    return None
