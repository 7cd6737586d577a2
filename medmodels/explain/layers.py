"""Find the layer whose activations a map is made of."""

from __future__ import annotations

import keras

_CONVOLUTIONS = (
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv2D,
)


def last_convolution(network: keras.Model) -> str:
    """Name of the last two-dimensional convolution of a flat functional network.

    Parameters
    ----------
    network : keras.Model

    Raises
    ------
    ValueError
        When there is none.
    """
    for layer in reversed(network.layers):
        if isinstance(layer, _CONVOLUTIONS):
            return str(layer.name)
    raise ValueError("the network has no two-dimensional convolution to make a map of")
