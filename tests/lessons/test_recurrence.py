"""The recurrent layers laid open: the real network's numbers, and none of them changed."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.lessons.recurrence import LaidOpen, laid_open, times_of_windows
from medmodels.lessons.recurrence_answers import answers_across, answers_within
from medmodels.lessons.recurrence_memory import memory_of
from medmodels.lessons.recurrent_layers import (
    ACROSS,
    BACKWARD,
    FORWARD,
    WITHIN,
    RecurrentLayer,
    recurrent_layers,
)
from tests.bundles_fixture import SIGNAL_TASK, write_tiny_signal_bundle
from tests.lessons.small_recurrent import (
    BEAT,
    BEATS,
    SAMPLES,
    answer,
    small_beats,
    small_network,
    small_opened,
)


def of(opened: LaidOpen, name: str) -> RecurrentLayer:
    return next(layer for layer in opened.layers if layer.name == name)


@pytest.fixture(scope="module")
def network():
    return small_network()


@pytest.fixture(scope="module")
def opened() -> LaidOpen:
    return small_opened()


@pytest.fixture(scope="module")
def inputs():
    return small_beats()


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
