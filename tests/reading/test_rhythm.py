"""Heart rate and reference beats, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.errors import InputError
from medmodels.inputs.signal import BeatAnnotations, Signal
from medmodels.reading.reference import reference_classes
from medmodels.reading.rhythm import check_heart_rate, rhythm_of


def test_a_beat_every_second_is_sixty_a_minute():
    rhythm = rhythm_of(np.arange(20.0))
    assert (rhythm.rate, rhythm.slowest, rhythm.fastest) == (60, 60, 60)
    assert rhythm.rr_ms.tolist() == [1000.0] * 19


def test_pauses_of_two_seconds_are_counted():
    assert rhythm_of(np.array([0.0, 1.0, 3.0, 4.0, 7.5])).pauses == 2


def test_one_beat_has_no_rate_and_raises_no_doubt():
    rhythm = rhythm_of(np.array([1.0]))
    assert np.isnan(rhythm.rate)
    assert check_heart_rate(rhythm, 360) is None


@pytest.mark.parametrize(("rr", "verdict"), [(0.8, None), (0.25, "Unusual"), (2.5, "Unusual")])
def test_an_unusual_rate_is_mentioned(rr, verdict):
    finding = check_heart_rate(rhythm_of(np.arange(30) * rr), 360)
    assert finding is None if verdict is None else verdict in finding


@pytest.mark.parametrize("rr", [0.08, 6.0])
def test_an_impossible_rate_asks_about_the_sampling_rate(rr):
    with pytest.raises(InputError) as refusal:
        check_heart_rate(rhythm_of(np.arange(30) * rr), 3600)
    assert "sampling rate" in refusal.value.action


def _signal(samples, symbols):
    annotations = BeatAnnotations(np.array(samples, dtype=np.int64), tuple(symbols))
    wave = np.zeros((2000, 1), dtype=np.float32)
    return Signal(wave, 100.0, ("II",), "CSV", "0" * 64, annotations)


def test_reference_beats_match_within_150_milliseconds():
    # at 100 Hz: 14 samples off matches, 16 does not; L is AAMI's N, Q is no class of the task
    signal = _signal([100, 300, 500, 700], "LVQA")
    found = np.array([114, 316, 500, 690])
    classes = ("N", "S", "V", "F")
    assert reference_classes(signal, found, classes).tolist() == [0, -1, -1, 1]


def test_a_signal_without_annotations_has_no_reference():
    wave = np.zeros((100, 1), dtype=np.float32)
    signal = Signal(wave, 100.0, ("II",), "CSV", "0" * 64)
    assert reference_classes(signal, np.array([5]), ("N",)) is None
