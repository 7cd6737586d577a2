"""Find the R peaks of an ECG."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, find_peaks, sosfiltfilt

from medmodels.inputs.clean_wave import choose_leads, resample
from medmodels.inputs.signal import Signal

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_RATE = 120.0  # Hz: QRS energy lies below 40 Hz
_BAND = (6.0, 24.0)  # Hz
_SMOOTH = 0.13  # seconds, a QRS and its slopes
_REFRACTORY = 0.22  # seconds in which no second QRS can come
_T_WAVE = 0.36  # seconds in which a slow second bump is a T wave
_LEVEL_SECONDS = 2.0
_SETTLE = 8  # beats over which the running height forgets
_SEARCH_BACK = 1.6  # of the usual interval


def find_r_peaks(signal: Signal) -> Ints:
    """Find the R peaks in up to two leads, whichever way they point.

    The energy of the QRS band is summed over the leads, each weighted by how
    far its QRS stands out of its noise. Its bumps are taken in turn against
    a running height of the beats so far, with a refractory period, a second
    look at small bumps after a long pause, and a test for T waves: the scheme
    of Pan and Tompkins (IEEE TBME 32:230, 1985). Time is linear in length.

    Parameters
    ----------
    signal : Signal
        100 Hz or faster; NaN marks gaps.

    Returns
    -------
    ndarray, int64, shape (n,)
        Sample indices, increasing; empty where nothing beats.
    """
    first, second = choose_leads(signal.leads)
    columns = [first] if second is None else [first, second]
    raw = np.asarray(signal.samples[:, columns], dtype=np.float32)
    if len(raw) < signal.rate:
        return np.zeros(0, dtype=np.int64)
    missing = ~np.isfinite(raw)
    filled = _filled(raw, missing)
    spread = np.ptp(filled, axis=0)
    if spread.max() <= 1e-6 * np.abs(filled).max():
        return np.zeros(0, dtype=np.int64)
    waves = resample(filled, signal.rate, _RATE)
    # Steps at the ends of a gap would ring like a QRS.
    hidden = _hidden(missing, signal.rate, len(waves))
    sos = butter(2, _BAND, btype="bandpass", fs=_RATE, output="sos")
    band = sosfiltfilt(sos, waves, axis=0)
    band[hidden] = 0.0
    # Filtering a flat lead leaves rounding errors; they must not be blown up.
    band[:, spread <= 1e-3 * spread.max()] = 0.0
    energy = _energy(band)
    if not np.any(energy > 0):
        return np.zeros(0, dtype=np.int64)
    found = _take_beats(energy, np.abs(np.gradient(band, axis=0)).sum(axis=1))
    return _refine(found, band, raw, missing, signal.rate)


def _filled(raw: Floats, missing: npt.NDArray[np.bool_]) -> Floats:
    if not missing.any():
        return raw
    out = raw.copy()
    at = np.arange(len(raw))
    for k in range(raw.shape[1]):
        known = ~missing[:, k]
        out[:, k] = np.interp(at, at[known], raw[known, k]) if known.any() else 0.0
    return out


def _hidden(missing: npt.NDArray[np.bool_], rate: float, n: int) -> npt.NDArray[np.bool_]:
    """Samples of the resampled leads that lie in or beside a gap."""
    if not missing.any():
        return np.zeros((n, missing.shape[1]), dtype=bool)
    wide = maximum_filter1d(missing.astype(np.uint8), 2 * round(0.04 * rate) + 1, axis=0)
    at = np.minimum((np.arange(n) * rate / _RATE).astype(np.int64), len(missing) - 1)
    return wide[at].astype(bool)


def _energy(band: Doubles) -> Doubles:
    """One bump per QRS: lead energies on a common scale, better leads counting more."""
    total = np.zeros(len(band))
    block = round(10 * _RATE)
    for k in range(band.shape[1]):
        slope = np.sqrt(
            # A running sum leaves rounding errors below zero where a gap is silent.
            np.maximum(
                uniform_filter1d(
                    np.gradient(band[:, k]) ** 2 + 0.02 * band[:, k] ** 2, round(_SMOOTH * _RATE)
                ),
                0.0,
            )
        )
        # Height of a QRS and level between, block by block of ten seconds.
        blocks = max(1, len(slope) // block)
        cuts = np.array_split(slope, blocks)
        high = np.array([np.quantile(c, 0.95) for c in cuts])
        low = np.array([np.quantile(c, 0.40) for c in cuts])
        usual = np.median(high[high > 0]) if np.any(high > 0) else 0.0
        if usual <= 0:
            continue
        high = np.clip(high, 0.3 * usual, 3 * usual)
        clear = np.clip((high - low) / (high + low), 0.05, 1.0) ** 2
        middle = (np.arange(blocks) + 0.5) * len(slope) / blocks
        at = np.arange(len(slope))
        total += slope * np.interp(at, middle, clear / high)
    return total


def _take_beats(energy: Doubles, slope: Doubles) -> Ints:
    """Go through the bumps once, from left to right."""
    bumps, _ = find_peaks(energy, distance=max(1, round(0.12 * _RATE)))
    if not len(bumps):
        return np.zeros(0, dtype=np.int64)
    heights = energy[bumps]
    steep = maximum_filter1d(slope, 2 * round(0.06 * _RATE) + 1)[bumps]
    window = round(_LEVEL_SECONDS * _RATE)
    start = float(np.median([energy[i : i + window].max() for i in range(0, len(energy), window)]))
    refractory, t_wave = _REFRACTORY * _RATE, _T_WAVE * _RATE
    taken: list[int] = []
    level, noise, usual = start, 0.1 * start, 0.8 * _RATE
    skipped: list[int] = []
    for j in range(len(bumps)):
        at, height = int(bumps[j]), float(heights[j])
        pause = at - bumps[taken[-1]] if taken else _RATE * 10
        if taken and pause > _SEARCH_BACK * usual and skipped:
            # A long pause: was one of the small bumps in it a beat after all?
            inside = [
                s
                for s in skipped
                if bumps[s] - bumps[taken[-1]] > t_wave and at - bumps[s] > refractory
            ]
            best = max(inside, key=lambda s: heights[s], default=None)
            lowest = max(0.75 * (noise + 0.3 * (level - noise)), 0.15 * level)
            if best is not None and heights[best] > lowest:
                taken.append(best)
                level += (float(heights[best]) - level) / (2 * _SETTLE)
                skipped = [s for s in skipped if s > best]
                pause = at - bumps[best]
            else:
                # Nothing there: the beats may have become smaller.
                level = max(0.9 * level, 0.3 * start)
        threshold = noise + 0.3 * (level - noise)
        if height < threshold:
            skipped.append(j)
            noise += (height - noise) / (4 * _SETTLE)
            continue
        if taken and pause < refractory:
            if height > heights[taken[-1]]:
                taken[-1] = j
            continue
        flat = bool(taken) and steep[j] < 0.5 * steep[taken[-1]]
        if flat and pause < t_wave and height < 0.6 * heights[taken[-1]]:
            noise += (height - noise) / (4 * _SETTLE)
            continue
        if taken and pause < 3 * _RATE:
            usual += (pause - usual) / _SETTLE
        taken.append(j)
        skipped = []
        level += (min(height, 2 * level) - level) / _SETTLE
    return bumps[np.array(taken, dtype=np.int64)].astype(np.int64)


def _refine(
    found: Ints, band: Doubles, raw: Floats, missing: npt.NDArray[np.bool_], rate: float
) -> Ints:
    """Move each beat to the largest deflection of the lead that shows it best."""
    if not len(found):
        return found
    reach = round(0.08 * _RATE)
    near = np.clip(found[:, None] + np.arange(-reach, reach + 1), 0, len(band) - 1)
    size = np.quantile(np.abs(band), 0.98, axis=0) + 1e-9
    # The first lead by rule, unless it hardly shows the beats.
    lead = 0 if size[0] > 0.1 * size.max() else int(np.argmax(size))
    coarse = near[np.arange(len(found)), np.abs(band[near, lead]).argmax(axis=1)]
    at = np.rint(coarse * rate / _RATE).astype(np.int64)
    fine = max(1, round(0.03 * rate))
    around = np.clip(at[:, None] + np.arange(-fine, fine + 1), 0, len(raw) - 1)
    x = np.where(missing[around, lead], np.nan, raw[around, lead])
    level = np.nanmedian(np.where(np.isfinite(x), x, 0.0), axis=1, keepdims=True)
    sign = np.sign(band[coarse, lead])[:, None]
    best = np.nan_to_num((x - level) * sign, nan=-np.inf).argmax(axis=1)
    exact = around[np.arange(len(found)), best]
    return np.unique(exact[~missing[exact].all(axis=1)])
