"""Moving along a sequence gives what each window gives by itself."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.bases import MIXTURES, one_hot
from medmodels.networks import base_scan
from medmodels.networks.base_features import BaseFeatures
from medmodels.networks.base_scan import BaseScan
from medmodels.networks.splice_rnn import splice_rnn


def _random_weights(network):
    """Larger than Keras' own, so that gates and biases matter."""
    rng = np.random.default_rng(1)
    for layer in network.layers:
        layer.set_weights([rng.normal(0, 0.4, w.shape) for w in layer.get_weights()])
    return network


@pytest.fixture(scope="module", params=[1, 3])
def network(request):
    return _random_weights(splice_rnn(width=7, filters=9, members=request.param))


@pytest.fixture(scope="module")
def scan(network):
    return BaseScan(network)


def sequence(n: int, seed: int = 0) -> np.ndarray:
    codes = "ACGT" * 15 + "".join(MIXTURES)
    return one_hot("".join(np.random.default_rng(seed).choice(list(codes), n)))


def one_by_one(network, bases):
    windows = np.lib.stride_tricks.sliding_window_view(bases, 60, axis=0).transpose(0, 2, 1)
    return network(np.ascontiguousarray(windows), training=False).numpy()


@pytest.mark.parametrize("n", [60, 61, 315, 316, 700])
def test_equal_to_the_network_on_every_window(network, scan, n):
    bases = sequence(n)
    expected = one_by_one(network, bases)
    found = scan(bases)
    assert found.shape == (n - 59, 3)
    assert np.ptp(expected) > 0.5
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_equal_across_the_border_of_two_blocks(network, scan, monkeypatch):
    monkeypatch.setattr(base_scan, "_BLOCK", 300)
    bases = sequence(1000, seed=2)
    np.testing.assert_allclose(scan(bases), one_by_one(network, bases), atol=1e-4)


def test_what_the_last_layer_reads_of_some_windows_comes_with_the_logits(
    network, scan, monkeypatch
):
    """On both sides of a border of blocks, and none where none is wanted."""
    monkeypatch.setattr(base_scan, "_BLOCK", 300)
    bases, rows = sequence(700, seed=3), np.array([0, 5, 299, 300, 640])
    logits, features = scan.with_features(bases, rows)
    windows = np.stack([bases[row : row + 60] for row in rows])
    expected = BaseFeatures(network, "along")(windows)
    np.testing.assert_allclose(logits[rows], expected[0], atol=1e-4)
    np.testing.assert_allclose(features, expected[1], atol=1e-4)
    assert np.ptp(expected[1]) > 0.5
    assert len(scan.with_features(bases, rows[:0])[1]) == 0


def test_unrelated_windows_go_through_the_network(network, scan):
    windows = np.stack([sequence(60, seed) for seed in range(300)])
    expected = network(windows, training=False).numpy()
    np.testing.assert_allclose(scan.windows(windows), expected, atol=1e-5)
    assert scan.windows(windows[:0]).shape == (0, 3)


def test_progress_is_told_and_can_stop_the_scan(scan, monkeypatch):
    monkeypatch.setattr(base_scan, "_BLOCK", 300)
    told: list[float] = []
    scan(sequence(1259), progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]

    class StopError(Exception):
        pass

    def stop(share: float) -> None:
        told.append(share)
        if share >= 0.5:
            raise StopError

    told.clear()
    with pytest.raises(StopError):
        scan(sequence(1259), progress=stop)
    assert told == [0.25, 0.5]


def test_too_few_bases_and_another_network_are_refused(scan):
    import keras

    with pytest.raises(ValueError, match="at least 60"):
        scan(sequence(59))
    other = keras.Sequential([keras.layers.Input((60, 4)), keras.layers.Flatten()])
    with pytest.raises(ValueError, match="no splice site network"):
        BaseScan(other)


def test_only_two_shapes_are_ever_compiled(network):
    scan = BaseScan(network)
    for n in (60, 100, 315, 400, 5000, 9000):
        scan(sequence(n))
    assert scan._each_member.experimental_get_tracing_count() == 2
