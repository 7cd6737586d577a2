"""Kernels: the trained ones are the layer's own, the classic ones ask what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.bundles import list_tasks, load_bundle
from medmodels.lessons.convolution import Kernel, convolve
from medmodels.lessons.feature_maps import all_maps, input_name
from medmodels.lessons.kernels import (
    CLASSICS,
    LIKE,
    by_hand,
    classic,
    first_convolution,
    likest_question,
    own_kernels,
)
from tests.explain.conftest import scan_network

SIGNED = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def _image(step):
    """Left half and right half, or upper and lower, of different brightness."""
    image = np.zeros((6, 6, 1), np.float32)
    image[step] = 1
    return image


@pytest.mark.parametrize("channels", [1, 3])
def test_each_map_of_the_layer_is_what_its_kernel_gives_by_hand(channels, random):
    network = scan_network(channels=channels)
    layer = first_convolution(network)
    x = random.random((24, 20, channels), dtype=np.float32)
    maps = all_maps(network, x)
    for k, kernel in enumerate(own_kernels(layer)):
        found = convolve(maps[input_name(layer)], kernel)
        assert found.output == pytest.approx(maps[layer.name][..., k], abs=1e-5)
        window = found.window(5, 7)
        assert window.output == pytest.approx(float(maps[layer.name][5, 7, k]), abs=1e-5)


@pytest.mark.skipif("chest-xray" not in list_tasks(), reason="the bundle is not here")
def test_the_chest_network_gives_what_the_lesson_works_out():
    network = load_bundle("chest-xray").network
    layer = first_convolution(network)
    x = np.random.default_rng(0).random((192, 192, 1), dtype=np.float32)
    maps = all_maps(network, x)
    kernels = own_kernels(layer)
    assert len(kernels) == 32
    assert kernels[0].activation == "relu6"
    for k in (0, 6, 21, 31):
        found = convolve(maps[input_name(layer)], kernels[k])
        assert found.output == pytest.approx(maps[layer.name][..., k], abs=2e-4)


def test_edge_kernels_answer_edges_and_nothing_else():
    vertical, horizontal = (classic(CLASSICS[k], 1) for k in (0, 1))
    left, upper = _image(np.s_[:, :3]), _image(np.s_[:3])
    # Brighter on the left: 1 + 2 + 1; below the other edge, nothing.
    assert convolve(left, vertical).totals[3, 2] == 4
    assert convolve(left, horizontal).totals[3, 2] == 0
    assert convolve(upper, horizontal).totals[2, 3] == 4
    assert convolve(upper, vertical).totals[2, 3] == 0


@pytest.mark.parametrize(("place", "answer"), [(2, 5), (3, 5), (4, 0)])
def test_kernels_on_a_flat_image(place, answer):
    """Sharpen and blur keep its brightness, the Laplacian finds nothing."""
    flat = np.full((5, 5, 1), 5, np.float32)
    assert convolve(flat, classic(CLASSICS[place], 1)).totals[2, 2] == pytest.approx(answer)


def test_a_kernel_by_hand_takes_the_average_of_channels():
    kernel = by_hand([[2, 0], [0, 0]], 3)
    image = np.zeros((2, 2, 3), np.float32)
    image[0, 0] = [1, 2, 6]
    found = convolve(image, Kernel("k", kernel.weights, same=False))
    assert found.totals[0, 0] == pytest.approx(2 * 3)


@pytest.mark.parametrize("weights", [[[np.nan]], [1.0, 2.0], [[np.inf]]])
def test_what_is_no_grid_of_numbers_is_refused(weights):
    with pytest.raises(ValueError, match="finite"):
        by_hand(weights, 1)


@given(st.floats(1e-3, 1e3))
def test_a_question_does_not_depend_on_the_size_of_the_kernel(size):
    question, likeness = likest_question(by_hand(size * SIGNED, 1))
    assert question == "is it brighter on the left than on the right?"
    assert likeness == pytest.approx(1, abs=1e-5)


def test_the_opposite_sign_asks_the_opposite():
    question, likeness = likest_question(by_hand(-SIGNED, 1))
    assert question == "is it darker on the left than on the right?"
    assert likeness > LIKE


def test_a_kernel_that_is_empty_or_of_another_size_has_no_question():
    assert likest_question(by_hand(np.zeros((3, 3)), 1)) == ("", 0.0)
    assert likest_question(by_hand(np.ones((5, 5)), 1)) == ("", 0.0)


@pytest.mark.parametrize(
    "settings", [{"activation": "gelu"}, {"dilation_rate": 2}, {"strides": (1, 2)}]
)
def test_a_convolution_that_cannot_be_followed_is_left_alone(settings):
    import keras

    x = keras.Input((8, 8, 1))
    y = keras.layers.Conv2D(2, 3, **settings)(x)
    y = keras.layers.Conv2D(2, 3)(y)
    assert first_convolution(keras.Model(x, y)) is None


def test_a_network_without_one_has_none():
    import keras

    x = keras.Input((8, 8, 1))
    assert first_convolution(keras.Model(x, keras.layers.Flatten()(x))) is None
