"""What the blood cell network says of its validation and test pictures, to be stored."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from medmodels.training.cell_candidates import logits_of
from medmodels.training.cell_disturbances import disturbed
from medmodels.training.cell_images import Cells, load_cells
from medmodels.training.cell_robustness import stored_under
from medmodels.training.trust_parts import Arrays


def read_splits(network: keras.Model, data: Path, limit: int | None = None) -> Arrays:
    """Logits of the validation and test pictures.

    Parameters
    ----------
    network : keras.Model
        Of the bundle.
    data : Path
    limit : int, optional
        Read this many pictures of each split only.

    Returns
    -------
    dict of arrays
        ``<split>/logits`` float32 (N, 8), ``<split>/labels`` int8 (N,),
        ``<split>/groups`` and ``<split>/names`` str (N,), and
        ``<split>/subgroups/kind of cell`` str (N,).
    """
    predictions: Arrays = {}
    for name, split in (("validation", "val"), ("test", "test")):
        cells = load_cells(data, split, limit)
        predictions[f"{name}/logits"] = logits_of(network, cells.pictures)
        predictions |= known(name, cells)
    return predictions


def read_disturbed(network: keras.Model, data: Path, limit: int | None = None) -> Arrays:
    """Logits of the test pictures under every disturbance, in half precision to save space.

    Parameters
    ----------
    network : keras.Model
    data : Path
    limit : int, optional

    Returns
    -------
    dict of ndarray, float16, shape (N, 8)
        By `stored_under`.
    """
    cells = load_cells(data, "test", limit)
    return {
        stored_under(name): logits_of(network, pictures).astype(np.float16)
        for name, pictures in disturbed(cells.pictures)
    }


def known(name: str, cells: Cells) -> Arrays:
    """What is known of a split's pictures without reading them, under its name."""
    # Nobody knows whose cells they are, so each picture stands for itself.
    return {
        f"{name}/labels": cells.labels,
        f"{name}/groups": cells.names,
        f"{name}/names": cells.names,
        f"{name}/subgroups/kind of cell": cells.kinds,
    }
