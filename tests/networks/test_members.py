"""Members that a network averages, compiled as one of them."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.explain.compiled import compiled
from medmodels.networks.members import copy_of, members, run, weights_for, weights_of


@pytest.fixture(scope="module")
def beats():
    """Windows (5, 30, 2) and numbers (5, 3) of five beats."""
    draw = np.random.default_rng(7)
    return (
        draw.standard_normal((5, 30, 2)).astype(np.float32),
        draw.standard_normal((5, 3)).astype(np.float32),
    )


def ensemble(count: int):
    import keras

    from medmodels.networks.rnn import beat_rnn

    keras.utils.set_random_seed(2)
    return beat_rnn(30, 2, 3, 4, width=4, members=count)


def averaged(*widths: int, activation: str = "relu"):
    import keras
    from keras import layers

    keras.utils.set_random_seed(3)
    x = keras.Input((5,))
    parts = [
        layers.Dense(2)(layers.Dense(width, activation="relu" if k else activation)(x))
        for k, width in enumerate(widths)
    ]
    return keras.Model(x, layers.Average()(parts))


@pytest.mark.parametrize(
    ("network", "count"),
    [
        (lambda: averaged(3, 3, 3), 3),
        (lambda: averaged(3, 4), 1),
        (lambda: averaged(3, 3, activation="tanh"), 1),
        (lambda: ensemble(1), 1),
        (lambda: ensemble(3), 3),
    ],
)
def test_only_alike_parts_are_members(network, count):
    network = network()
    found = members(network)
    assert len(found) == count
    assert (found[0] is network) is (count == 1)


@pytest.mark.skipif("ecg-beats" not in list_tasks(), reason="no bundle for ecg-beats here")
def test_the_bundled_networks_members_are_found():
    network = load_bundle("ecg-beats").network
    assert len(members(network)) == len([x for x in network.layers if "within_beat" in x.name]) > 1


def test_answers_and_gradients_are_the_whole_networks(beats):
    import tensorflow as tf

    network = ensemble(3)
    inputs = [tf.constant(np.stack([part, 2 * part])) for part in beats]
    upstream = np.random.default_rng(0).standard_normal((2, 5, 4)).astype(np.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        logits = network(inputs, training=False)
    expected = tape.gradient(logits, inputs, output_gradients=upstream)
    found, gradients = compiled(network).derive(inputs, tf.constant(upstream))
    np.testing.assert_allclose(found, logits, atol=1e-6)
    np.testing.assert_allclose(compiled(network).predict(inputs, 1), logits, atol=1e-6)
    for one, other in zip(gradients, expected, strict=True):
        assert np.abs(other).max() > 1e-4
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_copy_is_run_with_the_weights_of_any_member(beats):
    network = ensemble(2)
    first, second = members(network)
    copy = copy_of(first)
    given = [part[None] for part in beats]
    for member in (first, second):
        expected = member(given, training=False)
        np.testing.assert_allclose(
            run(copy, weights_for(copy, copy, member), given), expected, atol=1e-6
        )
        np.testing.assert_allclose(run(first, weights_of(member), given), expected, atol=1e-6)
    assert np.abs(copy(given) - first(given)).max() > 1e-3, "its own weights are others"
