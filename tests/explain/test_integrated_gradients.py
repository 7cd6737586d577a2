"""Integrated gradients: exact where the integral is known, complete elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.baselines import base_baseline, scan_baseline
from medmodels.explain.integrated_gradients import explain
from medmodels.inputs.bases import one_hot

X = np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float32)[..., np.newaxis]


@pytest.fixture(scope="module")
def polynomial():
    """Logit 0 is 1 x1 - 2 x2 + 3 x3 + 0.5; logit 1 is x1 squared + 10 x1 x2."""
    import keras
    from keras import layers

    scan = keras.Input((2, 2, 1))
    flat = layers.Flatten()(scan)
    linear = layers.Dense(1, name="linear")(flat)
    first = layers.Dense(1, use_bias=False, name="first")(flat)
    sum_ = layers.Dense(1, use_bias=False, name="sum")(flat)
    logits = layers.Concatenate()([linear, layers.Multiply()([first, sum_])])
    network = keras.Model(scan, logits)
    weights = {"linear": [1, -2, 3, 0], "first": [1, 0, 0, 0], "sum": [1, 10, 0, 0]}
    for name, values in weights.items():
        bias = [np.array([0.5])] if name == "linear" else []
        network.get_layer(name).set_weights([np.array(values, dtype=float)[:, None], *bias])
    return network


@pytest.mark.parametrize("steps", [1, 2, 7, 32])
def test_linear_exact_with_any_number_of_steps(polynomial, steps):
    saliency = explain(polynomial, X, 0, baseline="black", steps=steps)
    np.testing.assert_allclose(saliency.values, [[0.1, -0.4], [0.9, 0.0]], atol=1e-6)
    assert saliency.completeness_error < 1e-6
    assert saliency.baseline == "a black scan"


@pytest.mark.parametrize("steps", [1, 5])
def test_quadratic_exact(polynomial, steps):
    """Along a path from 0 the product 10 x1 x2 is shared out in halves."""
    saliency = explain(polynomial, X, 1, baseline="black", steps=steps)
    np.testing.assert_allclose(saliency.values, [[0.01 + 0.1, 0.1], [0.0, 0.0]], atol=1e-6)
    assert saliency.completeness_error < 1e-6


def test_from_another_baseline(polynomial):
    saliency = explain(polynomial, X, 0, baseline=np.full_like(X, 0.2))
    np.testing.assert_allclose(saliency.values, [[-0.1, 0.0], [0.3, 0.0]], atol=1e-6)
    grey = explain(polynomial, X, 0, baseline="mid")
    np.testing.assert_allclose(grey.values, [[-0.4, 0.6], [-0.6, 0.0]], atol=1e-6)


def test_more_steps_come_closer(make_scan_network, scan):
    network = make_scan_network(flat_head=True)
    errors = [
        np.mean(
            [
                explain(network, scan, k, baseline="black", steps=n).completeness_error
                for k in (0, 1, 2)
            ]
        )
        for n in (1, 8, 128)
    ]
    assert errors[2] < errors[1] < errors[0]
    assert errors[2] < 0.02


def test_the_sum_is_the_difference_to_the_baseline(make_scan_network, scan):
    network = make_scan_network()
    saliency = explain(network, scan, 1, steps=128)
    blurred, words = scan_baseline(scan[np.newaxis], "blurred")
    logits = network(np.stack([scan, blurred[0]]), training=False).numpy()[:, 1]
    difference = logits[0] - logits[1]
    found = float(saliency.values.sum(dtype=np.float64))
    assert found == pytest.approx(difference, abs=0.05)
    assert saliency.completeness_error == pytest.approx(abs(found - difference), abs=1e-4)
    assert saliency.baseline == words


def test_a_signals_sum_is_the_difference_to_a_flat_line_with_the_same_rhythm(
    make_beat_network, beats
):
    network = make_beat_network()
    windows, rhythm = beats
    saliency = explain(network, beats, 2, beat=3)
    both = np.stack([windows, np.zeros_like(windows)])
    logits = network([both, np.stack([rhythm, rhythm])], training=False).numpy()[:, 3, 2]
    found = float(saliency.values.sum(dtype=np.float64))
    assert abs(logits[0] - logits[1]) > 0.1
    assert found == pytest.approx(logits[0] - logits[1], abs=0.02)
    assert saliency.completeness_error < 0.02
    assert "flat line" in saliency.baseline


@pytest.fixture(scope="module")
def pair():
    """Logit 0 is how much A stands in place one, times how much T in place two; logit 1 is 0."""
    import keras
    from keras import layers

    bases = keras.Input((2, 4))
    flat = layers.Flatten()(bases)
    first, second = (layers.Dense(2, use_bias=False, name=name)(flat) for name in ("one", "two"))
    network = keras.Model(bases, layers.Multiply()([first, second]))
    for name, place in (("one", 0), ("two", 7)):
        weights = np.zeros((8, 2))
        weights[place, 0] = 1
        network.get_layer(name).set_weights([weights])
    return network


def test_of_bases_the_difference_to_unknown_ones_is_shared_out(pair):
    found = explain(pair, one_hot("AT"), 0)
    # From a quarter of a quarter to 1, by halves.
    np.testing.assert_allclose(found.values, [15 / 32, 15 / 32], atol=1e-6)
    assert found.completeness_error < 1e-6
    assert found.baseline == "unknown bases"
    # With the wrong second letter the first has less to bring about.
    np.testing.assert_allclose(explain(pair, one_hot("AC"), 0).values.sum(), -1 / 16, atol=1e-6)


@pytest.mark.parametrize("name", ["unknown", "shuffled", "random"])
def test_a_sequences_sum_is_the_difference_to_its_baseline(make_base_network, bases, name):
    network = make_base_network()
    found = explain(network, bases, 1, baseline=name, steps=64)
    instead, words = base_baseline(bases, name)
    logits = network(np.stack([bases, instead]), training=False).numpy()[:, 1]
    assert abs(logits[0] - logits[1]) > 0.1
    assert found.values.sum() == pytest.approx(logits[0] - logits[1], abs=0.02)
    assert found.values.shape == (60,)
    assert found.baseline == words


def test_the_error_says_so_when_the_steps_are_too_few(make_scan_network, scan):
    saliency = explain(make_scan_network(flat_head=True), scan * 3, 0, baseline="black", steps=1)
    assert saliency.completeness_error > 1e-3


def test_nonsense_is_refused(polynomial, pair, make_beat_network, beats):
    with pytest.raises(ValueError, match='"black", expected one of unknown'):
        explain(pair, one_hot("AT"), 0, baseline="black")
    with pytest.raises(ValueError, match="steps"):
        explain(polynomial, X, 0, steps=0)
    with pytest.raises(ValueError, match='"white"'):
        explain(polynomial, X, 0, baseline="white")
    with pytest.raises(ValueError, match="flat line"):
        explain(make_beat_network(), beats, 0, beat=1, baseline="black")


def test_a_blurred_baseline_keeps_brightness_and_loses_detail():
    scan = np.indices((48, 48)).sum(axis=0)[None, ..., None] % 2 * np.float32(1)
    baseline, _ = scan_baseline(scan.astype(np.float32), "blurred")
    np.testing.assert_allclose(baseline, 0.5, atol=0.02)
