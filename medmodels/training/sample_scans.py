"""Make the sample radiographs that ship with the app and belong to no patient.

Each is a composite of fourteen training images of one class: a small coarse
picture is drawn from the class's principal components, the fourteen patients
nearest to it are aligned and blended (`sample_composite`), and the result is
given a newly drawn shape. Shapes are drawn until the picture is less like any
training image than different patients are like each other (`sample_likeness`).

``python -m medmodels.training.sample_scans --data DIR --out assets/samples``
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import numpy as np

from medmodels.training.chest_images import Radiographs, load_paediatric
from medmodels.training.sample_likeness import SIDE, Gallery, Likeness
from medmodels.training.sample_picture import Picture, Recipe, make
from medmodels.training.sample_scan_files import write_samples

_SIDE = 224

_log = logging.getLogger(__name__)

RECIPES = (
    Recipe("normal-1", "normal", 2),
    Recipe("normal-2", "normal", 4),
    Recipe("normal-3", "normal", 3),
    Recipe("pneumonia-1", "bacteria", 4),
    Recipe("pneumonia-2", "bacteria", 6),
    Recipe("pneumonia-3", "virus", 1),
)


def prepare(data: Path, limit: int | None = None) -> tuple[Radiographs, Gallery]:
    """Load the training split, and as a gallery to compare with.

    Parameters
    ----------
    data : Path
        Folder that holds ``chest-xray/index.csv``.
    limit : int, optional
        Keep this many images.

    Returns
    -------
    tuple of Radiographs and Gallery
    """
    training = load_paediatric(data, "train", _SIDE, limit)
    halves = training.images[..., 0].reshape(-1, SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    return training, Gallery(halves, training.groups)


def measure_between_patients(
    training: Radiographs, gallery: Gallery, compared: int = 200
) -> dict[str, Likeness]:
    """Find how alike different patients are, for normal and for pneumonia.

    Parameters
    ----------
    training : Radiographs
    gallery : Gallery
    compared : int
        Images of each class to look at.

    Returns
    -------
    dict of str to Likeness
        By subtype; both kinds of pneumonia are measured as one class.
    """
    rng = np.random.default_rng(0)
    found: dict[str, Likeness] = {}
    for subtypes in (("normal",), ("bacteria", "virus")):
        rows = np.flatnonzero(np.isin(training.subtypes, subtypes))
        chosen = rng.choice(rows, min(compared, len(rows)), replace=False)
        found |= dict.fromkeys(subtypes, gallery.between_patients(chosen))
    return found


def make_all(data: Path, limit: int | None = None) -> dict[str, Picture]:
    """Make every picture.

    Parameters
    ----------
    data : Path
        Folder that holds ``chest-xray/index.csv``.
    limit : int, optional
        Work with this many training images.

    Returns
    -------
    dict of str to Picture
        By the recipe's name.
    """
    training, gallery = prepare(data, limit)
    between = measure_between_patients(training, gallery)
    pictures = {}
    for recipe in RECIPES:
        picture = make(recipe, training, gallery, between[recipe.subtype])
        _log.info("%s: nearest %s, patients %s", recipe.name, picture.likeness, picture.yardstick)
        pictures[recipe.name] = picture
    return pictures


def main(arguments: list[str]) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Make the synthetic sample radiographs.")
    parser.add_argument("--data", type=Path, required=True, help="folder with chest-xray/")
    parser.add_argument("--out", type=Path, required=True, help="folder for the samples")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    write_samples(make_all(chosen.data), chosen.out)


if __name__ == "__main__":
    main(sys.argv[1:])
