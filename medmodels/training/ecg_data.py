"""The ECG databases as beats with AAMI classes, record by record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import wfdb

from medmodels.inputs.beat_windows import BeatInputs, BeatInputSpec, beats_of_wave
from medmodels.inputs.clean_wave import CleanWave, clean_wave
from medmodels.inputs.signal import Signal

# de Chazal et al. 2004, IEEE TBME 51:1196: no person is in both, but for 201 and 202.
DS1 = [
    "101",
    "106",
    "108",
    "109",
    "112",
    "114",
    "115",
    "116",
    "118",
    "119",
    "122",
    "124",
    "201",
    "203",
    "205",
    "207",
    "208",
    "209",
    "215",
    "220",
    "223",
    "230",
]
DS2 = [
    "100",
    "103",
    "105",
    "111",
    "113",
    "117",
    "121",
    "123",
    "200",
    "202",
    "210",
    "212",
    "213",
    "214",
    "219",
    "221",
    "222",
    "228",
    "231",
    "232",
    "233",
    "234",
]

# ANSI/AAMI EC57: N, S, V, F, Q.
AAMI = {
    **dict.fromkeys("NLRej", 0), **dict.fromkeys("AaJS", 1), **dict.fromkeys("VE", 2),
    "F": 3, **dict.fromkeys("/fQ", 4),
}  # fmt: skip

# Five parts of DS1, so that S, V and atrial fibrillation are in each part's complement.
FOLDS = (
    ["209", "106", "112", "116"],
    ["201", "119", "101", "115", "205"],
    ["207", "223", "122", "230", "109"],
    ["118", "203", "108", "215"],
    ["220", "124", "114", "208"],
)


@dataclass(frozen=True)
class Record:
    """One recording, cleaned, with its reference beats.

    Parameters
    ----------
    name : str
    wave : CleanWave
        At the network's rate.
    peaks_s : ndarray, float64, shape (n,)
        R peaks as annotated, seconds.
    samples : ndarray, int64, shape (n,)
        The same as indices at the record's own rate.
    labels : ndarray, int64, shape (n,)
        0 to 4 for N, S, V, F, Q.
    """

    name: str
    wave: CleanWave
    peaks_s: npt.NDArray[np.float64]
    samples: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Beats:
    """Prepared beats of one recording with their classes."""

    name: str
    inputs: BeatInputs
    labels: npt.NDArray[np.int64]


def read_record(path: Path) -> tuple[Signal, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Read one WFDB record and its reference beats.

    Parameters
    ----------
    path : Path
        Without ending.

    Returns
    -------
    tuple
        Signal, R peaks as sample indices, and AAMI classes 0 to 4.
    """
    record = wfdb.rdrecord(str(path))
    marks = wfdb.rdann(str(path), "atr")
    signal = Signal(
        record.p_signal.astype(np.float32), float(record.fs), tuple(record.sig_name), "WFDB", ""
    )
    beat = np.array([symbol in AAMI for symbol in marks.symbol])
    labels = np.array([AAMI[s] for s in marks.symbol if s in AAMI], dtype=np.int64)
    return signal, np.asarray(marks.sample[beat], dtype=np.int64), labels


def load_records(folder: Path, names: list[str], rate: float) -> list[Record]:
    """Read and clean records.

    Parameters
    ----------
    folder : Path
        Holds the WFDB files.
    names : list of str
    rate : float
        The network's rate, Hz.

    Returns
    -------
    list of Record
    """
    records = []
    for name in names:
        signal, peaks, labels = read_record(folder / name)
        wave = clean_wave(signal, rate)
        records.append(Record(name, wave, peaks / signal.rate, peaks, labels))
    return records


def prepare(record: Record, spec: BeatInputSpec) -> Beats:
    """Cut a record into beats around its reference R peaks."""
    inputs = beats_of_wave(record.wave, record.peaks_s, spec, r_peaks=record.samples)
    return Beats(record.name, inputs, record.labels)
