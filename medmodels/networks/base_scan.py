"""A splice site network moved along a sequence base by base.

Neighbouring windows share all bases but one. The convolution and the GRU's input
products depend on the place in the sequence only, so they are computed once for all
windows; what is left for each window are the recurrent steps, done for a whole block of
windows at a time: step ``j`` of window ``i`` sees the motif at ``i + stride * j``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.networks.as_graph import as_graph
from medmodels.networks.members import stacked
from medmodels.networks.splice_rnn import LENGTH

Floats = npt.NDArray[np.float32]

#: Windows in one call of the graph: for whole sequences, and for short ones. A block's
#: states of all members stay in the processor's cache.
_BLOCK, _SHORT = 4096, 256


class _Direction(NamedTuple):
    """Weights of a GRU in one direction (``reset_after``, gates in the order z, r, h)."""

    kernel: tf.Tensor
    recurrent: tf.Tensor
    bias_in: tf.Tensor
    bias_state: tf.Tensor


class _Weights(NamedTuple):
    """Of one member."""

    motifs: tf.Tensor
    motifs_bias: tf.Tensor
    forward: _Direction
    backward: _Direction
    head: tf.Tensor
    head_bias: tf.Tensor


class BaseScan:
    """A splice site network compiled once for sequences of any length.

    Gives what the network gives on each window of 60 bases (a test holds this to 1e-4).
    Every call of the graph has one of two fixed shapes, so that memory beside the
    sequence and its logits does not grow with the sequence.

    Parameters
    ----------
    network : keras.Model
        From `medmodels.networks.splice_rnn`, or loaded.

    Raises
    ------
    ValueError
        When the network is none of these.
    """

    def __init__(self, network: keras.Model) -> None:
        weights, stride = _members(network)
        self._classes = int(network.outputs[0].shape[-1])

        # XLA fuses the many small steps: half the time, for a second once to compile.
        @as_graph(reduce_retracing=False, jit_compile=True)
        def one_member(weights: _Weights, bases: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return _read(weights, stride, bases)

        @as_graph(reduce_retracing=False)
        def each_member(bases: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return stacked([one_member(one, bases) for one in weights])

        @as_graph(reduce_retracing=False)
        def alone(windows: tf.Tensor) -> tf.Tensor:
            return network(windows, training=False)

        self._each_member, self._alone = each_member, alone

    def warm(self, *, alone: bool = True) -> None:
        """Compile all shapes, so that the first sequence does not wait.

        Parameters
        ----------
        alone : bool
            Those of `windows`, too.
        """
        for count in (_SHORT, _BLOCK):
            self._block(np.zeros((count + LENGTH - 1, 4), np.float32), np.zeros(0, np.int64))
        if alone:
            self._alone(tf.zeros((_SHORT, LENGTH, 4)))

    def __call__(self, bases: Floats, *, progress: Callable[[float], None] | None = None) -> Floats:
        """Read every window of a sequence.

        Parameters
        ----------
        bases : ndarray, float32, shape (n, 4)
            Mixtures of A, C, G and T; n is at least 60.
        progress : callable or None
            Told the share that is done, 0 to 1, between calls of the graph; what it
            raises stops the scan.

        Returns
        -------
        ndarray, float32, shape (n - 59, n_classes)
            Logits; row i is that of the bases i to i + 59, with the place judged between
            the bases i + 29 and i + 30 (from 0).

        Raises
        ------
        ValueError
            When there are fewer than 60 bases.
        """
        return self.with_features(bases, np.zeros(0, np.int64), progress=progress)[0]

    def with_features(
        self,
        bases: Floats,
        rows: npt.NDArray[np.int64],
        *,
        progress: Callable[[float], None] | None = None,
    ) -> tuple[Floats, Floats]:
        """Read every window, and keep what the last layer reads of some.

        Parameters
        ----------
        bases, progress
            As for a call.
        rows : ndarray, int64, shape (m,)
            Numbers of windows, rising.

        Returns
        -------
        tuple of ndarray, float32
            Logits as of a call, and features, shape (m, n_features): the GRU's last states
            of all members side by side.

        Raises
        ------
        ValueError
            When there are fewer than 60 bases.
        """
        count = len(bases) - LENGTH + 1
        if count < 1:
            raise ValueError(f"at least {LENGTH} bases are needed, there are {len(bases)}")
        size = _SHORT if count <= _SHORT else _BLOCK
        logits = np.empty((count, self._classes), dtype=np.float32)
        features = []
        for at in range(0, count, size):
            piece = np.asarray(bases[at : at + size + LENGTH - 1], dtype=np.float32)
            inside = len(piece) - LENGTH + 1
            if inside < size:
                piece = np.pad(piece, ((0, size - inside), (0, 0)))
            wanted = rows[(rows >= at) & (rows < at + inside)] - at
            found, states = self._block(piece, wanted)
            logits[at : at + inside] = found[:inside]
            features.append(states)
            if progress is not None:
                progress((at + inside) / count)
        return logits, np.concatenate(features)

    def _block(self, bases: Floats, rows: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
        logits, states = (part.numpy() for part in self._each_member(tf.constant(bases)))
        return logits.mean(axis=0), np.concatenate(states[:, rows], axis=1)

    def windows(
        self, windows: Floats, *, progress: Callable[[float], None] | None = None
    ) -> Floats:
        """Read windows that do not follow each other, through the network itself.

        Parameters
        ----------
        windows : ndarray, float32, shape (n, 60, 4)
        progress : callable or None
            As for a call.

        Returns
        -------
        ndarray, float32, shape (n, n_classes)
            Logits.
        """
        out = np.empty((len(windows), self._classes), dtype=np.float32)
        for at in range(0, len(windows), _SHORT):
            piece = np.asarray(windows[at : at + _SHORT], dtype=np.float32)
            inside = len(piece)
            piece = np.pad(piece, ((0, _SHORT - inside), (0, 0), (0, 0)))
            out[at : at + inside] = self._alone(piece).numpy()[:inside]
            if progress is not None:
                progress((at + inside) / len(windows))
        return out


def _members(network: keras.Model) -> tuple[list[_Weights], int]:
    """Weights of all members, in their order, and the stride of their motifs."""
    named = {layer.name: layer for layer in network.layers}
    suffixes = [""] if "motifs" in named else [f"_{k}" for k in range(1, len(named))]
    found = [_member(named, suffix) for suffix in suffixes if f"motifs{suffix}" in named]
    if not found:
        raise ValueError("the network is no splice site network: it has no layer of motifs")
    return found, int(named[f"motifs{suffixes[0]}"].strides[0])


def _member(named: dict[str, keras.Layer], suffix: str) -> _Weights:
    along = named[f"along{suffix}"]
    kernel, bias = (tf.constant(w) for w in named[f"motifs{suffix}"].get_weights())
    head, head_bias = (tf.constant(w) for w in named[f"logits{suffix}"].get_weights())
    return _Weights(
        kernel, bias, _direction(along.forward_layer), _direction(along.backward_layer),
        head, head_bias,
    )  # fmt: skip


def _direction(gru: keras.layers.GRU) -> _Direction:
    kernel, recurrent, bias = gru.get_weights()
    return _Direction(*(tf.constant(w) for w in (kernel, recurrent, bias[0], bias[1])))


def _read(member: _Weights, stride: int, bases: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Logits (size, n_classes) and last states of all windows of a block (size + 59, 4)."""
    found = tf.nn.conv1d(bases[tf.newaxis], member.motifs, 1, "VALID")[0]
    found = tf.nn.relu(found + member.motifs_bias)
    size = bases.shape[0] - LENGTH + 1
    steps = range((LENGTH - member.motifs.shape[0]) // stride + 1)
    states = [
        _run(way, found, size, [stride * j for j in order])
        for way, order in ((member.forward, steps), (member.backward, reversed(steps)))
    ]
    both = tf.concat(states, axis=1)
    return both @ member.head + member.head_bias, both


def _run(way: _Direction, found: tf.Tensor, size: int, starts: list[int]) -> tf.Tensor:
    """Last states of one direction for all windows, (size, width).

    The gates are those of Cho et al. 2014 in the form of Keras' ``reset_after``: the
    reset gate acts on the product of the state and its bias.
    """
    width = way.recurrent.shape[0]
    inputs = found @ way.kernel + way.bias_in
    state = tf.zeros((size, width))
    for start in starts:
        x = inputs[start : start + size]
        u = state @ way.recurrent + way.bias_state
        gates = tf.sigmoid(x[:, : 2 * width] + u[:, : 2 * width])
        keep, reset = gates[:, :width], gates[:, width:]
        new = tf.tanh(x[:, 2 * width :] + reset * u[:, 2 * width :])
        state = new + keep * (state - new)
    return state
