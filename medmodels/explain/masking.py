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

from medmodels.explain.arguments import Array, as_inputs, beats_among
from medmodels.explain.beat_stages import stages_of
from medmodels.explain.compiled import compiled
from medmodels.explain.encoded_beats import EncodedBeats
from medmodels.explain.once import once
from medmodels.networks.as_graph import as_graph

# On two cores scans are fastest eight to sixteen at a time (3.1 ms each; alone 8 ms).
_SCANS_AT_ONCE = 16
_STRETCHES_AT_ONCE = 16
# Where only changed beats are encoded: 256 at a time take each a third of what 16 take.
_ENCODED_AT_ONCE = 256

Progress = Callable[[float], None]


class Masking(Protocol):
    """An input whose parts can be replaced by a baseline.

    Attributes
    ----------
    shape : tuple of int
        Of a mask: (H, W) for a scan; (L,) for a sequence of bases; (T, L,
        leads) for the beats of a signal.
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
        self._network, self._graph = network, _scan_graph(network)
        self.shape: tuple[int, ...] = scan.shape[1:3]

    def logits(self, keep: Array, progress: Progress | None = None) -> Array:
        """See `Masking.logits`."""
        return in_parts(
            lambda part: self._graph(
                self._scan, self._baseline, tf.constant(keep[part], tf.float32)
            ).numpy(),
            len(keep), _SCANS_AT_ONCE, progress,
        )  # fmt: skip

    def logits_of_grid(
        self, keep: Array, rows: Array, columns: Array, progress: Progress | None = None
    ) -> Array:
        """The same for coarse masks, which are enlarged on the way into the network.

        Parameters
        ----------
        keep : ndarray, float32, shape (N, h, w)
        rows, columns : ndarray, float32, shapes (H, h) and (W, w)
            Weights that enlarge a mask: ``rows @ mask @ columns.T``.
        progress : callable, optional
        """
        up, across = tf.constant(rows, tf.float32), tf.constant(columns, tf.float32)
        graph = _grid_graph(self._network)
        return in_parts(
            lambda part: graph(
                self._scan, self._baseline, up, across, tf.constant(keep[part], tf.float32)
            ).numpy(),
            len(keep), _SCANS_AT_ONCE, progress,
        )  # fmt: skip


class BeatMasking:
    """The beats around one beat, whose parts can be replaced; the answer is that beat's.

    Only the beats that a mask changes are encoded anew, where the network
    encodes each on its own (`medmodels.explain.beat_stages`).

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
        (windows,), (numbers,) = as_inputs(network, x)
        self._network, self._beat = network, beat
        self._windows, self._rhythm = windows, numbers
        # In a row without a beat there is nothing to replace.
        held = beats_among((windows, numbers))
        trace = np.asarray(baseline, np.float32).reshape(windows.shape)
        self._baseline = np.where(held[:, None, None], trace, windows)
        instead = numbers if rhythm_baseline is None else rhythm_baseline
        rows = np.asarray(instead, np.float32).reshape(numbers.shape)
        self._rhythm_baseline = np.where(held[:, None], rows, numbers)
        self.shape: tuple[int, ...] = windows.shape
        self.rhythm_shape: tuple[int, ...] = numbers.shape

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
        ask = self._ask_whole if self._encoded is None else self._ask_encoded
        return in_parts(
            lambda part: ask(
                np.asarray(keep[part], np.float32),
                self._numbers(len(keep[part]), None if rhythm is None else rhythm[part]),
            ),
            len(keep), _STRETCHES_AT_ONCE if self._encoded is None else _ENCODED_AT_ONCE, progress,
        )  # fmt: skip

    @once
    def _encoded(self) -> EncodedBeats | None:
        stages = stages_of(self._network)
        return None if stages is None else EncodedBeats(stages, self._windows, self._baseline)

    def _ask_encoded(self, keep: Array, numbers: Array) -> Array:
        assert self._encoded is not None
        features = self._encoded.features(keep)
        return self._encoded.stages.read(features, numbers, self._beat)

    def _ask_whole(self, keep: Array, numbers: Array) -> Array:
        traces = self._baseline + keep * (self._windows - self._baseline)
        return compiled(self._network).predict([traces, numbers], len(keep))[:, self._beat]

    def _numbers(self, n: int, keep: Array | None) -> Array:
        if keep is None:
            return np.broadcast_to(self._rhythm, (n, *self.rhythm_shape))
        kept = np.asarray(keep, np.float32)
        return self._rhythm_baseline + kept * (self._rhythm - self._rhythm_baseline)


def part_of(progress: Progress | None, done: int, of: int) -> Progress | None:
    """Tell of one step of ``of`` alike, after ``done`` of them; None where nobody listens."""
    if progress is None:
        return None
    return lambda share: progress((done + share) / of)


def in_parts(
    ask: Callable[[slice], Array], n: int, at_once: int, progress: Progress | None
) -> npt.NDArray[np.float32]:
    """Ask for n rows, some at a time, and tell how far it is."""
    found = []
    for start in range(0, n, at_once):
        if progress is not None:
            progress(start / n)
        found.append(ask(slice(start, start + at_once)))
    if progress is not None:
        progress(1.0)
    return np.concatenate(found)


@lru_cache(maxsize=4)
def _scan_graph(network: keras.Model) -> Any:
    shape = tuple(network.inputs[0].shape[1:])
    one = tf.TensorSpec((1, *shape), tf.float32)

    @as_graph(input_signature=[one, one, tf.TensorSpec((None, *shape[:2]), tf.float32)])
    def masked(scan: tf.Tensor, baseline: tf.Tensor, keep: tf.Tensor) -> tf.Tensor:
        mixed = baseline + keep[..., tf.newaxis] * (scan - baseline)
        return network(mixed, training=False)

    return masked


@lru_cache(maxsize=4)
def _grid_graph(network: keras.Model) -> Any:
    one = tf.TensorSpec((1, *network.inputs[0].shape[1:]), tf.float32)
    matrix, grids = tf.TensorSpec((None, None)), tf.TensorSpec((None, None, None))

    @as_graph(input_signature=[one, one, matrix, matrix, grids])
    def masked(
        scan: tf.Tensor, baseline: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor, keep: tf.Tensor
    ) -> tf.Tensor:
        masks = tf.einsum("ya,nab,xb->nyx", rows, keep, columns)
        return network(baseline + masks[..., tf.newaxis] * (scan - baseline), training=False)

    return masked
