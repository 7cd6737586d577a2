"""From a recording as it came to a clean one at the network's rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter
from scipy.signal import butter, resample_poly, sosfiltfilt

from medmodels.inputs.signal import Signal

Floats = npt.NDArray[np.float32]

# Names under which the modified limb lead II travels; then the chest leads the
# training recordings carry as their second channel, commonest first.
_FIRST = ("mlii", "ii", "ml2", "mlii2", "2", "dii", "d2")
_SECOND = ("v1", "mcl1", "mv1", "v5", "cm5", "v2", "v4", "v3", "v6")
# A stretch without samples longer than this hides at least one beat.
_GAP_SECONDS = 0.25
_LOW_PASS_HZ = 40.0


@dataclass(frozen=True)
class CleanWave:
    """Leads without baseline wander and mains hum, on one even time axis.

    Parameters
    ----------
    samples : ndarray, float32, shape (n_samples, 2)
        Millivolts (or the source's own unit); a missing lead is all zeros.
    rate : float
        Samples per second, Hz.
    present : tuple of bool
        Which of the two leads the recording has.
    gaps : ndarray, float64, shape (n_gaps, 2)
        Start and end of each stretch without samples, seconds.
    """

    samples: Floats
    rate: float
    present: tuple[bool, bool]
    gaps: npt.NDArray[np.float64]


def choose_leads(names: tuple[str, ...]) -> tuple[int, int | None]:
    """Choose the two leads a beat network reads, by name.

    Parameters
    ----------
    names : tuple of str
        Lead names in the order of the file; at least one.

    Returns
    -------
    tuple
        Column of the first lead (MLII or II, else the first of the file) and
        of the second (V1, else another chest lead, else the next of the
        file), or None where there is only one.
    """
    plain = [re.sub(r"^(lead|ecg lead)|[^a-z0-9]", "", name.lower().strip()) for name in names]
    first = next((plain.index(name) for name in _FIRST if name in plain), 0)
    rest = [i for i in range(len(names)) if i != first]
    if not rest:
        return first, None
    known = (plain.index(name) for name in _SECOND if name in plain)
    return first, next((column for column in known if column in rest), rest[0])


def clean_wave(signal: Signal, rate: float) -> CleanWave:
    """Resample, remove baseline wander and noise above 40 Hz.

    The baseline is what two median filters (0.2 s, then 0.6 s) leave, as in
    de Chazal et al. 2004 (IEEE TBME 51:1196); all filters are zero-phase, so
    a sample keeps its time.

    Parameters
    ----------
    signal : Signal
        Any rate; NaN marks gaps.
    rate : float
        Samples per second wanted, Hz.

    Returns
    -------
    CleanWave
    """
    first, second = choose_leads(signal.leads)
    columns = [first] if second is None else [first, second]
    raw = np.asarray(signal.samples[:, columns], dtype=np.float32)
    missing = ~np.isfinite(raw)
    gaps = _gaps(np.asarray(missing.all(axis=1)), signal.rate)
    if missing.any():
        raw = _fill(raw, missing)
    even = resample(raw, signal.rate, rate)
    if len(even) > 30:
        sos = butter(3, min(_LOW_PASS_HZ, 0.45 * rate), fs=rate, output="sos")
        even = sosfiltfilt(sos, even, axis=0).astype(np.float32)
    out = np.zeros((len(even), 2), dtype=np.float32)
    for k in range(even.shape[1]):
        out[:, k] = even[:, k] - _baseline(even[:, k], rate)
    present = tuple(
        bool(k < len(columns) and np.ptp(out[:, k]) > 0) if len(out) else False for k in range(2)
    )
    return CleanWave(out, rate, (present[0], present[1]), gaps)


def resample(samples: Floats, rate: float, wanted: float) -> Floats:
    """Resample along the first axis, anti-aliased; sample 0 keeps its time.

    Parameters
    ----------
    samples : ndarray, float32, shape (n, n_leads)
        Finite.
    rate, wanted : float
        Hz.

    Returns
    -------
    ndarray, float32, shape (about n * wanted / rate, n_leads)
    """
    ratio = Fraction(wanted / rate).limit_denominator(400)
    if ratio == 1 or not len(samples):
        return samples
    if abs(float(ratio) * rate / wanted - 1) < 1e-6:
        return np.asarray(
            resample_poly(samples, ratio.numerator, ratio.denominator, axis=0, padtype="line"),
            dtype=np.float32,
        )
    # An odd rate: go to the nearest easy ratio, then shift each sample to its own time.
    near = resample(samples, rate, rate * float(ratio))
    at = np.arange(int(len(samples) * wanted / rate)) / wanted
    grid = np.arange(len(near)) / (rate * float(ratio))
    return np.stack([np.interp(at, grid, near[:, k]) for k in range(near.shape[1])], axis=1).astype(
        np.float32
    )


def _baseline(x: Floats, rate: float) -> Floats:
    short = 2 * int(0.1 * rate) + 1
    long = 2 * int(0.3 * rate) + 1
    return np.asarray(median_filter(median_filter(x, short, mode="nearest"), long, mode="nearest"))


def _fill(raw: Floats, missing: npt.NDArray[np.bool_]) -> Floats:
    filled = raw.copy()
    at = np.arange(len(raw))
    for k in range(raw.shape[1]):
        known = ~missing[:, k]
        filled[:, k] = np.interp(at, at[known], raw[known, k]) if known.any() else 0.0
    return filled


def _gaps(missing: npt.NDArray[np.bool_], rate: float) -> npt.NDArray[np.float64]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(np.int8)))
    spans = edges.reshape(-1, 2) / rate
    return spans[(spans[:, 1] - spans[:, 0]) > _GAP_SECONDS]
