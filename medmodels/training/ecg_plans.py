"""Rhythms to build from real beats: what becomes of each interval, P wave and class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from medmodels.inputs.clean_wave import CleanWave
from medmodels.training.ecg_data import Record
from medmodels.training.ecg_retime import Plan, retime
from medmodels.training.ecg_shapes import qrs_height

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
_N, _S, _V = 0, 1, 2


def make_variant(
    record: Record, donors: list[Floats], conducted: list[Floats], rng: np.random.Generator
) -> Record:
    """Another plausible recording of the same heart.

    Premature atrial beats, single or in runs (up to runs that make up most of
    the recording); premature ventricular beats with other hearts' shapes; and
    what is *not* ectopic: respiratory sinus arrhythmia with pauses, and
    atrial fibrillation, lasting or in episodes that are faster than the sinus
    rhythm around them; and bundle branch blocks that come and go.

    Parameters
    ----------
    record : Record
    donors : list of ndarray
        Ventricular beats from `ecg_shapes.ventricular_shapes`; may be empty.
    conducted : list of ndarray
        Conducted beats from `ecg_shapes.conducted_shapes`; may be empty.
    rng : numpy Generator

    Returns
    -------
    Record
    """
    if rng.random() < 0.5:
        record = crop(record, rng)
    kind = rng.choice(["single", "runs", "sinus", "fibrillation"], p=[0.28, 0.26, 0.14, 0.32])
    rr, base, free = _sinus_rhythm(record, rng, strong=kind == "sinus")
    labels = record.labels.copy()
    p_gain = np.ones((len(rr), 2))
    f_waves = np.zeros(len(rr))
    if kind == "fibrillation":
        inside = _episodes(len(rr), rng) & free
        pace = rng.uniform(0.55, 1.1)
        spread = rng.uniform(0.13, 0.3)
        irregular = base * pace * np.exp(rng.normal(0, spread, len(rr)))
        rr = np.where(inside, np.maximum(irregular, 0.3), rr)
        p_gain[inside] = rng.uniform(-0.1, 0.15)
        f_waves[inside] = rng.uniform(0.01, 0.1)
    elif kind != "sinus":
        most = 1.0 if kind == "single" else rng.uniform(2, 25)
        share = (
            rng.uniform(0.02, 0.12) if most < 2 else rng.uniform(0.05, 0.75 if most > 4 else 0.5)
        )
        _premature(rr, base, free, labels, p_gain, share, most, rng)
    shapes: dict[int, Floats] = {}
    if conducted and rng.random() < 0.4:
        shapes = _block(rr, base, free, labels, record, conducted, rng)
    if donors and rng.random() < 0.5:
        shapes |= _ventricular(rr, base, free, labels, p_gain, record, donors, rng)
    return retime(record, Plan(rr, p_gain, labels, f_waves, shapes), rng)


def _block(
    rr: Doubles, base: Doubles, free: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64],
    record: Record, conducted: list[Floats], rng: np.random.Generator,
) -> dict[int, Floats]:  # fmt: skip
    """Give normal beats another heart's QRS, wider, for as long as a block lasts.

    Blocks come with a fast rate or in stretches; an early atrial beat is
    sometimes conducted so as well (aberrantly). Times, P waves and classes
    stay.
    """
    mix = np.eye(2) + rng.normal(0, 0.35, (2, 2))
    shape = conducted[int(rng.integers(len(conducted)))] @ mix
    before = len(shape) // 4
    at = np.arange(-before, len(shape) - before)
    wider = rng.uniform(1.0, 1.7)
    wide = np.stack([np.interp(at / wider, at, shape[:, k]) for k in range(2)], axis=1)
    worn: Floats = (wide * qrs_height(record)).astype(np.float32)
    if rng.random() < 0.5:
        inside = rr < np.quantile(rr, rng.uniform(0.1, 0.8))
    else:
        inside = _episodes(len(rr), rng)
    inside = inside & free & (labels == _N)
    if rng.random() < 0.5:
        inside |= (labels == _S) & (rr < 0.75 * base) & (rng.random(len(rr)) < 0.4)
    return {int(i): worn for i in np.flatnonzero(inside)}


def _ventricular(
    rr: Doubles, base: Doubles, free: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64],
    p_gain: Doubles, record: Record, donors: list[Floats], rng: np.random.Generator,
) -> dict[int, Floats]:  # fmt: skip
    """Put ventricular ectopic beats in the place of normal ones; returns their shapes."""
    height = qrs_height(record)
    share = rng.uniform(0.01, 0.15)
    shapes: dict[int, Floats] = {}
    several = [donors[int(rng.integers(len(donors)))] for _ in range(3)]
    mixes = [np.eye(2) + rng.normal(0, 0.35, (2, 2)) for _ in several]
    coupling = rng.uniform(0.45, 0.9)
    for i in range(2, len(rr) - 2):
        if not (free[i] and free[i + 1] and labels[i] == _N and labels[i - 1] == _N):
            continue
        if rng.random() > share:
            continue
        k = int(rng.choice(3, p=[0.7, 0.2, 0.1]))
        early = coupling * (1 + rng.normal(0, 0.05))
        rr[i] = max(base[i] * early, 0.33)
        if labels[i + 1] == _N:
            rr[i + 1] = max(base[i] * (2 - early) * rng.uniform(0.85, 1.1), rr[i])
        labels[i] = _V
        p_gain[i] = 0
        shapes[i] = ((several[k] @ mixes[k]) * height).astype(np.float32)
    return shapes


def _episodes(n: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """All beats, or a few stretches of them."""
    if rng.random() < 0.4:
        return np.ones(n, dtype=bool)
    inside = np.zeros(n, dtype=bool)
    for _ in range(int(rng.integers(1, 5))):
        start, size = int(rng.integers(0, n)), int(rng.integers(20, max(21, n // 3)))
        inside[start : start + size] = True
    return inside


def crop(record: Record, rng: np.random.Generator) -> Record:
    """A stretch of one minute to the whole length, so that short strips are known too."""
    n = len(record.labels)
    size = int(np.clip(np.exp(rng.uniform(np.log(60), np.log(n))), 30, n))
    start = int(rng.integers(0, n - size + 1))
    kept = slice(start, start + size)
    rate = record.wave.rate
    first = max(int((record.peaks_s[start] - 0.5) * rate), 0)
    last = int((record.peaks_s[start + size - 1] + 0.7) * rate)
    wave = CleanWave(record.wave.samples[first:last], rate, record.wave.present, np.zeros((0, 2)))
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
    depth = rng.uniform(0.05, 0.25) if strong else rng.uniform(0, 0.13)
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
    coupling = rng.uniform(0.5, 0.88)
    i = 1
    while i < n - 1:
        if not free[i] or rng.random() > start_chance:
            i += 1
            continue
        length = 1 if per_run == 1 else 1 + int(rng.geometric(1 / per_run))
        gain = home_gain if rng.random() < 0.7 else _other_p_wave(rng)
        pace = float(np.clip(coupling + rng.normal(0, 0.06), 0.42, 0.9))
        end = i
        while end < min(i + length, n - 1) and free[end]:
            rr[end] = max(base[end] * pace * (1 + rng.normal(0, 0.02)), 0.3)
            p_gain[end] = gain * (1 + rng.normal(0, 0.1, 2))
            labels[end] = _S
            pace = float(np.clip(pace + rng.normal(0, 0.01), 0.42, 0.9))
            end += 1
        if end < n and free[end]:
            # The sinus node is reset and tired: its next beat comes in its time or later.
            rr[end] = base[end] * rng.uniform(0.95, 1.25 if length < 3 else 1.8)
        i = end + 1


def _other_p_wave(rng: np.random.Generator) -> Doubles:
    kind = rng.choice(3, p=[0.3, 0.4, 0.3])
    # Never nearly the usual P wave: a slightly early beat with it is sinus arrhythmia.
    low, high = ((-0.1, 0.3), (-1.4, -0.3), (1.6, 2.4))[kind]
    return rng.uniform(low, high, 2)
