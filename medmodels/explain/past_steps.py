"""How much of an answer a recurrent network's memory holds, step by step.

The answer is asked for again and again while the memory reaches one step
further: what it changes by is that step's influence. Restricting the context of
a recurrent network and watching what it loses is how Khandelwal et al. 2018,
"Sharp nearby, fuzzy far away", arXiv 1805.04623, measure how far back one
looks. Steps out of reach are skipped by the recurrent layers and by nothing
else (`skipped_steps`): nothing is put in their place, so there is no baseline
to choose, and no gradient that fades on its way through the steps.

The differences add up: all influences together are the answer with the whole
memory less the answer with none, where the recurrent layers say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.beat_stages import stages_of
from medmodels.explain.hidden_parts import UNIT
from medmodels.explain.masking import Progress
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.skipped_steps import SkippedSteps, is_recurrent
from medmodels.networks.rnn import UnfoldBeats
from medmodels.trust.calibration import log_odds

Doubles = npt.NDArray[np.float64]
Taken = npt.NDArray[np.bool_]

LEVELS = ("beats", "moments")
# Beats of all copies together in one call: some 40 MB of trace for windows of 96 samples.
_BEATS_AT_ONCE = 50_000


def explain(
    network: keras.Model,
    x: Sequence[Array],
    class_index: int,
    *,
    beat: int,
    level: str | None = None,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Influence of each beat, or of each moment of one beat, through the memory.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and numbers of the beats around the chosen one.
    class_index : int
    beat : int
        The beat explained, 0 to T - 1.
    level : str or None
        "beats": the memory that runs along the recording, see
        `beat_influence`. "moments": the one that runs along the explained
        beat's window, see `moment_influence`. Beats if not given, where the
        network has such a memory.
    progress : callable, optional
        Told the share that is done; what it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (T, L, leads), signed, in log-odds of the class, all leads
        alike: the same over each beat, or over the samples of each step of the
        beat's window and 0 in the other beats. ``grid`` is the number of
        steps; ``completeness_error`` is of the sum over steps.

    Raises
    ------
    ValueError
        When the network has no recurrent layer on this level, or there is no
        such level, class or beat.
    """
    inputs = as_inputs(network, x)
    beats, samples, _ = inputs[0].shape[1:]
    check_target(network, class_index, beat, beats)
    if level is None:
        level = "beats" if _reads(network, beats=True) else "moments"
    if level not in LEVELS:
        raise ValueError(f'level is "{level}", expected one of {", ".join(LEVELS)}')
    values = np.zeros(inputs[0].shape[1:], np.float32)
    if level == "beats":
        found, error = beat_influence(network, inputs, class_index, beat, progress)
        values += found[:, None, None]
    else:
        found, error = moment_influence(network, inputs, class_index, beat)
        # A step's own samples; it sees a little beyond them through the convolutions before it.
        step = np.arange(samples) // -(-samples // len(found))
        values[beat] = found[step][:, None]
    return SaliencyMap(
        values=values,
        grid=(len(found),),
        signed=True,
        method="Influence of past steps",
        class_index=class_index,
        unit=UNIT,
        completeness_error=error,
        baseline="the same answer without that memory",
    )


def beat_influence(
    network: keras.Model,
    inputs: Sequence[Array],
    class_index: int,
    beat: int,
    progress: Progress | None = None,
) -> tuple[Doubles, float]:
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
    graph = _graph(network, beats=True)
    at_once = max(1, _BEATS_AT_ONCE // beats)
    logits = _in_parts(
        lambda rows: graph(inputs, rows)[:, :, beat].mean(axis=0),
        np.stack(taken),
        at_once,
        progress,
    )
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
    stages = stages_of(network)
    (windows,), (numbers,) = inputs
    if stages is None or not stages.is_apart(windows, numbers):
        raise ValueError("the network does not read each beat on its own: its moments have no step")
    graph = _graph(network, beats=False)
    steps = int(_reads(network, beats=False)[0].input.shape[1])
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


def _reads(network: keras.Model, *, beats: bool) -> list[Any]:
    """The recurrent layers along the recording's beats, or along a beat's moments.

    A recording has any number of beats, so that axis has no length in the graph.
    """
    return [
        layer
        for layer in network.layers
        if is_recurrent(layer) and (layer.input.shape[1] is None) is beats
    ]


@lru_cache(maxsize=8)
def _graph(network: keras.Model, *, beats: bool) -> SkippedSteps:
    lengths = {layer.input.shape[1] for layer in _reads(network, beats=beats)}
    if len(lengths) > 1:
        raise ValueError("the network's recurrent layers read the beat in different steps")
    return SkippedSteps(
        network,
        lambda layer: (layer.input.shape[1] is None) is beats,
        lambda copy: (
            copy.outputs
            if beats
            else [layer.output for layer in copy.layers if isinstance(layer, UnfoldBeats)]
        ),
    )


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
