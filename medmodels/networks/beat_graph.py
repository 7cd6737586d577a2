"""All beats of a recording through one compiled graph, in overlapping stretches."""

from __future__ import annotations

import re
from collections.abc import Callable

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.networks.as_graph import as_graph
from medmodels.networks.beat_stretch import CORE, LENGTH, MARGIN, cut, stretch_of
from medmodels.networks.members import Weights, members, run, stacked, weight_specs, weights_of

Floats = npt.NDArray[np.float32]

_STRETCHES = 8  # stretches in one call


class BeatGraph:
    """A beat network compiled once for recordings of any length.

    Training, evaluation and the app read through this class, so that they
    cannot differ. Every call of the graph has one of two fixed shapes; memory
    does not grow with the recording.

    Parameters
    ----------
    network : keras.Model
        Inputs ``windows`` (B, T, n_samples, n_leads) and ``rhythm``
        (B, T, n_rhythm), output logits (B, T, n_classes).
    features : tuple of str
        Layers whose outputs `with_features` gives beside the logits, by name
        without the member's number: "judgement" stands for ``judgement`` and
        for ``judgement_1``, ``judgement_2`` and so on, in this order. Each
        gives one vector a beat.

    Raises
    ------
    ValueError
        When the network has no layer of that name.
    """

    def __init__(self, network: keras.Model, features: tuple[str, ...] = ()) -> None:
        self._samples, self._leads = (int(n) for n in network.inputs[0].shape[2:])
        self._context = int(network.inputs[1].shape[2])
        self._classes = int(network.outputs[0].shape[-1])
        # Members that differ in nothing but their weights share one compiled graph.
        self._members = [_tap(member, features) for member in members(network)]
        first = self._members[0]
        self._sizes = [int(output.shape[-1]) for output in first.outputs[1:]]
        self._width = self._classes + len(self._members) * sum(self._sizes)
        windows, rhythm = (tf.TensorSpec(t.shape, tf.float32) for t in network.inputs)

        # The graph computes the features on the way to the logits: one call gives both.
        @as_graph(input_signature=[weight_specs(first), windows, rhythm], jit_compile=True)
        def one_member(weights: Weights, windows: tf.Tensor, rhythm: tf.Tensor) -> tf.Tensor:
            beats, *folded = tf.nest.flatten(run(first, weights, [windows, rhythm]))
            shape = tf.shape(beats)
            parts = [tf.reshape(x, (shape[0], shape[1], x.shape[-1])) for x in folded]
            return tf.concat([beats, *parts], axis=-1)

        @as_graph(input_signature=[windows, rhythm])
        def each_member(windows: tf.Tensor, rhythm: tf.Tensor) -> tf.Tensor:
            return stacked([one_member(weights_of(one), windows, rhythm) for one in self._members])

        self._each_member = each_member

    def warm(self) -> None:
        """Compile both shapes, so that the first recording does not wait."""
        for n in (1, 2 * LENGTH):
            self(
                np.zeros((n, self._samples, self._leads), dtype=np.float32),
                np.zeros((n, self._context), dtype=np.float32),
            )

    def __call__(
        self,
        windows: Floats,
        rhythm: Floats,
        *,
        progress: Callable[[float], None] | None = None,
        in_order: bool = True,
    ) -> Floats:
        """Read beats.

        Parameters
        ----------
        windows : ndarray, float32, shape (n, n_samples, n_leads)
            In the order of the recording.
        rhythm : ndarray, float32, shape (n, n_rhythm)
        progress : callable or None
            Told the share that is done, 0 to 1, between calls of the graph.
        in_order : bool
            False where neighbouring rows are unrelated (tables of single
            beats): each beat is then read alone.

        Returns
        -------
        ndarray, float32, shape (n, n_classes)
            Logits.
        """
        return self.with_features(windows, rhythm, progress=progress, in_order=in_order)[0]

    def with_features(
        self,
        windows: Floats,
        rhythm: Floats,
        *,
        progress: Callable[[float], None] | None = None,
        in_order: bool = True,
    ) -> tuple[Floats, Floats]:
        """Read beats, and keep what the network made of them on the way.

        Parameters
        ----------
        windows, rhythm, progress, in_order
            As for a call of the graph.

        Returns
        -------
        tuple of ndarray, float32
            Logits, shape (n, n_classes), and features, shape (n, n_features):
            the outputs of the layers asked for, side by side.
        """
        read = self._in_order if in_order else self._alone
        found = read(windows, rhythm, progress)
        return found[:, : self._classes], found[:, self._classes :]

    def _both(self, windows: Floats, rhythm: Floats) -> Floats:
        """Mean logits, then each feature of all members side by side."""
        found = self._each_member(tf.constant(windows), tf.constant(rhythm)).numpy()
        parts = [found[..., : self._classes].mean(axis=0, dtype=np.float32)]
        start = self._classes
        for size in self._sizes:
            parts += list(found[..., start : start + size])
            start += size
        return np.concatenate(parts, axis=-1)

    def _in_order(
        self, windows: Floats, rhythm: Floats, progress: Callable[[float], None] | None
    ) -> Floats:
        n = len(windows)
        out = np.zeros((n, self._width), dtype=np.float32)
        starts = list(range(0, n, CORE))
        stretches = 1 if len(starts) == 1 else _STRETCHES
        for at in range(0, len(starts), stretches):
            some = starts[at : at + stretches]
            w = np.zeros((stretches, LENGTH, self._samples, self._leads), dtype=np.float32)
            r = np.zeros((stretches, LENGTH, self._context), dtype=np.float32)
            for row, start in enumerate(some):
                w[row], r[row] = (cut(part, stretch_of(start)) for part in (windows, rhythm))
            found = self._both(w, r)
            for row, start in enumerate(some):
                size = min(CORE, n - start)
                out[start : start + size] = found[row, MARGIN : MARGIN + size]
            if progress is not None:
                progress(min(1.0, (at + len(some)) / len(starts)))
        return out

    def _alone(
        self, windows: Floats, rhythm: Floats, progress: Callable[[float], None] | None
    ) -> Floats:
        n = len(windows)
        out = np.zeros((n, self._width), dtype=np.float32)
        size = LENGTH * _STRETCHES
        for at in range(0, n, size):
            count = min(size, n - at)
            w = np.zeros((size, 1, self._samples, self._leads), dtype=np.float32)
            r = np.zeros((size, 1, self._context), dtype=np.float32)
            w[:count, 0], r[:count, 0] = windows[at : at + count], rhythm[at : at + count]
            out[at : at + count] = self._both(w, r)[:count, 0]
            if progress is not None:
                progress(min(1.0, (at + count) / n))
        return out


def _tap(network: keras.Model, features: tuple[str, ...]) -> keras.Model:
    """The same graph with more outputs: the logits first, then each layer asked for."""
    outputs = [network.outputs[0]]
    for name in features:
        of_members = [
            layer.output
            for layer in network.layers
            if re.fullmatch(rf"{re.escape(name)}(_\d+)?", layer.name)
        ]
        if not of_members:
            raise ValueError(f'the network has no layer "{name}"')
        outputs += of_members
    return keras.Model(network.inputs, outputs)
