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

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.hidden_parts import UNIT
from medmodels.explain.masking import Progress
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.step_influence import beat_influence, moment_influence, recurrent_along

LEVELS = ("beats", "moments")


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
        `step_influence.beat_influence`. "moments": the one that runs along the
        explained beat's window, see `step_influence.moment_influence`. Beats
        if not given, where the network has such a memory.
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
        level = "beats" if recurrent_along(network, "beats") else "moments"
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
