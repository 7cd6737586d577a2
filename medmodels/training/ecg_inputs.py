"""Beats that the explanations of the ECG bundle are measured on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from medmodels.bundles import Bundle
from medmodels.inputs.beat_windows import BeatInputs, BeatInputSpec, prepare_beats
from medmodels.networks.beat_graph import BeatGraph
from medmodels.networks.beat_stretch import cut, stretch_of
from medmodels.training.ecg_data import DS1, DS2, read_record
from medmodels.training.explain_inputs import Candidates, ExplainInput, Ints


def inputs(bundle: Bundle, data: Path, split: str) -> Iterable[Candidates]:
    """The annotated beats of the records of DS1 (validation) or DS2 (test).

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``ecg-mitdb``.
    split : str
        "validation" or "test".

    Yields
    ------
    Candidates
    """
    spec = BeatInputSpec.from_card(bundle.card.input)
    graph = BeatGraph(bundle.network)
    for name in DS1 if split == "validation" else DS2:
        signal, peaks, labels = read_record(data / "ecg-mitdb" / name)
        inputs = prepare_beats(signal, peaks, spec)
        read = bundle.operating_point.labels(graph(inputs.windows, inputs.rhythm))
        yield Candidates(labels, read.astype(np.int64), _beats_of(name, inputs, labels))


def _beats_of(name: str, inputs: BeatInputs, labels: Ints) -> Callable[[int], ExplainInput]:
    def take(beat: int) -> ExplainInput:
        first = stretch_of(beat)
        near = (cut(inputs.windows, first), cut(inputs.rhythm, first))
        return ExplainInput(near, beat - first, int(labels[beat]), f"{name}, beat {beat}")

    return take
