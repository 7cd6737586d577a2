"""One input with parts of it replaced: what its answer becomes.

The audit, the methods that hide parts, and the page where a visitor hides
parts by hand all ask through this one door, so that they hide alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.explain.arguments import Array, as_inputs

# On two cores scans are fastest eight to sixteen at a time (3.1 ms each; alone 8 ms).
_SCANS_AT_ONCE = 16
_STRETCHES_AT_ONCE = 16

Progress = Callable[[float], None]


class Masking(Protocol):
    """An input whose parts can be replaced by a baseline.

    Attributes
    ----------
    shape : tuple of int
        Of a mask: (H, W) for a scan; (T, L, leads) for the beats of a signal.
    """

    shape: tuple[int, ...]

    def logits(self, keep: Array, progress: Progress | None = None) -> Array:
        """Logits (N, K) of N copies of the input, each with its own mask.

        Parameters
        ----------
        keep : ndarray, float32 or bool, shape (N, *shape)
            1 where the input stays, 0 where the baseline is put in its place,
            their mixture between.
        progress : callable, optional
            Told the share that is done; whatever it raises stops the work.
        """
        ...


class ScanMasking:
    """A scan whose parts can be replaced.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, one input (N, H, W, C), logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    baseline : ndarray, float32, shape as ``x``
        See `medmodels.explain.baselines.scan_baseline`.
    """

    def __init__(self, network: keras.Model, x: Array, baseline: Array) -> None:
        (scan,) = as_inputs(network, x)
        self._scan = tf.constant(scan)
        self._baseline = tf.constant(baseline.reshape(scan.shape), tf.float32)
        self._graph = _scan_graph(network)
        self.shape: tuple[int, ...] = scan.shape[1:3]

    def logits(self, keep: Array, progress: Progress | None = None) -> Array:
        """See `Masking.logits`."""
        return _in_parts(
            lambda part: self._graph(self._scan, self._baseline, part),
            keep, _SCANS_AT_ONCE, progress,
        )  # fmt: skip


class BeatMasking:
    """The beats around one beat, whose parts can be replaced; the answer is that beat's.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, inputs (N, T, L, leads) and (N, T, R), logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and rhythm, with or without a batch axis of 1.
    beat : int
        0 to T - 1.
    baseline : ndarray, float32, shape (T, L, leads)
        What is put in the place of a part of the trace.
    rhythm_baseline : ndarray, float32, shape (T, R), optional
        What is put in the place of a beat's numbers; needed for ``rhythm``.
    """

    def __init__(
        self,
        network: keras.Model,
        x: Sequence[Array],
        beat: int,
        baseline: Array,
        rhythm_baseline: Array | None = None,
    ) -> None:
        windows, rhythm = as_inputs(network, x)
        self._windows, self._rhythm = tf.constant(windows), tf.constant(rhythm)
        self._baseline = tf.constant(baseline.reshape(windows.shape), tf.float32)
        numbers = rhythm if rhythm_baseline is None else rhythm_baseline.reshape(rhythm.shape)
        self._numbers = tf.constant(numbers, tf.float32)
        self._beat = tf.constant(beat, tf.int32)
        self._graph = _beat_graph(network)
        self.shape: tuple[int, ...] = windows.shape[1:]
        self.rhythm_shape: tuple[int, ...] = rhythm.shape[1:]

    def logits(
        self, keep: Array, progress: Progress | None = None, *, rhythm: Array | None = None
    ) -> Array:
        """See `Masking.logits`.

        Parameters
        ----------
        keep, progress
        rhythm : ndarray, shape (N, T, R), optional
            The same for the numbers beside the trace, which stay if not given.
        """
        rows = np.ones((len(keep), *self.rhythm_shape), np.float32) if rhythm is None else rhythm
        both = np.concatenate(
            [np.reshape(part, (len(keep), -1)).astype(np.float32) for part in (keep, rows)], axis=1
        )
        return _in_parts(
            lambda part: self._graph(
                self._windows, self._baseline, self._rhythm, self._numbers, self._beat, part
            ),
            both, _STRETCHES_AT_ONCE, progress,
        )  # fmt: skip


def _in_parts(
    graph: Callable[[tf.Tensor], tf.Tensor], keep: Array, at_once: int, progress: Progress | None
) -> npt.NDArray[np.float32]:
    found = []
    for start in range(0, len(keep), at_once):
        if progress is not None:
            progress(start / len(keep))
        found.append(graph(tf.constant(keep[start : start + at_once], tf.float32)).numpy())
    if progress is not None:
        progress(1.0)
    return np.concatenate(found)


@lru_cache(maxsize=4)
def _scan_graph(network: keras.Model) -> Any:
    shape = tuple(network.inputs[0].shape[1:])
    one = tf.TensorSpec((1, *shape), tf.float32)

    @tf.function(input_signature=[one, one, tf.TensorSpec((None, *shape[:2]), tf.float32)])
    def masked(scan: tf.Tensor, baseline: tf.Tensor, keep: tf.Tensor) -> tf.Tensor:
        mixed = baseline + keep[..., tf.newaxis] * (scan - baseline)
        return network(mixed, training=False)

    return masked


@lru_cache(maxsize=4)
def _beat_graph(network: keras.Model) -> Any:
    windows, rhythm = (
        tf.TensorSpec((1, *tensor.shape[1:]), tf.float32) for tensor in network.inputs
    )
    both = tf.TensorSpec((None, None), tf.float32)

    @tf.function(
        input_signature=[windows, windows, rhythm, rhythm, tf.TensorSpec((), tf.int32), both]
    )
    def masked(
        windows: tf.Tensor,
        baseline: tf.Tensor,
        rhythm: tf.Tensor,
        numbers: tf.Tensor,
        beat: tf.Tensor,
        keep: tf.Tensor,
    ) -> tf.Tensor:
        cut = tf.reduce_prod(tf.shape(windows)[1:])
        traces = tf.reshape(keep[:, :cut], tf.concat([[-1], tf.shape(windows)[1:]], 0))
        rows = tf.reshape(keep[:, cut:], tf.concat([[-1], tf.shape(rhythm)[1:]], 0))
        given = [
            baseline + traces * (windows - baseline),
            numbers + rows * (rhythm - numbers),
        ]
        return network(given, training=False)[:, beat]

    return masked
