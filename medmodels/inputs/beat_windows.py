"""From a signal and its R peaks to what a beat network reads; the same code trains and reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_rhythm import RHYTHM_NAMES, rhythm_features, rr_intervals
from medmodels.inputs.beat_shape import SHAPE_NAMES, reference_beats, shape_features
from medmodels.inputs.clean_wave import CleanWave, choose_leads, clean_wave, resample
from medmodels.inputs.errors import InputError
from medmodels.inputs.signal import BeatTable, Signal

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

_ALIGN_SECONDS = 0.09
_QUIETEST_MV = 0.2  # a lead whose beats are smaller than this is not blown up further
_CLIP = 4.0

CONTEXT_NAMES = RHYTHM_NAMES + SHAPE_NAMES


@dataclass(frozen=True)
class BeatInputSpec:
    """What a beat network wants, as its card states it under ``[input]``.

    Parameters
    ----------
    rate : float
        Samples per second of a window, Hz.
    before_s, after_s : float
        Reach of a window before and after the R peak, seconds.
    leads : int
        Leads per window; 2.
    rhythm : tuple of str
        Names out of ``CONTEXT_NAMES``, in the order the network reads them.
    """

    rate: float
    before_s: float
    after_s: float
    leads: int
    rhythm: tuple[str, ...]

    @classmethod
    def from_card(cls, table: Mapping[str, Any]) -> BeatInputSpec:
        """Read the ``[input]`` table of a card."""
        rhythm = tuple(str(name) for name in table["rhythm"])
        return cls(float(table["rate"]), float(table["before_s"]), float(table["after_s"]),
                   int(table["leads"]), rhythm)  # fmt: skip

    @property
    def reach(self) -> tuple[int, int]:
        """Samples before the R peak, and from it onwards."""
        return round(self.before_s * self.rate), round(self.after_s * self.rate)

    @property
    def offsets(self) -> Doubles:
        """Time of each window sample from the window's centre, seconds."""
        before, after = self.reach
        return np.arange(-before, after) / self.rate


@dataclass(frozen=True)
class BeatInputs:
    """Beats in the order of the recording.

    Parameters
    ----------
    windows : ndarray, float32, shape (n_beats, n_samples, 2)
        Each lead in units of the recording's own QRS height (``scale``),
        baseline removed; zeros for a missing lead; within -4 to 4.
    rhythm : ndarray, float32, shape (n_beats, n_rhythm)
        The numbers named in the spec.
    r_peaks : ndarray, int64, shape (n_beats,)
        As given: sample indices into the signal.
    centres_s : ndarray, float64, shape (n_beats,)
        Time on the signal's axis around which each window lies, seconds: the
        centre of the QRS's slopes near the R peak given.
    offsets_s : ndarray, float64, shape (n_samples,)
        Time of each window sample from the window's centre, seconds.
    scale : tuple of float
        Millivolts (or the source's unit) that a window value of 1 stands for,
        for each lead; 0 for a missing lead.
    columns : tuple of int or None
        Columns of the signal that the two leads come from.
    """

    windows: Floats
    rhythm: Floats
    r_peaks: npt.NDArray[np.int64]
    centres_s: Doubles
    offsets_s: Doubles
    scale: tuple[float, float]
    columns: tuple[int, int | None]


def prepare_beats(
    signal: Signal,
    r_peaks: npt.NDArray[np.int64],
    spec: BeatInputSpec,
    wave: CleanWave | None = None,
) -> BeatInputs:
    """Cut a recording into the windows and rhythm that a beat network reads.

    Parameters
    ----------
    signal : Signal
        Any rate, one or more leads; two are chosen by name.
    r_peaks : ndarray, int64, shape (n_beats,)
        Sample indices of the R peaks, increasing.
    spec : BeatInputSpec
    wave : CleanWave, optional
        What `clean_wave` made of the signal at the spec's rate, where that is at hand.

    Returns
    -------
    BeatInputs

    Raises
    ------
    InputError
        Where there is no beat to read.
    """
    peaks = np.asarray(r_peaks, dtype=np.int64)
    if not len(peaks):
        raise InputError(
            "no heart beat in this signal.",
            "an ECG in which R peaks stand out.",
            "Check the lead, the unit and the sampling rate, or choose another part.",
        )
    if wave is None:
        wave = clean_wave(signal, spec.rate)
    columns = choose_leads(signal.leads)
    return beats_of_wave(wave, peaks / signal.rate, spec, r_peaks=peaks, columns=columns)


def beats_of_wave(
    wave: CleanWave, peaks_s: Doubles, spec: BeatInputSpec, *,
    r_peaks: npt.NDArray[np.int64] | None = None, columns: tuple[int, int | None] = (0, 1),
) -> BeatInputs:  # fmt: skip
    """Cut an already cleaned wave into beats.

    Parameters
    ----------
    wave : CleanWave
        At the spec's rate.
    peaks_s : ndarray, float64, shape (n_beats,)
        R peaks, seconds, increasing; at least one.
    spec : BeatInputSpec
    r_peaks, columns
        Carried through to the result.

    Returns
    -------
    BeatInputs
    """
    centres = align(wave, peaks_s)
    raw = cut(wave.samples, np.rint(centres * wave.rate).astype(np.int64), *spec.reach)
    times = np.maximum.accumulate(centres)
    rr = rr_intervals(times, wave.gaps)
    references, block = reference_beats(raw, times, rr)
    near = np.abs(spec.offsets) <= 0.12
    heights = np.median(np.ptp(references[:, near], axis=1), axis=0)
    scale = np.maximum(heights, _QUIETEST_MV) * np.asarray(wave.present)
    safe = np.where(scale > 0, scale, 1.0).astype(np.float32)
    windows = np.clip(raw / safe, -_CLIP, _CLIP)
    context = rhythm_features(times, wave.gaps)
    context |= shape_features(windows, spec.offsets, references / safe, block, wave.present, rr)
    rhythm = np.stack([context[name] for name in spec.rhythm], axis=1).astype(np.float32)
    if r_peaks is None:
        r_peaks = np.rint(peaks_s * wave.rate).astype(np.int64)
    return BeatInputs(windows, rhythm, r_peaks, centres, spec.offsets,
                      (float(scale[0]), float(scale[1])), columns)  # fmt: skip


def prepare_beat_table(table: BeatTable, spec: BeatInputSpec) -> BeatInputs:
    """Beats without order or neighbours, one a row: a limited reading.

    The row starts at the R peak, so what lies before it (the P wave) is zero,
    the second lead is missing and the rhythm is unknown.

    Parameters
    ----------
    table : BeatTable
    spec : BeatInputSpec

    Returns
    -------
    BeatInputs
        ``r_peaks`` and ``centres_s`` are all 0: each row has its own time.
    """
    rows = np.nan_to_num(np.asarray(table.beats, dtype=np.float32))
    if not len(rows):
        raise InputError("a table without beats.", "one beat a row.", "Choose another file.")
    before, after = spec.reach
    n = len(rows)
    even = resample(np.ascontiguousarray(rows.T), table.rate, spec.rate).T
    filled = min(after, even.shape[1])
    half = even[:, :filled]
    # Behind its last sample a row is padded with zeros, which are not part of the beat.
    used = rows.shape[1] - (rows[:, ::-1] != 0).argmax(axis=1)
    inside = np.arange(filled) < np.maximum(used * spec.rate / table.rate, 1)[:, None]
    known = np.where(inside, half, np.nan)
    height = np.nanmax(known, axis=1, keepdims=True) - np.nanmin(known, axis=1, keepdims=True)
    # Most of a row is near its baseline: its median stands for zero.
    half = (half - np.nanmedian(known, axis=1, keepdims=True)) / (height + 1e-3)
    windows = np.zeros((n, before + after, 2), dtype=np.float32)
    windows[:, before : before + filled, 0] = np.where(inside, half, 0)
    context = dict.fromkeys(CONTEXT_NAMES, 0.0) | {"lead_present_1": 1.0}
    rhythm = np.tile(np.array([context[c] for c in spec.rhythm], dtype=np.float32), (n, 1))
    zeros = np.zeros(n)
    return BeatInputs(windows, rhythm, zeros.astype(np.int64), zeros, spec.offsets,
                      (1.0, 0.0), (0, None))  # fmt: skip


def align(wave: CleanWave, peaks_s: Doubles) -> Doubles:
    """Move each R peak to the centre of its QRS's slopes.

    Annotators and detectors mark a QRS at different points of it; intervals
    and windows must not depend on who marked it.

    Parameters
    ----------
    wave : CleanWave
    peaks_s : ndarray, float64, shape (n_beats,)
        Seconds.

    Returns
    -------
    ndarray, float64, shape (n_beats,)
        Seconds, at most 90 ms from where they were.
    """
    slope = np.gradient(wave.samples, axis=0) if len(wave.samples) > 1 else wave.samples * 0
    size = np.quantile(np.abs(slope), 0.98, axis=0) + 1e-6
    energy = ((slope / size) ** 2).sum(axis=1)
    reach = round(_ALIGN_SECONDS * wave.rate)
    steps = np.arange(-reach, reach + 1)
    taper = np.hanning(2 * reach + 3)[1:-1]
    start = peaks_s * wave.rate
    at = start.copy()
    for _ in range(2):
        near = np.rint(at).astype(np.int64)[:, None] + steps
        weight = energy[np.clip(near, 0, len(energy) - 1)] * taper + 1e-6
        at = (weight * near).sum(axis=1) / weight.sum(axis=1)
        at = np.clip(at, start - reach, start + reach)
    return np.clip(at, 0, max(len(energy) - 1, 0)) / wave.rate


def cut(samples: Floats, centres: npt.NDArray[np.int64], before: int, after: int) -> Floats:
    """Windows around sample indices; beyond the recording's ends there are zeros.

    Parameters
    ----------
    samples : ndarray, float32, shape (n_samples, n_leads)
    centres : ndarray, int64, shape (n,)
    before, after : int

    Returns
    -------
    ndarray, float32, shape (n, before + after, n_leads)
    """
    padded = np.pad(samples, ((before, after), (0, 0)))
    return padded[centres[:, None] + np.arange(before + after)]
