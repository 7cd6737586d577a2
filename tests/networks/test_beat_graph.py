import keras
import numpy as np
import pytest

from medmodels.networks.beat_graph import BeatGraph
from medmodels.networks.rnn import average_members, beat_rnn

SHAPE = {"samples": 24, "leads": 2, "context": 3, "classes": 4, "width": 5}


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(1)
    return average_members([beat_rnn(**SHAPE), beat_rnn(**SHAPE)], **SHAPE)


@pytest.fixture(scope="module")
def beats():
    rng = np.random.default_rng(0)
    return (
        rng.standard_normal((200, 24, 2)).astype(np.float32),
        rng.standard_normal((200, 3)).astype(np.float32),
    )


@pytest.mark.parametrize("in_order", [True, False])
def test_features_come_beside_the_same_logits(network, beats, in_order):
    graph = BeatGraph(network, ("judgement", "within_beat"))
    logits, features = graph.with_features(*beats, in_order=in_order)
    np.testing.assert_array_equal(logits, graph(*beats, in_order=in_order))
    np.testing.assert_allclose(logits, BeatGraph(network)(*beats, in_order=in_order), atol=1e-5)
    # Two members: 5 units each of judgement, then 10 each of the two-way GRU.
    assert features.shape == (200, 2 * 5 + 2 * 10)
    assert features.dtype == np.float32


def test_the_judgement_of_all_members_makes_the_logits(network, beats):
    logits, features = BeatGraph(network, ("judgement",)).with_features(*beats)
    parts = []
    for k in range(2):
        weights, bias = network.get_layer(f"logits_{k + 1}").get_weights()
        parts.append(features[:, 5 * k : 5 * k + 5] @ weights + bias)
    np.testing.assert_allclose(np.mean(parts, axis=0), logits, atol=1e-5)


def test_folded_layers_are_put_back_in_the_order_of_the_beats(network, beats):
    graph = BeatGraph(network, ("within_beat",))
    _, features = graph.with_features(*beats)
    # What is read within a beat does not depend on its neighbours.
    _, alone = graph.with_features(beats[0][150:151], beats[1][150:151])
    np.testing.assert_allclose(features[150], alone[0], atol=1e-5)


def test_without_layers_there_are_no_features(network, beats):
    _, features = BeatGraph(network).with_features(*beats)
    assert features.shape == (200, 0)


def test_a_layer_that_is_not_there_is_named(network):
    with pytest.raises(ValueError, match="across_time"):
        BeatGraph(network, ("across_time",))
