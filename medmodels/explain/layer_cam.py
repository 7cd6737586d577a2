"""Layer-CAM.

Jiang et al. 2021, "LayerCAM: exploring hierarchical class activation maps for
localization", IEEE Transactions on Image Processing 30:5875.
"""

from __future__ import annotations

import keras
import numpy as np

from medmodels.explain.arguments import Array
from medmodels.explain.class_activation import activations_of, to_map
from medmodels.explain.grad_cam import UNIT
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    layer_name: str | None = None,
) -> SaliencyMap:
    """Layer-CAM of one class for one scan.

    Each cell is weighted by its own gradient, where positive, instead of the
    channel's mean; so an earlier layer with a finer grid can be explained.

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
    values, gradient = activations_of(network, x, class_index, layer_name)
    weighed = (np.maximum(gradient, 0) * values).sum(axis=-1)
    return to_map(network, weighed, class_index, "Layer-CAM", UNIT)
