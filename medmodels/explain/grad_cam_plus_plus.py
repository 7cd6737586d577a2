"""Grad-CAM++.

Chattopadhay et al. 2018, "Grad-CAM++: improved visual explanations for deep
convolutional networks", arXiv 1710.11063.

What remains of normalisation is the method's own: the weights of the cells add
up to 1 within each channel. They are quotients that can become large where
positive and negative terms of their denominator cancel.
"""

from __future__ import annotations

import keras
import numpy as np

from medmodels.explain.arguments import Array
from medmodels.explain.class_activation import Activations, activations_of, to_map
from medmodels.explain.grad_cam import UNIT
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    layer_name: str | None = None,
) -> SaliencyMap:
    """Grad-CAM++ of one class for one scan.

    The paper explains exp(logit), which would multiply the map by exp(logit)
    and overflow for a sure answer. That factor is left out here, which makes
    the unit Grad-CAM's.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    layer_name : str or None
        The last convolution if not given.

    Returns
    -------
    SaliencyMap
        values (H, W), at least 0, on the scale of Grad-CAM, grid of the layer.
    """
    inside = activations_of(network, x, class_index, layer_name)
    return to_map(network, inside.values @ _weights(inside), class_index, "Grad-CAM++", UNIT)


def _weights(inside: Activations) -> Array:
    """Weight of each channel, (channels,): the paper's equations 5 and 19."""
    gradient = inside.gradient
    square = gradient**2
    below = 2 * square + gradient**3 * inside.values.sum(axis=(0, 1))
    shares = square / np.where(below == 0, 1, below)
    total = shares.sum(axis=(0, 1))
    shares = shares / np.where(total == 0, 1, total)
    return np.asarray((np.maximum(gradient, 0) * shares).sum(axis=(0, 1)), dtype=np.float32)
