"""Feature maps are the layers' own outputs; what is counted on them by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.lessons.feature_maps import (
    MapLayer,
    all_maps,
    at_ceiling_share,
    common_range,
    map_layers,
    rank,
    silent_share,
)
from tests.explain.conftest import scan_network


def _layer(**more):
    return MapLayer(**({"name": "a", "place": 1, "height": 2, "width": 2, "channels": 2,
                        "does": "b", "rectified": True, "ceiling": None} | more))  # fmt: skip


def test_every_map_is_what_the_layer_gives(random):
    import keras

    network = scan_network()
    x = random.random((24, 20, 1), dtype=np.float32)
    maps = all_maps(network, x)
    layers = map_layers(network)
    assert [layer.name for layer in layers] == list(maps)
    assert [layer.place for layer in layers] == list(range(1, len(layers) + 1))
    for layer in layers:
        alone = keras.Model(network.inputs[0], network.get_layer(layer.name).output)
        expected = np.asarray(alone(x[None], training=False))[0]
        assert maps[layer.name].shape == (layer.height, layer.width, layer.channels)
        assert maps[layer.name] == pytest.approx(expected, abs=1e-5)


def test_layers_say_what_they_do_and_where_they_cut():
    layers = {layer.name: layer for layer in map_layers(scan_network())}
    assert layers["first"].does == "windows of 3 × 3 over all maps together"
    assert not layers["first"].rectified
    assert layers["explained"].rectified
    assert layers["explained"].ceiling is None
    assert layers["explained"].title == (
        f"{layers['explained'].place}. 5 × 6 cells, 8 maps: windows of 3 × 3 over all maps together"
    )


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ({"activation": "relu6"}, (True, 6.0)),
        ({"activation": "relu"}, (True, None)),
        ({}, (False, None)),
    ],
)
def test_rectifiers_within_a_convolution_are_seen(layer, expected):
    import keras

    x = keras.Input((8, 8, 1))
    found = map_layers(keras.Model(x, keras.layers.Conv2D(2, 3, **layer)(x)))[-1]
    assert (found.rectified, found.ceiling) == expected


def test_a_leaky_rectifier_is_none():
    import keras

    x = keras.Input((8, 8, 1))
    leaky = keras.layers.ReLU(max_value=4, negative_slope=0.1)
    found = map_layers(keras.Model(x, leaky(x)))[-1]
    assert (found.rectified, found.ceiling) == (False, 4.0)


def test_maps_are_ranked_by_spread_or_by_size():
    maps = np.zeros((1, 4, 3), np.float32)
    maps[0, :, 0] = [5, 5, 5, 5]
    maps[0, :, 1] = [-3, 3, -3, 3]
    maps[0, :, 2] = [0, 1, 0, 1]
    assert rank(maps, "varying").tolist() == [1, 2, 0]
    assert rank(maps, "active").tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="varying"):
        rank(maps, "pretty")


def test_shares_by_hand():
    maps = np.float32([[0, 6], [0, 0.5]])
    assert silent_share(maps) == 0.5
    assert at_ceiling_share(maps, 6) == 0.25


def test_one_scale_for_all_maps_that_starts_at_zero_after_a_rectifier():
    maps = np.stack([np.full((40, 50), 2.0), np.full((40, 50), 0.1)], axis=2).astype(np.float32)
    assert common_range(maps, _layer()) == (0.0, 2.0)
    assert common_range(maps, _layer(rectified=False)) == (-2.0, 2.0)
    # A map that is stretched to its own range would not be one scale.
    assert common_range(maps[..., 1:], _layer())[1] == pytest.approx(0.1)


def test_the_scale_of_nothing_is_still_a_scale():
    assert common_range(np.zeros((3, 3, 2), np.float32), _layer()) == (0.0, 1.0)
