"""Nearest cases of the splice site bundle: every window it was fitted to, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.networks.base_features import BaseFeatures
from medmodels.training.dna_data import CLASSES, Windows, load_windows
from medmodels.training.explain_audit import Log
from medmodels.training.neighbours import Asked, Known, NeighbourParts, fit_neighbours

FOLDER = "dna-splice"
LAYER = "along"  # that the logits are computed from, in every member
Labels = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.int64]]
ABOUT = (
    "Every window that the network was fitted to, by what its last layer reads of it. The same "
    "windows chose the axes and say which distances are usual, each with all windows of its own "
    "GenBank entry left out. For the network was fitted to them, only the test windows say how "
    "often it is right."
)


def dna_neighbours(
    network: keras.Model, data: Path, labels_of: Labels, log: Log, limit: int | None = None
) -> NeighbourParts:
    """Look at every window of the training and validation data, and measure on test windows.

    Parameters
    ----------
    network : keras.Model
        The bundle's, fitted to both.
    data : Path
        Holds ``dna-splice``.
    labels_of : callable
        From logits (n, K) to the answers (n,) at the operating point.
    log : callable
    limit : int, optional
        Use this many windows of each, to try the code.

    Returns
    -------
    NeighbourParts
        What `fit_neighbours` calls validation is told of as ``cross_validation``:
        the very windows that are stored, other entries asked.
    """
    log("nearest cases")
    run = BaseFeatures(network, LAYER)

    def asked(windows: Windows) -> Asked:
        logits, features = run(windows.bases)
        return Asked(features, windows.labels, labels_of(logits), windows.groups)

    windows = _thinned(load_windows(data / FOLDER, "train", "val"), limit)
    own = asked(windows)
    known = Known(own.features, windows.labels, windows.groups, windows.names, windows.bases)
    test = asked(_thinned(load_windows(data / FOLDER, "test"), limit))
    # The mean of windows that the network sees alike is a table of frequencies, of at least thirty.
    parts = fit_neighbours(known, own, {"test": test}, CLASSES, pictures=False)
    about: dict[str, Any] = {
        "layer": LAYER, "folder": FOLDER, "of": len(windows), "about": ABOUT,
        "usual_of": "training windows (own entry left out)",
    }  # fmt: skip
    renamed = {
        "evaluation": {_told(split): found for split, found in parts.table["evaluation"].items()}
    }
    predictions = {_told(key): values for key, values in parts.predictions.items()}
    return NeighbourParts(parts.reference, about | parts.table | renamed, predictions)


def _told(key: str) -> str:
    """A split's name, or a name under it, as the bundle tells it.

    Examples
    --------
    >>> _told("validation/nearest"), _told("test")
    ('cross_validation/nearest', 'test')
    """
    split, *rest = key.split("/")
    return "/".join(["cross_validation" if split == "validation" else split, *rest])


def _thinned(windows: Windows, limit: int | None) -> Windows:
    """As many windows, evenly spread, for the file is in the order of the classes."""
    if limit is None or limit >= len(windows):
        return windows
    return windows.where(np.linspace(0, len(windows) - 1, limit).astype(np.int64))
