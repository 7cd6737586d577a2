"""Grad-CAM++, Layer-CAM and Score-CAM, by hand and on their scale."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain import grad_cam, grad_cam_plus_plus, layer_cam, score_cam


@pytest.fixture
def two_channels():
    """Channels x and 2 x, averaged over 2x2 cells; weights 4, -1 and, for class 1, 0, 3."""
    import keras
    from keras import layers

    scan = keras.Input((2, 2, 1))
    x = layers.Conv2D(2, 1, use_bias=False, name="explained")(scan)
    x = layers.GlobalAveragePooling2D()(x)
    network = keras.Model(scan, layers.Dense(2, use_bias=False)(x))
    network.set_weights([np.array([[[[1.0, 2.0]]]]), np.array([[4.0, 0.0], [-1.0, 3.0]])])
    return network


X = np.array([[1.0, 2.0], [4.0, 0.0]], dtype=np.float32)[..., np.newaxis]


@pytest.mark.parametrize("method", [grad_cam_plus_plus, layer_cam])
def test_positive_weights_only(two_channels, method):
    # The channel that speaks against class 0 is left out: relu(4) x / 4 cells.
    np.testing.assert_allclose(method.explain(two_channels, X, 0).values, X[..., 0], rtol=1e-5)
    # Class 1: 3 * 2 x / 4 cells.
    np.testing.assert_allclose(
        method.explain(two_channels, X, 1).values, 1.5 * X[..., 0], rtol=1e-5
    )


def test_grad_cam_plus_plus_does_not_grow_with_confidence(two_channels):
    """exp(logit), by which the paper multiplies, would be 10^300 here."""
    sure = X * 200
    saliency = grad_cam_plus_plus.explain(two_channels, sure, 1)
    np.testing.assert_allclose(saliency.values, 1.5 * sure[..., 0], rtol=1e-4)
    np.testing.assert_allclose(
        saliency.values, grad_cam.explain(two_channels, sure, 1).values, rtol=1e-4
    )


def test_score_cam_by_hand(two_channels):
    """Both channels make the same mask, x / 4; its rise in probability weighs them."""
    x = X[..., 0]
    masked = x * x / 4
    logits = np.array([(4 - 2) * masked.mean(), 3 * 2 * masked.mean()])
    probability = np.exp(logits) / np.exp(logits).sum()
    rise = probability[1] - 0.5
    saliency = score_cam.explain(two_channels, X, 1)
    np.testing.assert_allclose(saliency.values, rise * (x + 2 * x), rtol=1e-4)
    # What lowers the probability everywhere leaves nothing to show.
    assert score_cam.explain(two_channels, X, 0).values.max() == 0


def test_score_cam_with_fewer_channels_leaves_the_flattest_out(two_channels):
    x = X[..., 0]
    whole = score_cam.explain(two_channels, X, 1).values
    one = score_cam.explain(two_channels, X, 1, channels=1).values
    np.testing.assert_allclose(one, whole * 2 / 3, rtol=1e-4)
    assert one.shape == x.shape
