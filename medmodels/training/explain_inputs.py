"""Inputs of a split that a bundle reads correctly: what explanations are measured on.

An explanation of a wrong answer can be right, but nobody could tell from the
picture: measurements are made on answers that are known to be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.explain.arguments import Array
from medmodels.inputs.beat_windows import BeatInputs, BeatInputSpec, prepare_beats
from medmodels.networks.base_scan import BaseScan
from medmodels.networks.beat_graph import BeatGraph
from medmodels.networks.beat_stretch import cut, stretch_of
from medmodels.training.chest_images import load_paediatric, paediatric_rows
from medmodels.training.dna_data import CLASSES, load_windows
from medmodels.training.ecg_data import DS1, DS2, read_record

Ints = npt.NDArray[np.int64]

SPLITS = ("validation", "test")
_SCANS_AT_ONCE = 16


@dataclass(frozen=True)
class ExplainInput:
    """One input with the answer that is explained, which is the right one.

    Parameters
    ----------
    x : ndarray, float32, shape (H, W, C) or (L, 4), or tuple of ndarray (T, L, leads) and (T, R)
        A prepared scan; a sequence of bases; or windows and rhythm of the beats around the
        explained one.
    beat : int or None
        The explained beat's place in ``x``, 0 to T - 1; None for a scan or a sequence.
    class_index : int
        The true class, which is the bundle's label, too.
    name : str
        Where it comes from.
    """

    x: Array | tuple[Array, Array]
    beat: int | None
    class_index: int
    name: str


@dataclass(frozen=True)
class _Candidates:
    """All that could be drawn of one part of a split (a set of scans, a recording)."""

    labels: Ints
    read: Ints
    take: Callable[[int], ExplainInput]


def explain_inputs(
    bundle: Bundle, data: Path, split: str, n: int, seed: int, *, per_class: bool = False
) -> list[ExplainInput]:
    """Draw inputs that the bundle reads correctly.

    Without replacement, each as likely as any other; the same seed gives the
    same inputs.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds the task's data, as its recipe says.
    split : str
        "validation" or "test". An ECG network has trained on all of DS1, and a
        splice site network on all but the test windows, for both were
        cross-validated inside: their validation inputs are from there.
    n : int
        How many; fewer come where fewer are read correctly.
    seed : int
    per_class : bool
        Draw as many of each class as there are to be had, in turn: most beats
        of most recordings are normal.

    Raises
    ------
    ValueError
        When there is no such split, or no loader for the task.
    """
    if split not in SPLITS:
        raise ValueError(f'split is "{split}", expected one of {", ".join(SPLITS)}')
    if bundle.task not in _LOADERS:
        raise ValueError(f'no inputs are known for "{bundle.task}"')
    parts = list(_LOADERS[bundle.task](bundle, data, split))
    labels = np.concatenate([part.labels for part in parts])
    read = np.concatenate([part.read for part in parts])
    owner = np.repeat(np.arange(len(parts)), [len(part.labels) for part in parts])
    place = np.concatenate([np.arange(len(part.labels)) for part in parts])
    chosen = draw(labels, read, n, seed, per_class=per_class)
    return [parts[owner[row]].take(int(place[row])) for row in chosen]


def draw(labels: Ints, read: Ints, n: int, seed: int, *, per_class: bool = False) -> Ints:
    """Rows whose label was read correctly, drawn at random without replacement.

    Parameters
    ----------
    labels, read : ndarray of int, shape (N,)
        True class, and the bundle's.
    n, seed, per_class
        As for `explain_inputs`.

    Returns
    -------
    ndarray of int
        At most ``n`` rows, in the order drawn.

    Examples
    --------
    >>> int(draw(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), 2, 0, per_class=True).max())
    3
    """
    order = np.random.default_rng(seed).permutation(np.flatnonzero(labels == read))
    if per_class:
        # The first of every class, then the second of every class, and so on.
        own, turn = labels[order], np.zeros(len(order), np.int64)
        for label in np.unique(own):
            turn[own == label] = np.arange((own == label).sum())
        order = order[np.argsort(turn, kind="stable")]
    return order[:n]


def scan_inputs(bundle: Bundle, data: Path, split: str) -> Iterable[_Candidates]:
    """The paediatric radiographs of a split."""
    stored = "val" if split == "validation" else split
    radiographs = load_paediatric(data, stored, int(bundle.card.input["size"]))
    names = [Path(row["path"]).stem for row in paediatric_rows(data, stored)]
    logits = bundle.network.predict(radiographs.images, batch_size=_SCANS_AT_ONCE, verbose=0)
    labels = radiographs.labels.astype(np.int64)

    def take(row: int) -> ExplainInput:
        return ExplainInput(radiographs.images[row], None, int(labels[row]), names[row])

    yield _Candidates(labels, bundle.operating_point.labels(logits).astype(np.int64), take)


def beat_inputs(bundle: Bundle, data: Path, split: str) -> Iterable[_Candidates]:
    """The annotated beats of the records of DS1 (validation) or DS2 (test)."""
    spec = BeatInputSpec.from_card(bundle.card.input)
    graph = BeatGraph(bundle.network)
    for name in DS1 if split == "validation" else DS2:
        signal, peaks, labels = read_record(data / "ecg-mitdb" / name)
        inputs = prepare_beats(signal, peaks, spec)
        read = bundle.operating_point.labels(graph(inputs.windows, inputs.rhythm))
        yield _Candidates(labels, read.astype(np.int64), _beats_of(name, inputs, labels))


def _beats_of(name: str, inputs: BeatInputs, labels: Ints) -> Callable[[int], ExplainInput]:
    def take(beat: int) -> ExplainInput:
        first = stretch_of(beat)
        near = (cut(inputs.windows, first), cut(inputs.rhythm, first))
        return ExplainInput(near, beat - first, int(labels[beat]), f"{name}, beat {beat}")

    return take


def base_inputs(bundle: Bundle, data: Path, split: str) -> Iterable[_Candidates]:
    """The windows of bases of a split."""
    windows = load_windows(data / "dna-splice", "val" if split == "validation" else split)
    logits = BaseScan(bundle.network).windows(windows.bases)
    order = np.array([bundle.card.class_names.index(name) for name in CLASSES])
    labels = order[windows.labels]

    def take(row: int) -> ExplainInput:
        return ExplainInput(windows.bases[row], None, int(labels[row]), str(windows.names[row]))

    yield _Candidates(labels, bundle.operating_point.labels(logits).astype(np.int64), take)


_LOADERS: dict[str, Callable[[Bundle, Path, str], Iterable[_Candidates]]] = {
    "chest-xray": scan_inputs,
    "ecg-beats": beat_inputs,
    "dna-splice": base_inputs,
}
