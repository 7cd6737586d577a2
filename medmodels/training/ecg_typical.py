"""A typical beat of each class, from training records: what other beats are compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beats
from medmodels.training.ecg_data import read_record

# So that a typical beat is nobody's own.
FEWEST_BEATS, FEWEST_RECORDS = 5, 3


def typical_beats(
    data: Path, names: list[str], spec: BeatInputSpec, classes: int
) -> dict[str, npt.NDArray[Any]]:
    """Median over records of the median beat of each class.

    Parameters
    ----------
    data : Path
        Holds ``ecg-mitdb``.
    names : list of str
        Training records.
    spec : BeatInputSpec
    classes : int

    Returns
    -------
    dict of ndarray
        ``typical/windows`` (K, L, leads), float16, and ``typical/rhythm``
        (K, R), float32; NaN for a class with less than three records.
    """
    windows: list[list[npt.NDArray[np.float32]]] = [[] for _ in range(classes)]
    numbers: list[list[npt.NDArray[np.float32]]] = [[] for _ in range(classes)]
    for name in names:
        signal, peaks, labels = read_record(data / "ecg-mitdb" / name)
        inputs = prepare_beats(signal, peaks, spec)
        for k in range(classes):
            own = labels == k
            if own.sum() >= FEWEST_BEATS:
                windows[k].append(np.median(inputs.windows[own], axis=0))
                numbers[k].append(np.median(inputs.rhythm[own], axis=0))
    return {
        "typical/windows": _over_records(windows).astype(np.float16),
        "typical/rhythm": _over_records(numbers).astype(np.float32),
    }


def _over_records(found: list[list[npt.NDArray[np.float32]]]) -> npt.NDArray[np.float32]:
    shape = next(rows[0].shape for rows in found if rows)
    nothing = np.full(shape, np.nan, np.float32)
    return np.stack(
        [np.median(rows, axis=0) if len(rows) >= FEWEST_RECORDS else nothing for rows in found]
    )
