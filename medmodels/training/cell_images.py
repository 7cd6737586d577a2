"""Pictures of single blood cells, as bytes, with their class and their kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.inputs.preparation import resize
from medmodels.training.chest_images import index_rows, thin

FOLDER = "blood-cells"
# In the order of the logits: granulocytes, lymphocyte, monocyte, then what is immature.
CLASSES = (
    "neutrophil",
    "eosinophil",
    "basophil",
    "lymphocyte",
    "monocyte",
    "ig",
    "erythroblast",
    "platelet",
)
# The names of the files tell more than the class: what a pathologist called the cell.
KINDS = {
    "SNE": "Segmented neutrophil",
    "BNE": "Band neutrophil",
    "NEUTROPHIL": "Neutrophil, form not stated",
    "EO": "Eosinophil",
    "BA": "Basophil",
    "LY": "Lymphocyte",
    "MO": "Monocyte",
    "MMY": "Metamyelocyte",
    "MY": "Myelocyte",
    "PMY": "Promyelocyte",
    "IG": "Immature granulocyte, stage not stated",
    "ERB": "Erythroblast",
    "PLATELET": "Platelet",
}
SIDE = 128


@dataclass(frozen=True)
class Cells:
    """Pictures of one split with what is known of them.

    Parameters
    ----------
    pictures : ndarray, uint8, shape (N, 128, 128, 3)
        Red, green and blue; the whole field.
    labels : ndarray, int8, shape (N,)
        Index into ``CLASSES``.
    kinds : ndarray of str, shape (N,)
        Finer than the class where the file name is; see ``KINDS``.
    names : ndarray of str, shape (N,)
        Of the files, without their ending.
    """

    pictures: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int8]
    kinds: npt.NDArray[np.str_]
    names: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.labels)


def load_cells(data: Path, split: str, limit: int | None = None) -> Cells:
    """Load one split of the peripheral blood cells (Acevedo 2020).

    Parameters
    ----------
    data : Path
        Folder that holds ``blood-cells/index.csv``.
    split : str
        "train", "val" or "test".
    limit : int, optional
        Keep this many, spread evenly over the index.

    Returns
    -------
    Cells
    """
    folder = data / FOLDER
    rows = thin([row for row in index_rows(folder) if row["split"] == split], limit)
    pictures = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)
    for picture, row in zip(pictures, rows, strict=True):
        with Image.open(folder / row["path"]) as file:
            seen = np.asarray(file.convert("RGB"))
        if seen.shape != picture.shape:
            seen = np.round(resize(seen.astype(np.float32), SIDE)).astype(np.uint8)
        picture[:] = seen
    names = [Path(row["path"]).stem for row in rows]
    return Cells(
        pictures,
        np.array([CLASSES.index(row["label"]) for row in rows], np.int8),
        np.array([KINDS.get(name.split("_")[0], "") for name in names], np.str_),
        np.array(names, np.str_),
    )


def network_input(pictures: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.float32]:
    """What the network sees of pictures, as the app prepares an upload.

    Parameters
    ----------
    pictures : ndarray, uint8, shape (N, side, side, 3)
    size : int
        Side of the network's input, pixels.

    Returns
    -------
    ndarray, float32, shape (N, size, size, 3)
        Values in 0 to 1.
    """
    return np.stack([resize(one.astype(np.float32) / np.float32(255), size) for one in pictures])
