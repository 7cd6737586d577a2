"""The lesson's numbers are TensorFlow's, and those worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.lessons.convolution import Kernel, convolve, padding, telling_place


def _kernel(weights, **more):
    return Kernel("k", np.asarray(weights, np.float32)[..., np.newaxis], **more)


def test_a_window_by_hand():
    image = np.arange(16, dtype=np.float32).reshape(4, 4, 1)
    kernel = _kernel([[1, 0], [0, -2]], bias=3.0, activation="relu", same=False)
    found = convolve(image, kernel)
    # At (1, 2): 6 * 1 + 11 * (-2) = -16, with the bias -13, rectified 0.
    window = found.window(1, 2)
    assert (window.top, window.left) == (1, 2)
    assert window.values[..., 0].tolist() == [[6, 7], [10, 11]]
    assert window.products[..., 0].tolist() == [[6, 0], [0, -22]]
    assert (window.total, window.biased, window.output) == (-16, -13, 0)
    assert found.totals[1, 2] == -16
    assert found.output.shape == (3, 3)


def test_zeros_are_put_round_and_the_window_says_that_it_hangs_over():
    image = np.ones((3, 3, 1), np.float32)
    found = convolve(image, _kernel(np.ones((3, 3))))
    assert found.totals.tolist() == [[4, 6, 4], [6, 9, 6], [4, 6, 4]]
    assert (found.window(0, 0).top, found.window(0, 0).left) == (-1, -1)


@pytest.mark.parametrize(
    ("activation", "expected"), [("linear", [-1, 2, 8]), ("relu", [0, 2, 8]), ("relu6", [0, 2, 6])]
)
def test_activations(activation, expected):
    kernel = _kernel([[1]], activation=activation)
    assert kernel.activate(np.float32([-1, 2, 8])).tolist() == expected


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 3), st.integers(1, 5), st.integers(5, 12), st.integers(5, 12),
    st.integers(1, 3), st.booleans(), st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_every_place_is_what_tensorflow_gives(channels, side, h, w, stride, same, seed):
    import tensorflow as tf

    generator = np.random.default_rng(seed)
    image = generator.normal(size=(h, w, channels)).astype(np.float32)
    weights = generator.normal(size=(side, side, channels)).astype(np.float32)
    found = convolve(image, Kernel("k", weights, stride=stride, same=same))
    expected = tf.nn.conv2d(
        image[None], weights[..., None], stride, "SAME" if same else "VALID"
    ).numpy()[0, ..., 0]
    assert found.totals.shape == expected.shape
    assert found.totals == pytest.approx(expected, abs=1e-4)
    i, j = (int(generator.integers(side)) for side in expected.shape)
    assert found.window(i, j).total == pytest.approx(expected[i, j], abs=1e-4)


@given(st.integers(1, 40), st.integers(1, 7), st.integers(1, 4))
def test_padding_gives_the_smallest_whole_number_of_windows(size, kernel, stride):
    before, after = padding(size, kernel, stride)
    assert 0 <= before <= after <= before + 1
    outputs = -(-size // stride)
    if before + after:
        assert (size + before + after - kernel) // stride + 1 == outputs


def test_the_telling_place_is_the_largest_sum_away_from_the_edge():
    image = np.zeros((16, 16, 1), np.float32)
    image[0, 0], image[9, 4] = 50, 7
    found = convolve(image, _kernel([[1]], activation="relu6"))
    assert telling_place(found) == (9, 4)


@pytest.mark.parametrize("place", [(-1, 0), (3, 0), (0, 3)])
def test_a_place_outside_is_refused(place):
    found = convolve(np.ones((3, 3, 1), np.float32), _kernel([[1]]))
    with pytest.raises(IndexError):
        found.window(*place)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="channels"):
        convolve(np.ones((3, 3, 2), np.float32), _kernel([[1]]))
    with pytest.raises(ValueError, match="does not fit into"):
        convolve(np.ones((2, 2, 1), np.float32), _kernel(np.ones((3, 3)), same=False))
    with pytest.raises(ValueError, match="gelu"):
        _kernel([[1]], activation="gelu")
