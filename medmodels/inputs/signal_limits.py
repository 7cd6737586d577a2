"""The limits within which a signal is read, and the messages beyond them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from medmodels.inputs.errors import InputError

#: Even at 30 beats a minute, 5 s hold two whole beats, the fewest from which an
#: interval can be measured; a standard ECG strip lasts 10 s.
MIN_SECONDS = 5.0
#: Below 100 Hz a QRS complex is about ten samples and its notches are gone; the
#: slowest recorders for rhythm work (Holter) sample at 125 to 128 Hz.
MIN_RATE = 100.0
#: No surface ECG recorder is faster; a higher number is a mistyped unit.
MAX_RATE = 2000.0
#: 24 hours at 128 Hz are 11,059,200 samples, 9 hours at 360 Hz 11,664,000.
MAX_SAMPLES = 12_000_000
#: Samples times leads: 128 MB as float32.
MAX_VALUES = 32_000_000
#: A table wider than this is not one of leads.
MAX_LEADS = 64


def check_rate(rate: float) -> float:
    """Refuse a sampling rate that no ECG has.

    Parameters
    ----------
    rate : float
        Hz.

    Returns
    -------
    float
        The rate.

    Raises
    ------
    InputError
        Outside 100 to 2000 Hz, or not a number.
    """
    if not (math.isfinite(rate) and MIN_RATE <= rate <= MAX_RATE):
        raise InputError(
            f"a sampling rate of {rate:g} Hz.",
            f"an ECG sampled at {MIN_RATE:g} to {MAX_RATE:g} Hz.",
            "Check the rate, or the unit of the time column (seconds or milliseconds), "
            "and state the rate by hand.",
        )
    return float(rate)


def check_size(samples: int, leads: int) -> None:
    """Refuse a recording that is too long before it is read.

    Parameters
    ----------
    samples : int
        Per lead.
    leads : int

    Raises
    ------
    InputError
        More than 12 million samples a lead, or 32 million in all leads.
    """
    if samples > MAX_SAMPLES or samples * leads > MAX_VALUES:
        raise InputError(
            f"{samples:,} samples in {leads} lead{'s' * (leads > 1)}.",
            f"at most {MAX_SAMPLES:,} samples a lead (24 hours at 128 Hz, 9 hours at 360 Hz) "
            f"and {MAX_VALUES:,} in all leads together.",
            "Cut the recording into shorter parts, or keep fewer leads.",
        )


def check_seconds(samples: int, rate: float) -> None:
    """Refuse a signal that is too short for a rhythm.

    Parameters
    ----------
    samples : int
    rate : float
        Hz.

    Raises
    ------
    InputError
        Shorter than 5 s.
    """
    if samples / rate < MIN_SECONDS:
        raise InputError(
            f"a signal of {samples / rate:.1f} s ({samples:,} samples at {rate:g} Hz).",
            f"at least {MIN_SECONDS:g} s, so that there are beats to compare.",
            "Upload a longer recording; if this one is longer, correct the sampling rate.",
        )


def check_values(values: npt.NDArray[np.float32], rate: float) -> list[int]:
    """Find the leads that say nothing; refuse the signal if no lead says anything.

    Parameters
    ----------
    values : ndarray, float32, shape (n_samples, n_leads)
        NaN in gaps.
    rate : float
        Hz.

    Returns
    -------
    list of int
        Indices of leads that are constant or empty.

    Raises
    ------
    InputError
        When every lead is empty, constant, or has under 5 s of values.
    """
    present = np.isfinite(values)
    counts = present.sum(axis=0)
    if not counts.any():
        raise InputError(
            "no values: every sample is missing.",
            "numbers in at least one lead.",
            "Export the recording again and check that the leads were connected.",
        )
    if counts.max() < MIN_SECONDS * rate:
        raise InputError(
            f"{counts.max() / rate:.1f} s of values; the rest of the signal is missing.",
            f"at least {MIN_SECONDS:g} s of values in one lead.",
            "Export the recording again, or choose another lead.",
        )
    low = np.where(present, values, np.inf).min(axis=0)
    high = np.where(present, values, -np.inf).max(axis=0)
    silent = np.flatnonzero((counts == 0) | (high <= low))
    if len(silent) == values.shape[1]:
        raise InputError(
            "a flat line: the signal never changes.",
            "a heartbeat in at least one lead.",
            "Check that the right column was exported and that the electrodes were on.",
        )
    return [int(lead) for lead in silent]
