"""How an answer forms: what the network would say had it read only so much.

Each point is a run of the real network on an input that was cut short; nothing
is read off a state. Two ways to cut, one for each level of recurrence:

Across beats, the stretch of beats ends (or, reading backwards, begins) at a
beat: the network is given that many beats and no more. Before the explained
beat is reached there is no answer for it.

Within a beat, the rest of its window is replaced by a baseline; the beats
beside it stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array
from medmodels.explain.masking import BeatMasking, Progress
from medmodels.lessons.recurrence import LaidOpen
from medmodels.lessons.recurrent_layers import BACKWARD

if TYPE_CHECKING:
    import keras

Floats = npt.NDArray[np.float32]


def answers_across(
    opened: LaidOpen,
    inputs: Sequence[Array],
    beat: int,
    direction: str,
    progress: Progress | None = None,
) -> Floats:
    """One beat's logits after each further beat that the network is given.

    Parameters
    ----------
    opened : LaidOpen
    inputs : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and rhythm of the beats around the chosen one. A beat's rhythm
        holds the interval to the next one: so much of the future is known.
    beat : int
        0 to T - 1.
    direction : str
        "forward": beats 0 to t are given at step t. "backward": beats
        T - 1 - t to T - 1 are.
    progress : callable, optional
        Told the share that is done.

    Returns
    -------
    ndarray, float32, shape (T, K)
        In the order of reading; NaN where the beat is not reached yet. The
        last row is the answer from all beats.
    """
    windows, rhythm = inputs
    count = len(windows)
    backward = direction == BACKWARD
    reached = count - 1 - beat if backward else beat
    rows: list[Floats] = []
    for step in range(reached, count):
        part = slice(count - 1 - step, count) if backward else slice(0, step + 1)
        place = beat - part.start
        rows.append(opened.logits([windows[np.newaxis, part], rhythm[np.newaxis, part]])[0, place])
        if progress is not None:
            progress((step + 1 - reached) / (count - reached))
    unread = np.full((reached, rows[0].shape[-1]), np.nan, np.float32)
    return np.concatenate([unread, np.stack(rows)])


def answers_within(
    network: keras.Model,
    inputs: Sequence[Array],
    beat: int,
    steps: int,
    direction: str,
    baseline: Array,
    *,
    usual_numbers: Array | None = None,
    progress: Progress | None = None,
) -> Floats:
    """One beat's logits after each further part of its window that the network is given.

    Parameters
    ----------
    network : keras.Model
    inputs : sequence of ndarray, (T, L, leads) and (T, R)
    beat : int
        0 to T - 1.
    steps : int
        Equal parts of the window, 1 to L.
    direction : str
        "forward": the parts up to the step are seen; "backward": those from
        the end.
    baseline : ndarray, float32, shape (T, L, leads)
        What stands in the place of a part that is not seen.
    usual_numbers : ndarray, shape (R,), optional
        Put in the place of the beat's own numbers throughout, which measure the
        whole beat and its timing, so that its trace alone is left. If not
        given, they stay as they are from the first step on.
    progress : callable, optional
        Told the share that is done.

    Returns
    -------
    ndarray, float32, shape (steps + 1, K)
        Row 0 is the answer with nothing of the window seen, row t + 1 the one
        after step t.
    """
    windows, rhythm = inputs
    samples = windows.shape[1]
    numbers = None if usual_numbers is None else np.tile(usual_numbers, (len(rhythm), 1))
    masking = BeatMasking(network, inputs, beat, baseline, numbers)
    keep = np.ones((steps + 1, *masking.shape), np.float32)
    edges = np.rint(np.linspace(0, samples, steps + 1)).astype(int)
    for row, seen in enumerate(edges):
        hidden = slice(0, samples - seen) if direction == BACKWARD else slice(seen, samples)
        keep[row, beat, hidden] = 0
    kept = None
    if usual_numbers is not None:
        kept = np.ones((steps + 1, *masking.rhythm_shape), np.float32)
        kept[:, beat] = 0
    return np.asarray(masking.logits(keep, progress, rhythm=kept), np.float32)
