"""Gradients of a logit to the network's input, through tf-keras-vis."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from tf_keras_vis.saliency import Saliency

from medmodels.explain.arguments import Array, logit_of
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
    gradients = Saliency(compiled(network))(
        logit_of(class_index, beat),
        list(inputs),
        keepdims=True,
        gradient_modifier=None,
        normalize_map=False,
    )
    return np.asarray(gradients[0], dtype=np.float32)
