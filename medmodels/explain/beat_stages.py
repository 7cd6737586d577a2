"""A beat network cut in two where each beat's trace has become one vector.

What a beat looks like is encoded without regard to the beats beside it; only
then are the beats read in their order. So a change in one beat's trace leaves
what was made of all the others as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from medmodels.explain.arguments import Array
from medmodels.networks.members import (
    Weights,
    copy_of,
    members,
    run,
    weight_specs,
    weights_for,
)
from medmodels.networks.rnn import UnfoldBeats

_WINDOWS_AT_ONCE = 512
# Float sums in another order differ by far less; a network that looks across beats by far more.
_ALIKE = 1e-4


class BeatStages:
    """The two stages of a network, each compiled once for all its members.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, inputs windows (N, T, L, leads) and rhythm
        (N, T, R), logits (N, T, K), with `networks.rnn.UnfoldBeats` where the
        traces' vectors are put in their order.

    Raises
    ------
    ValueError
        When there is no such layer, or what follows looks at the trace again.
    """

    def __init__(self, network: keras.Model) -> None:
        self._members = members(network)
        self._copy = copy_of(self._members[0])
        self._encoder, self._reader = _cut(self._copy)
        windows, rhythm = (tf.TensorSpec(tensor.shape, tf.float32) for tensor in network.inputs)
        self._sizes = [int(tensor.shape[-1]) for tensor in self._encoder.outputs]
        features = tf.TensorSpec((None, None, sum(self._sizes)), tf.float32)
        beat = tf.TensorSpec((), tf.int32)
        self._encode = tf.function(
            self._run_encoder, input_signature=[weight_specs(self._encoder), windows, rhythm]
        )
        self._read = tf.function(
            self._run_reader,
            input_signature=[weight_specs(self._reader), features, rhythm, beat],
        )
        number, encoded = tf.TensorSpec(rhythm.shape[1:], tf.float32), features.shape[1:]
        self._derive = tf.function(
            self._run_derivative,
            input_signature=[
                weight_specs(self._encoder), weight_specs(self._reader),
                tf.TensorSpec((None, *windows.shape[2:]), tf.float32),
                tf.TensorSpec((None, rhythm.shape[-1]), tf.float32),
                tf.TensorSpec(encoded, tf.float32), number, beat, beat,
            ],
        )  # fmt: skip
        self._rhythm_size = int(rhythm.shape[-1])

    def encode(self, windows: Array) -> Array:
        """Encode the traces of beats, each on its own.

        Parameters
        ----------
        windows : ndarray, float32, shape (n, L, leads)

        Returns
        -------
        ndarray, float32, shape (members, n, F)
        """
        parts = []
        for start in range(0, len(windows), _WINDOWS_AT_ONCE):
            some = tf.constant(windows[start : start + _WINDOWS_AT_ONCE, np.newaxis])
            beside = tf.zeros((len(some), 1, self._rhythm_size))
            parts.append(self._of_members(some, beside)[:, :, 0])
        return np.concatenate(parts, axis=1)

    def is_apart(self, windows: Array, rhythm: Array) -> bool:
        """Whether traces are encoded alike on their own and in their order.

        Parameters
        ----------
        windows : ndarray, float32, shape (T, L, leads)
        rhythm : ndarray, float32, shape (T, R)
        """
        within = self._of_members(tf.constant(windows[None]), tf.constant(rhythm[None]))[:, 0]
        return bool(np.abs(within - self.encode(windows)).max() <= _ALIKE * np.abs(within).max())

    def read(self, features: Array, rhythm: Array, beat: int) -> Array:
        """Answer for one beat, from the encoded traces and the numbers beside them.

        Parameters
        ----------
        features : ndarray, float32, shape (members, N, T, F)
        rhythm : ndarray, float32, shape (N, T, R)
        beat : int

        Returns
        -------
        ndarray, float32, shape (N, K)
            Logits.
        """
        numbers, place = tf.constant(rhythm), tf.constant(beat, tf.int32)
        total = np.zeros((), np.float32)
        for member, encoded in zip(self._members, features, strict=True):
            weights = weights_for(self._reader, self._copy, member)
            total = total + self._read(weights, tf.constant(encoded), numbers, place).numpy()
        return np.asarray(total / len(self._members), dtype=np.float32)

    def derive(
        self, own: Sequence[Array], features: Array, rhythm: Array, beat: int, class_index: int
    ) -> tuple[Array, tuple[Array, Array]]:
        """One logit for one beat, and its derivative to that beat's trace and numbers.

        Parameters
        ----------
        own : sequence of ndarray, float32, (n, L, leads) and (n, R)
            Traces and numbers of the beat, to be put in its place.
        features : ndarray, float32, shape (members, T, F)
            All beats, encoded.
        rhythm : ndarray, float32, shape (T, R)
        beat, class_index : int

        Returns
        -------
        logits : ndarray, float32, shape (n,)
        gradients : tuple of ndarray, float32, (n, L, leads) and (n, R)
        """
        place, column = tf.constant(beat, tf.int32), tf.constant(class_index, tf.int32)
        given = [tf.constant(part, tf.float32) for part in own]
        found = [
            self._derive(
                weights_for(self._encoder, self._copy, member),
                weights_for(self._reader, self._copy, member),
                *given, tf.constant(encoded), tf.constant(rhythm), place, column,
            )
            for member, encoded in zip(self._members, features, strict=True)
        ]  # fmt: skip
        logits, traces, numbers = (
            np.mean([part.numpy() for part in each], axis=0) for each in zip(*found, strict=True)
        )
        return logits, (traces, numbers)

    def _of_members(self, windows: tf.Tensor, rhythm: tf.Tensor) -> Array:
        each = (weights_for(self._encoder, self._copy, member) for member in self._members)
        return np.stack([self._encode(weights, windows, rhythm).numpy() for weights in each])

    def _run_encoder(self, weights: Weights, windows: tf.Tensor, rhythm: tf.Tensor) -> tf.Tensor:
        found = run(self._encoder, weights, [windows, rhythm])
        return tf.concat(tf.nest.flatten(found), axis=-1)

    def _run_derivative(
        self,
        encoder: Weights,
        reader: Weights,
        windows: tf.Tensor,
        numbers: tf.Tensor,
        features: tf.Tensor,
        rhythm: tf.Tensor,
        beat: tf.Tensor,
        class_index: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        here = tf.cast(tf.range(tf.shape(rhythm)[0]) == beat, tf.float32)[tf.newaxis, :, tf.newaxis]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([windows, numbers])
            beside = tf.zeros((tf.shape(windows)[0], 1, self._rhythm_size))
            own = self._run_encoder(encoder, windows[:, tf.newaxis], beside)
            beats = features[tf.newaxis] * (1 - here) + own * here
            rows = rhythm[tf.newaxis] * (1 - here) + numbers[:, tf.newaxis] * here
            logit = self._run_reader(reader, beats, rows, beat)[:, class_index]
        traces, others = tape.gradient(
            logit, [windows, numbers], unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        return logit, traces, others

    def _run_reader(
        self, weights: Weights, features: tf.Tensor, rhythm: tf.Tensor, beat: tf.Tensor
    ) -> tf.Tensor:
        heads: Sequence[tf.Tensor] = tf.split(features, self._sizes, axis=-1)
        return run(self._reader, weights, [*heads, rhythm])[:, beat]


@lru_cache(maxsize=4)
def stages_of(network: keras.Model) -> BeatStages | None:
    """The stages of a network, made once; None where it cannot be cut."""
    try:
        return BeatStages(network)
    except ValueError:
        return None


def _cut(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    heads = [layer.output for layer in model.layers if isinstance(layer, UnfoldBeats)]
    if len(model.inputs) != 2 or not heads:
        raise ValueError("the network does not say where its beats are put in order")
    encoder = keras.Model(model.inputs, heads)
    return encoder, keras.Model([*heads, model.inputs[1]], model.outputs[0])
