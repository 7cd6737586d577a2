"""A network as tf-keras-vis wants it, but run as one compiled graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

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
        self._network = network
        inputs = tuple(tf.TensorSpec(tensor.shape, tf.float32) for tensor in network.inputs)
        logits = tf.TensorSpec(network.outputs[0].shape, tf.float32)
        self._answer = tf.function(self._run, input_signature=[inputs])
        self._derive = tf.function(self._differentiate, input_signature=[inputs, logits])

    def __call__(self, inputs: Sequence[tf.Tensor], training: bool = False) -> tf.Tensor:
        """Logits, with a gradient to the inputs only."""
        if training:
            raise ValueError("a network is explained as it answers, not as it trains")

        # Left to itself, TensorFlow would also compile the gradient of the
        # gradient for tf-keras-vis's persistent tape: many seconds, never used.
        @tf.custom_gradient
        def answer(*inputs: tf.Tensor) -> tuple[tf.Tensor, Any]:
            def gradient(upstream: tf.Tensor, variables: Sequence[Any] = ()) -> Any:
                to_inputs = self._derive(inputs, upstream)
                return (to_inputs, [None] * len(variables)) if variables else to_inputs

            return self._answer(tuple(map(tf.stop_gradient, inputs))), gradient

        return answer(*inputs)

    def predict(self, inputs: Sequence[Array], batch_size: int) -> Array:
        """Logits of many examples, a batch at a time."""
        batches = (
            tuple(tf.constant(part[start : start + batch_size], tf.float32) for part in inputs)
            for start in range(0, len(inputs[0]), batch_size)
        )
        return np.concatenate([self._answer(batch).numpy() for batch in batches])

    def _run(self, inputs: tuple[tf.Tensor, ...]) -> tf.Tensor:
        return self._network(list(inputs) if len(inputs) > 1 else inputs[0], training=False)

    def _differentiate(
        self, inputs: tuple[tf.Tensor, ...], upstream: tf.Tensor
    ) -> tuple[tf.Tensor, ...]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(inputs)
            logits = self._run(inputs)
        # A network that leaves out one of its inputs is no error: zero.
        return tape.gradient(
            logits,
            inputs,
            output_gradients=upstream,
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )


@lru_cache(maxsize=4)
def compiled(network: keras.Model) -> CompiledNetwork:
    """The compiled form of a network, made once."""
    return CompiledNetwork(network)
