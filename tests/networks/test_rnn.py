"""The beat network: shape, order, saving, gradients, and the compiled graph over it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")
import tensorflow as tf  # noqa: E402

from medmodels.networks.beat_graph import BeatGraph  # noqa: E402
from medmodels.networks.rnn import average_members, beat_rnn, plain_lstm  # noqa: E402

SHAPE = {"samples": 96, "leads": 2, "context": 5, "classes": 4, "width": 4}


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(1)
    return beat_rnn(**SHAPE)


@pytest.fixture(scope="module")
def beats() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return (
        rng.standard_normal((300, 96, 2)).astype(np.float32),
        rng.standard_normal((300, 5)).astype(np.float32),
    )


@pytest.mark.parametrize("build", [beat_rnn, plain_lstm])
@pytest.mark.parametrize("count", [1, 7])
def test_any_number_of_beats(build: object, count: int) -> None:
    model = build(**SHAPE)  # type: ignore[operator]
    out = model([np.zeros((2, count, 96, 2)), np.zeros((2, count, 5))], training=False)
    assert out.shape == (2, count, 4)


def test_flat_and_loads_safely(network: keras.Model, beats: tuple, tmp_path: Path) -> None:
    assert not any(isinstance(layer, keras.Model) for layer in network.layers)
    network.save(tmp_path / "n.keras")
    again = keras.saving.load_model(tmp_path / "n.keras", compile=False, safe_mode=True)
    inputs = [beats[0][None, :20], beats[1][None, :20]]
    np.testing.assert_allclose(again(inputs), network(inputs), atol=1e-6)


def test_neighbours_matter_in_both_directions(network: keras.Model, beats: tuple) -> None:
    windows, rhythm = beats[0][None, :20].copy(), beats[1][None, :20]
    before = network([windows, rhythm], training=False).numpy()
    windows[0, 10] += 1
    change = np.abs(network([windows, rhythm], training=False).numpy() - before).max(axis=(0, 2))
    assert change[9] > 0
    assert change[11] > 0


def test_gradient_reaches_the_windows(network: keras.Model, beats: tuple) -> None:
    windows, rhythm = tf.constant(beats[0][None, :8]), tf.constant(beats[1][None, :8])
    with tf.GradientTape() as tape:
        tape.watch(windows)
        logit = network([windows, rhythm], training=False)[0, 4, 2]
    gradient = tape.gradient(logit, windows).numpy()
    assert np.isfinite(gradient).all()
    assert np.abs(gradient[0, 4]).max() > 0


def test_members_are_averaged(beats: tuple) -> None:
    each = []
    for seed in (1, 2, 3):
        keras.utils.set_random_seed(seed)
        each.append(beat_rnn(**SHAPE))
    whole = average_members(each, **SHAPE)
    inputs = [beats[0][None, :9], beats[1][None, :9]]
    expected = np.mean([m(inputs, training=False).numpy() for m in each], axis=0)
    np.testing.assert_allclose(whole(inputs, training=False), expected, atol=1e-5)


@pytest.mark.parametrize("count", [1, 80, 81, 300])
def test_stretches_agree_with_the_whole(network: keras.Model, beats: tuple, count: int) -> None:
    windows, rhythm = beats[0][:count], beats[1][:count]
    # The graph reads on into emptiness at the ends, as training did.
    ends = ((24, 24), (0, 0), (0, 0))
    whole = network(
        [np.pad(windows, ends)[None], np.pad(rhythm, ends[:2])[None]], training=False
    ).numpy()[0, 24:-24]
    np.testing.assert_allclose(BeatGraph(network)(windows, rhythm), whole, atol=0.02)


def test_beats_out_of_order_are_read_alone(network: keras.Model, beats: tuple) -> None:
    graph = BeatGraph(network)
    some = graph(beats[0][:5], beats[1][:5], in_order=False)
    one = graph(beats[0][3:4], beats[1][3:4], in_order=False)
    np.testing.assert_allclose(some[3], one[0], atol=1e-5)


def test_progress_goes_up_to_one(network: keras.Model, beats: tuple) -> None:
    told: list[float] = []
    BeatGraph(network)(
        np.tile(beats[0], (4, 1, 1)), np.tile(beats[1], (4, 1)), progress=told.append
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 1
