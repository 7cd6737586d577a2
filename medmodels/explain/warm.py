"""Compile what explains a network before anyone waits for it."""

from __future__ import annotations

from contextlib import suppress

import keras
import numpy as np
import tensorflow as tf

from medmodels.explain import beat_contributions, past_steps
from medmodels.explain.arguments import Array, is_bases
from medmodels.explain.beat_stages import stages_of
from medmodels.explain.compiled import compiled
from medmodels.explain.grad_cam import compiled_with_answer
from medmodels.explain.masking import BeatMasking, ScanMasking
from medmodels.networks.beat_stretch import LENGTH

# Of a recording's free axis, for graphs that take any number of beats.
_BEATS = 2


def warm_explanations(
    network: keras.Model, layer_name: str | None = None, *, beats: int = LENGTH
) -> None:
    """Run what the explanation methods share once, on an input of zeros.

    That is the answer with its gradient, the answer with parts replaced, and
    a recurrent network's answer with steps left out of its memory. A few
    seconds, once for each network; safe in a thread behind the page, since a
    method that is asked for meanwhile waits for what it needs of it.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    layer_name : str, optional
        Of a scan's network: the layer whose activations are explained.
    beats : int
        Of a recording's network: in the stretches that are explained.
    """
    inputs = [
        np.zeros([1, *(length or _BEATS for length in tensor.shape[1:])], np.float32)
        for tensor in network.inputs
    ]
    graph = compiled(network)
    logits = graph.predict(inputs, 1)
    graph.derive([tf.constant(part) for part in inputs], tf.ones_like(logits))
    first = inputs[0][0]
    if is_bases(first):  # changed and replaced through the same two graphs
        return
    if logits.ndim == 2:
        scan = ScanMasking(network, first, first + 1)
        scan.logits(_half(scan.shape))
        rows, columns = (np.eye(side, dtype=np.float32) for side in scan.shape)
        scan.logits_of_grid(_half(scan.shape), rows, columns)
        if layer_name is not None:
            compiled_with_answer(network, layer_name).warm()
        return
    stretch = [np.ones((1, beats, *part.shape[2:]), np.float32) for part in inputs]
    if (stages := stages_of(network)) is not None:
        stages.warm(beats)
    beat_contributions.explain(network, stretch, 0, beat=0)
    masking = BeatMasking(network, stretch, 0, stretch[0][0] + 1)
    masking.logits(_half(masking.shape))
    for level in past_steps.LEVELS:
        with suppress(ValueError):  # a network without a memory on this level
            past_steps.explain(network, inputs, 0, beat=0, level=level)


def _half(shape: tuple[int, ...]) -> Array:
    return np.full((1, *shape), 0.5, np.float32)
