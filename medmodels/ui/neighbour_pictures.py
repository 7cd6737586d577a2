"""Pictures and traces of training examples, read from the data folder where there is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.data_folder import data_folder, file_inside
from medmodels.figures.neighbour_beats import BeatTrace
from medmodels.inputs.clean_wave import choose_leads
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.preparation import prepare_scan
from medmodels.inputs.signal import Signal

SIDE = 112  # of a small picture, pixels
Floats = npt.NDArray[np.float32]


def training_folder(name: str) -> Path | None:
    """Folder of a data set on this machine; None where training data may not or cannot be shown."""
    root = data_folder()
    folder = root / name if root is not None and name else None
    return folder if folder is not None and folder.is_dir() else None


def training_picture(folder: Path, name: str, channels: int) -> Floats | None:
    """One training image, squeezed to a square as the network saw it.

    Returns
    -------
    ndarray, float32, shape (112, 112) or (112, 112, 3), or None
        Values in 0 to 1; None where the file is missing or cannot be read.
    """
    path = file_inside(folder, name)
    if path is None:
        return None
    try:
        picture = prepare_scan(open_scan(path.read_bytes()), SIDE, channels)
    except (InputError, OSError):
        return None
    return picture[..., 0] if channels == 1 else picture


def training_traces(
    folder: Path, names: list[str], before_s: float, after_s: float
) -> list[BeatTrace | None]:
    """Cut training beats out of their recordings.

    Parameters
    ----------
    folder : Path
        Holds WFDB records.
    names : list of str
        "record:sample" of each beat.
    before_s, after_s : float
        Reach around the R peak, seconds.

    Returns
    -------
    list of BeatTrace or None
        In the order of the names; None where a recording is missing or cannot
        be read.
    """
    found: dict[str, BeatTrace] = {}
    records: dict[str, list[tuple[str, int]]] = {}
    for name in names:
        record, _, sample = name.rpartition(":")
        if sample.isdigit():
            records.setdefault(record, []).append((name, int(sample)))
    for record, beats in records.items():
        signal = _record(folder, record)
        if signal is None:
            continue
        column = choose_leads(signal.leads)[0] or 0
        for name, place in beats:
            found[name] = _cut(signal, column, place, before_s, after_s)
    return [found.get(name) for name in names]


@st.cache_resource(show_spinner=False, max_entries=3)
def _record(folder: Path, name: str) -> Signal | None:
    """A recording of the training data, which belongs to no visitor."""
    files = {
        f"{name}{ending}": file_inside(folder, f"{name}{ending}") for ending in (".hea", ".dat")
    }
    try:
        given = {key: path.read_bytes() for key, path in files.items() if path is not None}
        signal = open_signal(given)
    except (InputError, OSError):
        return None
    return signal if isinstance(signal, Signal) else None


def _cut(signal: Signal, column: int, sample: int, before_s: float, after_s: float) -> BeatTrace:
    first = max(sample - round(before_s * signal.rate), 0)
    last = min(sample + round(after_s * signal.rate), len(signal.samples))
    values = signal.samples[first:last, column].astype(np.float64)
    level = float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
    ms = (np.arange(first, last) - sample) * 1000 / signal.rate
    return BeatTrace(ms, values - level, signal.leads[column])
