"""The two sets of chest radiographs, as arrays prepared the way the app prepares an upload."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.inputs.preparation import resize

CLASSES = ("normal", "pneumonia")
PAEDIATRIC = "chest-xray"
ADULT = "chest-xray-external"


@dataclass(frozen=True)
class Radiographs:
    """Images of one split with what is known of them.

    Parameters
    ----------
    images : ndarray, float32, shape (N, size, size, 1)
        Grey values in 0 to 1.
    labels : ndarray, int8, shape (N,)
        Index into ``CLASSES``.
    groups : ndarray of str, shape (N,)
        Patient, as far as the file names tell.
    subtypes : ndarray of str, shape (N,)
        "normal", "bacteria" or "virus"; the class where not known.
    """

    images: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int8]
    groups: npt.NDArray[np.str_]
    subtypes: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: npt.NDArray[np.int64]) -> Radiographs:
        """Return the rows with these indices, in this order."""
        return Radiographs(
            self.images[chosen], self.labels[chosen], self.groups[chosen], self.subtypes[chosen]
        )


def load_paediatric(data: Path, split: str, size: int, limit: int | None = None) -> Radiographs:
    """Load one split of the paediatric radiographs (Kermany 2018).

    Parameters
    ----------
    data : Path
        Folder that holds ``chest-xray/index.csv``.
    split : str
        "train", "val" or "test".
    size : int
        Side of the images, pixels.
    limit : int, optional
        Keep this many, spread evenly over the index.

    Returns
    -------
    Radiographs
    """
    rows = thin(paediatric_rows(data, split), limit)
    return Radiographs(
        _images(data / PAEDIATRIC, rows, size),
        np.array([CLASSES.index(row["label"]) for row in rows], np.int8),
        np.array([row["group"] for row in rows]),
        np.array([row["subtype"] for row in rows]),
    )


def load_adult(data: Path, size: int, limit: int | None = None) -> Radiographs:
    """Load the adult radiographs (NIH ChestX-ray14), for external testing only.

    Parameters
    ----------
    data : Path
        Folder that holds ``chest-xray-external/index.csv``.
    size : int
    limit : int, optional

    Returns
    -------
    Radiographs
    """
    rows = thin(index_rows(data / ADULT), limit)
    labels = np.array([int(row["label"].lower() == "pneumonia") for row in rows], np.int8)
    return Radiographs(
        _images(data / ADULT, rows, size),
        labels,
        np.array([row["patient_id"] for row in rows]),
        np.array(CLASSES)[labels],
    )


def count_paediatric(data: Path, split: str) -> int:
    """Count the images of one split without opening them."""
    return len(paediatric_rows(data, split))


def paediatric_rows(data: Path, split: str) -> list[dict[str, str]]:
    """Rows of the paediatric index that belong to one split."""
    return [row for row in index_rows(data / PAEDIATRIC) if row["split"] == split]


def index_rows(folder: Path) -> list[dict[str, str]]:
    """Rows of a data set's ``index.csv``."""
    with (folder / "index.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def thin(rows: list[dict[str, str]], limit: int | None) -> list[dict[str, str]]:
    """Keep ``limit`` rows, spread evenly; all if there is no limit."""
    if limit is None or limit >= len(rows):
        return rows
    return [rows[i] for i in np.linspace(0, len(rows) - 1, limit).astype(int)]


def _images(folder: Path, rows: list[dict[str, str]], size: int) -> npt.NDArray[np.float32]:
    images = np.empty((len(rows), size, size, 1), np.float32)
    for image, row in zip(images, rows, strict=True):
        with Image.open(folder / row["path"]) as file:
            grey = np.asarray(file.convert("L"), np.float32) / 255.0
        image[:] = resize(grey[..., np.newaxis], size)
    return images
