"""Judge candidate recipes on validation, clean and shifted; never on test.

``python -m medmodels.training.chest_candidates NAME --data DIR`` trains one
candidate and adds its numbers to ``chest_candidates.json``, which
``train`` copies into the bundle's ``training.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.networks.cnn import fold
from medmodels.training.augmentation import Augmentation
from medmodels.training.chest_fitting import Log, Schedule, fit
from medmodels.training.chest_images import CLASSES, Radiographs, load_paediatric
from medmodels.training.chest_probes import probes
from medmodels.training.chest_shifts import shifted
from medmodels.training.lite_recipe import LiteRecipe, build_lite

RESULTS = Path(__file__).with_name("chest_candidates.json")


@dataclass(frozen=True)
class Candidate(LiteRecipe):
    """One recipe for the final network."""

    size: int = 192
    frozen_blocks: int | None = 3
    schedule: Schedule = field(default_factory=Schedule)


_BASE = Candidate()
_WIDE = Augmentation(
    rotation=12, shift=0.1, zoom=0.25, aspect=0.35, gamma=0.8, resolution=0.2, compressed=0.25
)
_SHUTTERS = replace(_WIDE, collimated=0.35)
CANDIDATES: dict[str, Candidate] = {
    "short": replace(_BASE, schedule=Schedule(steps=300)),
    "wide": replace(_BASE, schedule=Schedule(steps=600, augmentation=_WIDE)),
    "wide, shutters": replace(_BASE, schedule=Schedule(steps=750, augmentation=_SHUTTERS)),
}


def build(candidate: Candidate) -> keras.Model:
    """Build a candidate's network with its starting weights."""
    return build_lite(candidate, len(CLASSES), channels=1)


def logits_under_shifts(
    network: keras.Model, validation: Radiographs
) -> dict[str, npt.NDArray[np.float32]]:
    """Logits of the validation images as they are ("clean") and under each shift."""
    views = {"clean": network.predict(validation.images, batch_size=64, verbose=0)}
    for name, images in shifted(validation.images):
        views[name] = network.predict(images, batch_size=64, verbose=0)
    return views


def probe(network: keras.Model, validation: Radiographs) -> dict[str, Any]:
    """Judge the network on validation images with parts hidden, for shortcuts."""
    views = {
        name: network.predict(images, batch_size=64, verbose=0)
        for name, images in probes(validation.images)
    }
    return {name: _judge_view(logits, validation.labels) for name, logits in views.items()}


def judge(
    views: Mapping[str, npt.NDArray[np.float32]], labels: npt.NDArray[np.int8]
) -> dict[str, Any]:
    """Measure discrimination and the balance of errors at 0.5, view by view.

    Parameters
    ----------
    views : mapping of str to ndarray, float32, shape (N, 2)
        Logits, from :func:`logits_under_shifts`.
    labels : ndarray, int8, shape (N,)

    Returns
    -------
    dict
        ``mean_auc``, ``worst_auc``, ``mean_balanced_accuracy`` over the
        shifted views, and ``auc``, ``sensitivity``, ``specificity`` of each.
    """
    by_view = {name: _judge_view(logits, labels) for name, logits in views.items()}
    moved = [value for name, value in by_view.items() if name != "clean"]
    aucs = [value["auc"] for value in moved]
    balanced = [(value["sensitivity"] + value["specificity"]) / 2 for value in moved]
    return {
        "clean_auc": by_view["clean"]["auc"],
        "mean_auc": round(float(np.mean(aucs)), 5),
        "worst_auc": round(float(np.min(aucs)), 5),
        "mean_balanced_accuracy": round(float(np.mean(balanced)), 4),
        "views": by_view,
    }


def _judge_view(logits: npt.NDArray[np.float32], labels: npt.NDArray[np.int8]) -> dict[str, float]:
    margin = logits[:, 1] - logits[:, 0]
    return {
        "auc": round(_auc(margin, labels), 5),
        "sensitivity": round(float(np.mean(margin[labels == 1] >= 0)), 4),
        "specificity": round(float(np.mean(margin[labels == 0] < 0)), 4),
    }


def _auc(scores: npt.NDArray[np.float32], labels: npt.NDArray[np.int8]) -> float:
    """Area under the ROC curve: chance that a positive outranks a negative."""
    positive, negative = scores[labels == 1], np.sort(scores[labels == 0])
    below = np.searchsorted(negative, positive, "left")
    ties = np.searchsorted(negative, positive, "right") - below
    return float(np.mean(below + ties / 2) / len(negative))


def run(name: str, data: Path, log: Log) -> tuple[keras.Model, dict[str, Any]]:
    """Train and judge one candidate; its numbers are added to ``RESULTS``."""
    candidate, started = CANDIDATES[name], time.monotonic()
    train = load_paediatric(data, "train", candidate.size)
    validation = load_paediatric(data, "val", candidate.size)
    network = build(candidate)
    fit(network, train, candidate.schedule, log)
    network = fold(network)
    seconds = round(time.monotonic() - started)
    verdict = judge(logits_under_shifts(network, validation), validation.labels)
    verdict["probes"] = probe(network, validation)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results[name] = {"settings": asdict(candidate), "seconds": seconds} | verdict
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    return network, verdict


def main() -> None:
    """Train one candidate and print its numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=CANDIDATES)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="save the network here, to look at it")
    chosen = parser.parse_args()
    network, verdict = run(chosen.name, chosen.data, lambda line: print(line, flush=True))
    if chosen.keep:
        network.save(chosen.keep)
    views = verdict.pop("views")
    print(json.dumps(verdict))
    for view, values in views.items():
        print(view, values)


if __name__ == "__main__":
    main()
