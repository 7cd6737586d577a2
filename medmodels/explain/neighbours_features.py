"""What a network makes of the open item, as the stored nearest cases were taken."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.networks.base_features import BaseFeatures
from medmodels.networks.beat_graph import BeatGraph
from medmodels.networks.taps import TappedNetwork, TapSpec

Floats = npt.NDArray[np.float32]

# `BeatGraph` reads a recording in stretches that begin at every 80th beat, eight to a call. A
# beat's features depend on where in its stretch it lies, by as much as its distance to another
# beat: so blocks begin where its stretches do, and with the one before and the margin after they
# fill one call.
_STEP = 80
_MARGIN = 24
BLOCK = 6 * _STEP


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


def block_features(
    bundle: Bundle, windows: Floats, rhythm: Floats, block: int, *, in_order: bool = True
) -> Floats:
    """Features of a block of beats, the same as when the whole recording is read.

    Parameters
    ----------
    bundle : Bundle
        With a table ``neighbours`` in its trust layer.
    windows : ndarray, float32, shape (n, L, leads)
        Of the whole recording, in its order.
    rhythm : ndarray, float32, shape (n, R)
    block : int
        Beats from ``block * BLOCK`` on.
    in_order : bool
        False where rows are single beats that do not follow each other.

    Returns
    -------
    ndarray, float32, shape (at most BLOCK, D)
    """
    graph = _graph(bundle.network, tuple(bundle.trust["neighbours"]["layers"]))
    first, last = block * BLOCK, min((block + 1) * BLOCK, len(windows))
    before, after = (_STEP, _MARGIN) if in_order else (0, 0)
    start = max(first - before, 0)
    part = slice(start, last + after)
    _, rows = graph.with_features(windows[part], rhythm[part], in_order=in_order)
    return np.asarray(rows[first - start : last - start])


def beat_features(
    bundle: Bundle, windows: Floats, rhythm: Floats, beat: int, *, in_order: bool = True
) -> Floats:
    """Features of one beat, (D,); parameters as for `block_features`."""
    block, place = divmod(beat, BLOCK)
    return block_features(bundle, windows, rhythm, block, in_order=in_order)[place]


def base_features(bundle: Bundle, windows: Floats) -> Floats:
    """Features of windows of bases.

    Parameters
    ----------
    bundle : Bundle
        With a table ``neighbours`` in its trust layer.
    windows : ndarray, float32, shape (n, L, 4)
        Mixtures of A, C, G and T; at least one.

    Returns
    -------
    ndarray, float32, shape (n, D)
    """
    _, rows = _bases(bundle.network, str(bundle.trust["neighbours"]["layer"]))(windows)
    return rows


@lru_cache(maxsize=4)
def _bases(network: keras.Model, layer: str) -> BaseFeatures:
    return BaseFeatures(network, layer)


@lru_cache(maxsize=4)
def _tapped(network: keras.Model, spec: TapSpec) -> TappedNetwork:
    """One graph a network, compiled when the first item is asked about."""
    return TappedNetwork(network, spec)


@lru_cache(maxsize=4)
def _graph(network: keras.Model, layers: tuple[str, ...]) -> Any:
    return BeatGraph(network, layers)
