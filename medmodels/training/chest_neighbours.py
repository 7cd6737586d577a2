"""Nearest cases of the chest X-ray bundle: every training radiograph, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.inputs.preparation import resize
from medmodels.networks.taps import TappedNetwork
from medmodels.training.chest_fitting import Log
from medmodels.training.chest_images import (
    CLASSES,
    PAEDIATRIC,
    Radiographs,
    load_adult,
    load_paediatric,
    paediatric_rows,
    thin,
)
from medmodels.training.neighbours import Asked, Known, NeighbourParts, fit_neighbours

SIDE = 48  # of a composite, pixels
Labels = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.int64]]
ABOUT = (
    "Every training image but exact copies of another, by what the last layer reads of it. "
    "Validation images, which the network was not fitted to, choose the axes and say which "
    "distances are usual."
)


def chest_neighbours(
    run: TappedNetwork,
    data: Path,
    size: int,
    head: tuple[int, int],
    labels_of: Labels,
    log: Log,
    limit: int | None = None,
) -> NeighbourParts:
    """Look at every training image, and measure on validation, test and external images.

    Parameters
    ----------
    run : TappedNetwork
        The bundle's.
    data : Path
        Holds ``chest-xray`` and ``chest-xray-external``.
    size : int
        Side of the network's input, pixels.
    head : tuple of int
        First and last column, exclusive, of the features that the last layer reads.
    labels_of : callable
        From logits (n, K) to the answers (n,) at the operating point.
    log : callable
    limit : int, optional
        Use this many images of each split.
    """

    def asked(images: Radiographs) -> Asked:
        logits, rows = run(images.images)
        return Asked(
            rows[:, slice(*head)], images.labels.astype(np.int64), labels_of(logits), images.groups
        )

    log("nearest cases")
    listed = thin(paediatric_rows(data, "train"), limit)
    once = np.flatnonzero([not row.get("duplicate_of") for row in listed])
    train = load_paediatric(data, "train", size, limit)
    _, rows = run(train.images)
    known = Known(
        rows[once, slice(*head)],
        train.labels[once].astype(np.int64),
        train.groups[once],
        np.array([listed[i]["path"] for i in once]),
        np.stack([resize(train.images[i], SIDE)[..., 0] for i in once]),
    )
    del train, rows  # most of a gigabyte, which the other splits need
    parts = fit_neighbours(
        known,
        asked(load_paediatric(data, "val", size, limit)),
        {
            "test": asked(load_paediatric(data, "test", size, limit)),
            "external": asked(load_adult(data, size, limit)),
        },
        CLASSES,
        pictures=True,
    )
    about: dict[str, Any] = {
        "features": list(head), "folder": PAEDIATRIC, "of": len(listed), "about": ABOUT,
        "usual_of": "validation scans",
    }  # fmt: skip
    return NeighbourParts(parts.reference, about | parts.table, parts.predictions)
