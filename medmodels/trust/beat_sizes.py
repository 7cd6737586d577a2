"""How large the waves of a stretch of beats are, where in the beat and how steep."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]

ZONES: Final = 8
_FLOOR = 0.02  # of the QRS height: what is smaller is noise, whatever it is
# Slopes and bends of a 100 Hz window, brought to about the size of the waves.
_ORDERS = ((0, 1.0), (1, 4.0), (2, 8.0))


def stretch_sizes(windows: Values, bounds: npt.NDArray[np.int64]) -> Doubles:
    """Sizes of the mean beat of each stretch, and of how its beats differ.

    Parameters
    ----------
    windows : ndarray, shape (n_beats, n_samples, n_leads)
        In QRS heights, as the network reads them.
    bounds : ndarray, int64, shape (n_stretches + 1,)
        From `medmodels.trust.stretches.stretch_bounds`.

    Returns
    -------
    ndarray, float64, shape (n_stretches, 48 * n_leads)
        See `sizes`: first of the mean beat, then of the beats' spread.
    """
    parts = [np.asarray(windows[a:b], dtype=np.float32) for a, b in pairwise(bounds)]
    mean = np.stack([part.mean(axis=0) for part in parts])
    spread = np.stack([part.std(axis=0) for part in parts])
    return np.concatenate([sizes(mean), sizes(spread)], axis=1)


def sizes(beats: Values) -> Doubles:
    """Logarithms of the root mean square of waves, slopes and bends in eight zones.

    Parameters
    ----------
    beats : ndarray, shape (n, n_samples, n_leads)

    Returns
    -------
    ndarray, float64, shape (n, 24 * n_leads)
    """
    x = np.asarray(beats, dtype=np.float64)
    n, leads = len(x), x.shape[2]
    found = []
    for order, factor in _ORDERS:
        change = np.diff(x, n=order, axis=1)
        width = change.shape[1] // ZONES
        parts = change[:, : ZONES * width].reshape(n, ZONES, width, leads)
        size = factor * np.sqrt((parts**2).mean(axis=2))
        found.append(np.log(size + _FLOOR).reshape(n, -1))
    return np.concatenate(found, axis=1)
