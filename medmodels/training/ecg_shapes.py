"""Shapes of real beats, to be lent to the rhythms that are built."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import align, cut
from medmodels.training.ecg_data import Record

Floats = npt.NDArray[np.float32]
_N, _V = 0, 2


def ventricular_shapes(records: list[Record]) -> list[Floats]:
    """QRS and T of the ventricular ectopic beats, in units of their heart's normal QRS.

    Parameters
    ----------
    records : list of Record

    Returns
    -------
    list of ndarray, float32, shape (n_samples, 2)
        A quarter of the samples lies before the R peak; at most 40 a record.
    """
    shapes: list[Floats] = []
    for record in records:
        rate = record.wave.rate
        beats = _some_beats(record, _V, 40, round(0.15 * rate), round(0.45 * rate))
        ends = np.linspace(0, 1, beats.shape[1], dtype=np.float32)[None, :, None]
        beats = beats - beats[:, :1] - (beats[:, -1:] - beats[:, :1]) * ends
        shapes += list((beats / qrs_height(record)).astype(np.float32))
    return shapes


def conducted_shapes(records: list[Record]) -> list[Floats]:
    """QRS of normal beats and of bundle branch blocks, in units of their heart's usual QRS.

    Parameters
    ----------
    records : list of Record

    Returns
    -------
    list of ndarray, float32, shape (n_samples, 2)
        A quarter of the samples lies before the R peak; at most 12 a record.
    """
    shapes: list[Floats] = []
    for record in records:
        before = round(0.09 * record.wave.rate)
        beats = _some_beats(record, _N, 12, before, 3 * before)
        shapes += list(((beats - beats[:, :1]) / qrs_height(record)).astype(np.float32))
    return shapes


def qrs_height(record: Record) -> Floats:
    """Usual QRS height of the normal beats in each lead, millivolts, shape (2,)."""
    rate = record.wave.rate
    chosen = np.flatnonzero(record.labels == _N)
    centres = np.rint(record.peaks_s[chosen] * rate).astype(np.int64)
    near = cut(record.wave.samples, centres, round(0.1 * rate), round(0.1 * rate))
    height = np.median(np.ptp(near, axis=1), axis=0) if len(chosen) else np.ones(2)
    return np.maximum(height, 0.1).astype(np.float32)


def _some_beats(record: Record, label: int, most: int, before: int, after: int) -> Floats:
    """Cut about ``most`` beats of one class, evenly over the recording."""
    chosen = np.flatnonzero(record.labels == label)
    chosen = chosen[:: max(1, len(chosen) // most)]
    centres = np.rint(align(record.wave, record.peaks_s) * record.wave.rate).astype(np.int64)
    return cut(record.wave.samples, centres[chosen], before, after)
