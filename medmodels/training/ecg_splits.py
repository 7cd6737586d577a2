"""Predictions of every split of the ECG bundle, as arrays to be stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_passes import Arrays, Ints, PassedRecord, joined, pass_records

Records = tuple[Path, Sequence[str]]

TOLERANCE_S = 0.15  # ANSI/AAMI EC57: a detection counts within 150 ms of the beat
NO_BEAT = -1


def read_splits(
    graph: BeatGraph,
    spec: BeatInputSpec,
    test: Records,
    external: Records,
    besides: Callable[[str, PassedRecord], Arrays] = lambda *_: {},
) -> Arrays:
    """The test records, with and without our detector, and the external ones.

    Parameters
    ----------
    graph : BeatGraph
    spec : BeatInputSpec
    test, external : tuple of Path and sequence of str
        Folder and names.
    besides : callable, optional
        Gives what else is wanted of each record of "test" and "external": it
        rests on the same two passes.

    Returns
    -------
    dict of ndarray
    """
    return joined(
        annotated_split("test", [record])
        | detected_split("test_detected", [record])
        | besides("test", record)
        for record in pass_records(*test, graph, spec)
    ) | joined(
        annotated_split("external", [record]) | besides("external", record)
        for record in pass_records(*external, graph, spec)
    )


def annotated_split(split: str, records: Iterable[PassedRecord]) -> Arrays:
    """Every record around its reference R peaks.

    Parameters
    ----------
    split : str
        Prefix of the arrays' names.
    records : iterable of PassedRecord

    Returns
    -------
    dict of ndarray
        ``<split>/logits``, ``labels``, ``groups`` and ``samples``.
    """
    names, logits, labels, peaks = [], [], [], []
    for record in records:
        names.append(record.name)
        logits.append(record.annotated.logits)
        labels.append(record.classes)
        peaks.append(record.peaks)
    return as_arrays(split, names, logits, labels, peaks)


def detected_split(split: str, records: Iterable[PassedRecord]) -> Arrays:
    """Every record around the R peaks that the app's own detector finds.

    Parameters
    ----------
    split, records
        As in :func:`annotated_split`.

    Returns
    -------
    dict of ndarray
        As there, with label -1 for a detection without a beat, and
        ``<split>/missed_labels`` and ``missed_groups`` for beats not found.
    """
    names, logits, labels, peaks = [], [], [], []
    missed_labels, missed_groups = [], []
    for record in records:
        found = record.detected.inputs.r_peaks
        tolerance = round(TOLERANCE_S * record.signal.rate)
        of_reference, of_found = match_beats(record.peaks, found, tolerance)
        own = np.full(len(found), NO_BEAT, dtype=np.int64)
        own[of_found] = record.classes[of_reference]
        lost = np.setdiff1d(np.arange(len(record.peaks)), of_reference)
        names.append(record.name)
        logits.append(record.detected.logits)
        labels.append(own)
        peaks.append(found)
        missed_labels.append(record.classes[lost])
        missed_groups.append(np.full(len(lost), record.name))
    arrays = as_arrays(split, names, logits, labels, peaks)
    arrays[f"{split}/missed_labels"] = np.concatenate(missed_labels).astype(np.int8)
    arrays[f"{split}/missed_groups"] = np.concatenate(missed_groups).astype(np.str_)
    return arrays


def as_arrays(
    split: str, names: list[str], logits: list[npt.NDArray[np.float32]], labels: list[Ints],
    peaks: list[Ints],
) -> Arrays:  # fmt: skip
    """Join records to the arrays that a bundle stores."""
    groups = [np.full(len(own), name) for name, own in zip(names, labels, strict=True)]
    return {
        f"{split}/logits": np.concatenate(logits).astype(np.float16),
        f"{split}/labels": np.concatenate(labels).astype(np.int8),
        f"{split}/groups": np.concatenate(groups).astype(np.str_),
        f"{split}/samples": np.concatenate(peaks).astype(np.int32),
    }


def match_beats(reference: Ints, found: Ints, tolerance: int) -> tuple[Ints, Ints]:
    """Pair reference beats and detections one to one, from left to right.

    Parameters
    ----------
    reference, found : ndarray, int64
        Sample indices, increasing.
    tolerance : int
        Greatest distance of a pair, samples.

    Returns
    -------
    tuple of ndarray, int64
        Indices of the paired beats in ``reference`` and in ``found``.
    """
    i = j = 0
    pairs: list[tuple[int, int]] = []
    while i < len(reference) and j < len(found):
        distance = int(found[j]) - int(reference[i])
        if abs(distance) > tolerance:
            i, j = (i + 1, j) if distance > 0 else (i, j + 1)
            continue
        # The next detection may be nearer to this beat, or this one to the next beat.
        if j + 1 < len(found) and abs(int(found[j + 1]) - int(reference[i])) < abs(distance):
            j += 1
            continue
        if i + 1 < len(reference) and abs(int(found[j]) - int(reference[i + 1])) < abs(distance):
            i += 1
            continue
        pairs.append((i, j))
        i, j = i + 1, j + 1
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
