"""Stability: maps that follow the input, and maps that do not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.stability import (
    DISTURBANCES,
    MOVES,
    NOISE,
    Stability,
    replaced,
    stability,
)


def a_map(values, class_index=0) -> SaliencyMap:
    values = np.asarray(values, np.float32)
    return SaliencyMap(values, values.shape, True, "made", class_index, "logit")


def steady(inputs):
    """Logits that no disturbance moves."""
    return np.tile([2.0, 0.0], (len(inputs), 1))


@pytest.fixture
def smooth(random):
    values = gaussian_filter(random.random((60, 50, 1)), (4, 4, 0))
    return ((values - values.min()) / np.ptp(values)).astype(np.float32)


def test_a_map_that_moves_with_the_scan_is_stable(smooth):
    found = stability(lambda x: a_map(x[..., 0]), smooth, steady)
    assert found.shift == pytest.approx(1)
    assert found.noise > 0.9
    assert (found.n, found.unchanged) == (DISTURBANCES, 4)


def test_a_map_that_stays_where_it_is_when_the_scan_moves_is_not(smooth, random):
    grain = random.random((60, 50))
    found = stability(lambda _: a_map(grain), smooth, steady)
    assert found.noise == pytest.approx(1)
    assert abs(found.shift) < 0.2


def test_a_map_that_is_drawn_anew_each_time_is_not_stable(smooth, random):
    found = stability(lambda _: a_map(random.random((60, 50))), smooth, steady)
    assert abs(found.noise) < 0.1
    assert abs(found.shift) < 0.1


def test_only_disturbances_that_leave_the_answer_alone_count(smooth):
    asked = []

    def explain(x):
        asked.append(x)
        return a_map(x[..., 0])

    def flips_under_noise(inputs):
        # The first is the input itself, then come two with grain and two moved.
        answers = steady(inputs)
        answers[1] = [0.0, 2.0]
        answers[2] = [0.5, 0.0]  # the same class, but 0.88 has become 0.62
        return answers

    found = stability(explain, smooth, flips_under_noise)
    assert found == Stability(None, pytest.approx(1), 4, 2)
    assert len(asked) == 3  # no map is made in vain


def test_a_move_below_the_limit_counts(smooth):
    def logit(p):
        return np.log(p / (1 - p))

    def moves(inputs, by):
        answers = np.zeros((len(inputs), 2))
        answers[:, 0] = logit(0.7 + by * (np.arange(len(inputs)) > 0))
        return answers

    def explain(x):
        return a_map(x[..., 0])

    assert stability(explain, smooth, lambda x: moves(x, MOVES - 0.01)).unchanged == 4
    assert stability(explain, smooth, lambda x: moves(x, -MOVES - 0.01)).unchanged == 0


def test_the_probability_watched_is_that_of_the_class_explained(smooth):
    # Of three classes the answer keeps its probability; the one explained loses half of its.
    def answers(inputs):
        shares = np.tile([0.5, 0.3, 0.2], (len(inputs), 1))
        shares[1:] = [0.5, 0.15, 0.35]
        return np.log(shares)

    assert stability(lambda x: a_map(x[..., 0], 0), smooth, answers).unchanged == 4
    assert stability(lambda x: a_map(x[..., 0], 1), smooth, answers).unchanged == 0


def test_disturbed_scans_stay_scans(smooth):
    seen = []
    stability(lambda x: a_map(x[..., 0]), smooth, lambda x: seen.append(x) or steady(x))
    (inputs,) = seen
    np.testing.assert_array_equal(inputs[0], smooth)
    assert inputs[1:3].min() >= 0
    assert inputs[1:3].max() <= 1
    inside = (smooth > 0.1) & (smooth < 0.9)
    assert np.std((inputs[1] - smooth)[inside]) == pytest.approx(NOISE, rel=0.1)
    # One fiftieth of 60 and of 50 pixels, there and back.
    np.testing.assert_array_equal(np.roll(inputs[3], _step(inputs[3], smooth), (0, 1))[2:-2, 2:-2],
                                  smooth[2:-2, 2:-2])  # fmt: skip
    assert _step(inputs[3], smooth) == tuple(-k for k in _step(inputs[4], smooth))


def _step(moved, original):
    for y in (-1, 1):
        for x in (-1, 1):
            if np.array_equal(np.roll(moved, (y, x), (0, 1))[2:-2, 2:-2], original[2:-2, 2:-2]):
                return y, x
    raise AssertionError("moved by something else")


def test_the_map_that_is_there_already_is_not_made_again(smooth):
    asked = []

    def explain(x):
        asked.append(x)
        return a_map(x[..., 0])

    again = stability(explain, smooth, steady, found=a_map(smooth[..., 0]))
    assert len(asked) == DISTURBANCES
    assert again == stability(explain, smooth, steady)


def test_the_same_seed_is_the_same_measurement(smooth):
    def explain(x):
        return a_map(x[..., 0] ** 2)

    first = stability(explain, smooth, steady, seed=3)
    assert first == stability(explain, smooth, steady, seed=3)
    assert first != stability(explain, smooth, steady, seed=4)


def test_a_signal_moves_in_time_within_every_window(random):
    windows = gaussian_filter(random.standard_normal((5, 100, 2)), (0, 4, 0)).astype(np.float32)
    windows *= 10
    found = stability(a_map, windows, steady, beat=2)
    assert found.shift == pytest.approx(1)
    assert found.noise > 0.95


def test_maps_with_one_value_for_each_beat_are_not_moved(random):
    windows = random.standard_normal((5, 100, 2)).astype(np.float32)

    def explain(x):
        return a_map(x[:, 40:60].mean(axis=(1, 2), keepdims=True) * np.ones_like(x))

    def still(x):
        return a_map(np.arange(5.0)[:, None, None] * np.ones_like(x))

    assert stability(still, windows, steady, beat=2).shift == pytest.approx(1)
    assert stability(explain, windows, steady, beat=2).noise > 0.8


def test_slow_methods_are_not_measured_while_someone_waits(smooth):
    asked, told = [], []

    def explain(x):
        asked.append(x)
        return a_map(x[..., 0])

    found = a_map(smooth[..., 0])
    assert stability(explain, smooth, steady, found=found, most_seconds=0) is None
    assert len(asked) == 1
    assert stability(explain, smooth, steady, found=found, most_seconds=60, progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_of_a_sequence_one_base_in_twenty_becomes_another(bases):
    generator = np.random.default_rng(0)
    changed = np.zeros(60)
    for _ in range(300):
        other = replaced(bases, generator)
        differs = (other != bases).any(axis=1)
        assert differs.sum() == 3
        assert (other[differs].sum(axis=1) == 1).all()
        assert other.dtype == bases.dtype
        changed += differs
    assert changed.min() > 0  # 15 expected in each place
    assert (replaced(bases[:5], generator) != bases[:5]).any(axis=1).sum() == 1


def test_a_sequence_is_disturbed_twice_and_never_shifted(bases):
    asked = []

    def explain(x):
        asked.append(x)
        return a_map(x @ np.arange(4.0))

    found = stability(explain, bases, steady)
    assert (found.n, found.unchanged, found.shift) == (2, 2, None)
    assert 0.7 < found.noise < 1  # three of sixty values are others
    assert len(asked) == 3
    # The map of the letters in fixed places does not follow what stands there.
    assert stability(lambda _: a_map(np.arange(60.0)), bases, steady).noise == pytest.approx(1)


def test_a_sequence_whose_answer_moves_says_nothing(bases):
    found = stability(
        lambda x: a_map(x[:, 0]), bases, lambda x: np.arange(len(x))[:, None] * [-9.0, 0.0]
    )
    assert found == Stability(None, None, 2, 0, "5% other bases")
