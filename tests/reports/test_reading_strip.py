"""ECG paper in a report: which stretch, and to the millimetre."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medmodels.inputs.signal import Signal
from medmodels.reports.reading_shapes import Path, Text
from medmodels.reports.reading_stretch import worst_start
from medmodels.reports.reading_strip import strip_drawings

N, S, V, F = range(4)


def _beating(reading, times, labels, signal=None):
    """The reading of other beats."""
    times, labels = np.asarray(times, float), np.asarray(labels)
    beats = replace(
        reading.beats, times_s=times, seconds=signal.seconds if signal else 60.0,
        signal=signal or reading.beats.signal,
    )  # fmt: skip
    return replace(reading, beats=beats, labels=labels)


def test_without_a_finding_it_is_the_beginning(readings):
    assert worst_start(_beating(readings["signal"], [1, 2, 3], [N, N, N]), 10) == 0


def test_the_stretch_with_the_gravest_beats(readings):
    times = np.arange(0.4, 60, 0.8)
    labels = np.zeros(len(times), int)
    labels[[10, 11, 12]] = S  # three to watch, from 8.4 s
    labels[50] = V  # one grave beat at 40.4 s outweighs them
    reading = _beating(readings["signal"], times, labels)
    assert worst_start(reading, 10) == 39.5
    labels[[13, 14]] = F
    assert worst_start(_beating(readings["signal"], times, labels), 10) == 7.5


def test_it_never_begins_so_late_that_paper_stays_empty(readings):
    times = np.arange(0.4, 60, 0.8)
    labels = np.zeros(len(times), int)
    labels[-1] = V
    assert worst_start(_beating(readings["signal"], times, labels), 10) == 50
    assert worst_start(_beating(readings["signal"], times, labels), 100) == 0


@pytest.fixture
def steps(readings):
    """20 s at 100 Hz: 0 mV, then 1 mV from each even second to the odd one after it."""
    samples = (np.arange(2000) // 100 % 2 == 0).astype(np.float32)[:, None] - 0.5
    signal = Signal(np.repeat(samples, 2, axis=1), 100.0, ("II", "V5"), "made", "0" * 64)
    return _beating(readings["signal"], [2.0, 9.0], [N, V], signal)


def test_a_second_is_25_mm_and_a_millivolt_10(steps):
    strip, *_ = strip_drawings(steps, withheld=True)  # from the beginning
    (first, *_) = [
        shape.parts[0] for shape in strip.shapes
        if isinstance(shape, Path) and shape.stroke == "trace" and len(shape.parts[0]) > 6
    ]  # fmt: skip
    x, y = first.T
    assert x[0] == pytest.approx(15)
    jumps = np.flatnonzero(np.abs(np.diff(y)) > 5)
    np.testing.assert_allclose(np.abs(np.diff(y))[jumps], 10, atol=1e-4)
    np.testing.assert_allclose(np.diff(x[jumps]), 25, atol=1e-4)
    assert x.max() <= 180


def test_each_beat_stands_under_its_letter_and_the_grave_one_is_marked(steps):
    strip, *_ = strip_drawings(steps, withheld=False)
    told = {shape.text: shape for shape in strip.shapes if isinstance(shape, Text)}
    assert told["V"].bold
    assert told["V"].colour == "severity2"
    # From 8.5 s: the beat at 9.0 s lies half a second, 12.5 mm, to the right of the margin.
    assert strip.title.startswith("The recording from 0:06")
    assert "1 ventricular (V)" in strip.alt
    hidden, *_ = strip_drawings(steps, withheld=True)
    assert "V" not in {shape.text for shape in hidden.shapes if isinstance(shape, Text)}
    assert "ventricular" not in hidden.alt


def test_a_gap_lifts_the_pen(steps):
    samples = steps.beats.signal.samples.copy()
    samples[100:150] = np.nan
    signal = replace(steps.beats.signal, samples=samples)
    strip, *_ = strip_drawings(_beating(steps, [2.0], [N], signal), withheld=True)
    trace = next(
        shape for shape in strip.shapes if isinstance(shape, Path) and shape.stroke == "trace"
        and len(shape.parts[0]) > 6
    )  # fmt: skip
    assert len(trace.parts) == 2
    assert trace.parts[0][-1, 0] == pytest.approx(15 + 0.99 * 25)
    assert trace.parts[1][0, 0] == pytest.approx(15 + 1.5 * 25)


def test_without_a_unit_nothing_is_said_in_millivolts(steps):
    signal = replace(steps.beats.signal, amplitude_known=False)
    strip, *_ = strip_drawings(_beating(steps, [2.0], [N], signal), withheld=False)
    assert "mV" not in strip.caption
    assert "no unit" in strip.caption


def test_a_table_of_beats_has_no_paper(readings):
    assert strip_drawings(readings["beat table"], withheld=False) == []


def test_a_row_goes_on_where_the_one_before_ends(steps):
    first, second, *_ = strip_drawings(steps, withheld=True)
    assert first.title == "The recording from 0:00.0 to 0:06.6"
    assert second.title == "It goes on from 0:06.6 to 0:13.2"
    assert "mV" in first.caption
    assert second.caption == "At the same scale."
    assert (first.key, second.key) == ("strip", "strip-1")
    # A step at a whole second, 0.4 s after the row's beginning: 10 mm behind the margin.
    trace = next(
        shape.parts[0] for shape in second.shapes
        if isinstance(shape, Path) and shape.stroke == "trace" and len(shape.parts[0]) > 6
    )  # fmt: skip
    step = np.flatnonzero(np.abs(np.diff(trace[:, 1])) > 5)[0]
    assert trace[step + 1, 0] == pytest.approx(15 + 10, abs=0.26)
    assert all(0 <= y <= second.height for y in trace[:, 1])
