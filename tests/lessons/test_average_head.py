"""A logit is the sum that the lesson says it is."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.lessons.average_head import AverageHead, as_sum, average_head
from medmodels.lessons.feature_maps import all_maps
from tests.explain.conftest import scan_network


def test_a_sum_by_hand():
    weights = np.float32([[1, 2], [-4, 0.5]])
    head = AverageHead("maps", "average", "logits", weights, np.float32([0.25, 0]))
    maps = np.zeros((1, 2, 2), np.float32)
    maps[..., 0], maps[..., 1] = [1, 3], [1, 0]
    # Averages 2 and 0.5: 2 * 1 + 0.5 * (-4) + 0.25.
    found = as_sum(head, maps, 0)
    assert found.means.tolist() == [2, 0.5]
    assert found.terms.tolist() == [2, -2]
    assert found.logit == 0.25
    assert as_sum(head, maps, 1).heaviest(1).tolist() == [0]


def test_the_sum_is_the_networks_own_logit(random):
    network = scan_network()
    head = average_head(network)
    x = random.random((24, 20, 1), dtype=np.float32)
    logits = np.asarray(network(x[None], training=False))[0]
    maps = all_maps(network, x)[head.maps]
    for k in range(3):
        assert as_sum(head, maps, k).logit == pytest.approx(float(logits[k]), abs=1e-4)


@pytest.mark.skipif("chest-xray" not in list_tasks(), reason="the bundle is not here")
def test_the_chest_networks_logits_are_such_sums():
    network = load_bundle("chest-xray").network
    head = average_head(network)
    assert (head.maps, head.logits) == ("explained_conv", "logits")
    x = np.random.default_rng(1).random((192, 192, 1), dtype=np.float32)
    logits = np.asarray(network(x[None], training=False))[0]
    maps = all_maps(network, x)[head.maps]
    for k in range(2):
        assert as_sum(head, maps, k).logit == pytest.approx(float(logits[k]), abs=1e-4)


def test_a_network_that_ends_otherwise_has_no_such_sum():
    assert average_head(scan_network(flat_head=True)) is None


@pytest.mark.parametrize(("activation", "there"), [("linear", True), ("softmax", False)])
def test_dropout_is_passed_over_and_softmax_is_not(activation, there):
    import keras

    layers = keras.layers
    x = keras.Input((8, 8, 1))
    y = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3, name="maps")(x))
    y = layers.Dense(2, activation=activation, use_bias=False)(layers.Dropout(0.5)(y))
    head = average_head(keras.Model(x, y))
    assert (head is not None) == there
    if head is not None:
        assert head.maps == "maps"
        assert head.bias.tolist() == [0, 0]
