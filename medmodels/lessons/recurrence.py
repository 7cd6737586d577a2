"""A network's recurrent layers laid open: their states and gates on one input, step by step.

A recurrent layer reads a sequence one step at a time and keeps a state between
the steps: h_t = f(h_{t-1}, x_t; W). What each layer is given comes from the
real network in one pass; its states then follow from its own weights in plain
NumPy, since a compiled layer tells no more than its last one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.explain.arguments import Array
from medmodels.lessons.gru import Doubles, GruTrace, UnitStep, Weights, gru_steps, unit_step
from medmodels.lessons.recurrent_layers import BACKWARD, RecurrentLayer, parts_of, recurrent_layers
from medmodels.networks.as_graph import as_graph

# One function a kind of layer: a new kind is a line here and one in `LAID_OPEN`.
_STEPS: dict[str, Callable[[Weights, Weights, Weights, Weights], GruTrace]] = {"GRU": gru_steps}


@dataclass(frozen=True)
class Unrolled:
    """One direction of a layer, read step by step.

    Parameters
    ----------
    layer : RecurrentLayer
    direction : str
        "backward" reads the last moment first.
    x : ndarray, float64, shape (T, F)
        What it is given, in the order of reading.
    trace : GruTrace
        In the order of reading.
    weights : tuple of ndarray
        Kernel, recurrent kernel and bias.
    """

    layer: RecurrentLayer
    direction: str
    x: Doubles
    trace: GruTrace
    weights: tuple[Weights, Weights, Weights] = field(repr=False)

    def in_time(self, values: Doubles) -> Doubles:
        """Rows in the order of time instead of the order of reading, shape (T, ...)."""
        return values[::-1] if self.direction == BACKWARD else values

    def place(self, step: int) -> int:
        """Where in time a step of reading is; both counted from 0."""
        return len(self.x) - 1 - step if self.direction == BACKWARD else step

    def unit(self, step: int, unit: int) -> UnitStep:
        """One unit at one step of reading, in numbers."""
        return unit_step(*self.weights, self.x[step], self.trace.previous[step], unit)


class LaidOpen:
    """A network as one compiled graph that also tells what its recurrent layers are given.

    Parameters
    ----------
    network : keras.Model
        Flat and functional. It is read and never changed.
    """

    def __init__(self, network: keras.Model) -> None:
        self.layers = recurrent_layers(network)
        self._network = network
        given = [network.get_layer(layer.name).input for layer in self.layers]
        whole = keras.Model(network.inputs, [network.outputs[0], *given])
        signature = [tf.TensorSpec(tensor.shape, tf.float32) for tensor in network.inputs]

        @as_graph(input_signature=[signature])
        def run(inputs: list[tf.Tensor]) -> list[tf.Tensor]:
            return tf.nest.flatten(whole(inputs if len(inputs) > 1 else inputs[0], training=False))

        self._run = run

    def __call__(self, inputs: Sequence[Array]) -> tuple[Array, dict[str, Array]]:
        """Answer, and tell what each recurrent layer was given.

        Parameters
        ----------
        inputs : sequence of ndarray, float32
            One for each of the network's inputs, with a batch axis.

        Returns
        -------
        logits : ndarray, float32, shape (N, ..., K)
        given : dict of str to ndarray, float32
            By the name of the layer: (N, T, F) across beats; (N * T, steps, F)
            within beats, one beat after the other.
        """
        logits, *given = self._run([tf.constant(part, tf.float32) for part in inputs])
        names = [layer.name for layer in self.layers]
        return logits.numpy(), {name: part.numpy() for name, part in zip(names, given, strict=True)}

    def logits(self, inputs: Sequence[Array]) -> Array:
        """The answer alone, float32, shape (N, ..., K)."""
        found: Array = self._run([tf.constant(part, tf.float32) for part in inputs])[0].numpy()
        return found

    def unroll(self, layer: RecurrentLayer, direction: str, x: Weights) -> Unrolled:
        """Read a sequence with one direction of a layer.

        Parameters
        ----------
        layer : RecurrentLayer
        direction : str
            One of ``layer.directions``.
        x : ndarray, shape (T, F)
            What the layer is given, in the order of time.

        Returns
        -------
        Unrolled

        Raises
        ------
        ValueError
            When the layer cannot be laid open or does not read in that direction.
        """
        if not layer.readable:
            raise ValueError(f"the steps of {layer.name} ({layer.cell}) cannot be laid open")
        if direction not in layer.directions:
            raise ValueError(f"{layer.name} does not read {direction}")
        cell = parts_of(self._network.get_layer(layer.name))[direction]
        kernel, recurrent, bias = cell.get_weights()
        ordered = np.asarray(x, np.float64)[:: -1 if direction == BACKWARD else 1]
        trace = _STEPS[layer.cell](kernel, recurrent, bias, ordered)
        return Unrolled(layer, direction, ordered, trace, (kernel, recurrent, bias))


@lru_cache(maxsize=4)
def laid_open(network: keras.Model) -> LaidOpen:
    """The laid open form of a network, compiled once."""
    return LaidOpen(network)


def times_of_windows(offsets_s: npt.NDArray[np.float64], steps: int) -> Doubles:
    """Edges of a layer's steps on a window's time axis.

    Strided convolutions hand on fewer steps than the window has samples; each
    step stands for an equal share of them.

    Parameters
    ----------
    offsets_s : ndarray, float64, shape (L,)
        Time of each sample, seconds, evenly spaced.
    steps : int

    Returns
    -------
    ndarray, float64, shape (steps + 1,)
        Seconds.
    """
    sample = float(offsets_s[1] - offsets_s[0])
    return np.linspace(offsets_s[0], offsets_s[-1] + sample, steps + 1)
