"""What Grad-CAM++, Layer-CAM and Score-CAM have in common.

All weigh a layer's activations and keep what speaks for the class. The
activations, and the logit's derivative to them, come out of one compiled
graph; tf-keras-vis, which runs the network outside of a graph each time, is
the reference that the maps are tested against.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.enlarge import enlarge
from medmodels.explain.layers import last_convolution
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.networks.as_graph import as_graph


class Activations(NamedTuple):
    """What a layer makes of one scan.

    Parameters
    ----------
    values : ndarray, float32, shape (h, w, channels)
    gradient : ndarray, float32, shape (h, w, channels)
        Derivative of the class's logit to each.
    """

    values: Array
    gradient: Array


def activations_of(
    network: keras.Model, x: Array, class_index: int, layer_name: str | None
) -> Activations:
    """Run a scan through a network and look at one layer.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
    class_index : int
    layer_name : str or None
        The last convolution if not given.

    Raises
    ------
    ValueError
        When there is no such class or layer, or the scan has another shape.
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    graph = _compiled(network, layer_name or last_convolution(network))
    explained = np.zeros((1, network.outputs[0].shape[-1]), np.float32)
    explained[0, class_index] = 1
    values, gradient = graph(tf.constant(scan), tf.constant(explained))
    return Activations(values.numpy()[0], gradient.numpy()[0])


def to_map(
    network: keras.Model, weighed: Array, class_index: int, method: str, unit: str
) -> SaliencyMap:
    """Put the sum over weighed channels into the form that every method returns.

    Parameters
    ----------
    network : keras.Model
    weighed : ndarray, float32, shape (h, w)
    class_index : int
        The class explained.
    method, unit : str
        For the map.

    Returns
    -------
    SaliencyMap
        values (H, W), at least 0: what speaks against the class is dropped.
    """
    height, width = network.inputs[0].shape[1:3]
    grid = np.maximum(weighed, 0)
    return SaliencyMap(
        values=enlarge(grid, (height, width)),
        grid=grid.shape,
        signed=False,
        method=method,
        class_index=class_index,
        unit=unit,
    )


@lru_cache(maxsize=4)
def _compiled(network: keras.Model, layer_name: str) -> Any:
    inside = network.get_layer(layer_name).output
    model = keras.Model(network.inputs, [inside, network.outputs[0]])
    scan, logits = (
        tf.TensorSpec((1, *tensor.shape[1:]), tf.float32)
        for tensor in (network.inputs[0], network.outputs[0])
    )

    @as_graph(input_signature=[scan, logits])
    def run(x: tf.Tensor, explained: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            # Watching the input puts the activations on the tape; the gradient stops at them.
            tape.watch(x)
            values, answer = model(x, training=False)
        return values, tape.gradient(answer, values, output_gradients=explained)

    return run
