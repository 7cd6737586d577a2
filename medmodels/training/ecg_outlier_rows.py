"""Rows of features, one a stretch of beats, of ECGs and of what is none.

Everything is read as the app reads it: with its own R peaks, from raw samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beats
from medmodels.inputs.errors import InputError
from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.inputs.signal import Signal
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_data import read_record
from medmodels.training.made_signals import make
from medmodels.trust.stretches import pool, stretch_bounds

Rows = npt.NDArray[np.float32]

#: From the last layers back to the first: what the scores are compared on.
LAYERS = ("judgement", "beat", "within_beat")
_PER_MEMBER = {"judgement": 24, "beat": 48, "within_beat": 48}


@dataclass(frozen=True)
class Recording:
    """One recording as rows.

    Parameters
    ----------
    kind : str
        "record", "excerpt", or what it was made as.
    name : str
        Record, or seed.
    rows : ndarray, float32, shape (n_stretches, n_columns)
        Pooled features; no row where the reader found no beat.
    beats : ndarray, int64, shape (n_stretches,)
    """

    kind: str
    name: str
    rows: Rows
    beats: npt.NDArray[np.int64]


class FeatureReader:
    """From a raw signal to rows of pooled features.

    Parameters
    ----------
    spec : BeatInputSpec
    graph : BeatGraph or None
        Made with `LAYERS` as its features; without it, rows hold what the
        network reads and nothing that it makes of it.
    """

    def __init__(self, spec: BeatInputSpec, graph: BeatGraph | None = None) -> None:
        self._graph = graph
        self._spec = spec

    def read(self, signal: Signal, kind: str, name: str) -> Recording:
        """Read one signal; without a beat it has no rows."""
        peaks = find_r_peaks(signal)
        try:
            inputs = prepare_beats(signal, peaks, self._spec)
        except InputError:
            return Recording(kind, name, np.zeros((0, 0), np.float32), np.zeros(0, np.int64))
        beats = np.concatenate([inputs.windows.reshape(len(peaks), -1), inputs.rhythm], axis=1)
        if self._graph is not None:
            made = self._graph.with_features(inputs.windows, inputs.rhythm)
            beats = np.concatenate([beats, *made], axis=1)
        bounds = stretch_bounds(len(peaks))
        return Recording(kind, name, pool(beats, bounds).astype(np.float32), np.diff(bounds))


def columns(
    spec: BeatInputSpec, *, network: bool, classes: int = 4, members: int = 4
) -> dict[str, slice]:
    """Where each group of features lies among those of one beat.

    Parameters
    ----------
    spec : BeatInputSpec
    network : bool
        Whether the reader had its graph.
    classes, members : int
        Of the network.

    Returns
    -------
    dict of slice
        "windows", "rhythm" and, with the network, "logits" and `LAYERS`.
    """
    sizes = {"windows": sum(spec.reach) * spec.leads, "rhythm": len(spec.rhythm)}
    if network:
        sizes |= {"logits": classes}
        sizes |= {layer: members * _PER_MEMBER[layer] for layer in LAYERS}
    ends = np.cumsum(list(sizes.values()))
    starts = ends - list(sizes.values())
    return {n: slice(int(a), int(b)) for n, a, b in zip(sizes, starts, ends, strict=True)}


def pooled_columns(names: Iterable[str], where: dict[str, slice]) -> npt.NDArray[np.int64]:
    """Columns of a pooled row (means, then spreads) that belong to groups of features."""
    width = max(part.stop for part in where.values())
    once = np.concatenate([np.arange(where[n].start, where[n].stop) for n in names])
    return np.concatenate([once, width + once])


def read_records(reader: FeatureReader, folder: Path, names: Sequence[str]) -> list[Recording]:
    """Whole records."""
    return [reader.read(read_record(folder / n)[0], "record", n) for n in names]


def read_excerpts(
    reader: FeatureReader, folder: Path, names: Sequence[str], each: int = 6
) -> list[Recording]:
    """Parts of records as users have them: short, at other rates, one lead alone.

    A score that has seen whole records only takes a strip's lack of long
    rhythm, or a missing lead, for a sign that it is no ECG.
    """
    found = []
    for name in names:
        signal = read_record(folder / name)[0]
        rng = np.random.default_rng([int(name), each])
        for k in range(each):
            longest = min(300.0, signal.seconds)
            seconds = float(np.exp(rng.uniform(np.log(20), np.log(longest))))
            start = round(rng.uniform(0, signal.seconds - seconds) * signal.rate)
            x = signal.samples[start : start + round(seconds * signal.rate)]
            leads = signal.leads
            if k % 3 == 2:
                only = int(rng.integers(0, x.shape[1]))
                x, leads = x[:, [only]], ("lead 1",)
            up, down, rate = [(1, 1, signal.rate), (25, 36, 250.0), (16, 45, 128.0)][k % 3]
            x = np.asarray(resample_poly(x, up, down, axis=0, padtype="line"), dtype=np.float32)
            part = replace(signal, samples=x, rate=rate, leads=leads, annotations=None)
            found.append(reader.read(part, "excerpt", name))
    return found


def read_made(reader: FeatureReader, kinds: Iterable[str], seeds: Iterable[int]) -> list[Recording]:
    """Made signals; the same seeds of every kind."""
    found = []
    for kind in kinds:
        for seed in seeds:
            made = make(kind, seed)
            names = tuple(f"lead {k + 1}" for k in range(made.samples.shape[1]))
            signal = Signal(made.samples, made.rate, names, "made", "")
            found.append(reader.read(signal, kind, str(seed)))
    return found


def read_near(
    reader: FeatureReader, folder: Path, names: Sequence[str], seconds: float = 600.0
) -> list[Recording]:
    """The start of real records made wrong: see `NEAR`."""
    found = []
    for name in names:
        signal = read_record(folder / name)[0]
        signal = replace(signal, samples=signal.samples[: round(seconds * signal.rate)])
        for kind, change in NEAR.items():
            found.append(reader.read(change(signal), kind, name))
    return found


def _reversed(signal: Signal) -> Signal:
    return replace(signal, samples=np.ascontiguousarray(signal.samples[::-1]))


NEAR: dict[str, Callable[[Signal], Signal]] = {
    "time-reversed": _reversed,
    "upside-down": lambda s: replace(s, samples=-s.samples),
    "rate stated half": lambda s: replace(s, rate=s.rate / 2),
    "rate stated double": lambda s: replace(s, rate=s.rate * 2),
}


def stacked(recordings: Sequence[Recording]) -> tuple[Rows, npt.NDArray[Any]]:
    """Rows of all recordings, and for each row the index of its recording."""
    kept = [k for k, r in enumerate(recordings) if len(r.rows)]
    rows = np.concatenate([recordings[k].rows for k in kept])
    return rows, np.concatenate([np.full(len(recordings[k].rows), k) for k in kept])
