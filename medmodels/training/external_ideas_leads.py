"""Which lead to read first where the leads of a recording have no names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputs
from medmodels.inputs.clean_wave import CleanWave
from medmodels.training.ecg_data import Record

Floats = npt.NDArray[np.float32]
Order = Callable[[BeatInputs], bool]

_QRS_SECONDS = 0.12
_CLEARLY_MORE_UPRIGHT = 0.1


def swap_leads(record: Record) -> Record:
    """The same recording with its two leads in the other order."""
    wave = record.wave
    first, second = wave.present
    turned = CleanWave(
        np.ascontiguousarray(wave.samples[:, ::-1]), wave.rate, (second, first), wave.gaps
    )
    return replace(record, wave=turned)


def usual_qrs(inputs: BeatInputs) -> npt.NDArray[np.float64]:
    """Median beat of a recording, 0.12 s either side of its R peak.

    Parameters
    ----------
    inputs : BeatInputs

    Returns
    -------
    ndarray, float64, shape (n_samples, 2)
        Millivolts (or the source's unit), from the baseline.
    """
    near = np.abs(inputs.offsets_s) <= _QRS_SECONDS + 1e-6
    median = np.median(inputs.windows[:, near], axis=0)
    return np.asarray(median * np.asarray(inputs.scale), dtype=np.float64)


def uprightness(qrs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far each lead's QRS points up, as a share of its height.

    Parameters
    ----------
    qrs : ndarray, float64, shape (n_samples, 2)
        From the baseline.

    Returns
    -------
    ndarray, float64, shape (2,)
        1: all above the baseline; -1: all below it; 0 for an empty lead.
    """
    up = np.maximum(qrs.max(axis=0), 0.0)
    down = np.maximum(-qrs.min(axis=0), 0.0)
    height = up + down
    return np.divide(up - down, height, out=np.zeros(2), where=height > 0)


def second_is_more_upright(inputs: BeatInputs) -> bool:
    """Whether the second lead is clearly more upright, so that it should go first."""
    first, second = uprightness(usual_qrs(inputs))
    return _has_two(inputs) and bool(second - first >= _CLEARLY_MORE_UPRIGHT)


def second_is_taller(inputs: BeatInputs) -> bool:
    """Whether the second lead's QRS is taller, so that it should go first."""
    first, second = np.ptp(usual_qrs(inputs), axis=0)
    return _has_two(inputs) and bool(second > first)


def choose_order(order: Order, given: BeatInputs, turned: BeatInputs) -> BeatInputs:
    """Take the order that a rule asks for.

    Parameters
    ----------
    order : callable
        Tells of a recording whether its second lead should go first.
    given, turned : BeatInputs
        The recording as it came, and with its leads in the other order.

    Returns
    -------
    BeatInputs
        One of the two.
    """
    return turned if order(given) else given


def _has_two(inputs: BeatInputs) -> bool:
    return all(scale > 0 for scale in inputs.scale)
