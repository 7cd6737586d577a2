"""Learning: forward pass, loss, gradient and a step, on a copy of a network's end.

The copy begins at the last convolution, whose input stands still while the copy
learns: one example could not teach the layers before it anything, and a step
takes milliseconds. Weights of the copy are new arrays; the network that answers
on the other pages is never touched.

Cross-entropy after softmax has the gradient p - y at the logits, and at a dense
layer's weights the outer product of its input and that (Goodfellow, Bengio and
Courville 2016, sections 6.2.2.3 and 6.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import keras

Array = npt.NDArray[np.float32]
Weights = tuple[Array, ...]


@dataclass(frozen=True)
class Pass:
    """One forward and backward pass over one example.

    Parameters
    ----------
    features : ndarray, float32, shape (F,)
        What the last layer is given.
    logits, probabilities : ndarray, float32, shape (K,)
        Before and after softmax.
    loss : float
        Cross-entropy with the supposed label, nats.
    at_logits : ndarray, float32, shape (K,)
        Derivative of the loss to each logit.
    gradients : tuple of ndarray
        Derivative to every weight, in the order of `LearningCopy.weights`.
    """

    features: Array
    logits: Array
    probabilities: Array
    loss: float
    at_logits: Array
    gradients: Weights


class LearningCopy:
    """A copy of a network's end that can learn.

    Parameters
    ----------
    network : keras.Model
        Functional and flat; ends in a dense layer that gives logits (N, K).
        It is read only.
    x : ndarray, float32, shape (H, W, C)
        The one example, a prepared scan, 0 to 1.

    Attributes
    ----------
    start : tuple of ndarray
        The network's own weights: the last layer's kernel (F, K) and bias (K,)
        first, then the last convolution's.
    last : int
        How many of the arrays belong to the last layer.
    frozen : int
        How many weights of the network stand still outside the copy.

    Raises
    ------
    ValueError
        When the network does not end in such a layer.
    """

    def __init__(self, network: keras.Model, x: Array) -> None:
        import keras
        import tensorflow as tf

        from medmodels.networks.as_graph import as_graph

        dense = network.outputs[0]._keras_history.operation
        if not isinstance(dense, keras.layers.Dense) or dense.activation.__name__ != "linear":
            raise ValueError("the network does not end in a dense layer that gives logits")
        tail, entry = _tail(network, dense)
        self._tail = keras.models.clone_model(tail)
        self._tail.set_weights(tail.get_weights())
        own = self._tail.get_layer(dense.name)
        self._features = keras.Model(self._tail.inputs, own.input)
        before = keras.Model(network.inputs[0], entry)
        self._entry = tf.constant(before(x[np.newaxis], training=False))
        # By identity: variables compare element by element.
        known = {id(variable) for variable in own.trainable_variables}
        others = [v for v in self._tail.trainable_variables if id(v) not in known]
        self._variables = [*own.trainable_variables, *others]
        self.last = len(own.trainable_variables)
        self.names = tuple(str(variable.path) for variable in self._variables)
        self.start: Weights = tuple(variable.numpy().copy() for variable in self._variables)
        self.frozen = int(network.count_params() - self._tail.count_params())
        self._graph = as_graph(self._differentiate)

    def examine(self, weights: Weights, label: int) -> Pass:
        """Go forward and back with some weights.

        Parameters
        ----------
        weights : tuple of ndarray
            In the shapes of `start`.
        label : int
            What the example is supposed to be, 0 to K - 1.
        """
        import tensorflow as tf

        for variable, value in zip(self._variables, weights, strict=True):
            variable.assign(value)
        features, logits, probabilities, loss, at_logits, gradients = self._graph(
            tf.constant(label, tf.int32)
        )
        return Pass(
            features.numpy()[0], logits.numpy()[0], probabilities.numpy()[0], float(loss),
            at_logits.numpy()[0], tuple(gradient.numpy() for gradient in gradients),
        )  # fmt: skip

    def _differentiate(self, label: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape(persistent=True) as tape:
            logits = self._tail(self._entry, training=False)
            tape.watch(logits)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(label[tf.newaxis], logits)[0]
        gradients = tape.gradient(loss, [variable.value for variable in self._variables])
        features = self._features(self._entry, training=False)
        return features, logits, tf.nn.softmax(logits), loss, tape.gradient(loss, logits), gradients


def stepped_weights(
    weights: Weights, gradients: Sequence[Array], rate: float, count: int
) -> Weights:
    """One step of gradient descent: w - rate * gradient for the first ``count`` arrays.

    Parameters
    ----------
    weights, gradients : tuple of ndarray
    rate : float
        Learning rate, above 0.
    count : int
        How many of the arrays learn; the others stay as they are.
    """
    rate32 = np.float32(rate)
    return tuple(
        w - rate32 * g if k < count else w
        for k, (w, g) in enumerate(zip(weights, gradients, strict=True))
    )


def _tail(network: keras.Model, dense: Any) -> tuple[keras.Model, Any]:
    """The network from its last convolution on, or its last layer; and what goes in."""
    import keras

    from medmodels.explain.layers import last_convolution

    try:
        entry = network.get_layer(last_convolution(network)).input
        return keras.Model(entry, network.outputs[0]), entry
    except ValueError:
        # No convolution, or one beside which another branch runs.
        return keras.Model(dense.input, network.outputs[0]), dense.input
