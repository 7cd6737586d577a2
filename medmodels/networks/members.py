"""A network that averages alike members, traced and compiled once for all of them.

Compiling a recurrent network and its gradient takes seconds for each copy of
it in the graph. Members that differ in nothing but their weights share one
graph that is given the weights of each in turn. What is asked often does so within one
call: read one by one from outside of a graph, the weights of a few members are hundreds
of calls, and other threads get in between any two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import keras
import tensorflow as tf

Weights = tuple[list[tf.Tensor], list[tf.Tensor]]


@lru_cache(maxsize=8)
def members(network: keras.Model) -> tuple[keras.Model, ...]:
    """The networks whose outputs a network averages.

    Parameters
    ----------
    network : keras.Model
        Functional and flat.

    Returns
    -------
    tuple of keras.Model
        With the network's inputs and its layers, so with its weights as they
        are at any time. The network itself alone where its output is not a
        plain average, or where the averaged parts differ in more than weights.
    """
    last = network.outputs[0]
    made_by = last._keras_history.operation
    if len(network.outputs) != 1 or not isinstance(made_by, keras.layers.Average):
        return (network,)
    averaged = made_by._inbound_nodes[last._keras_history.node_index].input_tensors
    parts = tuple(keras.Model(network.inputs, part) for part in averaged)
    first = _plan(parts[0])
    return parts if all(_plan(part) == first for part in parts[1:]) else (network,)


def weights_of(model: keras.Model) -> Weights:
    """A model's weights as they are now, for `run`."""
    return (
        [tf.convert_to_tensor(variable.value) for variable in model.trainable_variables],
        [tf.convert_to_tensor(variable.value) for variable in model.non_trainable_variables],
    )


def weight_specs(model: keras.Model) -> Any:
    """The signature of `weights_of`, for a compiled graph."""
    return tuple([tf.TensorSpec(w.shape, w.dtype) for w in part] for part in weights_of(model))


def stacked(found: Sequence[Any]) -> Any:
    """What each member gave, put on a first axis; for a call that runs all of them.

    Parameters
    ----------
    found : sequence of tensor, or of tuple of tensor
        One of a kind for each member.
    """
    return tf.nest.map_structure(lambda *parts: tf.stack(parts), *found)


def copy_of(model: keras.Model) -> keras.Model:
    """A network of the same plan with layers, and weights, of its own.

    Keras changes the record of a network's graph when a part of it is taken
    from between its layers: afterwards it can be neither saved nor cloned.
    Parts are taken from such a copy, and run with the weights of the original.

    Raises
    ------
    ValueError
        When the copy is not alike.
    """
    copy = keras.models.clone_model(model)
    if _plan(copy) != _plan(model):
        raise ValueError("the network cannot be copied")
    return copy


def weights_for(part: keras.Model, copy: keras.Model, model: keras.Model) -> Weights:
    """A model's weights as they are now, for a part of its copy.

    Parameters
    ----------
    part : keras.Model
        Made of layers of ``copy``.
    copy : keras.Model
        From `copy_of`.
    model : keras.Model
        What was copied, or an alike one.
    """
    values = dict(zip(map(id, _variables(copy)), _variables(model), strict=True))
    return (
        [tf.convert_to_tensor(values[id(v)].value) for v in part.trainable_variables],
        [tf.convert_to_tensor(values[id(v)].value) for v in part.non_trainable_variables],
    )


def _variables(model: keras.Model) -> list[Any]:
    return [variable for layer in model.layers for variable in layer.variables]


def run(model: keras.Model, weights: Weights, inputs: Sequence[tf.Tensor]) -> Any:
    """What a model answers with the weights of an alike one.

    Parameters
    ----------
    model : keras.Model
    weights : Weights
        From `weights_of`.
    inputs : sequence of tensor
        One for each of the model's inputs.

    Returns
    -------
    tensor, or list of tensor
        As calling the model gives.
    """
    given = list(inputs) if len(inputs) > 1 else inputs[0]
    return model.stateless_call(*weights, given, training=False)[0]


def _plan(model: keras.Model) -> Any:
    """What a model is built of and how, without the names of its layers."""
    config = model.get_config()
    numbers = {layer["name"]: place for place, layer in enumerate(config["layers"])}
    return _nameless(config, numbers)


def _nameless(part: Any, numbers: dict[str, int]) -> Any:
    if isinstance(part, dict):
        return {key: _nameless(value, numbers) for key, value in part.items() if key != "name"}
    if isinstance(part, list | tuple):
        return [_nameless(value, numbers) for value in part]
    return numbers.get(part, part) if isinstance(part, str) else part
