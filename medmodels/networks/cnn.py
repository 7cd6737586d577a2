"""Convolutional networks for scans, as flat functional graphs that end in logits.

Flat, because tf-keras-vis and a compiled Grad-CAM must reach every layer by
name; logits, because softmax belongs to calibration, outside the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers

# EfficientNet batch normalisation (Tan and Le 2019; TF reference code).
_EPSILON = 1e-3


@dataclass(frozen=True)
class Stage:
    """Inverted residual blocks of one width.

    Parameters
    ----------
    kernel : int
        Side of the depthwise kernel, pixels.
    blocks : int
        How many blocks; the first one carries the stride.
    stride : int
    expansion : int
        Width inside the block over width coming in.
    channels : int
        Width going out.
    """

    kernel: int
    blocks: int
    stride: int
    expansion: int
    channels: int


# EfficientNet-Lite0 (Liu 2020), stages 1 to 5: stride 16 in all. Stages 6 and 7
# hold three quarters of the weights and would halve the grid a map can use.
LITE0_STRIDE_16 = (
    Stage(3, 1, 1, 1, 16),
    Stage(3, 2, 2, 6, 24),
    Stage(5, 2, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(5, 3, 1, 6, 112),
)
STEM_CHANNELS = 32
EXPLAINED_LAYER = "explained_conv"


def lite_cnn(
    size: int,
    classes: int = 2,
    *,
    channels: int = 1,
    stages: tuple[Stage, ...] = LITE0_STRIDE_16,
    explained_channels: int = 256,
    dropout: float = 0.3,
    folded: bool = False,
) -> keras.Model:
    """Truncated EfficientNet-Lite0 with a light head, for grey or colour scans.

    Each image is first standardised to mean 0 and variance 1, all its channels
    together, so a change of exposure or window does not reach the convolutions
    and colour stays what it was. The last convolution
    (``explained_conv``, 1x1) has stride 16; after its ReLU6 come only an
    average over the grid and one dense layer, so the logits are an exact sum
    over the grid, and Grad-CAM shows its terms.

    Parameters
    ----------
    size : int
        Side of the input, pixels; a multiple of 16.
    classes : int
        Number of logits.
    channels : int
        1 for grey, 3 for red, green and blue.
    stages : tuple of Stage
    explained_channels : int
        Width of the explained layer and of the feature vector.
    dropout : float
        Share of features dropped while training.
    folded : bool
        Build the graph for reading: batch normalisation folded into the
        convolutions (see :func:`fold`), activations inside them, no dropout.

    Returns
    -------
    keras.Model
        Input ``(N, size, size, channels)`` in 0 to 1, output ``(N, classes)`` logits.
        Layers named ``explained_conv``, ``features`` and ``logits``.
    """
    scan = keras.Input((size, size, channels), name="scan")
    x = layers.LayerNormalization(
        axis=(1, 2, 3), center=False, scale=False, epsilon=1e-4, name="standardise"
    )(scan)
    stem = {"filters": STEM_CHANNELS, "kernel_size": 3, "strides": 2}
    x = _convolve(x, layers.Conv2D, "stem", stem, folded=folded)
    index = 0
    for stage in stages:
        for repeat in range(stage.blocks):
            stride = stage.stride if repeat == 0 else 1
            x = _inverted_residual(x, stage, stride, f"block{index}", folded=folded)
            index += 1
    last = {"filters": explained_channels, "kernel_size": 1}
    x = _convolve(x, layers.Conv2D, "explained", last, folded=folded)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    if not folded:
        x = layers.Dropout(dropout, name="dropout")(x)
    logits = layers.Dense(classes, name="logits")(x)
    return keras.Model(scan, logits, name="lite_cnn")


def fold(trained: keras.Model) -> keras.Model:
    """Fold batch normalisation into the convolutions of a trained :func:`lite_cnn`.

    Once training is over a normalisation is a fixed scale and offset for each
    channel, which the convolution before it can carry. The answers stay the
    same; the graph gets smaller and faster.

    Parameters
    ----------
    trained : keras.Model
        From :func:`lite_cnn` with its default stages, not folded.

    Returns
    -------
    keras.Model
        With the same inputs, outputs and layer names.
    """
    folded = lite_cnn(
        trained.input_shape[1],
        trained.output_shape[1],
        channels=trained.input_shape[-1],
        explained_channels=trained.get_layer(EXPLAINED_LAYER).filters,
        folded=True,
    )
    for layer in folded.layers:
        if not layer.name.endswith("_conv"):
            layer.set_weights(trained.get_layer(layer.name).get_weights())
            continue
        (kernel,) = trained.get_layer(layer.name).get_weights()
        norm = trained.get_layer(layer.name.replace("_conv", "_bn"))
        gamma, beta, mean, variance = norm.get_weights()
        scale = gamma / np.sqrt(variance + norm.epsilon)
        # Channels are the last axis but one in depthwise kernels, the last in others.
        depthwise = isinstance(layer, layers.DepthwiseConv2D)
        layer.set_weights(
            [kernel * (scale[:, np.newaxis] if depthwise else scale), beta - mean * scale]
        )
    return folded


def article_cnn(
    size: int = 28, classes: int = 2, *, width: int = 32, normalised: bool = False
) -> keras.Model:
    """The small network of the article this project grew from.

    Conv 32, pool, Conv 64, pool, Conv 64, flatten, dense 64, logits.

    Parameters
    ----------
    size : int
        Side of the input, pixels; at least 18.
    classes : int
    width : int
        Channels of the first convolution; the others have twice as many.
    normalised : bool
        Standardise each image first, for the step "better preprocessing".

    Returns
    -------
    keras.Model
        Input ``(N, size, size, 1)`` in 0 to 1, output ``(N, classes)`` logits.
    """
    scan = keras.Input((size, size, 1), name="scan")
    x = scan
    if normalised:
        x = layers.LayerNormalization(
            axis=(1, 2, 3), center=False, scale=False, epsilon=1e-4, name="standardise"
        )(x)
    x = layers.Conv2D(width, 3, activation="relu", name="conv1")(x)
    x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.Conv2D(2 * width, 3, activation="relu", name="conv2")(x)
    x = layers.MaxPooling2D(name="pool2")(x)
    x = layers.Conv2D(2 * width, 3, activation="relu", name="conv3")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(64, activation="relu", name="features")(x)
    logits = layers.Dense(classes, name="logits")(x)
    return keras.Model(scan, logits, name="article_cnn")


def _inverted_residual(x: Any, stage: Stage, stride: int, name: str, *, folded: bool) -> Any:
    """Expand, filter each channel, project; add the input where shapes agree."""
    channels = x.shape[-1]
    y = x
    if stage.expansion != 1:
        expand = {"filters": channels * stage.expansion, "kernel_size": 1}
        y = _convolve(y, layers.Conv2D, f"{name}_expand", expand, folded=folded)
    within = {"kernel_size": stage.kernel, "strides": stride}
    y = _convolve(y, layers.DepthwiseConv2D, f"{name}_depthwise", within, folded=folded)
    project = {"filters": stage.channels, "kernel_size": 1}
    y = _convolve(y, layers.Conv2D, f"{name}_project", project, folded=folded, activate=False)
    if stride == 1 and channels == stage.channels:
        y = layers.Add(name=f"{name}_add")([x, y])
    return y


def _convolve(
    x: Any,
    kind: type[keras.Layer],
    name: str,
    settings: dict[str, int],
    *,
    folded: bool,
    activate: bool = True,
) -> Any:
    """Convolve and normalise, then ReLU6 where asked; folded, all in one layer."""
    if folded:
        activation = "relu6" if activate else None
        return kind(padding="same", activation=activation, name=f"{name}_conv", **settings)(x)
    x = kind(padding="same", use_bias=False, name=f"{name}_conv", **settings)(x)
    x = layers.BatchNormalization(epsilon=_EPSILON, momentum=0.9, name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x) if activate else x
