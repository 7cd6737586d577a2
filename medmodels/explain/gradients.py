"""Gradients of a logit to the network's input, out of one compiled graph.

tf-keras-vis, which reads the input twice for each gradient, is the reference
that they are tested against.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras

from medmodels.explain.arguments import Array
from medmodels.explain.compiled import compiled


def input_gradients(
    network: keras.Model, inputs: Sequence[Array], class_index: int, beat: int | None
) -> Array:
    """Derivative of one logit to every number of the first input.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    inputs : sequence of ndarray, float32, shape (N, ...)
        One for each of the network's inputs, with their batch axis.
    class_index : int
    beat : int or None
        The beat explained, None for scans.

    Returns
    -------
    ndarray, float32, shape of the first input
        Signed and not normalised.
    """
    _, gradients = compiled(network).derive_logit(inputs, class_index, beat)
    return gradients[0]
