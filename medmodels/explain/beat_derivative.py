"""How a beat's answer changes with that beat's own trace and numbers, the others held."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array
from medmodels.explain.beat_stages import stages_of
from medmodels.explain.compiled import compiled
from medmodels.explain.path_integral import Derive

# Stretches that are differentiated as a whole together: activations are kept for each.
_STRETCHES_AT_ONCE = 8


def derive_beat(network: keras.Model, x: Sequence[Array], class_index: int, beat: int) -> Derive:
    """A beat's logit, and its derivative, as functions of that beat alone.

    The beats around it are encoded once, where the network encodes each on its
    own (`medmodels.explain.beat_stages`); elsewhere the whole stretch is run
    for every point.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
    class_index : int
    beat : int
        0 to T - 1.

    Returns
    -------
    callable
        From windows (n, L, leads) and numbers (n, R) to logits (n,), and the
        derivatives to both.
    """
    windows, numbers = x
    stages = stages_of(network)
    if stages is not None:
        others = stages.encode(windows)
        return lambda points: stages.derive(points, others, numbers, beat, class_index)

    def whole(points: Sequence[Array]) -> tuple[Array, Sequence[Array]]:
        found = [
            _whole(network, x, [part[at : at + _STRETCHES_AT_ONCE] for part in points],
                   class_index, beat)
            for at in range(0, len(points[0]), _STRETCHES_AT_ONCE)
        ]  # fmt: skip
        logits, traces, rows = (np.concatenate(each) for each in zip(*found, strict=True))
        return logits, (traces, rows)

    return whole


def _whole(
    network: keras.Model, x: Sequence[Array], own: Sequence[Array], class_index: int, beat: int
) -> tuple[Array, Array, Array]:
    inputs = [np.repeat(part[np.newaxis], len(own[0]), axis=0) for part in x]
    for part, given in zip(inputs, own, strict=True):
        part[:, beat] = given
    logits, gradients = compiled(network).derive_logit(inputs, class_index, beat)
    return logits, gradients[0][:, beat], gradients[1][:, beat]
