"""Each record read by a network once, around the annotated R peaks and around our own.

Several measurements are made of the same two passes. Records are read one at a
time and let go of: beats and features of all of them would fill half a gigabyte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputs, BeatInputSpec, prepare_beats
from medmodels.inputs.clean_wave import CleanWave, clean_wave
from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.inputs.signal import Signal
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_data import read_record

Arrays = dict[str, npt.NDArray[Any]]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pass:
    """A record's beats around some R peaks, and what the network made of them.

    Parameters
    ----------
    inputs : BeatInputs
        Its ``r_peaks`` are those that the beats were cut around.
    logits : ndarray, float32, shape (n, K)
    features : ndarray, float32, shape (n, F)
        Of the layers that the graph was asked for.
    """

    inputs: BeatInputs
    logits: Floats
    features: Floats


@dataclass(frozen=True, eq=False)
class PassedRecord:
    """One record; either pass is made when it is first asked for.

    Parameters
    ----------
    name : str
    signal : Signal
    peaks : ndarray, int64, shape (n,)
        R peaks as annotated, sample indices.
    classes : ndarray, int64, shape (n,)
        AAMI classes, 0 to 4.
    graph : BeatGraph
    spec : BeatInputSpec
    """

    name: str
    signal: Signal
    peaks: Ints
    classes: Ints
    graph: BeatGraph
    spec: BeatInputSpec

    @cached_property
    def annotated(self) -> Pass:
        """Around the annotated R peaks."""
        return self._around(self.peaks)

    @cached_property
    def detected(self) -> Pass:
        """Around the R peaks that the app's own detector finds."""
        return self._around(find_r_peaks(self.signal))

    @cached_property
    def _wave(self) -> CleanWave:
        return clean_wave(self.signal, self.spec.rate)

    def _around(self, peaks: Ints) -> Pass:
        inputs = prepare_beats(self.signal, peaks, self.spec, self._wave)
        return Pass(inputs, *self.graph.with_features(inputs.windows, inputs.rhythm))


def pass_records(
    folder: Path, names: Iterable[str], graph: BeatGraph, spec: BeatInputSpec
) -> Iterator[PassedRecord]:
    """Read WFDB records, whole path from the raw signal, one at a time.

    Parameters
    ----------
    folder : Path
    names : iterable of str
    graph : BeatGraph
    spec : BeatInputSpec

    Yields
    ------
    PassedRecord
    """
    for name in names:
        yield PassedRecord(name, *read_record(folder / name), graph, spec)


def joined(records: Iterable[Arrays]) -> Arrays:
    """The arrays of several records, each laid end to end in the order of the records.

    Examples
    --------
    >>> joined([{"a": np.array([1, 2])}, {"a": np.array([3])}])
    {'a': array([1, 2, 3])}
    """
    each = list(records)
    if not each:
        return {}
    return {key: np.concatenate([arrays[key] for arrays in each]) for key in each[0]}
