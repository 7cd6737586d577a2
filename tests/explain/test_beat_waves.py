"""Where the waves lie in a window, and stretches with soft ends."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medmodels.explain.beat_waves import (
    QRS,
    ST,
    WAVES,
    P,
    T,
    beat_waves,
    tapered,
    usual_offsets,
    waves_of_beats,
)

# 100 samples a second, the R peak in sample 42.
OFFSETS = np.arange(-42, 54) / 100


def beat(onset: int, end: int) -> np.ndarray:
    """A straight way up from sample 42 + onset to the peak, and down to 42 + end."""
    trace = np.interp(np.arange(-42, 54), [onset, 0, end], [0.0, 1.0, 0.0])
    return np.stack([trace, np.zeros_like(trace)], axis=1)


def limits(*arguments) -> dict[str, tuple[float, float]]:
    return {w.name: (w.start_s, w.end_s) for w in beat_waves(*arguments)}


def test_by_hand():
    """Calm begins one sample beyond the foot, for a slope is taken across its neighbours."""
    found = limits(beat(-5, 4), OFFSETS, 1.0)
    assert found[QRS] == pytest.approx((-0.06, 0.05))
    assert found[P] == pytest.approx((-0.26, -0.06))
    # At 60 beats a minute QT is QTc: 440 ms, of which 90 ms are QRS.
    assert found[T][1] == pytest.approx(0.05 + 0.35)
    assert found[ST] == pytest.approx((0.05, 0.05 + 0.35 / 3))
    assert found[T][0] == found[ST][1]


def test_samples_are_those_within_the_limits():
    for wave in beat_waves(beat(-5, 4), OFFSETS, 0.8):
        inside = (wave.start_s - 1e-9 <= OFFSETS) & (wave.end_s - 1e-9 > OFFSETS)
        np.testing.assert_array_equal(np.flatnonzero(inside), np.arange(wave.first, wave.last))


def test_a_wide_qrs_moves_st_and_t_along():
    narrow, wide = limits(beat(-4, 4), OFFSETS), limits(beat(-8, 12), OFFSETS)
    assert wide[QRS] == pytest.approx((-0.09, 0.13))
    assert wide[T][1] - narrow[T][1] == pytest.approx(0.08)
    assert np.subtract(*wide[ST]) == pytest.approx(np.subtract(*narrow[ST]))


def test_a_faster_rate_brings_the_end_of_t_forward():
    slow, fast = (limits(beat(-4, 4), OFFSETS, rr)[T][1] for rr in (1.0, 0.6))
    assert slow - fast == pytest.approx(0.154 * 0.4)


def test_parts_end_where_the_neighbours_begin():
    alone = limits(beat(-4, 4), OFFSETS, 0.8, 0.8)
    early_next = limits(beat(-4, 4), OFFSETS, 0.8, 0.3)
    assert alone[T][1] > early_next[T][1] == pytest.approx(0.3 - 0.05)
    early = limits(beat(-4, 4), OFFSETS, 0.2, 0.8)
    assert alone[P][0] < early[P][0] == pytest.approx(0.05 - 0.2)
    # So early that nothing is left of the P wave's part.
    assert P not in limits(beat(-4, 4), OFFSETS, 0.1, 0.8)


def test_a_window_that_begins_at_the_r_peak_has_no_p_wave():
    """As in tables of one beat a row cut there."""
    assert [w.name for w in beat_waves(beat(-4, 4)[42:], OFFSETS[42:])] == [QRS, ST, T]


def test_without_a_rate_or_a_slope_there_are_still_waves():
    flat = np.zeros((96, 2))
    assert limits(flat)[QRS] == pytest.approx((-0.045, 0.045))
    assert limits(flat, OFFSETS, np.nan, np.nan) == limits(flat, OFFSETS, 0.8)


def test_beats_in_a_row_know_each_others_distance():
    windows, rr = np.stack([beat(-4, 4)] * 3), np.array([np.nan, 0.9, 0.35])
    assert waves_of_beats(windows, OFFSETS, rr) == [
        beat_waves(windows[0], OFFSETS, None, 0.9),
        beat_waves(windows[1], OFFSETS, 0.9, 0.35),
        beat_waves(windows[2], OFFSETS, 0.35, None),
    ]
    assert len(waves_of_beats(windows)) == 3


@settings(deadline=None)
@given(
    arrays(np.float64, (96, 2), elements=st.floats(-4, 4)),
    st.none() | st.floats(0.05, 4),
    st.none() | st.floats(0.05, 4),
)
def test_waves_follow_one_another_without_overlap(window, before, after):
    waves = beat_waves(window, OFFSETS, before, after)
    names = [wave.name for wave in waves]
    assert names == sorted(names, key=WAVES.index)
    assert QRS in names
    assert all(0 <= wave.first < wave.last <= 96 for wave in waves)
    for one, next_ in pairwise(waves):
        assert one.last <= next_.first
    width = next(wave.end_s - wave.start_s for wave in waves if wave.name == QRS)
    assert 0.06 - 1e-9 <= width <= 0.28 + 1e-9


@settings(deadline=None)
@given(st.integers(5, 60), st.integers(5, 36), st.floats(0, 0.05))
def test_neighbouring_stretches_share_every_sample(middle, length, width):
    one, two, both = (
        tapered(OFFSETS, *ends, width)
        for ends in ((0, middle), (middle, middle + length), (0, middle + length))
    )
    np.testing.assert_allclose(one + two, both, atol=1e-12)
    assert one.min() >= 0
    assert one.max() <= 1 + 1e-12


def test_hard_ends():
    np.testing.assert_array_equal(tapered(OFFSETS[:5], 1, 3, 0), [0, 1, 1, 0, 0])


def test_offsets_as_in_the_bundled_card():
    np.testing.assert_allclose(usual_offsets(96), OFFSETS)
