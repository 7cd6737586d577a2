"""The splice site network is flat, small, and an average of its members."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from medmodels.networks.splice_rnn import average_members, splice_rnn


@pytest.fixture(scope="module")
def windows():
    return np.random.default_rng(0).dirichlet(np.ones(4), (5, 60)).astype(np.float32)


def test_it_is_flat_and_functional_and_ends_in_logits(windows):
    network = splice_rnn(members=2)
    assert network.inputs[0].name == "bases"
    assert not any(isinstance(layer, keras.Model) for layer in network.layers)
    logits = network(windows, training=False).numpy()
    assert logits.shape == (5, 3)
    assert not np.allclose(logits.sum(axis=1), 1)


def test_members_are_averaged(windows):
    each = [splice_rnn(width=6, filters=8) for _ in range(3)]
    whole = average_members(each, width=6, filters=8)
    mean = np.mean([one(windows, training=False) for one in each], axis=0)
    np.testing.assert_allclose(whole(windows, training=False), mean, atol=1e-6)
    assert average_members(each[:1]) is each[0]


def test_it_survives_saving(windows, tmp_path):
    network = splice_rnn(width=6, members=2)
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras", compile=False, safe_mode=True)
    np.testing.assert_array_equal(again(windows), network(windows))


def test_the_order_of_the_bases_matters(windows):
    network = splice_rnn(width=6)
    forwards, backwards = network(windows).numpy(), network(windows[:, ::-1]).numpy()
    assert np.abs(forwards - backwards).max() > 1e-3
