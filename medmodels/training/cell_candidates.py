"""Judge candidate recipes for blood cells on validation, as it is and disturbed; never on test.

``python -m medmodels.training.cell_candidates NAME --data DIR`` trains one
candidate and adds its numbers to ``cell_candidates.json``, which ``train``
copies into the bundle's ``training.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.training.cell_disturbances import disturbed
from medmodels.training.cell_images import CLASSES, Cells, load_cells, network_input
from medmodels.training.cell_probes import probes
from medmodels.training.cell_recipes import CANDIDATES, fit_candidate
from medmodels.training.cell_robustness import UNDISTURBED, judged
from medmodels.training.image_fitting import Log

RESULTS = Path(__file__).with_name("cell_candidates.json")
Logits = npt.NDArray[np.float32]
_CHUNK = 512


def logits_of(network: keras.Model, pictures: npt.NDArray[np.uint8]) -> Logits:
    """Logits, float32 (N, 8), of pictures, uint8 (N, side, side, 3)."""
    size = network.input_shape[1]
    return np.concatenate([
        network.predict(network_input(pictures[at : at + _CHUNK], size), batch_size=64, verbose=0)
        for at in range(0, len(pictures), _CHUNK)
    ])  # fmt: skip


def validation_views(network: keras.Model, validation: Cells) -> dict[str, Logits]:
    """Logits of the validation pictures as they are and under each disturbance."""
    views = {UNDISTURBED: logits_of(network, validation.pictures)}
    for name, pictures in disturbed(validation.pictures):
        views[name] = logits_of(network, pictures)
    return views


def probe(network: keras.Model, validation: Cells) -> dict[str, Any]:
    """Judge the network on validation pictures with parts hidden, for shortcuts."""
    return {
        name: _judge(logits_of(network, pictures), validation.labels)
        for name, pictures in probes(validation.pictures)
    }


def judge(views: Mapping[str, Logits], labels: npt.NDArray[np.int8]) -> dict[str, Any]:
    """Accuracy and macro F1, view by view.

    Parameters
    ----------
    views : mapping of str to ndarray, float32, shape (N, 8)
        Logits, from `validation_views`.
    labels : ndarray, int8, shape (N,)

    Returns
    -------
    dict
        ``accuracy``, ``macro_f1`` and ``mistakes`` (how often one class was
        taken for another, most often first) of the pictures as they are;
        ``mean_disturbed`` and ``worst_disturbed`` accuracy; ``views``.
    """
    by_view = {name: _judge(logits, labels) for name, logits in views.items()}
    moved = [value["accuracy"] for name, value in by_view.items() if name != UNDISTURBED]
    predicted = views[UNDISTURBED].argmax(axis=1)
    wrong = predicted != labels
    pairs, counts = np.unique(
        np.stack([labels[wrong], predicted[wrong]]), axis=1, return_counts=True
    )
    return by_view[UNDISTURBED] | {
        "mistakes": {
            f"{CLASSES[pairs[0, i]]} as {CLASSES[pairs[1, i]]}": int(counts[i])
            for i in np.argsort(-counts, kind="stable")
        },
        "mean_disturbed": round(float(np.mean(moved)), 4),
        "worst_disturbed": round(float(np.min(moved)), 4),
        "views": by_view,
    }


def _judge(logits: Logits, labels: npt.NDArray[np.int8]) -> dict[str, Any]:
    found = judged(labels, logits.argmax(axis=1), len(CLASSES))
    return {
        "n": found["n"],
        "right": found["right"],
        "accuracy": round(found["accuracy"]["value"], 4),
        "macro_f1": round(found["macro_f1"], 4),
    }


def run(
    name: str, data: Path, log: Log, keep: Path | None, begun: Path | None = None
) -> dict[str, Any]:
    """Train and judge one candidate; its numbers are added to ``RESULTS``."""
    candidate, started = CANDIDATES[name], time.monotonic()
    callbacks: list[keras.callbacks.Callback] = []
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        callbacks.append(
            keras.callbacks.ModelCheckpoint(
                str(keep / "on-the-way.weights.h5"), save_weights_only=True, save_freq=500
            )
        )
    start = None if begun is None else keras.models.load_model(begun)
    network = fit_candidate(candidate, data, log, callbacks=callbacks, begun=start)
    seconds = round(time.monotonic() - started)
    if keep is not None:
        network.save(keep / "network.keras")
    validation = load_cells(data, "val")
    verdict = judge(validation_views(network, validation), validation.labels)
    verdict["probes"] = probe(network, validation)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results[name] = {"settings": asdict(candidate), "seconds": seconds} | verdict
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    return verdict


def main() -> None:
    """Train one candidate and print its numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=CANDIDATES)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="a folder for the network, to look at it")
    parser.add_argument(
        "--begin", type=Path, help="a network that all runs made but the last, or but those apart"
    )
    chosen = parser.parse_args()
    verdict = run(
        chosen.name, chosen.data, lambda line: print(line, flush=True), chosen.keep, chosen.begin
    )
    print(json.dumps(verdict, indent=1))


if __name__ == "__main__":
    main()
