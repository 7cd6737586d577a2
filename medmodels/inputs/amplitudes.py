"""From stored values to millivolts."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from medmodels.inputs.errors import InputError
from medmodels.inputs.understanding import RawLead, Unit

_UNIT_NAMES: dict[str, Unit] = {
    "mv": "mV", "millivolt": "mV", "millivolts": "mV",
    "uv": "uV", "µv": "uV", "μv": "uV", "microvolt": "uV", "microvolts": "uV",
    "v": "V", "volt": "V", "volts": "V",
    "counts": "counts", "count": "counts", "adu": "counts", "adc": "counts", "lsb": "counts",
    "raw": "counts", "digital": "counts", "du": "counts", "adc units": "counts",
    "unknown": "unknown", "nu": "unknown", "a.u.": "unknown", "au": "unknown",
    "normalised": "unknown", "normalized": "unknown",
}  # fmt: skip
_PER_MILLIVOLT: dict[Unit, float] = {"mV": 1.0, "uV": 1000.0, "V": 0.001}

#: What the scaled values of a lead without a unit span between their 0.1th and 99.9th
#: percentile: the height of a usual QRS complex in millivolts.
RELATIVE_SPAN = 2.0
# Counts per mV; below, counts become amplitudes that a float cannot hold.
_LEAST_GAIN = 1e-9


def parse_unit(text: str) -> Unit | None:
    """Recognise an amplitude unit.

    Parameters
    ----------
    text : str
        "mV", "uV", "µV", "microvolts", "V", "adu", ...

    Returns
    -------
    Unit or None
        None when the text is no amplitude unit.
    """
    return _UNIT_NAMES.get(text.strip().strip("'\"[]()").strip().lower())


def check_unit(text: str) -> Unit:
    """Recognise the unit that a user states.

    Raises
    ------
    InputError
        When it is none of mV, uV, V, counts, unknown.
    """
    unit = parse_unit(text)
    if unit is None:
        raise InputError(
            "a unit that is not one of an ECG.",
            "mV, uV, V, counts, or unknown.",
            "Choose one of these units.",
        )
    return unit


def check_gain(gain: float) -> float:
    """Refuse a gain that cannot be one.

    Raises
    ------
    InputError
        When it is not a number greater than 0, or so small that no amplitude is left.
    """
    if not (math.isfinite(gain) and gain > _LEAST_GAIN):
        raise InputError(
            f"a gain of {gain:g} counts per mV.",
            "a number greater than 0, often 200 or 1000.",
            "Look the gain up in the recorder's manual, or leave it empty.",
        )
    return float(gain)


def judge_unit(values: npt.NDArray[np.float32], *, whole_numbers: bool) -> Unit:
    """Judge a unit from amplitudes when the source states none.

    A QRS complex is 0.2 to 5 mV high and an ECG with its wander spans at most some
    tens of millivolts; each unit's range follows from that. Whole numbers could be
    microvolts or counts of any recorder, and stay counts.

    Parameters
    ----------
    values : ndarray, float32, shape (n_samples, n_leads)
    whole_numbers : bool
        Whether the file writes them without a decimal mark.

    Returns
    -------
    Unit
        "unknown" when they fit no unit, or look normalised to 0 to 1.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return "unknown"
    low, high = float(finite.min()), float(finite.max())
    # Values never leave 0..1 and touch both ends: somebody normalised them.
    if low == 0.0 and high == 1.0:
        return "unknown"
    step = max(1, finite.size // 100_000)
    p_low, p_high = np.percentile(finite[::step], [0.1, 99.9])
    span = float(p_high - p_low)
    if whole_numbers:
        return "counts" if span >= 20 else "unknown"
    if 0.1 <= span <= 50:
        return "mV"
    if 100 <= span <= 50_000:
        return "uV"
    return "V" if 1e-4 <= span <= 0.05 else "unknown"


def to_millivolts(
    values: npt.NDArray[np.float32], lead: RawLead
) -> tuple[npt.NDArray[np.float32], bool, str]:
    """Scale one lead.

    Parameters
    ----------
    values : ndarray, float32, shape (n_samples,)
        As stored; NaN in gaps.
    lead : RawLead
        Counts without a gain, and values of unknown unit, are centred on their
        median and scaled to `RELATIVE_SPAN`.

    Returns
    -------
    millivolts : ndarray, float32, shape (n_samples,)
    known : bool
        False when the scale is relative only.
    note : str
        What was assumed; empty when nothing was.
    """
    if lead.unit in _PER_MILLIVOLT:
        return (values / np.float32(_PER_MILLIVOLT[lead.unit])).astype(np.float32), True, ""
    if lead.unit == "counts" and lead.gain:
        note = ""
        baseline = lead.baseline
        if baseline is None:
            baseline = float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
            note = "The zero line was taken from the median of the counts."
        scaled = (values.astype(np.float64) - baseline) / lead.gain
        if not lead.calibrated:
            note = f"No gain is stated; {lead.gain:g} counts per mV are assumed."
        return scaled.astype(np.float32), lead.calibrated, note
    note = "The amplitudes have no known unit and are drawn on a relative scale."
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return values, False, note
    low, middle, high = np.percentile(finite.astype(np.float64), [0.1, 50, 99.9])
    span = (high - low) or float(np.ptp(finite)) or 1.0
    scaled = (values.astype(np.float64) - middle) / span * RELATIVE_SPAN
    return scaled.astype(np.float32), False, note
