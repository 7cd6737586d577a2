"""A network whose recurrent layers skip some of their steps.

A step that is skipped leaves the state as it was, as if it had not been there;
what other layers make of that step stays. This is what Keras does with a mask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.explain.arguments import Array
from medmodels.networks.as_graph import as_graph
from medmodels.networks.members import Weights, copy_of, members, run, weight_specs, weights_for


class SkippedSteps:
    """A network, cut at some of its recurrent layers and put together again with a mask.

    Parameters
    ----------
    network : keras.Model
        Functional and flat.
    chosen : callable
        Given a recurrent layer, says whether it skips.
    outputs : callable
        Given the network (a copy of one of its members), says which tensors
        are wanted: one, or several of which the last axes are put together.

    Raises
    ------
    ValueError
        When no layer is chosen, or one is started by another's state.
    """

    def __init__(
        self,
        network: keras.Model,
        chosen: Callable[[keras.layers.Layer], bool],
        outputs: Callable[[keras.Model], Any],
    ) -> None:
        self._members = members(network)
        self._copy = copy_of(self._members[0])
        self._layers = [
            layer for layer in self._copy.layers if is_recurrent(layer) and chosen(layer)
        ]
        if not self._layers:
            raise ValueError("the network has no recurrent layer there: it keeps no memory")
        if any(isinstance(layer.input, list) for layer in self._layers):
            raise ValueError("a recurrent layer that another one starts cannot skip steps alone")
        self._stages = []
        known = list(self._copy.inputs)
        for layer in self._layers:
            self._stages.append(keras.Model(known, layer.input))
            known = [*known, layer.input, *tf.nest.flatten(layer.output)]
        self._stages.append(keras.Model(known, tf.nest.flatten(outputs(self._copy))))
        self._parts = [*self._stages, *self._layers]
        inputs = tuple(tf.TensorSpec((1, *t.shape[1:]), tf.float32) for t in network.inputs)
        self._graph = as_graph(
            self._run,
            input_signature=[
                [weight_specs(part) for part in self._parts],
                inputs,
                tf.TensorSpec((None, None), tf.bool),
            ],
        )

    def __call__(self, inputs: Sequence[Array], taken: npt.NDArray[np.bool_]) -> Array:
        """Run one example, once for each choice of steps.

        Parameters
        ----------
        inputs : sequence of ndarray, float32, shape (1, ...)
            One for each of the network's inputs.
        taken : ndarray of bool, shape (N, steps)
            False for a step that is skipped.

        Returns
        -------
        ndarray, float32, shape (members, N, ...)
        """
        given = tuple(map(tf.constant, inputs))
        found = []
        for member in self._members:
            weights = [weights_for(part, self._copy, member) for part in self._parts]
            found.append(self._graph(weights, given, tf.constant(taken)).numpy())
        return np.stack(found)

    def _run(
        self, weights: list[Weights], inputs: tuple[tf.Tensor, ...], taken: tf.Tensor
    ) -> tf.Tensor:
        times = tf.shape(taken)[0]
        known = list(inputs)
        for place, layer in enumerate(self._layers):
            read = run(self._stages[place], weights[place], known)
            if place == 0:  # up to here every copy is the same
                read, *known = (_repeated(tensor, times) for tensor in (read, *known))
            states, _ = layer.stateless_call(
                *weights[len(self._stages) + place], read, mask=taken, training=False
            )
            known = [*known, read, *tf.nest.flatten(states)]
        last = len(self._layers)
        found = run(self._stages[last], weights[last], known)
        return tf.concat(tf.nest.flatten(found), axis=-1)


def is_recurrent(layer: keras.layers.Layer) -> bool:
    """Whether a layer reads one step after another."""
    inner = layer.forward_layer if isinstance(layer, keras.layers.Bidirectional) else layer
    return isinstance(inner, keras.layers.RNN)


def _repeated(tensor: tf.Tensor, times: tf.Tensor) -> tf.Tensor:
    return tf.repeat(tensor, times, axis=0)
