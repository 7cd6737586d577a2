"""Nearest cases of the chest X-ray bundle: every training radiograph, once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medmodels.bundles import Bundle
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
from medmodels.training.neighbours import Asked, Known, NeighbourParts
from medmodels.training.scan_neighbours import LastLayer

ABOUT = (
    "Every training image but exact copies of another, by what the last layer reads of it. "
    "Validation images, which the network was not fitted to, choose the axes and say which "
    "distances are usual."
)


def chest_neighbours(
    bundle: Bundle, data: Path, log: Log, limit: int | None = None
) -> NeighbourParts:
    """Look at every training image, and measure on validation, test and external images.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``chest-xray`` and ``chest-xray-external``.
    log : callable
    limit : int, optional
        Use this many images of each split.
    """
    last = LastLayer(bundle)

    def asked(images: Radiographs) -> Asked:
        return last.asked(last.run(images.images), images.labels, images.groups)

    log("nearest cases")
    listed = thin(paediatric_rows(data, "train"), limit)
    known = _known(last, load_paediatric(data, "train", last.size, limit), listed)
    validation = asked(load_paediatric(data, "val", last.size, limit))
    splits = {
        "test": asked(load_paediatric(data, "test", last.size, limit)),
        "external": asked(load_adult(data, last.size, limit)),
    }
    about = {
        "folder": PAEDIATRIC, "of": len(listed), "about": ABOUT, "usual_of": "validation scans",
    }  # fmt: skip
    return last.fit(known, validation, splits, CLASSES, about)


def _known(last: LastLayer, train: Radiographs, listed: list[dict[str, str]]) -> Known:
    once = np.flatnonzero([not row.get("duplicate_of") for row in listed])
    logits, rows = last.run(train.images)
    return last.known(
        (logits[once], rows[once]),
        train.labels[once],
        train.groups[once],
        np.array([listed[i]["path"] for i in once]),
        (train.images[i] for i in once),
    )
