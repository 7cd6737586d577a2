"""Learning: the gradient that is taught is the one that is taken, on a copy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.lessons.learning import LearningCopy, stepped_weights
from tests.bundles_fixture import SCAN_TASK, write_tiny_scan_bundle
from tests.explain.conftest import scan_network


@pytest.fixture(scope="module")
def x():
    return np.random.default_rng(5).random((24, 20, 1), dtype=np.float32)


@pytest.fixture(scope="module")
def copy(x):
    return LearningCopy(scan_network(scale=0.1), x)


def _softmax(logits):
    raised = np.exp(logits - logits.max())
    return raised / raised.sum()


def test_it_begins_with_the_networks_own_answer(copy, x):
    network = scan_network(scale=0.1)
    logits = np.asarray(network(x[None], training=False))[0]
    found = copy.examine(copy.start, 1)
    assert found.logits == pytest.approx(logits, abs=1e-5)
    kernel, bias = network.get_layer("logits").get_weights()
    assert (copy.start[0] == kernel).all()
    assert (copy.start[1] == bias).all()
    assert copy.last == 2
    assert copy.frozen + sum(a.size for a in copy.start) == network.count_params()


@pytest.mark.parametrize("label", [0, 1, 2])
def test_loss_and_gradients_of_the_last_layer_are_numpys(copy, label):
    found = copy.examine(copy.start, label)
    kernel, bias = copy.start[:2]
    p = _softmax(found.features @ kernel + bias)
    y = np.eye(3)[label]
    assert found.probabilities == pytest.approx(p, abs=1e-5)
    assert found.loss == pytest.approx(-np.log(p[label]), abs=1e-5)
    assert found.at_logits == pytest.approx(p - y, abs=1e-5)
    assert found.gradients[0] == pytest.approx(np.outer(found.features, p - y), abs=1e-5)
    assert found.gradients[1] == pytest.approx(p - y, abs=1e-5)


def test_the_gradient_of_the_convolution_is_what_the_loss_does(copy):
    """Against a difference of losses, for the steepest weights."""
    gradient = copy.examine(copy.start, 0).gradients[copy.last]
    for flat in np.argsort(-np.abs(gradient).ravel())[:3]:
        place = np.unravel_index(int(flat), gradient.shape)
        losses = []
        for shift in (-0.01, 0.01):
            moved = [array.copy() for array in copy.start]
            moved[copy.last][place] += shift
            losses.append(copy.examine(tuple(moved), 0).loss)
        assert (losses[1] - losses[0]) / 0.02 == pytest.approx(gradient[place], rel=0.05, abs=1e-4)


@given(st.floats(1e-4, 1.0))
def test_a_step_is_w_minus_rate_times_gradient_and_the_rest_stays(rate):
    weights = (np.float32([[1, 2]]), np.float32([3]), np.float32([4]))
    gradients = (np.float32([[0.5, -1]]), np.float32([2]), np.float32([9]))
    after = stepped_weights(weights, gradients, rate, 2)
    assert after[0] == pytest.approx(np.array([[1 - 0.5 * rate, 2 + rate]]), abs=1e-6)
    assert after[1] == pytest.approx(np.array([3 - 2 * rate]), abs=1e-6)
    assert after[2] is weights[2]
    assert weights[0].tolist() == [[1, 2]]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2), st.sampled_from([2, 4]))
def test_small_steps_make_the_loss_less(copy, label, count):
    weights = copy.start
    losses = []
    for _ in range(5):
        found = copy.examine(weights, label)
        losses.append(found.loss)
        weights = stepped_weights(weights, found.gradients, 0.001, count)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]


def test_the_bundles_weights_stay_as_they_are_to_the_last_bit(tmp_path):
    from medmodels.bundles import load_bundle

    write_tiny_scan_bundle(tmp_path)
    network = load_bundle(SCAN_TASK, tmp_path).network
    before = [array.tobytes() for array in network.get_weights()]
    x = np.random.default_rng(0).random((32, 32, 1), dtype=np.float32)
    answer = np.asarray(network(x[None], training=False))
    copy = LearningCopy(network, x)
    weights = copy.start
    for _ in range(5):
        found = copy.examine(weights, 1)
        weights = stepped_weights(weights, found.gradients, 0.5, len(weights))
    assert copy.examine(weights, 1).loss < copy.examine(copy.start, 1).loss
    assert [array.tobytes() for array in network.get_weights()] == before
    assert (np.asarray(network(x[None], training=False)) == answer).all()


def test_without_a_convolution_only_the_last_layer_is_copied():
    import keras

    x = keras.Input((4, 4, 1))
    y = keras.layers.Dense(3, activation="tanh")(keras.layers.Flatten()(x))
    network = keras.Model(x, keras.layers.Dense(2)(y))
    copy = LearningCopy(network, np.ones((4, 4, 1), np.float32))
    assert len(copy.start) == copy.last == 2
    assert copy.frozen == 16 * 3 + 3


def test_a_convolution_beside_another_branch_is_left_alone():
    import keras

    layers = keras.layers
    x = keras.Input((8, 8, 2))
    # The last convolution's input is not all that comes after it is made of.
    branch = layers.Conv2D(2, 3, padding="same")(layers.ReLU()(x))
    y = layers.GlobalAveragePooling2D()(layers.Add()([layers.ReLU(3.0)(x), branch]))
    network = keras.Model(x, layers.Dense(2)(y))
    image = np.random.default_rng(0).random((8, 8, 2), dtype=np.float32)
    copy = LearningCopy(network, image)
    assert len(copy.start) == copy.last
    expected = np.asarray(network(image[None], training=False))[0]
    assert copy.examine(copy.start, 0).logits == pytest.approx(expected, abs=1e-5)


def test_a_network_that_ends_in_softmax_is_refused():
    import keras

    x = keras.Input((4,))
    network = keras.Model(x, keras.layers.Dense(2, activation="softmax")(x))
    with pytest.raises(ValueError, match="logits"):
        LearningCopy(network, np.ones(4, np.float32))
