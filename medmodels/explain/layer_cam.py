"""Layer-CAM through tf-keras-vis.

Jiang et al. 2021, "LayerCAM: exploring hierarchical class activation maps for
localization", IEEE Transactions on Image Processing 30:5875.
"""

from __future__ import annotations

import keras
from tf_keras_vis.layercam import Layercam

from medmodels.explain.arguments import Array, logit_of
from medmodels.explain.class_activation import explain_with
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
    return explain_with(
        Layercam,
        network,
        x,
        class_index,
        score=logit_of(class_index, None),
        layer_name=layer_name,
        method="Layer-CAM",
        unit=UNIT,
    )
