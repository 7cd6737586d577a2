"""Make other rhythms out of real beats by moving them in time.

Supraventricular ectopic beats are few in the training recordings and come from
few hearts. Their physiology is simple enough to build from any heart's normal
beats: the beat comes early, over the T wave of the one before; its P wave
differs; its QRS does not; what follows is reset. The same machinery makes what
must *not* be called ectopic: sinus arrhythmia and atrial fibrillation.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from medmodels.inputs.clean_wave import CleanWave
from medmodels.training.ecg_data import Record

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

_P_START, _P_END = 0.28, 0.05  # seconds before R between which a P wave lies
_QRS_START = 0.09


@dataclass(frozen=True)
class Plan:
    """What is to become of each interval and of the beat that ends it.

    Parameters
    ----------
    rr : ndarray, float64, shape (n,)
        New interval before each beat, seconds; the first is kept.
    p_gain : ndarray, float64, shape (n, 2)
        What the P wave of each beat is multiplied by, in each lead.
    labels : ndarray, int64, shape (n,)
    f_waves : ndarray, float64, shape (n,)
        Height of the fibrillatory waves in each interval, millivolts.
    donors : dict
        Beats to put in the place of others: index to a shape, float32,
        (n_samples, 2), centred on its R peak, millivolts.
    """

    rr: Doubles
    p_gain: Doubles
    labels: npt.NDArray[np.int64]
    f_waves: Doubles
    donors: dict[int, Floats] = field(default_factory=dict)


def retime(record: Record, plan: Plan, rng: np.random.Generator) -> Record:
    """Rebuild a recording with other intervals and P waves.

    Between two R peaks the earlier beat's T wave stays where it is, the later
    beat's P wave and QRS move as one, and the rest between them is cut short
    or drawn out. An early P wave rides on the T wave.

    Parameters
    ----------
    record : Record
    plan : Plan
    rng : numpy Generator

    Returns
    -------
    Record
        With new wave, peaks and labels; ``samples`` are at the wave's rate.
    """
    rate = record.wave.rate
    x = record.wave.samples
    peaks = np.clip(np.rint(record.peaks_s * rate).astype(np.int64), 0, len(x) - 1)
    parts = [x[: peaks[0]]]
    for i in range(1, len(peaks)):
        length = int(peaks[i] - peaks[i - 1])
        wanted = max(round(float(plan.rr[i]) * rate), round(0.24 * rate))
        whole = x[peaks[i - 1] : peaks[i]]
        if wanted == length and np.all(plan.p_gain[i] == 1):
            parts.append(whole)
        else:
            parts.append(_interval(whole, wanted, plan.p_gain[i].astype(np.float32), rate))
    parts.append(x[peaks[-1] :])
    starts = np.cumsum([len(part) for part in parts])[:-1]
    samples = np.concatenate(parts).astype(np.float32)
    for i, shape in plan.donors.items():
        _transplant(samples, int(starts[i]), shape)
    if plan.f_waves.any():
        height = np.interp(np.arange(len(samples)), starts, plan.f_waves).astype(np.float32)
        samples += height[:, None] * _fibrillation(len(samples), rate, rng)
    samples *= np.asarray(record.wave.present, dtype=np.float32)
    gaps = np.zeros((0, 2))
    return Record(
        record.name, CleanWave(samples, rate, record.wave.present, gaps),
        starts / rate, starts, plan.labels,
    )  # fmt: skip


def _interval(whole: Floats, wanted: int, p_gain: Floats, rate: float) -> Floats:
    """One interval from R to R with another length and another P wave."""
    length = len(whole)
    start = min(round(_P_START * rate), int(0.55 * length))
    end = min(round(_P_END * rate), start - 4)
    if start - end < 6:
        return whole
    tail = whole[length - start : length - end]
    left, right = tail[:3].mean(axis=0), tail[-3:].mean(axis=0)
    rest = left + (right - left) * np.linspace(0, 1, len(tail), dtype=np.float32)[:, None]
    p_wave = (tail - rest) * np.hanning(len(tail) + 2)[1:-1, None].astype(np.float32) ** 0.25
    bare = whole.copy()
    bare[length - start : length - end] -= p_wave
    if wanted >= length:
        # Draw out the rest just before the P wave.
        at = length - start
        pause = np.repeat(bare[max(at - 3, 0) : at + 1].mean(axis=0)[None], wanted - length, axis=0)
        new = np.concatenate([bare[:at], pause, bare[at:]])
    else:
        # The T wave of the beat before runs on and fades under the early QRS.
        fade = round(_QRS_START * rate)
        level = bare[length - fade]
        base = bare[:wanted].copy()
        base[length - fade :] = level
        into_qrs = np.linspace(0, 1, fade, dtype=np.float32)[:, None]
        base[-fade:] += (level - base[-fade:]) * into_qrs
        base[-fade:] += bare[length - fade :] - level
        new = base
    room = min(start, wanted)
    into = new[wanted - room : wanted - end]
    into += (p_gain * p_wave)[len(p_wave) - len(into) :]
    return new.astype(np.float32)


def _transplant(samples: Floats, centre: int, shape: Floats) -> None:
    """Put another beat's QRS and T wave in the place of the one at ``centre``, in place."""
    first = centre - len(shape) // 4
    if first < 0 or first + len(shape) > len(samples):
        return
    here = samples[first : first + len(shape)]
    along = np.linspace(0, 1, len(shape), dtype=np.float32)[:, None]
    chord = here[:1] + (here[-1:] - here[:1]) * along
    edge = np.minimum(np.arange(len(shape)), np.arange(len(shape))[::-1]) / 5
    blend = np.clip(edge, 0, 1)[:, None].astype(np.float32)
    samples[first : first + len(shape)] = here * (1 - blend) + (chord + shape) * blend


def _fibrillation(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """Irregular waves of 4 to 8 Hz in both leads."""
    t = np.arange(n) / rate
    out = np.zeros((n, 2))
    for k in range(2):
        frequency = rng.uniform(4.5, 7.5) + 0.6 * np.sin(2 * np.pi * rng.uniform(0.1, 0.4) * t)
        phase = 2 * np.pi * np.cumsum(frequency) / rate
        height = 1 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.2, 0.7) * t + rng.uniform(0, 6))
        out[:, k] = height * (np.sin(phase) + 0.4 * np.sin(2 * phase + 1)) * rng.uniform(0.4, 1)
    return out.astype(np.float32)
