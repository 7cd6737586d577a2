"""What helped: the article's network, then its four ways to do better, one on top of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.networks.cnn import article_cnn
from medmodels.training.chest_candidates import Candidate, build
from medmodels.training.chest_fitting import Log, Schedule, fit_plainly
from medmodels.training.chest_images import count_paediatric, load_paediatric
from medmodels.trust.operating_point import softmax

_EPOCHS = 5
_ARTICLE_SIZE = 28
_LARGER_SIZE = 96

# The last two rows are the final network itself, at 0.5 and as shipped.
OPTIMISER_ROW = {
    "name": "optimiser",
    "change": "AdamW with warm-up and cosine, twice the steps, label smoothing, balanced batches, "
    "averaged weights",
    "kind": "a better optimiser and schedule",
}
FINAL_ROW = {
    "name": "final",
    "change": "The same network at the operating point chosen on shifted validation images",
    "kind": "final",
}


@dataclass(frozen=True)
class Step:
    """One row of "what helped".

    Parameters
    ----------
    name, change, kind : str
        Shown in the table; ``kind`` is "baseline" or the article's way.
    size : int
        Side of the input, pixels.
    build : callable
        Makes the network, after the seed is set.
    schedule : Schedule
        Steps, batch, augmentation and seed; the optimiser is the article's Adam.
    """

    name: str
    change: str
    kind: str
    size: int
    build: Callable[[], keras.Model]
    schedule: Schedule

    def row(self) -> dict[str, str]:
        """Name, change and kind, as ``training.json`` stores them."""
        return {"name": self.name, "change": self.change, "kind": self.kind}


def steps_towards(final: Candidate, images: int) -> list[Step]:
    """Every step before the final network.

    Parameters
    ----------
    final : Candidate
        The recipe that the steps lead to.
    images : int
        Number of training images, for the length of an epoch.

    Returns
    -------
    list of Step
    """
    article = Schedule(
        steps=max(1, _EPOCHS * images // 32), batch=32, balanced=False, augmentation=None
    )
    augmented = replace(article, augmentation=final.schedule.augmentation)
    # Half as long as the final network: a longer schedule is the last way's part.
    rich = replace(final.schedule, steps=max(1, final.schedule.steps // 2), balanced=False)
    return [
        Step(
            "article",
            f"The article's network: {_ARTICLE_SIZE} x {_ARTICLE_SIZE} pixels, three convolutions, "
            f"Adam, {_EPOCHS} epochs",
            "baseline",
            _ARTICLE_SIZE,
            lambda: article_cnn(_ARTICLE_SIZE),
            article,
        ),
        Step(
            "preprocessing",
            f"{_LARGER_SIZE} x {_LARGER_SIZE} pixels, each image standardised to mean 0 and "
            "variance 1",
            "better preprocessing and resolution",
            _LARGER_SIZE,
            lambda: article_cnn(_LARGER_SIZE, normalised=True),
            article,
        ),
        Step(
            "augmentation",
            "Position, crop, proportions, exposure, sharpness and noise drawn anew in every epoch",
            "more data by augmentation",
            _LARGER_SIZE,
            lambda: article_cnn(_LARGER_SIZE, normalised=True),
            augmented,
        ),
        Step(
            "network",
            f"EfficientNet-Lite0 to stride 16 from ImageNet weights, {final.size} x {final.size} "
            f"pixels; still plain Adam, {rich.steps} steps of {rich.batch} images",
            "a richer network",
            final.size,
            lambda: build(final),
            rich,
        ),
    ]


def run_steps(
    final: Candidate, data: Path, log: Log, limit: int | None = None
) -> tuple[list[dict[str, str]], dict[str, npt.NDArray[Any]]]:
    """Train every step and predict the test images with it.

    Parameters
    ----------
    final : Candidate
    data : Path
    log : callable
    limit : int, optional
        Train and test on this many images only.

    Returns
    -------
    rows : list of dict
        Of ``training.json``.
    predictions : dict of arrays
        ``steps/<name>/predicted`` and ``steps/<name>/scores``.
    """
    rows: list[dict[str, str]] = []
    predictions: dict[str, npt.NDArray[Any]] = {}
    for step in steps_towards(final, limit or count_paediatric(data, "train")):
        log(f"step '{step.name}': {step.change}")
        keras.utils.set_random_seed(step.schedule.seed)
        network = step.build()
        fit_plainly(network, load_paediatric(data, "train", step.size, limit), step.schedule, log)
        images = load_paediatric(data, "test", step.size, limit).images
        scores = softmax(network.predict(images, batch_size=64, verbose=0))[:, 1]
        rows.append(step.row())
        predictions |= step_predictions(step.name, scores, 0.5)
    return rows, predictions


def step_predictions(
    name: str, scores: npt.NDArray[np.floating[Any]], threshold: float
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of one row, as the bundle stores them.

    Parameters
    ----------
    name : str
    scores : ndarray, shape (N,)
        Probability of pneumonia.
    threshold : float

    Returns
    -------
    dict of arrays
    """
    return {
        f"steps/{name}/predicted": (scores >= threshold).astype(np.int8),
        f"steps/{name}/scores": scores.astype(np.float16),
    }
