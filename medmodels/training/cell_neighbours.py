"""Nearest cases of the blood cell bundle: every training picture, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.inputs.preparation import resize
from medmodels.networks.taps import TappedNetwork
from medmodels.training.cell_images import CLASSES, FOLDER, Cells, load_cells
from medmodels.training.cell_trust import run_in_parts
from medmodels.training.chest_images import index_rows, thin
from medmodels.training.image_fitting import Log
from medmodels.training.neighbours import Asked, Known, NeighbourParts, fit_neighbours

SIDE = 48  # of a composite, pixels
Labels = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.int64]]
ABOUT = (
    "Every training picture, by what the last layer reads of it. Validation pictures, which the "
    "network was not fitted to, choose the axes and say which distances are usual. Nobody knows "
    "whose cells they are: the nearest can be of the same person."
)


def cell_neighbours(
    run: TappedNetwork,
    data: Path,
    size: int,
    head: tuple[int, int],
    labels_of: Labels,
    log: Log,
    limit: int | None = None,
) -> NeighbourParts:
    """Look at every training picture, and measure on validation and test pictures.

    Parameters
    ----------
    run : TappedNetwork
        The bundle's.
    data : Path
        Holds ``blood-cells``.
    size : int
        Side of the network's input, pixels.
    head : tuple of int
        First and last column, exclusive, of the features that the last layer reads.
    labels_of : callable
        From logits (n, K) to the answers (n,) at the operating point.
    log : callable
    limit : int, optional
        Use this many pictures of each split.
    """

    def asked(cells: Cells) -> Asked:
        logits, rows = run_in_parts(run, cells.pictures, size)
        return Asked(
            rows[:, slice(*head)], cells.labels.astype(np.int64), labels_of(logits), cells.names
        )

    log("nearest cases")
    listed = [row for row in index_rows(data / FOLDER) if row["split"] == "train"]
    train = load_cells(data, "train", limit)
    _, rows = run_in_parts(run, train.pictures, size)
    known = Known(
        rows[:, slice(*head)],
        train.labels.astype(np.int64),
        train.names,
        np.array([row["path"] for row in thin(listed, limit)]),
        np.stack([resize(one.astype(np.float32) / np.float32(255), SIDE)
                  for one in train.pictures]),
    )  # fmt: skip
    del train, rows
    parts = fit_neighbours(
        known, asked(load_cells(data, "val", limit)),
        {"test": asked(load_cells(data, "test", limit))}, CLASSES, pictures=True,
    )  # fmt: skip
    about: dict[str, Any] = {
        "features": list(head), "folder": FOLDER, "of": len(listed), "about": ABOUT,
        "usual_of": "validation cells",
    }  # fmt: skip
    return NeighbourParts(parts.reference, about | parts.table, parts.predictions)
