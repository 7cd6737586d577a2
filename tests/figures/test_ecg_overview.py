"""The overview of a recording stays small and loses no finding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.bundles import parse_card
from medmodels.figures.ecg_clock import clock, clock_ticks
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.ecg_envelope import extremes, thinned
from medmodels.figures.ecg_overview import binned_rate, ecg_overview, mark_window
from medmodels.figures.ecg_rhythm import rr_histogram
from medmodels.figures.theme import LIGHT
from medmodels.inputs.signal import Signal
from tests.bundles_fixture import SIGNAL_CARD

MARKS = beat_marks(parse_card(SIGNAL_CARD).classes, LIGHT)
VALUES = st.lists(st.floats(-10, 10) | st.just(float("nan")), min_size=1, max_size=300)


def test_a_day_fits_into_a_few_thousand_points():
    seconds, beats = 24 * 3600, 100_000
    times = np.linspace(1, seconds - 1, beats)
    labels = np.zeros(beats, dtype=np.int64)
    labels[[10, 50_000, 99_990]] = 2
    signal = Signal(np.ones((seconds * 8, 1), np.float32), 8.0, ("II",), "made here", "0" * 64)
    figure = ecg_overview(signal, times, labels, MARKS, LIGHT)
    assert sum(len(trace.x) for trace in figure.data) < 5000
    (found,) = [t for t in figure.data if getattr(t, "mode", "") == "markers" and len(t.x)]
    assert list(found.x) == pytest.approx(times[[10, 50_000, 99_990]], abs=0.01)
    assert [point[2] for point in found.customdata] == [1, 1, 1]


def test_the_stretch_on_the_strip_is_marked():
    signal = Signal(np.ones((5000, 1), np.float32), 50.0, ("II",), "made here", "0" * 64)
    figure = ecg_overview(signal, np.arange(1.0, 99.0), np.zeros(98, np.int64), MARKS, LIGHT)
    mark_window(figure, (5.0, 15.0), 100.0, LIGHT)
    mark_window(figure, (20.0, 30.0), 100.0, LIGHT)
    (window,) = figure.layout.shapes
    assert (window.x0, window.x1) == (20.0, 30.0)


def test_rates_in_bins_by_hand():
    times = np.array([0.0, 1.0, 2.0, 2.5, 3.0, 3.5, 4.0])
    centres, low, middle, high = binned_rate(times, 2)
    assert list(centres) == [1.0, 3.0]
    assert middle[0] == pytest.approx(60)
    assert middle[1] == pytest.approx(120)
    assert (low <= middle).all()
    assert (middle <= high).all()


@given(VALUES, st.integers(1, 50))
def test_extremes_never_lose_a_peak(values, columns):
    array = np.array(values)
    starts, low, high = extremes(array, columns)
    assert len(starts) <= columns
    if np.isfinite(array).any():
        assert np.nanmax(high) == np.nanmax(array)
        assert np.nanmin(low) == np.nanmin(array)
    else:
        assert np.isnan(low).all()


@given(VALUES, st.integers(2, 60))
def test_thinning_keeps_both_ends_and_the_extremes(values, most):
    array = np.array(values)
    kept = thinned(array, most)
    assert len(kept) <= max(most + 2, 2)
    assert kept[0] == 0
    assert kept[-1] == len(array) - 1
    assert (np.diff(kept) > 0).all()
    known = np.nan_to_num(array)
    assert known[kept].max() == known.max()
    assert known[kept].min() == known.min()


def test_every_interval_is_counted_once_in_the_histogram():
    generator = np.random.default_rng(0)
    rr = np.concatenate([generator.normal(800, 50, 500), [150.0, 5000.0]])
    labels = np.zeros(503, dtype=np.int64)
    labels[100:110] = 2
    figure = rr_histogram(rr, labels, MARKS, LIGHT)
    assert sum(int(np.sum(bar.y)) for bar in figure.data) == 502
    (ectopic,) = [bar for bar in figure.data if bar.name.startswith("V")]
    assert int(np.sum(ectopic.y)) == 10
    assert ectopic.marker.pattern.shape


def test_clock_labels():
    assert clock(3599.7) == "1:00:00"
    assert clock(0.04, 2) == "0:00.04"
    values, words = clock_ticks(0, 1800)
    assert len(values) <= 12
    assert words[1] == "5:00"
    assert clock_ticks(100.2, 102.2)[0][0] >= 100.2
