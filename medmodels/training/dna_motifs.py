"""What the splice site network looks for, over all sites of a kind that it reads correctly."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.compiled import compiled
from medmodels.explain.methods import METHODS
from medmodels.explain.motif import METHOD, Motif
from medmodels.training.dna_data import ACCEPTOR, CLASSES, DONOR, Windows
from medmodels.trust.operating_point import OperatingPoint

SITES = (DONOR, ACCEPTOR)
_AT_ONCE = 256


def motifs(
    network: keras.Model, windows: Windows, point: OperatingPoint, limit: int | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Mean weight and share of each base in each place, for each kind of site.

    Only windows that are read correctly count: what makes the network wrong is no part of
    what it looks for.

    Parameters
    ----------
    network : keras.Model
        Input (N, L, 4), logits (N, K) in the order of `dna_data.CLASSES`.
    windows : Windows
    point : OperatingPoint
        Turns logits into answers.
    limit : int, optional
        At most so many windows of a kind, evenly spread over them.

    Returns
    -------
    dict of ndarray
        ``motif/<class>/weights`` and ``motif/<class>/shares``, float32, shape (L, 4), and
        ``motif/<class>/n``, int32, shape (1,); see `medmodels.explain.motif.Motif`. A kind of
        which no window is read correctly is left out.
    """
    answers = point.labels(compiled(network).predict([windows.bases], _AT_ONCE))
    found: dict[str, npt.NDArray[Any]] = {}
    for site in SITES:
        rows = np.flatnonzero((windows.labels == site) & (answers == site))
        if limit is not None and limit < len(rows):
            rows = rows[np.linspace(0, len(rows) - 1, limit).astype(np.int64)]
        if len(rows):
            found |= _motif(network, windows.bases[rows], site).arrays(CLASSES[site])
    return found


def _motif(network: keras.Model, bases: npt.NDArray[np.float32], site: int) -> Motif:
    method = METHODS[METHOD]
    maps = np.stack([method.explain(network, window, site).values for window in bases])
    weighted = maps[..., np.newaxis].astype(np.float64) * bases
    return Motif(weighted.mean(axis=0), bases.astype(np.float64).mean(axis=0), len(bases))
