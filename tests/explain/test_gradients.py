"""Gradient saliency and SmoothGrad, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medmodels.explain import gradient_saliency, smooth_grad
from medmodels.explain.gradient_saliency import corrected
from medmodels.explain.gradients import input_gradients
from medmodels.inputs.bases import one_hot


@pytest.fixture(scope="module")
def linear():
    """One logit for each of two rows of weights over 2x2 pixels."""
    import keras
    from keras import layers

    scan = keras.Input((2, 2, 1))
    network = keras.Model(scan, layers.Dense(2)(layers.Flatten()(scan)))
    network.set_weights(
        [np.array([[1.0, 5.0], [-2.0, 6.0], [3.0, -7.0], [0.0, 8.0]]), np.array([0.5, -0.5])]
    )
    return network


@pytest.fixture(scope="module")
def quadratic():
    """A logit that is the sum of the squares of the pixels."""
    import keras
    from keras import layers

    scan = keras.Input((2, 2, 1))
    squares = layers.Flatten()(layers.Multiply()([scan, scan]))
    network = keras.Model(scan, layers.Dense(1, use_bias=False)(squares))
    network.set_weights([np.ones((4, 1))])
    return network


X = np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float32)[..., np.newaxis]


@pytest.mark.parametrize("method", [gradient_saliency, smooth_grad])
def test_a_linear_networks_map_is_its_weights_with_their_signs(linear, method):
    saliency = method.explain(linear, X, 0)
    np.testing.assert_allclose(saliency.values, [[1.0, -2.0], [3.0, 0.0]], atol=1e-5)
    assert saliency.signed
    assert saliency.unit == "logit per unit of brightness"


def test_a_quadratic_networks_map_is_twice_the_input(quadratic):
    saliency = gradient_saliency.explain(quadratic, X, 0)
    np.testing.assert_allclose(saliency.values, 2 * X[..., 0], rtol=1e-6)


@pytest.fixture(scope="module")
def of_letters():
    """Logit 0 of three bases: 1, 2, 4 and 8 for A, C, G and T in place one; logit 1 so in all."""
    import keras
    from keras import layers

    bases = keras.Input((3, 4))
    network = keras.Model(bases, layers.Dense(2, use_bias=False)(layers.Flatten()(bases)))
    weights = np.tile([1.0, 2.0, 4.0, 8.0], 3)[:, None].repeat(2, axis=1)
    weights[:4, 0] = weights[8:, 0] = 0
    network.set_weights([weights])
    return network


def test_a_bases_gradient_is_taken_against_the_mean_of_the_letters(of_letters):
    found = gradient_saliency.explain(of_letters, one_hot("ACG"), 0)
    np.testing.assert_allclose(found.values, [0, 2 - 3.75, 0], atol=1e-6)
    assert (found.grid, found.signed, found.unit) == ((3,), True, "logit")
    found = gradient_saliency.explain(of_letters, one_hot("TNR"), 1)
    # Of an unknown base nothing is said; of A or G the mean of both.
    np.testing.assert_allclose(found.values, [8 - 3.75, 0, 2.5 - 3.75], atol=1e-6)


@given(
    arrays(np.float64, (5, 4), elements=st.floats(-9, 9)),
    arrays(np.float64, (5, 1), elements=st.floats(-9, 9)),
)
def test_what_all_letters_of_a_place_have_in_common_says_nothing(gradients, common):
    np.testing.assert_allclose(corrected(gradients + common), corrected(gradients), atol=1e-9)
    np.testing.assert_allclose(corrected(gradients).sum(axis=1), 0, atol=1e-9)


def test_smoothing_without_noise_changes_nothing(make_beat_network, beats):
    network = make_beat_network()
    plain = gradient_saliency.explain(network, beats, 1, beat=4)
    smooth = smooth_grad.explain(network, beats, 1, beat=4, noise=0.0, samples=9)
    np.testing.assert_allclose(smooth.values, plain.values, atol=1e-5)
    assert smooth.unit == "logit per QRS height"


def test_smoothing_is_the_mean_over_the_stated_noise(quadratic):
    generator = np.random.default_rng(4)
    noise = generator.standard_normal((11, 2, 2, 1), np.float32)
    expected = (2 * (X + 0.5 * noise)).mean(axis=0)[..., 0]
    saliency = smooth_grad.explain(quadratic, X, 0, samples=11, noise=0.5, seed=4)
    np.testing.assert_allclose(saliency.values, expected, atol=1e-5)


def test_the_noise_does_not_depend_on_the_inputs_range(quadratic):
    """tf-keras-vis scales it by the input's range; here a flat input gets as much."""
    flat = np.full_like(X, 0.5)
    changes = [
        smooth_grad.explain(quadratic, x, 0, samples=4).values - 2 * x[..., 0] for x in (X, flat)
    ]
    np.testing.assert_allclose(changes[0], changes[1], atol=1e-5)


def test_nonsense_settings_are_refused(quadratic):
    with pytest.raises(ValueError, match="samples"):
        smooth_grad.explain(quadratic, X, 0, samples=0)
    with pytest.raises(ValueError, match="noise"):
        smooth_grad.explain(quadratic, X, 0, noise=-0.1)


def test_the_compiled_network_has_the_gradient_of_the_network(make_beat_network, beats):
    import tensorflow as tf

    network = make_beat_network()
    windows, rhythm = (tf.constant(part[np.newaxis]) for part in beats)
    with tf.GradientTape() as tape:
        tape.watch(windows)
        logit = network([windows, rhythm], training=False)[0, 3, 2]
    expected = tape.gradient(logit, windows)
    found = input_gradients(network, [windows.numpy(), rhythm.numpy()], 2, 3)
    np.testing.assert_allclose(found, expected, atol=1e-5)
