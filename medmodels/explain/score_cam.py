"""Score-CAM through tf-keras-vis.

Wang et al. 2020, "Score-CAM: score-weighted visual explanations for
convolutional neural networks", arXiv 1910.01279.

What remains of normalisation is the method's own: each channel's activation is
stretched to 0..1 before it serves as a mask on the scan.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from tf_keras_vis.scorecam import Scorecam

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.class_activation import explain_with
from medmodels.explain.compiled import compiled
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    layer_name: str | None = None,
    channels: int | None = None,
) -> SaliencyMap:
    """Score-CAM of one class for one scan.

    A channel's weight is how much the class's probability rises when the scan
    is shown through that channel's activation, compared with a black scan
    (the paper's increase of confidence; tf-keras-vis leaves the comparison
    out, so that a network that ignores its input would still make a map).

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    layer_name : str or None
        The last convolution if not given.
    channels : int or None
        Use only so many channels, those that vary most over the scan; all if
        not given. The time taken grows with it.

    Returns
    -------
    SaliencyMap
        values (H, W), at least 0, grid of the layer.
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    black = tf.nn.softmax(compiled(network)([tf.zeros_like(scan)]))[:, class_index]

    def score(probabilities: tf.Tensor) -> tf.Tensor:
        # tf-keras-vis applies the softmax to the logits before it scores.
        return probabilities[:, class_index] - black

    return explain_with(
        Scorecam,
        network,
        scan,
        class_index,
        score=score,
        layer_name=layer_name,
        method="Score-CAM",
        unit="probability-weighted activation",
        max_N=channels,
    )
