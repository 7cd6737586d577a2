"""The recurrent layers laid open: the real network's numbers, and none of them changed."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.explain.baselines import beat_baseline
from medmodels.lessons.recurrence import LaidOpen, laid_open, times_of_windows
from medmodels.lessons.recurrence_answers import answers_across, answers_within
from medmodels.lessons.recurrence_memory import Fading, memory_of
from medmodels.lessons.recurrent_layers import (
    ACROSS,
    BACKWARD,
    FORWARD,
    WITHIN,
    RecurrentLayer,
    recurrent_layers,
)
from tests.bundles_fixture import SIGNAL_TASK, write_tiny_signal_bundle

BEATS, SAMPLES, LEADS, NUMBERS = 7, 32, 2, 3
BEAT = 2


@pytest.fixture(scope="module")
def network():
    """Two members with random weights, as the ECG network is built."""
    import keras

    from medmodels.networks.rnn import beat_rnn

    keras.utils.set_random_seed(4)
    made = beat_rnn(SAMPLES, LEADS, NUMBERS, 4, width=5, members=2)
    for layer in made.layers:
        if layer.name.startswith("logits_"):
            layer.set_weights([8 * weights for weights in layer.get_weights()])
    return made


@pytest.fixture(scope="module")
def opened(network) -> LaidOpen:
    return laid_open(network)


@pytest.fixture(scope="module")
def inputs():
    rng = np.random.default_rng(5)
    return (
        rng.standard_normal((BEATS, SAMPLES, LEADS), dtype=np.float32),
        rng.standard_normal((BEATS, NUMBERS), dtype=np.float32),
    )


@pytest.fixture(scope="module")
def usual():
    rng = np.random.default_rng(6)
    return (
        rng.standard_normal((SAMPLES, LEADS), dtype=np.float32),
        rng.standard_normal(NUMBERS, dtype=np.float32),
    )


def answer(network, windows, rhythm):
    return network([windows[np.newaxis], rhythm[np.newaxis]], training=False).numpy()[0]


def of(opened: LaidOpen, name: str) -> RecurrentLayer:
    return next(layer for layer in opened.layers if layer.name == name)


def test_layers_are_found_with_what_they_read(opened):
    assert [(x.name, x.family, x.member, x.level) for x in opened.layers] == [
        ("within_beat_1", "within_beat", 1, WITHIN),
        ("within_beat_2", "within_beat", 2, WITHIN),
        ("across_beats_1", "across_beats", 1, ACROSS),
        ("across_beats_2", "across_beats", 2, ACROSS),
    ]
    for layer in opened.layers:
        assert (layer.cell, layer.units, layer.readable) == ("GRU", 5, True)
        assert layer.directions == (FORWARD, BACKWARD)


def test_a_bundle_with_one_layer_in_one_direction(tmp_path):
    write_tiny_signal_bundle(tmp_path)
    (layer,) = recurrent_layers(load_bundle(SIGNAL_TASK, tmp_path).network)
    assert (layer.name, layer.family, layer.member) == ("within_beat", "within_beat", 1)
    assert (layer.level, layer.directions, layer.units) == (WITHIN, (FORWARD,), 4)


def test_other_kinds_of_layers_are_known_but_not_laid_open():
    import keras
    from keras import layers

    x = start = layers.Input((6, 3))
    x = layers.LSTM(2, return_sequences=True, name="memory")(x)
    x = layers.GRU(2, reset_after=False, return_sequences=True, name="older")(x)
    x = layers.GRU(2, activation="relu", return_sequences=True, name="other")(x)
    x = layers.GRU(2, go_backwards=True, name="from_the_end")(x)
    network = keras.Model(start, layers.Dense(2, name="logits")(x))
    found = recurrent_layers(network)
    assert [(entry.cell, entry.readable) for entry in found] == [
        ("LSTM", False), ("GRU", False), ("GRU", False), ("GRU", True),
    ]  # fmt: skip
    assert found[-1].directions == (BACKWARD,)
    opened = LaidOpen(network)
    logits, given = opened([np.ones((1, 6, 3), np.float32)])
    assert logits.shape == (1, 2)
    assert given["memory"].shape == (1, 6, 3)
    with pytest.raises(ValueError, match="LSTM"):
        opened.unroll(found[0], FORWARD, given["memory"][0])
    with pytest.raises(ValueError, match="does not read forward"):
        opened.unroll(found[-1], FORWARD, given["from_the_end"][0])


def test_one_pass_gives_the_answer_and_what_each_layer_is_given(network, opened, inputs):
    logits, given = opened([part[np.newaxis] for part in inputs])
    np.testing.assert_allclose(logits[0], answer(network, *inputs), rtol=0, atol=1e-5)
    assert given["within_beat_1"].shape == (BEATS, SAMPLES // 4, 5)
    assert given["across_beats_2"].shape == (1, BEATS, 10)


def test_the_states_lead_to_the_networks_own_answer(network, opened, inputs):
    """The rest of the network, in NumPy, on the states laid open here: the logits again."""
    logits, given = opened([part[np.newaxis] for part in inputs])
    total = np.zeros((BEATS, 4))
    for member in (1, 2):
        x = given[f"across_beats_{member}"][0]
        layer = of(opened, f"across_beats_{member}")
        states = []
        for direction in layer.directions:
            found = opened.unroll(layer, direction, x)
            states.append(found.in_time(found.trace.h))
        both = np.concatenate([x, *states], axis=1)
        dense = [network.get_layer(f"{n}_{member}").get_weights() for n in ("judgement", "logits")]
        total += np.maximum(both @ dense[0][0] + dense[0][1], 0) @ dense[1][0] + dense[1][1]
    np.testing.assert_allclose(total / 2, logits[0], rtol=0, atol=1e-4)


def test_within_a_beat_the_last_states_are_what_the_network_goes_on_with(network, opened, inputs):
    _, given = opened([part[np.newaxis] for part in inputs])
    layer = of(opened, "within_beat_2")
    ends = [
        opened.unroll(layer, direction, given[layer.name][BEAT]).trace.h[-1]
        for direction in layer.directions
    ]
    shape, bias = network.get_layer("shape_2").get_weights()
    expected = np.maximum(np.concatenate(ends) @ shape + bias, 0)
    np.testing.assert_allclose(given["across_beats_2"][0, BEAT, :5], expected, atol=1e-5)


def test_backward_reads_the_last_moment_first(opened, inputs):
    _, given = opened([part[np.newaxis] for part in inputs])
    layer = of(opened, "across_beats_1")
    x = given[layer.name][0]
    found = opened.unroll(layer, BACKWARD, x)
    np.testing.assert_array_equal(found.x, x[::-1].astype(np.float64))
    np.testing.assert_array_equal(found.in_time(found.x), x.astype(np.float64))
    assert [found.place(step) for step in (0, 1, BEATS - 1)] == [BEATS - 1, BEATS - 2, 0]
    forward = opened.unroll(layer, FORWARD, x)
    assert forward.place(3) == 3
    step = found.unit(2, 4)
    assert step.h == pytest.approx(found.trace.h[2, 4], abs=1e-12)
    assert step.previous == pytest.approx(found.trace.h[1, 4], abs=1e-12)


@pytest.mark.parametrize("direction", [FORWARD, BACKWARD])
def test_the_answer_across_beats_is_the_networks_on_each_shorter_stretch(
    network, opened, inputs, direction
):
    told: list[float] = []
    rows = answers_across(opened, inputs, BEAT, direction, told.append)
    windows, rhythm = inputs
    assert rows.shape == (BEATS, 4)
    reached = BEAT if direction == FORWARD else BEATS - 1 - BEAT
    assert np.isnan(rows[:reached]).all()
    assert np.isfinite(rows[reached:]).all()
    for step in range(reached, BEATS):
        part = slice(0, step + 1) if direction == FORWARD else slice(BEATS - 1 - step, BEATS)
        place = BEAT - part.start
        expected = answer(network, windows[part], rhythm[part])[place]
        np.testing.assert_allclose(rows[step], expected, rtol=0, atol=1e-4)
    np.testing.assert_allclose(rows[-1], answer(network, *inputs)[BEAT], rtol=0, atol=1e-4)
    assert np.abs(rows[reached] - rows[-1]).max() > 1e-3
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("direction", [FORWARD, BACKWARD])
@pytest.mark.parametrize("hidden", [False, True])
def test_the_answer_within_a_beat_is_the_networks_on_each_cut_window(
    network, inputs, usual, direction, hidden
):
    windows, rhythm = inputs
    baseline, _ = beat_baseline(windows, "usual", usual[0])
    rows = answers_within(
        network, inputs, BEAT, 8, direction, baseline, usual_numbers=usual[1] if hidden else None
    )
    assert rows.shape == (9, 4)
    numbers = rhythm.copy()
    if hidden:
        numbers[BEAT] = usual[1]
    for seen in range(9):
        cut = windows.copy()
        if direction == FORWARD:
            cut[BEAT, 4 * seen :] = usual[0][4 * seen :]
        else:
            cut[BEAT, : SAMPLES - 4 * seen] = usual[0][: SAMPLES - 4 * seen]
        np.testing.assert_allclose(
            rows[seen], answer(network, cut, numbers)[BEAT], rtol=0, atol=1e-4
        )
    assert np.abs(rows[0] - rows[-1]).max() > 1e-3


def test_memory_is_the_distance_between_two_runs(opened, inputs, usual):
    found = memory_of(opened, inputs, BEAT, usual)
    assert [(x.layer.member, x.direction) for x in found] == [
        (1, FORWARD), (1, BACKWARD), (2, FORWARD), (2, BACKWARD),
    ]  # fmt: skip
    other = [part.copy() for part in inputs]
    for part, replacement in zip(other, usual, strict=True):
        part[BEAT] = replacement
    for fading in found:
        states = []
        for run in (inputs, other):
            _, given = opened([part[np.newaxis] for part in run])
            unrolled = opened.unroll(fading.layer, fading.direction, given[fading.layer.name][0])
            states.append(unrolled.in_time(unrolled.trace.h))
        apart = np.linalg.norm(states[0] - states[1], axis=1)
        after = apart[BEAT:] if fading.direction == FORWARD else apart[BEAT::-1]
        before = apart[:BEAT] if fading.direction == FORWARD else apart[BEAT + 1 :]
        np.testing.assert_allclose(fading.distances, after, rtol=0, atol=1e-6)
        # What has not been read yet cannot have been remembered.
        np.testing.assert_allclose(before, 0, atol=1e-6)
        assert fading.distances[0] > 1e-2


def test_replacing_a_beat_by_itself_leaves_nothing_to_remember(opened, inputs):
    for fading in memory_of(opened, inputs, BEAT, [part[BEAT] for part in inputs]):
        np.testing.assert_allclose(fading.distances, 0, atol=1e-6)
        assert (fading.shares == 0).all()
        assert fading.beats_until(0.05) == 0


def test_beats_until_it_has_faded_for_good():
    layer = RecurrentLayer("a", "a", 1, "GRU", ACROSS, 2, (FORWARD,), True)

    def until(level: float, *distances: float) -> int | None:
        return Fading(layer, FORWARD, np.array(distances)).beats_until(level)

    assert until(0.5, 4, 2, 1, 0.5) == 1
    assert until(0.05, 4, 2, 1, 0.1) == 3
    # Risen again: only the last fall counts.
    assert until(0.5, 4, 1, 3, 1, 1) == 3
    assert until(0.05, 4, 2, 1, 0.5) is None
    np.testing.assert_allclose(Fading(layer, FORWARD, np.array([4.0, 2, 1])).shares, [1, 0.5, 0.25])


def test_steps_lie_on_the_windows_time_axis():
    # 96 samples at 100 Hz in 24 steps of 40 ms, from -0.42 s to +0.54 s.
    edges = times_of_windows(np.arange(-42, 54) / 100, 24)
    assert edges.shape == (25,)
    np.testing.assert_allclose(edges[[0, 1, -1]], [-0.42, -0.38, 0.54], atol=1e-12)
    np.testing.assert_allclose(np.diff(edges), 0.04)


def test_nothing_of_the_bundle_changes():
    bundle = load_bundle("ecg-beats")
    before = [weights.copy() for weights in bundle.network.get_weights()]
    rng = np.random.default_rng(0)
    rhythm_size = len(bundle.card.input["rhythm"])
    inputs = [
        rng.standard_normal((5, 96, 2)).astype(np.float32),
        rng.standard_normal((5, rhythm_size)).astype(np.float32),
    ]
    opened = laid_open(bundle.network)
    answers_across(opened, inputs, 2, FORWARD)
    answers_within(bundle.network, inputs, 2, 4, BACKWARD, np.zeros_like(inputs[0]))
    found = memory_of(opened, inputs, 2, [part[0] for part in inputs])
    assert len(found) == 8
    for old, new in zip(before, bundle.network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert all(layer.trainable for layer in bundle.network.layers)
