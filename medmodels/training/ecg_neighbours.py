"""Nearest cases of the ECG bundle: a plain random sample of the training beats."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beats
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_data import DS1, DS2, read_record
from medmodels.training.neighbours import Asked, Known, NeighbourParts, fit_neighbours

LOG = logging.getLogger(__name__)
Arrays = dict[str, npt.NDArray[Any]]
Labels = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.int64]]

SAMPLE = 6000  # beats stored
ASKED = 12000  # other training beats that choose the axes
_SEED = 41
ABOUT = (
    "A plain random sample of the training beats, so that classes keep their shares: rare ones "
    "have few beats to be near to. The axes were chosen and usual distances measured on other "
    "training beats, with all beats of their own record left out; the network was fitted to both."
)


def ecg_neighbours(
    graph: BeatGraph,
    layers: tuple[str, ...],
    data: Path,
    spec: BeatInputSpec,
    classes: tuple[str, ...],
    labels_of: Labels,
    names: tuple[list[str], list[str]] = (list(DS1), list(DS2)),
    *,
    quick: bool = False,
) -> NeighbourParts:
    """Sample training beats, and measure on the test and external records.

    Parameters
    ----------
    graph : BeatGraph
        Gives the features of ``layers``.
    layers : tuple of str
    data : Path
        Holds ``ecg-mitdb`` and ``ecg-svdb``.
    spec : BeatInputSpec
    classes : tuple of str
    labels_of : callable
        From logits (n, K) to the answers (n,) at the operating point.
    names : tuple of list of str
        Records to sample from and to test on.
    quick : bool
        One external record, to try the code.
    """
    LOG.info("nearest cases")
    outside = sorted(path.stem for path in (data / "ecg-svdb").glob("*.hea"))
    train = _beats(graph, data / "ecg-mitdb", names[0], spec, len(classes), windows=True)
    order = np.random.default_rng(_SEED).permutation(len(train["labels"]))
    kept, other = np.sort(order[:SAMPLE]), np.sort(order[SAMPLE : SAMPLE + ASKED])
    known = Known(
        train["features"][kept], train["labels"][kept], train["groups"][kept],
        train["names"][kept], train["windows"][kept],
    )  # fmt: skip
    asked = {
        split: _asked(_beats(graph, data / folder, records, spec, len(classes)), labels_of)
        for split, folder, records in (
            ("test", "ecg-mitdb", names[1]),
            ("external", "ecg-svdb", outside[:1] if quick else outside),
        )
    }
    validation = {name: values[other] for name, values in train.items() if name != "windows"}
    parts = fit_neighbours(known, _asked(validation, labels_of), asked, classes, pictures=False)
    about: dict[str, Any] = {
        "layers": list(layers), "folder": "ecg-mitdb", "of": len(order), "about": ABOUT,
        "usual_of": "training beats (own record left out)",
    }  # fmt: skip
    return NeighbourParts(parts.reference, about | parts.table, parts.predictions)


def _asked(beats: Arrays, labels_of: Labels) -> Asked:
    return Asked(beats["features"], beats["labels"], labels_of(beats["logits"]), beats["groups"])


def _beats(
    graph: BeatGraph,
    folder: Path,
    names: list[str],
    spec: BeatInputSpec,
    classes: int,
    *,
    windows: bool = False,
) -> Arrays:
    """Every beat of the task's classes, around its annotated R peak."""
    parts: dict[str, list[npt.NDArray[Any]]] = {}
    for name in names:
        signal, peaks, labels = read_record(folder / name)
        inputs = prepare_beats(signal, peaks, spec)
        logits, features = graph.with_features(inputs.windows, inputs.rhythm)
        known = labels < classes  # AAMI's Q is no class of the task
        found: Arrays = {
            "features": features, "logits": logits, "labels": labels,
            "groups": np.full(len(labels), name),
            "names": np.array([f"{name}:{sample}" for sample in peaks]),
        }  # fmt: skip
        if windows:
            found["windows"] = inputs.windows.astype(np.float16)
        for key, values in found.items():
            parts.setdefault(key, []).append(values[known])
    return {key: np.concatenate(values) for key, values in parts.items()}
