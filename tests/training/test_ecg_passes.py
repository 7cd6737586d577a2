"""Two passes over a record, each made once, whatever is measured of them."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.beat_windows import CONTEXT_NAMES, BeatInputSpec, prepare_beats
from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.training.ecg_passes import PassedRecord, joined
from medmodels.training.ecg_splits import annotated_split, detected_split
from tests.inputs.ecg_drawing import draw

SPEC = BeatInputSpec(125.0, 0.25, 0.45, 2, tuple(CONTEXT_NAMES))
PEAKS_S = 0.6 + 0.8 * np.arange(20)


class Counting:
    """In place of a network: a beat's logit is its own number; counts how often it is asked."""

    calls = 0

    def with_features(self, windows, rhythm):
        self.calls += 1
        return windows.max(axis=(1, 2))[:, None], rhythm


@pytest.fixture
def record():
    signal = draw(PEAKS_S, 360, 18.0, seed=1)
    peaks = np.rint(PEAKS_S * 360).astype(np.int64)
    return PassedRecord("a", signal, peaks, np.zeros(20, np.int64), Counting(), SPEC)


def test_what_is_measured_twice_is_read_once(record):
    for _ in range(2):
        annotated_split("test", [record])
        detected_split("test_detected", [record])
    assert record.graph.calls == 2


def test_both_passes_are_those_of_the_app(record):
    for passed, peaks in (
        (record.annotated, record.peaks), (record.detected, find_r_peaks(record.signal))
    ):  # fmt: skip
        alone = prepare_beats(record.signal, peaks, SPEC)
        np.testing.assert_array_equal(passed.inputs.r_peaks, peaks)
        np.testing.assert_array_equal(passed.inputs.windows, alone.windows)
        np.testing.assert_array_equal(passed.inputs.rhythm, alone.rhythm)


def test_records_one_by_one_give_what_all_together_give(record):
    both = [record, record]
    whole = detected_split("test", both)
    parts = joined(detected_split("test", [one]) for one in both)
    assert whole.keys() == parts.keys()
    for key, values in whole.items():
        np.testing.assert_array_equal(parts[key], values)
        assert parts[key].dtype == values.dtype
