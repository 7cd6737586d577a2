"""How an answer forms and a memory fades: each number against a run of the whole network."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.baselines import beat_baseline
from medmodels.lessons.recurrence_answers import answers_across, answers_within
from medmodels.lessons.recurrence_memory import Fading, memory_of
from medmodels.lessons.recurrent_layers import ACROSS, BACKWARD, FORWARD, RecurrentLayer
from tests.lessons.small_recurrent import (
    BEAT,
    BEATS,
    SAMPLES,
    answer,
    small_beats,
    small_network,
    small_opened,
    small_usual,
)


@pytest.fixture(scope="module")
def network():
    return small_network()


@pytest.fixture(scope="module")
def opened():
    return small_opened()


@pytest.fixture(scope="module")
def inputs():
    return small_beats()


@pytest.fixture(scope="module")
def usual():
    return small_usual()


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
