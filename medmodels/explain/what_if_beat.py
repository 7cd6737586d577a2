"""What one beat's answer becomes when somebody erases parts of it by hand.

A moment of the recording can lie in several windows, for a window reaches
into the beats beside its own. It is erased in all of them, and by the same
value: a recording has one value at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.explain.beat_waves import tapered
from medmodels.explain.cells import Cells
from medmodels.explain.what_if import Attempt, Hidden, covered

if TYPE_CHECKING:
    import keras

    from medmodels.explain.masking import BeatMasking, Masking, Progress

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

BEAT_PUTS = {"flat": "a flat line", "usual": "the usual beat"}
# Ends of an erased stretch are soft over this time: a step would be a slope of its own.
SOFT_SECONDS = 0.02
_CELL_SECONDS = 0.02


@dataclass(frozen=True, eq=False)
class BeatSurroundings:
    """A beat with those around it, as the network is given them.

    Parameters
    ----------
    windows : ndarray, float32, shape (T, L, leads)
    numbers : ndarray, float32, shape (T, R)
        What is read beside the trace.
    beat : int
        The beat, 0 to T - 1.
    centres_s : ndarray, float64, shape (T,)
        Time of each window's centre, seconds.
    offsets_s : ndarray, float64, shape (L,)
        Time of each sample from its window's centre, seconds, evenly spaced.
    leads : tuple of int
        The leads that the input has.
    usual : ndarray, float32, shape (L, leads)
        The recording's usual beat.
    usual_numbers : ndarray, float32, shape (R,)
        Its usual numbers.
    """

    windows: Floats
    numbers: Floats
    beat: int
    centres_s: npt.NDArray[np.float64]
    offsets_s: npt.NDArray[np.float64]
    leads: tuple[int, ...]
    usual: Floats
    usual_numbers: Floats

    @cached_property
    def place(self) -> npt.NDArray[np.int64]:
        """For each sample of each window, which sample of the beat's own window it would be.

        Shape (T, L); below 0 and from L on: outside of it.
        """
        rate = 1 / float(np.median(np.diff(self.offsets_s)))
        centres = np.rint(self.centres_s * rate).astype(np.int64)
        apart = centres - centres[self.beat]
        return np.asarray(apart[:, np.newaxis] + np.arange(len(self.offsets_s)))

    def spread(self, own: Floats) -> Floats:
        """From the beat's own window (L, leads) to all that show the same moments.

        Returns
        -------
        ndarray, float32, shape (T, L, leads)
            0 where a window shows nothing of the beat's own.
        """
        inside = (self.place >= 0) & (self.place < len(own))
        return np.where(inside[..., np.newaxis], own[self.place * inside], 0).astype(np.float32)

    def stretch(self, start_s: float, end_s: float, leads: Sequence[int]) -> Floats:
        """A stretch of time as a mask with soft ends.

        Parameters
        ----------
        start_s, end_s : float
            Seconds from the beat's centre.
        leads : sequence of int

        Returns
        -------
        ndarray, float32, shape (T, L, leads)
        """
        first, last = np.searchsorted(self.offsets_s, (start_s - 1e-9, end_s - 1e-9))
        own = np.zeros(self.windows.shape[1:], dtype=np.float32)
        if last > first:
            soft = tapered(self.offsets_s, int(first), int(last), SOFT_SECONDS)
            own[:, list(leads)] = soft[:, np.newaxis]
        return self.spread(own)

    def cells(self) -> Cells:
        """The beat's own window as stretches of 20 ms, in rows, and its leads, in columns."""
        rate = 1 / float(np.median(np.diff(self.offsets_s)))
        length, width = len(self.offsets_s), max(1, round(_CELL_SECONDS * rate))
        rows, columns = -(-length // width), len(self.leads)
        of = np.full(self.windows.shape, -1, dtype=np.intp)
        inside = (self.place >= 0) & (self.place < length)
        for column, lead in enumerate(self.leads):
            of[..., lead] = np.where(inside, self.place // width * columns + column, -1)
        return Cells((rows, columns), of)

    def changed(self, parts: Sequence[Hidden]) -> Floats:
        """The windows with parts erased, as the network is given them; shape (T, L, leads)."""
        windows = self.windows
        for part in parts:
            windows = windows + part.mask * (self.baseline(part.put) - windows)
        return windows

    def baseline(self, put: str) -> Floats:
        """What takes the place of any part of the trace; shape (T, L, leads).

        Parameters
        ----------
        put : str
            One of ``BEAT_PUTS``.

        Raises
        ------
        ValueError
            When it is none of these.
        """
        if put == "flat":
            return np.zeros_like(self.windows)
        if put == "usual":
            return self.spread(self.usual)
        raise ValueError(f'"{put}" cannot be put there, expected one of {", ".join(BEAT_PUTS)}')


class _NumbersHeld:
    """A masking of the trace beside which the numbers stay as they were set."""

    def __init__(self, masking: BeatMasking, rows: Floats) -> None:
        self._masking, self._rows = masking, rows
        self.shape = masking.shape

    def logits(self, keep: Floats, progress: Progress | None = None) -> Floats:
        """See `masking.Masking.logits`."""
        rows = np.broadcast_to(self._rows, (len(keep), *self._rows.shape))
        return self._masking.logits(keep, progress, rhythm=rows)


class BeatWhatIf:
    """A beat that somebody erases parts of.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, inputs (N, T, L, leads) and (N, T, R), logits (N, T, K).
    around : BeatSurroundings
    """

    def __init__(self, network: keras.Model, around: BeatSurroundings) -> None:
        self._network, self.around = network, around

    def masking(self, put: str, numbers: Bools | None = None) -> Masking:
        """The beats, with one baseline for the place of any part of the trace.

        Parameters
        ----------
        put : str
            One of ``BEAT_PUTS``.
        numbers : ndarray, bool, shape (T, R), optional
            Numbers that are usual, whatever else is erased.
        """
        held = np.zeros(self.around.numbers.shape, np.bool_) if numbers is None else numbers
        return _NumbersHeld(self._masking(self.around.baseline(put)), 1 - held.astype(np.float32))

    def logits(self, parts: Sequence[Hidden]) -> Floats:
        """The network's answer about the beat with parts erased, shape (K,)."""
        keep = np.where(covered(parts, self.around.windows.shape) > 0, 0, 1)
        numbers = np.ones(self.around.numbers.shape, dtype=np.float32)
        for part in parts:
            if part.numbers is not None:
                numbers[part.numbers] = 0
        masking = self._masking(self.around.changed(parts))
        return masking.logits(keep[np.newaxis], rhythm=numbers[np.newaxis])[0]

    def attempt(self, parts: Sequence[Hidden]) -> Attempt:
        """Erase parts and ask; the share is of the beat's own window, over the leads it has."""
        own = covered(parts, self.around.windows.shape)[self.around.beat]
        share = float(own[:, list(self.around.leads)].mean())
        return Attempt(tuple(parts), self.logits(parts), share)

    def _masking(self, baseline: Floats) -> BeatMasking:
        from medmodels.explain.masking import BeatMasking  # brings TensorFlow

        around = self.around
        usual = np.broadcast_to(around.usual_numbers, around.numbers.shape)
        return BeatMasking(
            self._network, (around.windows, around.numbers), around.beat, baseline, usual
        )
