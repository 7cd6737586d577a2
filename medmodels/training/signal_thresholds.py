"""Measure where the quality checks of ECGs should warn and refuse, on DS1 alone.

``python -m medmodels.training.signal_thresholds DATA BUNDLE`` prints, as JSON,
how usual each measure is in training records, and what known disturbances of
growing size do to the reading of five minutes of each record, end to end with
the app's own R peaks. The shipped network has learned from these records; what
is measured is by how much a disturbance makes it worse, not how good it is.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beats
from medmodels.inputs.errors import InputError
from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.inputs.signal import Signal
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_data import DS1, read_record
from medmodels.training.ecg_splits import TOLERANCE_S, match_beats
from medmodels.training.signal_disturbances import disturb
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.signal_measures import SignalMeasures, measure_signal

Ints = npt.NDArray[np.int64]

LEVELS: dict[str, tuple[float, ...]] = {
    "noise": (0.02, 0.05, 0.1, 0.15, 0.2, 0.3),
    "mains": (0.25, 0.5, 1.0, 2.0),
    "wander": (1.0, 2.0, 4.0, 8.0, 16.0),
    "saturation": (0.1, 0.25, 0.5, 0.75, 0.9),
    "gaps": (0.05, 0.2, 0.5),
    "amplitude": (0.5, 0.2, 0.1, 0.05, 0.02),
}
SECONDS = (6.0, 10.0, 20.0, 30.0, 60.0, 120.0)
_EXCERPT = (300.0, 300.0)  # start and duration, seconds


@dataclass(frozen=True)
class Case:
    """Part of a record: its signal, reference R peaks and AAMI classes."""

    signal: Signal
    peaks: Ints
    labels: Ints

    def part(self, start_s: float, seconds: float) -> Case:
        """Cut out a part."""
        first = round(start_s * self.signal.rate)
        last = first + round(seconds * self.signal.rate)
        inside = (self.peaks >= first) & (self.peaks < last)
        signal = replace(self.signal, samples=self.signal.samples[first:last])
        return Case(signal, self.peaks[inside] - first, self.labels[inside])


@dataclass(frozen=True)
class Reader:
    """The bundle's network and rule, from a raw signal to labels."""

    graph: BeatGraph
    spec: BeatInputSpec
    point: OperatingPoint

    def counts(self, case: Case) -> tuple[npt.NDArray[np.int64], Ints]:
        """Confusion of a case's beats, and the R peaks found.

        Returns
        -------
        ndarray, int64, shape (5, 5)
            Rows the reference N, S, V, F and "no beat", columns the answer.
        ndarray, int64
        """
        table = np.zeros((5, 5), dtype=np.int64)
        keep = case.labels < 4
        peaks, labels = case.peaks[keep], case.labels[keep]
        found = find_r_peaks(case.signal)
        answers = np.zeros(0, dtype=np.int64)
        try:
            inputs = prepare_beats(case.signal, found, self.spec)
            answers = self.point.labels(self.graph(inputs.windows, inputs.rhythm))
        except InputError:
            found = found[:0]
        tolerance = round(TOLERANCE_S * case.signal.rate)
        of_reference, of_found = match_beats(peaks, found, tolerance)
        np.add.at(table, (labels[of_reference], answers[of_found]), 1)
        np.add.at(table[:, 4], np.delete(labels, of_reference), 1)
        np.add.at(table[4], np.delete(answers, of_found), 1)
        return table, found


def summary(tables: Sequence[npt.NDArray[np.int64]]) -> dict[str, float]:
    """Share of beats read rightly and F1 of ventricular beats, in percent.

    A missed beat and a detection without a beat are wrong; the share is the
    mean over records, F1 is gross.
    """
    rights = [np.trace(t[:4, :4]) / max(t.sum(), 1) for t in tables]
    whole = np.sum(tables, axis=0)
    ventricular = 2 * whole[2, 2] / max(whole[2].sum() + whole[:, 2].sum(), 1)
    return {
        "right": round(100 * float(np.mean(rights)), 2),
        "worst_record": round(100 * float(np.min(rights)), 2),
        "f1_v": round(100 * float(ventricular), 2),
    }


def usual(measured: Sequence[SignalMeasures]) -> dict[str, Any]:
    """How large each measure is in undisturbed records."""
    found: dict[str, Any] = {}
    for name in ("noise", "mains", "wander"):
        levels = np.concatenate([getattr(m, name).ravel() for m in measured])
        tenth = [float(np.quantile(getattr(m, name), 0.9, axis=1).max()) for m in measured]
        found[name] = {
            "stretches": _quantiles(levels[np.isfinite(levels)]),
            "worst_lead_of_record": _quantiles(np.array(tenth)),
        }
    shares = [m.share(runs) for m in measured for runs in m.clipped]
    found["saturation"] = _quantiles(np.array(shares))
    found["lead_off"] = _quantiles(np.array([m.share(r) for m in measured for r in m.flat]))
    found["amplitude"] = _quantiles(np.array([np.nanmax(m.heights) for m in measured]))
    found["heart_rate"] = _quantiles(np.array([m.heart_rate for m in measured]))
    return found


def _quantiles(values: npt.NDArray[np.floating[Any]]) -> dict[str, float]:
    at = {"min": 0.0, "p01": 0.01, "median": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: round(float(np.quantile(values, q)), 5) for name, q in at.items()}


def measure(
    data: Path,
    reader: Reader,
    names: Sequence[str] = tuple(DS1),
    kinds: Sequence[str] = tuple(LEVELS),
) -> dict[str, Any]:
    """Measure all of it.

    Parameters
    ----------
    data : Path
        Folder with ``ecg-mitdb``.
    reader : Reader
    names : sequence of str
        Records of DS1.
    kinds : sequence of str
        Disturbances of `LEVELS`.

    Returns
    -------
    dict
        ``usual``; for every disturbance and level what was measured of it and
        what it did; ``seconds``: the same for short excerpts.
    """
    records = [Case(*read_record(data / "ecg-mitdb" / name)) for name in names]
    whole = [measure_signal(c.signal.samples, c.signal.rate, c.peaks) for c in records]
    found: dict[str, Any] = {"records": list(names), "usual": usual(whole)}
    cases = [case.part(*_EXCERPT) for case in records]
    heights = [m.heights for m in whole]
    found["undisturbed"] = summary([reader.counts(case)[0] for case in cases])
    for kind in kinds:
        found[kind] = [_disturbed(kind, level, cases, heights, reader) for level in LEVELS[kind]]
    found["seconds"] = [
        {"level": seconds} | summary([_strips(case, seconds, reader) for case in cases])
        for seconds in SECONDS
    ]
    return found


def _disturbed(
    kind: str,
    level: float,
    cases: Sequence[Case],
    heights: Sequence[npt.NDArray[np.float64]],
    reader: Reader,
) -> dict[str, float]:
    tables, seen = [], []
    for k, case in enumerate(cases):
        signal = disturb(kind, level, case.signal, heights[k], seed=k)
        table, peaks = reader.counts(replace(case, signal=signal))
        tables.append(table)
        m = measure_signal(signal.samples, signal.rate, peaks)
        if kind in ("noise", "mains", "wander"):
            seen.append(float(np.nanmedian(getattr(m, kind))))
        elif kind == "saturation":
            seen.append(float(np.mean([m.share(runs) for runs in m.clipped])))
        else:
            seen.append(m.missing if kind == "gaps" else float(np.nanmax(m.heights)))
    return {"level": level, "measured": round(float(np.nanmedian(seen)), 4)} | summary(tables)


def _strips(case: Case, seconds: float, reader: Reader) -> npt.NDArray[np.int64]:
    """Confusion over up to six strips of a case, each read on its own."""
    last = _EXCERPT[1] - seconds
    starts = np.unique(np.linspace(0, last, 6).round())
    return np.sum([reader.counts(case.part(s, seconds))[0] for s in starts], axis=0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure quality thresholds on DS1.")
    parser.add_argument("data", type=Path, help="folder with ecg-mitdb")
    parser.add_argument("bundle", type=Path, help="folder of the ECG bundle")
    parser.add_argument("--kinds", nargs="*", default=list(LEVELS), choices=list(LEVELS))
    given = parser.parse_args(arguments)
    found = measure(given.data, reader_of(given.bundle), kinds=given.kinds)
    print(json.dumps(found, indent=1))


def reader_of(folder: Path) -> Reader:
    """A bundle's network, input and rule; layers are known to Keras by `BeatGraph`'s room."""
    from medmodels.bundles import parse_card
    from medmodels.networks import rnn  # noqa: F401

    card = parse_card((folder / "card.toml").read_text())
    network = keras.saving.load_model(folder / "network.keras", compile=False, safe_mode=True)
    trust = json.loads((folder / "trust.json").read_text())
    return Reader(
        BeatGraph(network),
        BeatInputSpec.from_card(card.input),
        OperatingPoint.from_trust(trust, card.class_names),
    )


if __name__ == "__main__":
    main()
