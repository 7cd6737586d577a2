"""What each step that a recurrent network's memory takes in changes in an answer.

See `medmodels.explain.past_steps` for what is measured, and why so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array
from medmodels.explain.beat_stages import stages_of
from medmodels.explain.masking import Progress
from medmodels.explain.skipped_steps import SkippedSteps, is_recurrent
from medmodels.networks.rnn import UnfoldBeats
from medmodels.trust.calibration import log_odds

Doubles = npt.NDArray[np.float64]
Taken = npt.NDArray[np.bool_]

# Beats of all copies together in one call: some 40 MB of trace for windows of 96 samples.
_BEATS_AT_ONCE = 50_000


def beat_influence(
    network: keras.Model, inputs: Sequence[Array], class_index: int, beat: int,
    progress: Progress | None = None,
) -> tuple[Doubles, float]:  # fmt: skip
    """By how much the answer changes as the memory reaches one beat further.

    It grows from the explained beat outwards, back to the first and on to the
    last beat. The influence of a beat before is the mean of what it changes
    with all the beats after in memory, and with none of them; and so for a beat
    after. That of the beat itself is what it changes by being the only one.

    Parameters
    ----------
    network : keras.Model
    inputs : sequence of ndarray, (1, T, L, leads) and (1, T, R)
    class_index, beat : int
    progress : callable, optional

    Returns
    -------
    influence : ndarray, float64, shape (T,)
        Log-odds of the class.
    error : float
        How far their sum is from the difference that they share out.

    Raises
    ------
    ValueError
        When the network keeps no memory along the recording.
    """
    beats = inputs[0].shape[1]
    place = np.arange(beats)
    own, past, future = place == beat, place <= beat, place >= beat
    # From the explained beat outwards; rows with less and with all of the other side.
    back = [past & (place >= first) for first in range(beat, -1, -1)]
    forth = [future & (place <= last) for last in range(beat, beats)]
    taken = [
        ~past & ~future,
        *back, *(row | future for row in back),
        *forth, *(row | past for row in forth),
    ]  # fmt: skip
    graph = _graph(network, "beats")
    at_once = max(1, _BEATS_AT_ONCE // beats)
    logits = _in_parts(
        lambda rows: graph(inputs, rows)[:, :, beat].mean(axis=0),
        np.stack(taken), at_once, progress,
    )  # fmt: skip
    odds = log_odds(logits)[:, class_index]
    before = odds[1 : 1 + 2 * len(back)].reshape(2, -1).mean(axis=0)
    after = odds[1 + 2 * len(back) :].reshape(2, -1).mean(axis=0)
    influence = np.zeros(beats)
    influence[own] = odds[1] - odds[0]
    influence[:beat] = np.diff(before)[::-1]
    influence[beat + 1 :] = np.diff(after)
    return influence, abs(float(influence.sum() - (odds[2 * len(back)] - odds[0])))


def moment_influence(
    network: keras.Model, inputs: Sequence[Array], class_index: int, beat: int
) -> tuple[Doubles, float]:
    """By how much the answer changes as one more moment of the beat is read.

    The mean of what a moment changes when the window is read up to it from its
    start, and when it is read up to it from its end, for the network reads
    both ways.

    Parameters
    ----------
    network : keras.Model
    inputs : sequence of ndarray, (1, T, L, leads) and (1, T, R)
    class_index, beat : int

    Returns
    -------
    influence : ndarray, float64, shape (S,)
        Log-odds of the class; one for each step of the recurrent layer.
    error : float
        As for `beat_influence`.

    Raises
    ------
    ValueError
        When the network does not read each beat on its own with a memory.
    """
    graph = _graph(network, "moments")
    stages = stages_of(network)
    (windows,), (numbers,) = inputs
    if stages is None:
        raise ValueError("the network does not read each beat on its own: its moments have no step")
    steps = int(recurrent_along(network, "moments")[0].input.shape[1])
    rows = np.tri(steps, dtype=bool)
    # Nothing, then from the start up to each step; from the end back to each, then nothing.
    taken = np.concatenate([np.zeros((1, steps), bool), rows, rows[::-1, ::-1]])
    own = graph([part[:, beat : beat + 1] for part in inputs], taken)
    features = np.repeat(stages.encode(windows)[:, None], len(taken), axis=1)
    features[:, :, beat] = own[:, :, 0]
    beside = np.repeat(numbers[None], len(taken), axis=0)
    odds = log_odds(stages.read(features, beside, beat))[:, class_index]
    from_start = np.diff(odds[: steps + 1])
    from_end = -np.diff(np.append(odds[steps + 1 :], odds[0]))
    influence = (from_start + from_end) / 2
    return influence, abs(float(influence.sum() - (odds[steps] - odds[0])))


def recurrent_along(network: keras.Model, level: str) -> list[Any]:
    """The recurrent layers along the recording's "beats", or along a beat's "moments".

    A recording has any number of beats, so that axis has no length in the graph.
    """
    return [layer for layer in network.layers if is_recurrent(layer) and _level(layer) == level]


def _level(layer: Any) -> str:
    return "beats" if layer.input.shape[1] is None else "moments"


@lru_cache(maxsize=8)
def _graph(network: keras.Model, level: str) -> SkippedSteps:
    if len({layer.input.shape[1] for layer in recurrent_along(network, level)}) > 1:
        raise ValueError("the network's recurrent layers read a beat in different steps")

    def wanted(copy: keras.Model) -> list[Any]:
        if level == "beats":
            return list(copy.outputs)
        return [layer.output for layer in copy.layers if isinstance(layer, UnfoldBeats)]

    return SkippedSteps(network, lambda layer: _level(layer) == level, wanted)


def _in_parts(
    ask: Callable[[Taken], Array], taken: Taken, at_once: int, progress: Progress | None
) -> Array:
    found = []
    for start in range(0, len(taken), at_once):
        if progress is not None:
            progress(start / len(taken))
        found.append(ask(taken[start : start + at_once]))
    if progress is not None:
        progress(1.0)
    return np.concatenate(found)
