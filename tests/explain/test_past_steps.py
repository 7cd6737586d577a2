"""The influence of each step through a recurrent memory, by hand and against less input."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.explain import occlusion_beats, past_steps
from medmodels.explain.skipped_steps import SkippedSteps
from medmodels.trust.calibration import log_odds
from tests.explain.test_occlusion_signal import against_nothing

DECAY = 0.5
NUMBERS = np.array([[3.0], [-1.0], [4.0], [1.0], [-5.0]], np.float32)
WINDOWS = np.zeros((5, 2, 1), np.float32)


def fading(combine: str | None):
    """A memory of each beat's number that halves from beat to beat, in one direction or two."""
    import keras
    from keras import layers

    windows, rhythm = keras.Input((None, 2, 1)), keras.Input((None, 1))
    memory = layers.SimpleRNN(1, activation=None, use_bias=False, return_sequences=True)
    both = layers.Bidirectional(memory, merge_mode=combine) if combine else memory
    seen = layers.Add()([rhythm, layers.Rescaling(0.0)(layers.Reshape((-1, 2))(windows))[..., :1]])
    network = keras.Model([windows, rhythm], against_nothing(both(seen)))
    network.set_weights([np.ones((1, 1)), np.full((1, 1), DECAY)] * (2 if combine else 1))
    return network


def influence(network, beat, **settings):
    found = past_steps.explain(network, (WINDOWS, NUMBERS), 0, beat=beat, **settings)
    return found.values[:, 0, 0]


def test_one_direction_by_hand():
    expected = [3 / 8, -1 / 4, 4 / 2, 1, 0]
    np.testing.assert_allclose(influence(fading(None), 3), expected, atol=1e-6)


def test_two_directions_that_add_up_by_hand():
    # The beat itself is read by both.
    expected = [3 / 4, -1 / 2, 4 * 2, 1 / 2, -5 / 4]
    np.testing.assert_allclose(influence(fading("sum"), 2), expected, atol=1e-6)


def test_two_directions_that_multiply_by_hand():
    """The memory of the past is 4, then 4 - 1/2, then 4 - 1/2 + 3/4; of the future so, too."""
    past, future = np.array([4, 3.5, 4.25]), np.array([4, 4.5, 3.25])
    expected = [
        0.75 * (future[0] + future[-1]) / 2,
        -0.5 * (future[0] + future[-1]) / 2,
        4 * 4,
        0.5 * (past[0] + past[-1]) / 2,
        -1.25 * (past[0] + past[-1]) / 2,
    ]
    np.testing.assert_allclose(influence(fading("mul"), 2), expected, rtol=1e-5)
    assert sum(expected) == pytest.approx(past[-1] * future[-1])


def reading_moments():
    """A beat's score: its samples, read in a row by a memory that halves from one to the next."""
    import keras
    from keras import layers

    from medmodels.networks.rnn import FoldBeats, UnfoldBeats

    windows, rhythm = keras.Input((None, 3, 1)), keras.Input((None, 1))
    memory = layers.SimpleRNN(1, activation=None, use_bias=False)
    score = UnfoldBeats()([memory(FoldBeats()(windows)), rhythm])
    network = keras.Model([windows, rhythm], against_nothing(score))
    network.set_weights([np.ones((1, 1)), np.full((1, 1), DECAY)])
    return network


def test_moments_by_hand():
    windows = np.zeros((2, 3, 1), np.float32)
    windows[1, :, 0] = [8, 4, 1]
    found = past_steps.explain(reading_moments(), (windows, np.zeros((2, 1))), 0, beat=1)
    # Read from the start: 8, 8/2 + 4, 8/4 + 4/2 + 1; from the end back: 1, 4/2 + 1, 8/4 + ...
    from_start, from_end = np.diff([0, 8, 8, 5]), np.array([2, 2, 1])
    np.testing.assert_allclose(found.values[1, :, 0], (from_start + from_end) / 2, atol=1e-6)
    assert not found.values[0].any()
    assert found.grid == (3,)


def stacked():
    """Two recurrent layers across beats, one upon the other, the second one with an LSTM."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(6)
    windows, rhythm = keras.Input((None, 2, 1)), keras.Input((None, 1))
    x = layers.Concatenate()([layers.Reshape((-1, 2))(windows), rhythm])
    x = layers.Bidirectional(layers.GRU(3, return_sequences=True))(x)
    y = layers.Concatenate()([x, rhythm])
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(y)
    return keras.Model([windows, rhythm], layers.Dense(3)(layers.Concatenate()([x, y])))


def shorter(network, x, first, last):
    """What the network says when it is given no more than these beats."""
    return network([part[None, first:last] for part in x], training=False).numpy()[0]


@pytest.mark.parametrize("name", ["one", "three members", "stacked"])
def test_beats_out_of_reach_are_as_if_they_were_not_there(name, make_beat_network, beats):
    import keras

    from medmodels.networks.rnn import beat_rnn

    keras.utils.set_random_seed(9)
    x = beats if name != "stacked" else (beats[0][:, :2, :1], beats[1][:, :1])
    network = {
        "one": make_beat_network,
        "three members": lambda: beat_rnn(30, 2, 3, 4, width=4, members=3),
        "stacked": stacked,
    }[name]()
    graph = SkippedSteps(
        network, lambda layer: layer.input.shape[1] is None, lambda copy: copy.outputs
    )
    reach = np.array([[1, 1, 1, 1, 1], [0, 1, 1, 1, 0], [0, 0, 0, 1, 1], [0, 0, 1, 0, 0]], bool)
    found = graph([part[None] for part in x], reach).mean(axis=0)
    for logits, row in zip(found, reach, strict=True):
        first, last = np.flatnonzero(row)[[0, -1]]
        np.testing.assert_allclose(
            logits[first : last + 1], shorter(network, x, first, last + 1), atol=1e-5
        )


def test_influences_add_up(make_beat_network, beats):
    """To the answer with all beats, less the answer of a memory that holds nothing."""
    network = make_beat_network()
    found = past_steps.explain(network, beats, 1, beat=2)
    graph = SkippedSteps(
        network, lambda layer: layer.input.shape[1] is None, lambda copy: copy.outputs
    )
    rows = np.stack([np.ones(5, bool), np.zeros(5, bool)])
    odds = log_odds(graph([part[None] for part in beats], rows)[0])[:, 2, 1]
    assert abs(odds[0] - odds[1]) > 0.01
    assert found.values[:, 0, 0].sum() == pytest.approx(odds[0] - odds[1], abs=1e-4)
    assert found.completeness_error < 1e-6
    np.testing.assert_allclose(
        log_odds(network([part[None] for part in beats], training=False))[0, 2, 1], odds[0],
        atol=1e-5,
    )  # fmt: skip


def test_the_furthest_beat_is_what_the_network_loses_without_it(make_beat_network, beats):
    """With one beat on one side only, there is no order to choose: what is left out is told."""
    network, last = make_beat_network(), [part[:2] for part in beats]
    found = past_steps.explain(network, last, 0, beat=1).values[:, 0, 0]
    with_it = log_odds(shorter(network, last, 0, 2))[1, 0]
    without = log_odds(shorter(network, last, 1, 2))[0, 0]
    assert found[0] == pytest.approx(with_it - without, abs=1e-5)
    assert abs(found[0]) > 1e-3


def test_it_is_not_what_occlusion_of_beats_shows():
    """Beats that are all alike: another in one's place changes nothing; the memory holds much."""
    network = fading("sum")
    x = WINDOWS, np.ones_like(NUMBERS)
    assert not occlusion_beats.explain(network, x, 0, beat=2).values.any()
    found = past_steps.explain(network, x, 0, beat=2).values[:, 0, 0]
    np.testing.assert_allclose(found, [1 / 4, 1 / 2, 2, 1 / 2, 1 / 4], atol=1e-6)


@pytest.mark.parametrize("at_once", [1, 7])
def test_many_beats_are_done_in_parts(make_beat_network, beats, monkeypatch, at_once):
    network, told = make_beat_network(), []
    whole = past_steps.explain(network, beats, 0, beat=2).values
    monkeypatch.setattr("medmodels.explain.step_influence._BEATS_AT_ONCE", at_once * 5)
    found = past_steps.explain(network, beats, 0, beat=2, progress=told.append)
    np.testing.assert_allclose(found.values, whole, atol=1e-5)
    assert told[0] == 0
    assert told[-1] == 1
    assert len(told) > 2


def test_a_network_without_a_memory_is_told_so():
    import keras
    from keras import layers

    windows, rhythm = keras.Input((None, 2, 1)), keras.Input((None, 1))
    both = layers.Concatenate()([layers.Reshape((-1, 2))(windows), rhythm])
    network = keras.Model([windows, rhythm], layers.Dense(2)(both))
    for level in (None, "beats", "moments"):
        with pytest.raises(ValueError, match="no recurrent layer"):
            past_steps.explain(network, (WINDOWS, NUMBERS), 0, beat=1, level=level)


def test_a_network_that_reads_single_beats_has_moments_only():
    from medmodels.networks.rnn import plain_lstm

    network, generator = plain_lstm(6, 1, 2, 3, width=4), np.random.default_rng(1)
    x = [generator.standard_normal(size).astype(np.float32) for size in ((2, 6, 1), (2, 2))]
    found = past_steps.explain(network, x, 0, beat=1)
    assert found.grid == (6,)
    assert found.values[1].any()
    with pytest.raises(ValueError, match="no recurrent layer"):
        past_steps.explain(network, x, 0, beat=1, level="beats")


def test_nonsense_is_refused(make_beat_network, beats):
    with pytest.raises(ValueError, match='level is "months"'):
        past_steps.explain(make_beat_network(), beats, 0, beat=1, level="months")


@pytest.mark.skipif("ecg-beats" not in list_tasks(), reason="no bundle for ecg-beats here")
def test_the_bundled_network_has_both_levels(random):
    network = load_bundle("ecg-beats").network
    samples, leads = network.inputs[0].shape[2:]
    windows = random.standard_normal((9, samples, leads)).astype(np.float32)
    numbers = random.standard_normal((9, network.inputs[1].shape[2])).astype(np.float32)
    x = windows, numbers
    whole = log_odds(shorter(network, x, 0, 9))[4, 0]
    alone = log_odds(shorter(network, x, 4, 5))[0, 0]
    found = past_steps.explain(network, x, 0, beat=4)
    around = np.delete(found.values[:, 0, 0], 4).sum()
    assert abs(whole - alone) > 0.01
    assert around == pytest.approx(whole - alone, abs=1e-4)
    moments = past_steps.explain(network, x, 0, beat=4, level="moments")
    assert len(np.unique(moments.values[4, :, 0])) == moments.grid[0]
    assert not np.delete(moments.values, 4, axis=0).any()
