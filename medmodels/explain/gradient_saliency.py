"""Gradient saliency, out of one compiled graph.

Simonyan et al. 2013, "Deep inside convolutional networks: visualising image
classification models and saliency maps", arXiv 1312.6034; signed here, where
the paper takes the magnitude.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras

from medmodels.explain.arguments import (
    Array,
    as_inputs,
    as_map_values,
    check_target,
    input_unit,
)
from medmodels.explain.gradients import input_gradients
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Array | Sequence[Array],
    class_index: int,
    *,
    beat: int | None = None,
) -> SaliencyMap:
    """How the logit would change if one pixel or sample were a little higher.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    x : ndarray, shape (H, W, C), or sequence of ndarray (T, L, leads) and (T, R)
        A prepared scan, 0 to 1, or beat windows and rhythm; with or
        without a batch axis of 1.
    class_index : int
    beat : int or None
        Which of the T beats is explained; None for a scan.

    Returns
    -------
    SaliencyMap
        values (H, W), summed over channels (the derivative to brightness), or
        (T, L, leads); signed.
    """
    inputs = as_inputs(network, x)
    check_target(network, class_index, beat, inputs[0].shape[1])
    values = as_map_values(input_gradients(network, inputs, class_index, beat)[0], beat)
    return SaliencyMap(
        values=values,
        grid=values.shape,
        signed=True,
        method="Gradient saliency",
        class_index=class_index,
        unit=input_unit(beat),
    )
