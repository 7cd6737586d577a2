"""All beats of a recording through one compiled graph, in overlapping stretches."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

Floats = npt.NDArray[np.float32]

_LENGTH = 128  # beats in a stretch
_MARGIN = 24  # beats on either side that are read only for what they say of their neighbours
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
    """

    def __init__(self, network: keras.Model) -> None:
        self._samples, self._leads = (int(n) for n in network.inputs[0].shape[2:])
        self._context = int(network.inputs[1].shape[2])
        self._classes = int(network.outputs[0].shape[-1])

        @tf.function(reduce_retracing=False)
        def logits(windows: tf.Tensor, rhythm: tf.Tensor) -> tf.Tensor:
            return network([windows, rhythm], training=False)

        self._logits = logits

    def warm(self) -> None:
        """Compile both shapes, so that the first recording does not wait."""
        for n in (1, 2 * _LENGTH):
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
        if not in_order:
            return self._alone(windows, rhythm, progress)
        n = len(windows)
        out = np.zeros((n, self._classes), dtype=np.float32)
        core = _LENGTH - 2 * _MARGIN
        starts = list(range(0, n, core))
        stretches = 1 if len(starts) == 1 else _STRETCHES
        for at in range(0, len(starts), stretches):
            some = starts[at : at + stretches]
            w = np.zeros((stretches, _LENGTH, self._samples, self._leads), dtype=np.float32)
            r = np.zeros((stretches, _LENGTH, self._context), dtype=np.float32)
            for row, start in enumerate(some):
                first, last = max(start - _MARGIN, 0), min(start + core + _MARGIN, n)
                place = slice(first - start + _MARGIN, last - start + _MARGIN)
                w[row, place] = windows[first:last]
                r[row, place] = rhythm[first:last]
            found = self._logits(w, r).numpy()
            for row, start in enumerate(some):
                size = min(core, n - start)
                out[start : start + size] = found[row, _MARGIN : _MARGIN + size]
            if progress is not None:
                progress(min(1.0, (at + len(some)) / len(starts)))
        return out

    def _alone(
        self, windows: Floats, rhythm: Floats, progress: Callable[[float], None] | None
    ) -> Floats:
        n = len(windows)
        out = np.zeros((n, self._classes), dtype=np.float32)
        size = _LENGTH * _STRETCHES
        for at in range(0, n, size):
            count = min(size, n - at)
            w = np.zeros((size, 1, self._samples, self._leads), dtype=np.float32)
            r = np.zeros((size, 1, self._context), dtype=np.float32)
            w[:count, 0], r[:count, 0] = windows[at : at + count], rhythm[at : at + count]
            out[at : at + count] = self._logits(w, r).numpy()[:count, 0]
            if progress is not None:
                progress(min(1.0, (at + count) / n))
        return out
