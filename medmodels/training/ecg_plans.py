"""Rhythms to build from real beats: what becomes of each interval, P wave and class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from medmodels.inputs.clean_wave import CleanWave
from medmodels.training.ecg_data import Record
from medmodels.training.ecg_retime import Plan, retime

Doubles = npt.NDArray[np.float64]
_N, _S = 0, 1


def make_variant(record: Record, rng: np.random.Generator) -> Record:
    """Another plausible recording of the same heart.

    Two in three have premature atrial beats, single or in runs (up to runs
    that make up most of the recording); the others have none and teach what
    is *not* ectopic: respiratory sinus arrhythmia with pauses, or atrial
    fibrillation.

    Parameters
    ----------
    record : Record
    rng : numpy Generator

    Returns
    -------
    Record
    """
    if rng.random() < 0.5:
        record = crop(record, rng)
    kind = rng.choice(["single", "runs", "sinus", "fibrillation"], p=[0.34, 0.33, 0.16, 0.17])
    rr, base, free = _sinus_rhythm(record, rng, strong=kind == "sinus")
    labels = record.labels.copy()
    p_gain = np.ones((len(rr), 2))
    f_waves = 0.0
    if kind == "fibrillation":
        spread = rng.uniform(0.12, 0.3)
        rr = np.where(free, base * np.exp(rng.normal(0, spread, len(rr)) - 0.05), rr)
        p_gain[free] = rng.uniform(0, 0.15)
        f_waves = rng.uniform(0.01, 0.1)
    elif kind != "sinus":
        most = 1.0 if kind == "single" else rng.uniform(2, 25)
        share = rng.uniform(0.02, 0.12) if kind == "single" else rng.uniform(0.05, 0.75)
        _premature(rr, base, free, labels, p_gain, share, most, rng)
    return retime(record, Plan(rr, p_gain, labels, f_waves), rng)


def crop(record: Record, rng: np.random.Generator) -> Record:
    """A stretch of one minute to the whole length, so that short strips are known too."""
    n = len(record.labels)
    size = int(np.clip(np.exp(rng.uniform(np.log(60), np.log(n))), 30, n))
    start = int(rng.integers(0, n - size + 1))
    kept = slice(start, start + size)
    rate = record.wave.rate
    first = max(int((record.peaks_s[start] - 0.5) * rate), 0)
    last = int((record.peaks_s[start + size - 1] + 0.7) * rate)
    wave = CleanWave(
        record.wave.samples[first:last], rate, record.wave.present, np.zeros((0, 2))
    )
    peaks = record.peaks_s[kept] - first / rate
    return Record(record.name, wave, peaks, np.rint(peaks * rate).astype(int), record.labels[kept])


def _sinus_rhythm(
    record: Record, rng: np.random.Generator, *, strong: bool
) -> tuple[Doubles, Doubles, npt.NDArray[np.bool_]]:
    """Intervals at another rate with breathing in them; which may be moved further."""
    rr = np.diff(record.peaks_s, prepend=record.peaks_s[:1] - 0.8)
    normal = record.labels == _N
    free = normal & np.roll(normal, 1) & (rr > 0.4) & (rr < 2.0)
    free[0] = False
    base = median_filter(np.where(free, rr, np.median(rr)), 21, mode="reflect")
    # A fast heart can only be slowed: cutting its short rest would cut its T waves.
    scale = rng.uniform(0.85 if np.median(base) > 0.7 else 1.0, 1.3)
    depth = rng.uniform(0.05, 0.25) if strong else rng.uniform(0, 0.1)
    breaths = np.cumsum(base) / rng.uniform(3, 12) * 2 * np.pi
    breathing = depth * np.sin(breaths + rng.uniform(0, 6)) + rng.normal(0, 0.015, len(rr))
    pauses = np.where(rng.random(len(rr)) < (0.01 if strong else 0.0), rng.uniform(1.3, 2), 1.0)
    return np.where(free, rr * scale * (1 + breathing) * pauses, rr), base * scale, free


def _premature(
    rr: Doubles, base: Doubles, free: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64],
    p_gain: Doubles, share: float, most: float, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Put atrial ectopic beats into ``rr``, ``labels`` and ``p_gain``, in place."""
    n = len(rr)
    per_run = max(most, 1.0)
    start_chance = share / ((1 - share) * per_run)
    home_gain = _other_p_wave(rng)  # ectopic beats of one heart often share a focus
    coupling = rng.uniform(0.5, 0.9)
    i = 1
    while i < n - 1:
        if not free[i] or rng.random() > start_chance:
            i += 1
            continue
        length = 1 if per_run == 1 else 1 + int(rng.geometric(1 / per_run))
        gain = home_gain if rng.random() < 0.7 else _other_p_wave(rng)
        pace = float(np.clip(coupling + rng.normal(0, 0.06), 0.42, 0.93))
        end = i
        while end < min(i + length, n - 1) and free[end]:
            rr[end] = max(base[end] * pace * (1 + rng.normal(0, 0.02)), 0.3)
            p_gain[end] = gain * (1 + rng.normal(0, 0.1, 2))
            labels[end] = _S
            pace = float(np.clip(pace + rng.normal(0, 0.01), 0.42, 0.93))
            end += 1
        if end < n and free[end]:
            # The sinus node is reset and tired: its next beat comes in its time or later.
            rr[end] = base[end] * rng.uniform(0.95, 1.25 if length < 3 else 1.8)
        i = end + 1


def _other_p_wave(rng: np.random.Generator) -> Doubles:
    kind = rng.choice(3, p=[0.3, 0.4, 0.3])
    low, high = ((-0.1, 0.3), (-1.4, -0.3), (0.3, 1.7))[kind]
    return rng.uniform(low, high, 2)
