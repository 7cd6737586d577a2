"""What a network makes of the open item, as the stored nearest cases were taken."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.networks.beat_graph import BeatGraph
from medmodels.networks.taps import TappedNetwork, TapSpec

Floats = npt.NDArray[np.float32]

# Beats on either side that the network is given along with the chosen one: as
# many as it is given when it reads the recording.
CONTEXT = 24


def scan_features(bundle: Bundle, network_input: Floats) -> Floats:
    """Features of one scan.

    Parameters
    ----------
    bundle : Bundle
        With a table ``neighbours`` in its trust layer.
    network_input : ndarray, float32, shape (H, W, C)
        As the network saw the scan, 0 to 1.

    Returns
    -------
    ndarray, float32, shape (D,)
    """
    run = _tapped(bundle.network, TapSpec.from_trust(bundle.trust["features"]))
    _, rows = run(network_input[None])
    return np.asarray(rows[0, slice(*bundle.trust["neighbours"]["features"])])


def beat_features(
    bundle: Bundle, windows: Floats, rhythm: Floats, beat: int, *, in_order: bool = True
) -> Floats:
    """Features of one beat, read among its neighbours.

    Parameters
    ----------
    bundle : Bundle
        With a table ``neighbours`` in its trust layer.
    windows : ndarray, float32, shape (n, L, leads)
        Of the whole recording, in its order.
    rhythm : ndarray, float32, shape (n, R)
    beat : int
        0 to n - 1.
    in_order : bool
        False where rows are single beats that do not follow each other.

    Returns
    -------
    ndarray, float32, shape (D,)
    """
    graph = _graph(bundle.network, tuple(bundle.trust["neighbours"]["layers"]))
    reach = CONTEXT if in_order else 0
    first, last = max(beat - reach, 0), beat + reach + 1
    _, rows = graph.with_features(windows[first:last], rhythm[first:last], in_order=in_order)
    return np.asarray(rows[beat - first])


@lru_cache(maxsize=4)
def _tapped(network: keras.Model, spec: TapSpec) -> TappedNetwork:
    """One graph a network, compiled when the first item is asked about."""
    return TappedNetwork(network, spec)


@lru_cache(maxsize=4)
def _graph(network: keras.Model, layers: tuple[str, ...]) -> Any:
    return BeatGraph(network, layers)
