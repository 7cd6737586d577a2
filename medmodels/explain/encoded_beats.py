"""What a beat network makes of traces with parts replaced, encoding only what changed."""

from __future__ import annotations

import numpy as np

from medmodels.explain.arguments import Array
from medmodels.explain.beat_stages import BeatStages


class EncodedBeats:
    """Beats of which most stay as they are, or become the baseline, from mask to mask.

    Parameters
    ----------
    stages : BeatStages
        From `stages_of`: of a network that encodes each beat on its own.
    windows, baseline : ndarray, float32, shape (T, L, leads)
    """

    def __init__(self, stages: BeatStages, windows: Array, baseline: Array) -> None:
        self.stages = stages
        self._windows, self._baseline = windows, baseline
        # Where the two are the same there is nothing to replace (a missing lead).
        self._differ = windows != baseline
        other = self._differ.any(axis=(1, 2))
        self._ends = np.stack([stages.encode(windows)] * 2)
        if other.any():
            self._ends[0][:, other] = stages.encode(baseline[other])

    def features(self, keep: Array) -> Array:
        """Encode the beats under each mask.

        Parameters
        ----------
        keep : ndarray, float32, shape (N, T, L, leads)
            1 where the trace stays, 0 where the baseline is put in its place.

        Returns
        -------
        ndarray, float32, shape (members, N, T, F)
        """
        stays = np.all((keep == 1) | ~self._differ, axis=(2, 3))
        goes = np.all((keep == 0) | ~self._differ, axis=(2, 3))
        beats = np.arange(keep.shape[1])
        found: Array = self._ends[stays.astype(np.int64), :, beats].transpose(2, 0, 1, 3)
        mask, beat = np.nonzero(~(stays | goes))
        if len(mask):
            mixed = self._baseline[beat] + keep[mask, beat] * (
                self._windows[beat] - self._baseline[beat]
            )
            found[:, mask, beat] = self.stages.encode(mixed)
        return found
