"""Shares of a beat's logit over its trace and the numbers beside it."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.beat_contributions import contributions


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


def test_by_hand(linear):
    windows = np.array([[0, 1], [0, 1], [4, 0]], dtype=np.float32)[..., np.newaxis]
    rhythm = np.array([[1.0], [1.0], [0.5]], dtype=np.float32)
    shares = contributions(linear, (windows, rhythm), 0, beat=2)
    # The usual beat is (0, 1) and 1: what changed is +4, -1 and -0.5.
    np.testing.assert_allclose(shares.trace, [[4.0], [-2.0]], atol=1e-6)
    np.testing.assert_allclose(shares.rhythm, [1.5], atol=1e-6)
    assert shares.completeness_error < 1e-6


def test_the_usual_beat_has_nothing_to_explain(linear):
    windows = np.ones((5, 2, 1), dtype=np.float32)
    shares = contributions(linear, (windows, np.ones((5, 1), dtype=np.float32)), 0, beat=1)
    assert not shares.trace.any()
    assert not shares.rhythm.any()


def test_shares_add_up_to_what_the_network_says(make_beat_network, beats):
    network = make_beat_network()
    windows, rhythm = beats
    usual = windows.mean(axis=0), rhythm.mean(axis=0)
    shares = contributions(network, beats, 1, beat=2, usual=usual, steps=256)
    replaced = windows.copy(), rhythm.copy()
    replaced[0][2], replaced[1][2] = usual
    logits = [
        network([w[np.newaxis], r[np.newaxis]], training=False).numpy()[0, 2, 1]
        for w, r in (beats, replaced)
    ]
    difference = float(logits[0] - logits[1])
    assert abs(difference) > 0.1
    found = float(shares.trace.sum() + shares.rhythm.sum())
    assert found == pytest.approx(difference, abs=0.02)
    assert shares.completeness_error == pytest.approx(abs(found - difference), abs=1e-4)
    assert shares.rhythm.any()


def test_a_beat_that_does_not_exist_is_refused(linear):
    x = np.zeros((2, 2, 1), dtype=np.float32), np.zeros((2, 1), dtype=np.float32)
    with pytest.raises(ValueError, match="there are 2 beats"):
        contributions(linear, x, 0, beat=2)
