"""Several networks of one shape, side by side in one flat graph that averages their logits.

The layers of member 2 are named ``..._2``; the last ones are ``logits_1``, ``logits_2`` and so on.
"""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import numpy.typing as npt


def averaged(networks: list[keras.Model], build: Callable[[int], keras.Model]) -> keras.Model:
    """Put trained networks into one.

    Parameters
    ----------
    networks : list of keras.Model
        With one member each; a single one is returned as it is.
    build : callable
        From the number of members to a network of that many.
    """
    if len(networks) == 1:
        return networks[0]
    whole = build(len(networks))
    for k, network in enumerate(networks):
        for layer in network.layers:
            if layer.weights:
                whole.get_layer(f"{layer.name}_{k + 1}").set_weights(layer.get_weights())
    return whole


def last_kernels(network: keras.Model) -> list[npt.NDArray[np.float32]]:
    """Kernels (F, K) of the members' last layers."""
    layers = [layer for layer in network.layers if layer.name.split("_")[0] == "logits"]
    return [layer.get_weights()[0] for layer in layers if layer.get_weights()]
