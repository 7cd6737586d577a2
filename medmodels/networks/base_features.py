"""Windows of bases through one compiled graph that gives what the last layer reads, too."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.networks.as_graph import as_graph
from medmodels.networks.members import Weights, members, run, stacked, weight_specs, weights_of

Floats = npt.NDArray[np.float32]

_WINDOWS = 256  # in one call


class BaseFeatures:
    """A network that reads windows of bases, compiled once with a second output.

    Members that differ in nothing but their weights share one compiled graph.

    Parameters
    ----------
    network : keras.Model
        Input (N, L, 4), output logits (N, K).
    layer : str
        Name of the layer that the logits are computed from, without a member's number:
        "along" stands for ``along``, or for ``along_1``, ``along_2`` and so on.

    Raises
    ------
    ValueError
        When the network has no such layer.
    """

    def __init__(self, network: keras.Model, layer: str) -> None:
        self._members = [_tapped(member, layer) for member in members(network)]
        first = self._members[0]
        self._shape = tuple(int(n) for n in network.inputs[0].shape[1:])
        signature = tf.TensorSpec((_WINDOWS, *self._shape), tf.float32)

        @as_graph(input_signature=[weight_specs(first), signature], jit_compile=True)
        def one_member(weights: Weights, windows: tf.Tensor) -> Any:
            return run(first, weights, [windows])

        @as_graph(input_signature=[signature])
        def each_member(windows: tf.Tensor) -> Any:
            return stacked([one_member(weights_of(one), windows) for one in self._members])

        self._each_member = each_member

    def warm(self) -> None:
        """Compile the graph, so that the first windows do not wait."""
        self(np.zeros((1, *self._shape), dtype=np.float32))

    def __call__(
        self, windows: Floats, *, progress: Callable[[float], None] | None = None
    ) -> tuple[Floats, Floats]:
        """Read windows that do not follow each other.

        Parameters
        ----------
        windows : ndarray, float32, shape (n, L, 4)
            At least one.
        progress : callable or None
            Told the share that is done, 0 to 1, between calls of the graph; what it
            raises stops the reading.

        Returns
        -------
        logits : ndarray, float32, shape (n, K)
        features : ndarray, float32, shape (n, F)
            The layer's outputs of all members, side by side.
        """
        logits, features = [], []
        for at in range(0, len(windows), _WINDOWS):
            piece = np.asarray(windows[at : at + _WINDOWS], dtype=np.float32)
            inside = len(piece)
            given = tf.constant(np.pad(piece, ((0, _WINDOWS - inside), (0, 0), (0, 0))))
            each, rows = (part.numpy()[:, :inside] for part in self._each_member(given))
            logits.append(each.mean(axis=0))
            features.append(np.concatenate(rows, axis=1))
            if progress is not None:
                progress((at + inside) / len(windows))
        return np.concatenate(logits), np.concatenate(features)


def _tapped(network: keras.Model, layer: str) -> keras.Model:
    """The same graph with two outputs: the logits, and the layer's, of all members in it."""
    found = [
        one.output
        for one in network.layers
        if re.fullmatch(rf"{re.escape(layer)}(_\d+)?", one.name)
    ]
    if not found:
        raise ValueError(f'the network has no layer "{layer}"')
    rows = found[0] if len(found) == 1 else keras.layers.Concatenate()(found)
    return keras.Model(network.inputs, [network.outputs[0], rows])
