"""A beat network cut in two where each beat's trace has become one vector.

What a beat looks like is encoded without regard to the beats beside it; only
then are the beats read in their order. So a change in one beat's trace leaves
what was made of all the others as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from medmodels.explain.arguments import Array
from medmodels.networks.as_graph import as_graph
from medmodels.networks.in_sizes import in_sizes
from medmodels.networks.members import (
    Weights,
    copy_of,
    members,
    run,
    stacked,
    weight_specs,
    weights_for,
)
from medmodels.networks.rnn import UnfoldBeats

# Rows that a compiled graph is given: XLA compiles anew for every other number of them.
_WINDOWS, _MASKS = (8, 128), (1, 16, 64)
# Float sums in another order differ by far less; a network that looks across beats by far more.
_ALIKE = 1e-4


class BeatStages:
    """The two stages of a network, each compiled once for all its members.

    By XLA, for a few numbers of rows: its many small steps are fused, which takes a half
    to a fifth of the processor time that they take one by one.

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
        self._rhythm_size = int(rhythm.shape[-1])
        self._window = tuple(int(n) for n in windows.shape[2:])
        features = tf.TensorSpec((None, None, sum(self._sizes)), tf.float32)
        beat = tf.TensorSpec((), tf.int32)
        self._encode = self._of_members(self._run_encoder, [self._encoder], [windows, rhythm])
        self._read = self._of_members(
            self._run_reader, [self._reader], [features, rhythm, beat], own=0
        )
        number, encoded = (tf.TensorSpec(t.shape[1:], tf.float32) for t in (rhythm, features))
        trace = tf.TensorSpec((None, *self._window), tf.float32)
        numbers = tf.TensorSpec((None, self._rhythm_size), tf.float32)
        self._derive = self._of_members(
            self._run_derivative, [self._encoder, self._reader],
            [trace, numbers, encoded, number, beat, beat], own=2,
        )  # fmt: skip

    def _of_members(
        self,
        one: Callable[..., Any],
        parts: Sequence[keras.Model],
        signature: list[tf.TensorSpec],
        own: int | None = None,
    ) -> Any:
        """Compile for one member; called for all, each with its weights as they are now.

        The argument at ``own`` has a first axis of members, and so has all that it returns.
        """
        compiled = as_graph(
            one, input_signature=[*map(weight_specs, parts), *signature], jit_compile=True
        )

        def each(*given: tf.Tensor) -> Any:
            return stacked([
                compiled(
                    *(weights_for(part, self._copy, member) for part in parts),
                    *(part[k] if place == own else part for place, part in enumerate(given)),
                )
                for k, member in enumerate(self._members)
            ])  # fmt: skip

        of_all = list(signature)
        if own is not None:
            of_all[own] = tf.TensorSpec((len(self._members), *signature[own].shape), tf.float32)
        return as_graph(each, input_signature=of_all)

    def warm(self, beats: int) -> None:
        """Compile what stretches of so many beats need, whatever number of them."""
        for n in _WINDOWS:
            self.encode(np.zeros((n, *self._window), np.float32))
        for n in _MASKS:
            encoded = np.zeros((len(self._members), n, beats, sum(self._sizes)), np.float32)
            self.read(encoded, np.zeros((n, beats, self._rhythm_size), np.float32), 0)

    def encode(self, windows: Array) -> Array:
        """Encode the traces of beats, each on its own.

        Parameters
        ----------
        windows : ndarray, float32, shape (n, L, leads)

        Returns
        -------
        ndarray, float32, shape (members, n, F)
        """
        found = []
        for rows, inside in in_sizes(windows, _WINDOWS):
            beside = tf.zeros((len(rows), 1, self._rhythm_size))
            found.append(self._encode(rows[:, np.newaxis], beside).numpy()[:, :inside, 0])
        return np.concatenate(found, axis=1)

    @cached_property
    def apart(self) -> bool:
        """Whether traces are encoded alike on their own and in their order, by some of noise."""
        rng = np.random.default_rng(0)
        some, numbers = (
            rng.standard_normal((3, *shape), dtype=np.float32)
            for shape in (self._window, (self._rhythm_size,))
        )
        within = self._encode(some[np.newaxis], numbers[np.newaxis]).numpy()[:, 0]
        return bool(np.abs(within - self.encode(some)).max() <= _ALIKE * np.abs(within).max())

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
        found = [
            self._read(rows.swapaxes(0, 1), numbers, beat).numpy()[:, :inside]
            for (rows, inside), (numbers, _) in zip(
                in_sizes(features.swapaxes(0, 1), _MASKS), in_sizes(rhythm, _MASKS), strict=True
            )
        ]
        return np.concatenate(found, axis=1).mean(axis=0)

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
        given = [np.asarray(part, np.float32) for part in (*own, features, rhythm)]
        found = self._derive(*given, beat, class_index)
        logits, traces, numbers = (part.numpy().mean(axis=0) for part in found)
        return logits, (traces, numbers)

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
    """The stages of a network, made once; None where it does not encode each beat on its own."""
    try:
        stages = BeatStages(network)
    except ValueError:
        return None
    return stages if stages.apart else None


def _cut(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    heads = [layer.output for layer in model.layers if isinstance(layer, UnfoldBeats)]
    if len(model.inputs) != 2 or not heads:
        raise ValueError("the network does not say where its beats are put in order")
    encoder = keras.Model(model.inputs, heads)
    return encoder, keras.Model([*heads, model.inputs[1]], model.outputs[0])
