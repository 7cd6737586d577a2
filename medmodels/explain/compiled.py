"""A network as tf-keras-vis wants it, but run as one compiled graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from medmodels.explain.arguments import Array
from medmodels.explain.members import Weights, members, run, weight_specs, weights_of


class CompiledNetwork:
    """Stands in for a network where tf-keras-vis calls it, predicts or lists its parts.

    A recurrent network outside ``tf.function`` takes ten to a hundred times
    longer, and Keras's own ``predict`` draws progress bars. A network that
    averages alike members is compiled as one of them (`members`): four times
    sooner for four of them, and no slower after that.

    Parameters
    ----------
    network : keras.Model
        Functional and flat.
    """

    def __init__(self, network: keras.Model) -> None:
        self.inputs = network.inputs
        self.outputs = network.outputs
        self.layers = network.layers
        self._members = members(network)
        weights = weight_specs(self._members[0])
        inputs = tuple(tf.TensorSpec(tensor.shape, tf.float32) for tensor in network.inputs)
        logits = tf.TensorSpec(network.outputs[0].shape, tf.float32)
        self._one_answer = tf.function(self._run, input_signature=[weights, inputs])
        self._one_derivative = tf.function(
            self._differentiate, input_signature=[weights, inputs, logits]
        )

    def __call__(self, inputs: Sequence[tf.Tensor], training: bool = False) -> tf.Tensor:
        """Logits, with a gradient to the inputs only."""
        if training:
            raise ValueError("a network is explained as it answers, not as it trains")

        # Left to itself, TensorFlow would also compile the gradient of the
        # gradient for tf-keras-vis's persistent tape: many seconds, never used.
        @tf.custom_gradient
        def answer(*inputs: tf.Tensor) -> tuple[tf.Tensor, Any]:
            def gradient(upstream: tf.Tensor, variables: Sequence[Any] = ()) -> Any:
                _, to_inputs = self.derive(inputs, upstream)
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

    def derive(
        self, inputs: Sequence[tf.Tensor], upstream: tf.Tensor
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, ...]]:
        """Logits, and the derivative of their weighted sum to every input.

        Parameters
        ----------
        inputs : sequence of tensor, shape (N, ...)
        upstream : tensor, shape of the logits
            Weight of each logit; a 1 in each row picks what is explained.

        Returns
        -------
        logits : tensor
        gradients : tuple of tensor
            One for each input.
        """
        n = len(self._members)
        found = [
            self._one_derivative(weights_of(member), tuple(inputs), upstream / n)
            for member in self._members
        ]
        logits = tf.add_n([logits for logits, _ in found]) / n
        gradients = zip(*(gradients for _, gradients in found), strict=True)
        return logits, tuple(tf.add_n(list(parts)) for parts in gradients)

    def _answer(self, inputs: tuple[tf.Tensor, ...]) -> tf.Tensor:
        found = [self._one_answer(weights_of(member), inputs) for member in self._members]
        return tf.add_n(found) / len(found)

    def _run(self, weights: Weights, inputs: tuple[tf.Tensor, ...]) -> tf.Tensor:
        return run(self._members[0], weights, inputs)

    def _differentiate(
        self, weights: Weights, inputs: tuple[tf.Tensor, ...], upstream: tf.Tensor
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, ...]]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(inputs)
            logits = self._run(weights, inputs)
        # A network that leaves out one of its inputs is no error: zero.
        return logits, tape.gradient(
            logits,
            inputs,
            output_gradients=upstream,
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )


@lru_cache(maxsize=4)
def compiled(network: keras.Model) -> CompiledNetwork:
    """The compiled form of a network, made once."""
    return CompiledNetwork(network)
