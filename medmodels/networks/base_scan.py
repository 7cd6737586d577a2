"""A splice site network moved along a sequence base by base.

Neighbouring windows share all bases but one. The convolution and the GRU's input
products depend on the place in the sequence only, so they are computed once for all
windows; what is left for each window are the recurrent steps, done for a whole block of
windows at a time: step ``j`` of window ``i`` sees the motif at ``i + stride * j``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.networks.splice_rnn import LENGTH

Floats = npt.NDArray[np.float32]

#: Windows in one call of the graph: for whole sequences, and for short ones. A block's
#: states of all members stay in the processor's cache.
_BLOCK, _SHORT = 4096, 256


@dataclass(frozen=True)
class _Direction:
    """Weights of a GRU in one direction (``reset_after``, gates in the order z, r, h)."""

    kernel: tf.Tensor
    recurrent: tf.Tensor
    bias_in: tf.Tensor
    bias_state: tf.Tensor


@dataclass(frozen=True)
class _Member:
    """Weights of one member."""

    motifs: tf.Tensor
    motifs_bias: tf.Tensor
    forward: _Direction
    backward: _Direction
    head: tf.Tensor
    head_bias: tf.Tensor
    stride: int
    steps: int


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
        members = _members(network)
        self._classes = int(network.outputs[0].shape[-1])

        @tf.function(reduce_retracing=False)
        def block(bases: tf.Tensor) -> tf.Tensor:
            each = [_read(member, bases) for member in members]
            return tf.add_n(each) / len(each)

        @tf.function(reduce_retracing=False)
        def alone(windows: tf.Tensor) -> tf.Tensor:
            return network(windows, training=False)

        self._block, self._alone = block, alone

    def warm(self) -> None:
        """Compile all shapes, so that the first sequence does not wait."""
        for count in (_SHORT, _BLOCK):
            self._block(tf.zeros((count + LENGTH - 1, 4)))
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
        count = len(bases) - LENGTH + 1
        if count < 1:
            raise ValueError(f"at least {LENGTH} bases are needed, there are {len(bases)}")
        size = _SHORT if count <= _SHORT else _BLOCK
        out = np.empty((count, self._classes), dtype=np.float32)
        for at in range(0, count, size):
            piece = np.asarray(bases[at : at + size + LENGTH - 1], dtype=np.float32)
            inside = len(piece) - LENGTH + 1
            if inside < size:
                piece = np.pad(piece, ((0, size - inside), (0, 0)))
            out[at : at + inside] = self._block(piece).numpy()[:inside]
            if progress is not None:
                progress((at + inside) / count)
        return out

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


def _members(network: keras.Model) -> list[_Member]:
    """Weights of all members, in their order."""
    named = {layer.name: layer for layer in network.layers}
    suffixes = [""] if "motifs" in named else [f"_{k}" for k in range(1, len(named))]
    found = [_member(named, suffix) for suffix in suffixes if f"motifs{suffix}" in named]
    if not found:
        raise ValueError("the network is no splice site network: it has no layer of motifs")
    return found


def _member(named: dict[str, keras.Layer], suffix: str) -> _Member:
    motifs, along = named[f"motifs{suffix}"], named[f"along{suffix}"]
    kernel, bias = (tf.constant(w) for w in motifs.get_weights())
    stride = int(motifs.strides[0])
    head, head_bias = (tf.constant(w) for w in named[f"logits{suffix}"].get_weights())
    return _Member(
        kernel, bias, _direction(along.forward_layer), _direction(along.backward_layer),
        head, head_bias, stride, (LENGTH - int(kernel.shape[0])) // stride + 1,
    )  # fmt: skip


def _direction(gru: keras.layers.GRU) -> _Direction:
    kernel, recurrent, bias = gru.get_weights()
    return _Direction(*(tf.constant(w) for w in (kernel, recurrent, bias[0], bias[1])))


def _read(member: _Member, bases: tf.Tensor) -> tf.Tensor:
    """Logits of all windows of a block; bases (size + 59, 4) to (size, n_classes)."""
    found = tf.nn.conv1d(bases[tf.newaxis], member.motifs, 1, "VALID")[0]
    found = tf.nn.relu(found + member.motifs_bias)
    size = bases.shape[0] - LENGTH + 1
    steps = range(member.steps)
    states = [
        _run(way, found, size, [member.stride * j for j in order])
        for way, order in ((member.forward, steps), (member.backward, reversed(steps)))
    ]
    return tf.concat(states, axis=1) @ member.head + member.head_bias


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
