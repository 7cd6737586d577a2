"""A network as tf-keras-vis wants it, but run as one compiled graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from medmodels.explain.arguments import Array


class CompiledNetwork:
    """Stands in for a network where tf-keras-vis calls it, predicts or lists its parts.

    A recurrent network outside ``tf.function`` takes ten to a hundred times
    longer, and Keras's own ``predict`` draws progress bars.

    Parameters
    ----------
    network : keras.Model
        Functional and flat.
    """

    def __init__(self, network: keras.Model) -> None:
        self.inputs = network.inputs
        self.outputs = network.outputs
        self.layers = network.layers
        signature = [tf.TensorSpec(tensor.shape, tf.float32) for tensor in network.inputs]
        self._graph = tf.function(
            lambda *inputs: network(list(inputs) if len(inputs) > 1 else inputs[0], training=False),
            input_signature=signature,
        )

    def __call__(self, inputs: Sequence[tf.Tensor], training: bool = False) -> tf.Tensor:
        """Logits, with a gradient."""
        if training:
            raise ValueError("a network is explained as it answers, not as it trains")
        return self._graph(*inputs)

    def predict(self, inputs: Sequence[Array], batch_size: int) -> Array:
        """Logits of many examples, a batch at a time."""
        batches = (
            [tf.constant(part[start : start + batch_size], tf.float32) for part in inputs]
            for start in range(0, len(inputs[0]), batch_size)
        )
        return np.concatenate([self._graph(*batch).numpy() for batch in batches])


@lru_cache(maxsize=4)
def compiled(network: keras.Model) -> CompiledNetwork:
    """The compiled form of a network, made once."""
    return CompiledNetwork(network)
