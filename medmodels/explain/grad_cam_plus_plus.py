"""Grad-CAM++ through tf-keras-vis.

Chattopadhay et al. 2018, "Grad-CAM++: improved visual explanations for deep
convolutional networks", arXiv 1710.11063.

What remains of normalisation is the method's own: the weights of the cells add
up to 1 within each channel. They are quotients that can become large where
positive and negative terms of their denominator cancel.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus

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
    """Grad-CAM++ of one class for one scan.

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
    logit = logit_of(class_index, None)

    def score(logits: tf.Tensor) -> tf.Tensor:
        # The paper explains exp(logit), which would multiply the map by
        # exp(logit) and overflow for a sure answer. With the value taken out
        # and the gradient kept, that factor is 1 and the unit is Grad-CAM's.
        return logit(logits) - tf.stop_gradient(logit(logits))

    return explain_with(
        GradcamPlusPlus,
        network,
        x,
        class_index,
        score=score,
        layer_name=layer_name,
        method="Grad-CAM++",
        unit=UNIT,
    )
