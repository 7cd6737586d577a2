"""Logits are the network's own, and features are what its last layer reads."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from medmodels.networks.base_features import BaseFeatures
from medmodels.networks.splice_rnn import average_members, splice_rnn

SHAPE = {"filters": 4, "width": 3}


def windows(n: int) -> np.ndarray:
    return np.eye(4, dtype=np.float32)[np.random.default_rng(0).integers(0, 4, (n, 60))]


def network(members: int) -> keras.Model:
    keras.utils.set_random_seed(5)
    return average_members([splice_rnn(3, **SHAPE) for _ in range(members)], **SHAPE)


@pytest.mark.parametrize("members", [1, 3])
def test_the_last_layer_of_every_member_can_be_computed_from_them(members):
    whole = network(members)
    x = windows(300)  # more than one call
    logits, features = BaseFeatures(whole, "along")(x)
    np.testing.assert_allclose(logits, whole(x, training=False), atol=1e-5)
    assert logits.dtype == features.dtype == np.float32
    assert features.shape == (300, 6 * members)
    heads = [layer for layer in whole.layers if layer.name.startswith("logits") and layer.weights]
    kernel = np.concatenate([head.get_weights()[0] for head in heads])
    bias = np.mean([head.get_weights()[1] for head in heads], axis=0)
    np.testing.assert_allclose(features @ kernel / members + bias, logits, atol=1e-5)


def test_weights_are_those_of_now():
    whole = network(2)
    features = BaseFeatures(whole, "along")
    x = windows(2)
    before = features(x)[0]
    for layer in whole.layers:
        if layer.name.startswith("logits_"):
            layer.set_weights([2 * weights for weights in layer.get_weights()])
    np.testing.assert_allclose(features(x)[0], 2 * before, atol=1e-5)


def test_progress_is_told_and_can_stop_it():
    told: list[float] = []
    features = BaseFeatures(network(1), "along")
    features.warm()
    features(windows(600), progress=told.append)
    assert told == pytest.approx([256 / 600, 512 / 600, 1.0])

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        features(windows(2), progress=stop)


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="judgement"):
        BaseFeatures(network(1), "judgement")
