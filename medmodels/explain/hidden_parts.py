"""What hiding parts of a beat's trace takes from an answer, lead by lead."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, as_inputs, beats_among, check_target
from medmodels.explain.baselines import beat_baseline
from medmodels.explain.contrast import Contrast, usual_contrast
from medmodels.explain.masking import BeatMasking, Progress
from medmodels.trust.calibration import log_odds

Doubles = npt.NDArray[np.float64]

UNIT = "log-odds"


class HiddenParts:
    """The beats around one beat, parts of which are hidden from the network.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and numbers, with or without a batch axis of 1.
    class_index : int
    beat : int
        The beat explained, 0 to T - 1.
    baseline : str
        "usual": the explained beat's parts become those of ``contrast``, those
        of the beats around it the usual beat's. "flat" or "noise": see
        `baselines.beat_baseline`. A beat that stands alone and has no contrast
        is hidden by "flat" even so: the usual one would be itself.
    contrast : Contrast or None
        The usual beat among those given if not given.

    Raises
    ------
    ValueError
    """

    def __init__(
        self,
        network: keras.Model,
        x: Sequence[Array],
        class_index: int,
        beat: int,
        baseline: str = "usual",
        contrast: Contrast | None = None,
    ) -> None:
        (windows,), (numbers,) = as_inputs(network, x)
        check_target(network, class_index, beat, len(windows))
        alone = beats_among((windows, numbers)).sum() == 1
        if baseline == "usual" and contrast is None and alone:
            baseline = "flat"
        usual = usual_contrast((windows, numbers))
        trace, self.words = beat_baseline(windows, baseline, usual.window)
        rows = np.repeat(usual.numbers[None], len(numbers), axis=0)
        if baseline == "usual":
            own = contrast or usual
            trace[beat], rows[beat], self.words = own.window, own.numbers, own.words
        if alone and contrast is None:
            rows = np.zeros_like(numbers)
        self._masking = BeatMasking(network, (windows, numbers), beat, trace, rows)
        self._class_index = class_index
        self.shape: tuple[int, int, int] = windows.shape
        self._leads = np.flatnonzero((windows != trace).any(axis=(0, 1)))

    def drops(
        self, keep: Array, progress: Progress | None = None, *, rhythm: Array | None = None
    ) -> Doubles:
        """How much the class's log-odds fall under each mask, (N,).

        The log-odds of a class are its logit less the logarithm of the summed
        exponentials of the others', as the softmax weighs it against them.

        Parameters
        ----------
        keep, progress, rhythm
            As for `masking.BeatMasking.logits`.
        """
        whole = np.ones((1, *self.shape), np.float32)
        rows = None
        if rhythm is not None:
            rows = np.concatenate([np.ones((1, *rhythm.shape[1:]), np.float32), rhythm])
        logits = self._masking.logits(np.concatenate([whole, keep]), progress, rhythm=rows)
        odds = log_odds(logits)[:, self._class_index]
        return odds[0] - odds[1:]

    def of_stretches(
        self, stretches: Sequence[tuple[int, Doubles]], progress: Progress | None = None
    ) -> Doubles:
        """How much hiding stretches of trace takes, shared out over the leads.

        A stretch is hidden in each lead alone and in all leads at once, for
        what one lead loses another may still show. What all at once take beyond
        the sum of each alone (or short of it) is shared evenly: for two leads
        this is the Shapley value (Shapley 1953), and the leads' shares
        add up to what hiding all of them takes.

        Parameters
        ----------
        stretches : sequence of (int, ndarray of shape (L,))
            A beat, and how much of each of its samples is hidden, 0 to 1.
        progress : callable, optional

        Returns
        -------
        ndarray, float64, shape (n, leads)
            Log-odds; below 0 where hiding raises them; 0 for a lead that
            has nothing to hide.
        """
        shares = np.zeros((len(stretches), self.shape[2]))
        leads = self._leads
        if not len(leads) or not stretches:
            return shares
        sets = [[lead] for lead in leads] + ([list(leads)] if len(leads) > 1 else [])
        keep = np.ones((len(stretches), len(sets), *self.shape), np.float32)
        for row, (beat, hidden) in enumerate(stretches):
            for column, some in enumerate(sets):
                keep[row, column, beat][:, some] -= hidden[:, None].astype(np.float32)
        found = self.drops(keep.reshape(-1, *self.shape), progress).reshape(len(stretches), -1)
        alone, together = found[:, : len(leads)], found[:, -1:]
        surplus = together - alone.sum(axis=1, keepdims=True)
        shares[:, leads] = alone + (surplus / len(leads) if len(leads) > 1 else 0)
        return shares


def beats_beside(beat: int, beats: int) -> range:
    """The beat and its neighbours, as far as there are any."""
    return range(max(beat - 1, 0), min(beat + 2, beats))
