"""Shares of a beat's logit over its trace and the numbers beside it."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.beat_contributions import explain
from medmodels.explain.contrast import Contrast


@pytest.fixture(scope="module")
def linear():
    """Logit of a beat: 1 s1 + 2 s2 of its window, -3 times its one number."""
    import keras
    from keras import layers

    windows, rhythm = keras.Input((None, 2, 1)), keras.Input((None, 1))
    samples = layers.Reshape((-1, 2))(windows)
    both = layers.Concatenate()([samples, rhythm])
    network = keras.Model([windows, rhythm], layers.Dense(1, use_bias=False)(both))
    network.set_weights([np.array([[1.0], [2.0], [-3.0]])])
    return network


WINDOWS = np.array([[0, 1], [0, 1], [4, 0]], dtype=np.float32)[..., np.newaxis]
RHYTHM = np.array([[1.0], [1.0], [0.5]], dtype=np.float32)


def other(first: float, second: float, number: float, words: str) -> Contrast:
    window = np.array([[first], [second]], dtype=np.float32)
    return Contrast(window, np.array([number], dtype=np.float32), words)


def test_by_hand(linear):
    shares = explain(linear, (WINDOWS, RHYTHM), 0, beat=2)
    # The usual beat is (0, 1) and 1: what changed is +4, -1 and -0.5.
    np.testing.assert_allclose(shares.values[2], [[4.0], [-2.0]], atol=1e-6)
    np.testing.assert_allclose(shares.context[2], [1.5], atol=1e-6)
    assert not shares.values[:2].any()
    assert not shares.context[:2].any()
    assert shares.completeness_error < 1e-6


def test_two_contrasts_are_averaged_by_hand(linear):
    contrasts = (other(0, 1, 1.0, "one beat"), other(2, 0, 0.5, "another"))
    shares = explain(linear, (WINDOWS, RHYTHM), 0, beat=2, contrasts=contrasts)
    np.testing.assert_allclose(shares.values[2], [[(4 + 2) / 2], [(-2 + 0) / 2]], atol=1e-6)
    np.testing.assert_allclose(shares.context[2], [(1.5 + 0) / 2], atol=1e-6)
    assert shares.baseline == "one beat and another"


def test_the_usual_beat_has_nothing_to_explain(linear):
    windows = np.ones((5, 2, 1), dtype=np.float32)
    shares = explain(linear, (windows, np.ones((5, 1), dtype=np.float32)), 0, beat=1)
    assert not shares.values.any()
    assert not shares.context.any()


def test_shares_add_up_to_what_the_network_says(make_beat_network, beats):
    network = make_beat_network()
    windows, rhythm = beats
    usual = Contrast(windows.mean(axis=0), rhythm.mean(axis=0), "the mean beat")
    shares = explain(network, beats, 1, beat=2, contrasts=(usual,), steps=256)
    replaced = windows.copy(), rhythm.copy()
    replaced[0][2], replaced[1][2] = usual.window, usual.numbers
    logits = [
        network([w[np.newaxis], r[np.newaxis]], training=False).numpy()[0, 2, 1]
        for w, r in (beats, replaced)
    ]
    difference = float(logits[0] - logits[1])
    assert abs(difference) > 0.1
    found = float(shares.values.sum() + shares.context.sum())
    assert found == pytest.approx(difference, abs=0.02)
    assert shares.completeness_error == pytest.approx(abs(found - difference), abs=1e-4)
    assert shares.context.any()


def test_a_beat_that_does_not_exist_is_refused(linear):
    x = np.zeros((2, 2, 1), dtype=np.float32), np.zeros((2, 1), dtype=np.float32)
    with pytest.raises(ValueError, match="there are 2 beats"):
        explain(linear, x, 0, beat=2)
