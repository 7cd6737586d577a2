"""The GRU in NumPy: by hand, by its properties, and equal to Keras's own layer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.bundles import load_bundle
from medmodels.lessons.gru import gru_steps, logistic, unit_step
from medmodels.lessons.recurrent_layers import BACKWARD, parts_of, recurrent_layers
from tests.bundles_fixture import SIGNAL_TASK, write_tiny_signal_bundle

LN3 = float(np.log(3))  # its logistic is 3/4


def random_weights(seed: int, features: int = 3, units: int = 2, scale: float = 1.0):
    rng = np.random.default_rng(seed)
    return (
        scale * rng.normal(size=(features, 3 * units)),
        scale * rng.normal(size=(units, 3 * units)),
        scale * rng.normal(size=(2, 3 * units)),
    )


def test_two_steps_of_one_unit_by_hand():
    # z = s(ln 3) = 3/4 and r = s(0) = 1/2 at both steps, whatever x is.
    kernel = np.array([[0.0, 0.0, 1.0]])
    recurrent = np.array([[0.0, 0.0, 4.0]])
    bias = np.array([[LN3, 0.0, 0.0], [0.0, 0.0, 0.5]])
    trace = gru_steps(kernel, recurrent, bias, np.array([[1.0], [-2.0]]))
    first = np.tanh(1 + 0.5 * 0.5)
    h1 = 0.25 * first
    second = np.tanh(-2 + 0.5 * (4 * h1 + 0.5))
    np.testing.assert_allclose(trace.z, 0.75)
    np.testing.assert_allclose(trace.r, 0.5)
    np.testing.assert_allclose(trace.candidate[:, 0], [first, second])
    np.testing.assert_allclose(trace.h[:, 0], [h1, 0.75 * h1 + 0.25 * second])
    np.testing.assert_allclose(trace.previous[:, 0], [0, h1])
    np.testing.assert_allclose(trace.movement, [abs(h1) + abs(trace.h[1, 0] - h1)])


def test_the_reset_gate_comes_after_the_product_and_its_bias():
    # A gate that is shut leaves the candidate to the input alone, bias of the state included.
    kernel, recurrent = np.array([[0.0, 0.0, 0.3]]), np.array([[0.0, 0.0, 2.0]])
    bias = np.array([[-100.0, -100.0, 0.0], [0.0, 0.0, 5.0]])
    trace = gru_steps(kernel, recurrent, bias, np.ones((3, 1)))
    np.testing.assert_allclose(trace.candidate, np.tanh(0.3))


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 30), st.integers(1, 12))
def test_gates_and_states_stay_in_their_ranges(seed, scale, length):
    weights = random_weights(seed, scale=scale)
    x = np.random.default_rng(seed + 1).normal(size=(length, 3))
    trace = gru_steps(*weights, x)
    assert trace.h.shape == (length, 2)
    for gate in (trace.z, trace.r):
        assert (gate >= 0).all()
        assert (gate <= 1).all()
    # A state is a mixture of the state before and the candidate, so it lies between them.
    low = np.minimum(trace.previous, trace.candidate)
    high = np.maximum(trace.previous, trace.candidate)
    assert (trace.h >= low - 1e-12).all()
    assert (trace.h <= high + 1e-12).all()
    assert (np.abs(trace.h) <= 1).all()


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_what_comes_later_changes_nothing_before(seed, cut):
    weights, x = random_weights(seed), np.random.default_rng(seed).normal(size=(9, 3))
    whole, part = gru_steps(*weights, x), gru_steps(*weights, x[:cut])
    np.testing.assert_allclose(whole.h[:cut], part.h, rtol=0, atol=1e-12)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_one_unit_in_numbers_is_the_step_of_the_whole_layer(seed):
    weights, x = random_weights(seed), np.random.default_rng(seed).normal(size=(5, 3))
    trace = gru_steps(*weights, x)
    for unit in (0, 1):
        found = unit_step(*weights, x[4], trace.previous[4], unit)
        assert found.z == pytest.approx(trace.z[4, unit], abs=1e-12)
        assert found.r == pytest.approx(trace.r[4, unit], abs=1e-12)
        assert found.candidate == pytest.approx(trace.candidate[4, unit], abs=1e-12)
        assert found.previous == pytest.approx(trace.h[3, unit], abs=1e-12)
        assert found.h == pytest.approx(trace.h[4, unit], abs=1e-12)
        # The formula on the page, with the numbers that stand below it.
        z = logistic(found.from_input[0] + found.from_memory[0])
        candidate = np.tanh(found.from_input[2] + found.r * found.from_memory[2])
        assert z * found.previous + (1 - z) * candidate == pytest.approx(found.h, abs=1e-12)


def test_the_logistic_function_neither_overflows_nor_leaves_its_range():
    with np.errstate(all="raise"):
        np.testing.assert_allclose(logistic(np.array([-1e4, 0.0, LN3, 1e4])), [0, 0.5, 0.75, 1])


@pytest.mark.parametrize("wrong", range(3))
def test_weights_that_do_not_fit_are_named(wrong):
    weights = list(random_weights(0))
    weights[wrong] = weights[wrong][:, :-1]
    with pytest.raises(ValueError, match=("^kernel", "^recurrent_kernel", "^bias")[wrong]):
        gru_steps(*weights, np.zeros((2, 3)))


def keras_states(cell, direction, x):
    """States that Keras computes with a cell's own weights, in the order of reading."""
    import keras

    settings = {
        key: value
        for key, value in cell.get_config().items()
        if key not in ("name", "return_sequences", "return_state", "go_backwards", "dtype")
    }
    own = keras.layers.GRU(**settings, return_sequences=True, go_backwards=direction == BACKWARD)
    own.build((1, *x.shape))
    own.set_weights(cell.get_weights())
    return own(x[np.newaxis].astype(np.float32)).numpy()[0]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    root = tmp_path_factory.mktemp("tiny")
    write_tiny_signal_bundle(root)
    return load_bundle(SIGNAL_TASK, root)


@pytest.mark.parametrize("which", ["tiny", "ecg-beats"])
def test_it_equals_keras_on_every_layer_member_and_direction(which, tiny):
    network = (tiny if which == "tiny" else load_bundle(which)).network
    rng = np.random.default_rng(2)
    compared = 0
    for entry in recurrent_layers(network):
        for direction, cell in parts_of(network.get_layer(entry.name)).items():
            weights = cell.get_weights()
            x = rng.normal(size=(24, len(weights[0])))
            expected = keras_states(cell, direction, x)
            ours = gru_steps(*weights, x[:: -1 if direction == BACKWARD else 1]).h
            np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-5)
            assert np.abs(expected).max() > 0.1
            compared += 1
    assert compared == (1 if which == "tiny" else 16)


def test_the_last_states_are_what_the_networks_layers_hand_on():
    """The bundle's bidirectional layers give the last state of each direction, or all states."""
    network = load_bundle("ecg-beats").network
    rng = np.random.default_rng(3)
    for name in ("within_beat_1", "across_beats_3"):
        layer = network.get_layer(name)
        cells = parts_of(layer)
        x = rng.normal(size=(24, layer.input.shape[-1]))
        out = layer(x[np.newaxis].astype(np.float32)).numpy()[0]
        forward = gru_steps(*cells["forward"].get_weights(), x).h
        backward = gru_steps(*cells["backward"].get_weights(), x[::-1]).h
        expected = (
            np.r_[forward[-1], backward[-1]]
            if out.ndim == 1
            else np.concatenate([forward, backward[::-1]], axis=1)
        )
        np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5)
