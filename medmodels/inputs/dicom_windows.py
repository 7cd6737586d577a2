"""Display windows that a DICOM file brings (PS3.3, C.11.2)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from medmodels.inputs.dicom_terms import window_name
from medmodels.inputs.scan import Window
from medmodels.inputs.windows import between

FROM_FILE = "From the file"
_MOST = 8


def file_windows(module: Dataset) -> tuple[tuple[Window, ...], list[str]]:
    """Read the windows of a VOI LUT module or macro.

    Parameters
    ----------
    module : Dataset
        Root data set, or an item of Frame VOI LUT Sequence.

    Returns
    -------
    windows : tuple of Window
        In the units after the modality transform; empty when there is none.
    notes : list of str
    """
    centres = _numbers(module.get("WindowCenter"))
    widths = _numbers(module.get("WindowWidth"))
    names = _names(module.get("WindowCenterWidthExplanation"), min(len(centres), len(widths)))
    function = str(module.get("VOILUTFunction") or "LINEAR").upper()
    pairs = zip(centres, widths, names, strict=False)
    windows = tuple(_window(c, w, n, function) for c, w, n in pairs if w > 0)[:_MOST]
    notes = []
    if function == "SIGMOID" and windows:
        notes.append("The file asks for an S-shaped display curve; a straight window is used.")
    if windows or not module.get("VOILUTSequence"):
        return windows, notes
    return _lut_windows(module.VOILUTSequence)


def _window(centre: float, width: float, name: str, function: str) -> Window:
    """Turn a window of any function into ours, which is LINEAR_EXACT.

    LINEAR maps from ``c - 0.5 - (w - 1) / 2`` to ``c - 0.5 + (w - 1) / 2``
    (C.11.2.1.2.1). SIGMOID has the slope ``1 / w`` at its centre (C.11.2.1.3.1).
    """
    if function == "LINEAR":
        # Width 1 is a threshold.
        return Window(name, centre - 0.5, max(width - 1, 1e-3))
    return Window(name, centre, width)


def _numbers(value: Any) -> list[float]:
    """DS or FD values, one or several, that are finite; none when one cannot be read."""
    if value is None or value == "":
        return []
    try:
        many = [float(v) for v in (value if _is_list(value) else [value])]
    except (TypeError, ValueError):
        return []
    return many if all(math.isfinite(v) for v in many) else []


def _is_list(value: Any) -> bool:
    return not isinstance(value, str | bytes) and hasattr(value, "__iter__")


def _names(value: Any, count: int) -> list[str]:
    stated = list(value) if value is not None and _is_list(value) else [value or ""]
    # Free text by the standard: what is not made of the words that windows are called by is not
    # ours to show.
    codes = [window_name(name) for name in stated]
    codes += [""] * count
    if count == 1:
        return [f"{FROM_FILE}: {codes[0]}" if codes[0] else FROM_FILE]
    return [f"{FROM_FILE}: {codes[i] or i + 1}" for i in range(count)]


def _lut_windows(sequence: Any) -> tuple[tuple[Window, ...], list[str]]:
    """Straight windows over the inputs where each table rises from 2% to 98%."""
    windows = []
    for number, item in enumerate(list(sequence)[:_MOST], start=1):
        try:
            entries, first, _ = (int(v) for v in item.LUTDescriptor)
            table = _table(item.LUTData, entries or 2**16)
        except (AttributeError, TypeError, ValueError):
            continue
        low, high = float(table.min()), float(table.max())
        rising = np.flatnonzero(table > low + 0.02 * (high - low))
        topped = np.flatnonzero(table >= low + 0.98 * (high - low))
        if high > low and len(rising) and len(topped) and topped[0] > rising[0]:
            name = FROM_FILE if len(sequence) == 1 else f"{FROM_FILE}: {number}"
            windows.append(between(name, first + rising[0] - 1, first + topped[0]))
    if not windows:
        return (), ["The file's display curve (VOI LUT) cannot be read and is not used."]
    note = (
        "The file's display curve (VOI LUT) is not straight; the nearest straight window is used."
    )
    return tuple(windows), [note]


def _table(data: Any, entries: int) -> np.ndarray:
    if isinstance(data, bytes):
        values = np.frombuffer(data, dtype="<u2" if len(data) >= 2 * entries else "u1")
    else:
        values = np.asarray(data, dtype=np.int64)
    if values.size < 2:
        raise ValueError("a table needs two entries")
    return values[:entries].astype(np.float64)
