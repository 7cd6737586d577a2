"""Gradients of a logit to the network's input, out of one compiled graph.

tf-keras-vis, which reads the input twice for each gradient, is the reference
that they are tested against.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array
from medmodels.explain.compiled import compiled

# On two cores eight scans at a time take half of what they take one by one, and some 15 MB
# each at 192 x 192 points; so it is with stretches of 128 beats.
_NUMBERS_AT_ONCE = 2**18
_MOST = 8


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


def gradients_at_once(first: Array) -> int:
    """How many examples to differentiate together.

    Parameters
    ----------
    first : ndarray, shape (1, ...)
        The input that is explained.
    """
    return int(np.clip(_NUMBERS_AT_ONCE // first.size, 1, _MOST))
