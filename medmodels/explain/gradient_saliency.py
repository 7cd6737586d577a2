"""Gradient saliency, out of one compiled graph.

Simonyan et al. 2013, "Deep inside convolutional networks: visualising image
classification models and saliency maps", arXiv 1312.6034; signed here, where
the paper takes the magnitude.

Of bases the gradient is corrected after Majdandzic et al. 2023, "Correcting
gradient-based interpretations of deep neural networks for genomics", Genome
Biology 24:109: letters sum to 1 in every place, so a network is free to slope
in any way along their sum, where there are no sequences; that part, the mean
over the letters, is taken off.
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
    is_bases,
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
    """How the logit would change if one pixel, sample or letter were a little more.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    x : ndarray, shape (H, W, C) or (L, 4), or sequence of ndarray (T, L, leads) and (T, R)
        A prepared scan, 0 to 1, a sequence of bases, or beat windows and
        rhythm; with or without a batch axis of 1.
    class_index : int
    beat : int or None
        Which of the T beats is explained; None for a scan or a sequence.

    Returns
    -------
    SaliencyMap
        values (H, W), summed over channels (the derivative to brightness), or
        (T, L, leads); signed. Of bases (L,): the corrected gradient of the
        letter that stands there, in logits; what the slope says that it adds
        against an unknown base.
    """
    inputs = as_inputs(network, x)
    check_target(network, class_index, beat, inputs[0].shape[1])
    gradients = input_gradients(network, inputs, class_index, beat)[0]
    of_bases = is_bases(inputs[0][0])
    if of_bases:
        gradients = corrected(gradients) * inputs[0][0]
    values = as_map_values(gradients, beat)
    return SaliencyMap(
        values=values,
        grid=values.shape,
        signed=True,
        method="Gradient saliency",
        class_index=class_index,
        unit="logit" if of_bases else input_unit(beat),
    )


def corrected(gradients: Array) -> Array:
    """Gradients to letters (L, 4) without what all letters of a place have in common.

    Examples
    --------
    >>> import numpy as np
    >>> corrected(np.array([[1.0, 1.0, 1.0, 5.0]])).tolist()
    [[-1.0, -1.0, -1.0, 3.0]]
    """
    return gradients - gradients.mean(axis=-1, keepdims=True)
