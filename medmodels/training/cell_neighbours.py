"""Nearest cases of the blood cell bundle: every training picture, once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.training.cell_images import CLASSES, FOLDER, Cells, load_cells
from medmodels.training.cell_trust import run_in_parts
from medmodels.training.chest_images import index_rows, thin
from medmodels.training.image_fitting import Log
from medmodels.training.neighbours import Asked, Known, NeighbourParts
from medmodels.training.scan_neighbours import LastLayer

ABOUT = (
    "Every training picture, by what the last layer reads of it. Validation pictures, which the "
    "network was not fitted to, choose the axes and say which distances are usual. Nobody knows "
    "whose cells they are: the nearest can be of the same person."
)


def cell_neighbours(
    bundle: Bundle, data: Path, log: Log, limit: int | None = None
) -> NeighbourParts:
    """Look at every training picture, and measure on validation and test pictures.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``blood-cells``.
    log : callable
    limit : int, optional
        Use this many pictures of each split.
    """
    last = LastLayer(bundle)

    def asked(split: str) -> Asked:
        cells = load_cells(data, split, limit)
        seen = run_in_parts(last.run, cells.pictures, last.size)
        return last.asked(seen, cells.labels, cells.names)

    log("nearest cases")
    listed = [row for row in index_rows(data / FOLDER) if row["split"] == "train"]
    paths = np.array([row["path"] for row in thin(listed, limit)])
    known = _known(last, load_cells(data, "train", limit), paths)
    about = {
        "folder": FOLDER, "of": len(listed), "about": ABOUT, "usual_of": "validation cells",
    }  # fmt: skip
    return last.fit(known, asked("val"), {"test": asked("test")}, CLASSES, about)


def _known(last: LastLayer, train: Cells, paths: npt.NDArray[np.str_]) -> Known:
    pictures = (one.astype(np.float32) / np.float32(255) for one in train.pictures)
    seen = run_in_parts(last.run, train.pictures, last.size)
    return last.known(seen, train.labels, train.names, paths, pictures)
