import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.trust.signal_runs import clipped_runs, flat_runs, runs_of

RATE = 360.0


def _sine(seconds=10.0, frequency=1.0, rate=RATE):
    t = np.arange(round(seconds * rate)) / rate
    # A quarter of a sample off, so that no two samples are equal by symmetry.
    return np.sin(2 * np.pi * frequency * (t + 0.25 / rate)).astype(np.float32)


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 5))
def test_runs_cover_exactly_the_true_values_of_long_runs(values, least):
    mask = np.array(values, dtype=bool)
    covered = np.zeros(len(mask), dtype=bool)
    for start, end in runs_of(mask, least):
        assert end - start >= least
        assert mask[start:end].all()
        assert start == 0 or not mask[start - 1]
        assert end == len(mask) or not mask[end]
        covered[start:end] = True
    left = runs_of(mask & ~covered)
    assert all(end - start < least for start, end in left)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_a_clipped_sine_is_clipped_for_the_share_that_geometry_says(level):
    runs = clipped_runs(np.clip(_sine(), -level, level), RATE)
    share = (runs[:, 1] - runs[:, 0]).sum() / (10 * RATE)
    # |sin| is at least c for 1 - 2 asin(c) / pi of its cycle; each run is cut to samples.
    assert share == pytest.approx(1 - 2 * np.arcsin(level) / np.pi, abs=20 / (10 * RATE))
    assert len(runs) == 20


def test_one_rail_is_enough():
    runs = clipped_runs(np.minimum(_sine(), np.float32(0.8)), RATE)
    assert len(runs) == 10
    assert np.all(np.diff(runs[:, 0]) == 360)


def test_a_whole_sine_is_not_clipped_even_when_rounded():
    assert not len(clipped_runs(_sine(), RATE))
    assert not len(clipped_runs(np.round(_sine(), 3), RATE))


def test_a_baseline_of_equal_values_is_not_a_rail():
    x = np.zeros(3600, dtype=np.float32)
    x[180::360] = 1.0  # spikes over a line that is also the least value
    assert not len(clipped_runs(x, RATE))


def test_a_line_that_stays_at_the_rail_is_flat_and_not_clipped():
    x = _sine(20)
    x[1000:3000] = x.max()
    assert not len(clipped_runs(x, RATE))
    assert flat_runs(x, RATE, 0.01).tolist() == [[1000, 3000]]


@pytest.mark.parametrize(("start", "length"), [(0, 720), (1003, 777), (2880, 720), (0, 3600)])
def test_a_flat_stretch_is_found_to_the_sample(start, length):
    rng = np.random.default_rng(0)
    x = rng.choice([-1.0, 1.0], 3600).astype(np.float32)
    x[start : start + length] = 0.1
    assert flat_runs(x, RATE, 0.02).tolist() == [[start, start + length]]


def test_a_flat_stretch_may_have_a_little_noise():
    rng = np.random.default_rng(1)
    x = rng.choice([-1.0, 1.0], 3600).astype(np.float32)
    x[1500:2500] = 0.1 + rng.uniform(-0.009, 0.009, 1000)
    assert flat_runs(x, RATE, 0.02).tolist() == [[1500, 2500]]


def test_less_than_two_seconds_is_not_flat():
    x = np.random.default_rng(2).choice([-1.0, 1.0], 3600).astype(np.float32)
    x[1000:1719] = 0.0
    assert not len(flat_runs(x, RATE, 0.02))


def test_nothing_is_found_in_nothing():
    empty = np.zeros(0, dtype=np.float32)
    assert clipped_runs(empty, RATE).shape == (0, 2)
    assert flat_runs(empty, RATE, 0.1).shape == (0, 2)
