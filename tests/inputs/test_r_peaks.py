"""The detector on drawn ECGs whose beats are known, and on real ones."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.inputs.signal import Signal
from tests.inputs.ecg_drawing import draw


def beats(seconds: float, rr: float = 0.8) -> np.ndarray:
    return np.arange(0.6, seconds - 0.6, rr)


def all_found(signal: Signal, times: np.ndarray, within: float = 0.02) -> bool:
    found = find_r_peaks(signal) / signal.rate
    return len(found) == len(times) and bool(np.all(np.abs(found - times) < within))


@pytest.mark.parametrize("rate", [100.0, 125.0, 128.0, 250.0, 333.3, 360.0, 500.0, 1000.0, 2000.0])
def test_any_rate(rate: float) -> None:
    times = beats(20)
    assert all_found(draw(times, rate, 20), times)


@pytest.mark.parametrize("height", [-1.0, 0.1, 5.0])
def test_polarity_and_size_do_not_matter(height: float) -> None:
    times = beats(20)
    signal = draw(times, 250, 20, height=height, noise=0.005)
    assert all_found(signal, times)


@pytest.mark.parametrize("rr", [0.35, 0.5, 1.0, 1.6])
def test_slow_and_fast_hearts(rr: float) -> None:
    times = beats(30, rr)
    assert all_found(draw(times, 250, 30), times)


def test_one_lead_is_enough() -> None:
    times = beats(20)
    assert all_found(draw(times, 250, 20, leads=("II",)), times)


def test_early_beats_are_found() -> None:
    times = np.sort(np.r_[beats(30), beats(30)[5::7] + 0.4])
    assert all_found(draw(times, 250, 30), times)


def test_one_dead_lead_does_no_harm() -> None:
    times = beats(20)
    signal = draw(times, 250, 20)
    samples = signal.samples.copy()
    samples[:, 0] = 0.3
    assert all_found(replace(signal, samples=samples), times)


def test_noise_in_one_lead_does_no_harm() -> None:
    times = beats(30)
    signal = draw(times, 250, 30)
    samples = signal.samples.copy()
    samples[:, 1] += np.random.default_rng(1).standard_normal(len(samples)).astype(np.float32)
    assert all_found(replace(signal, samples=samples), times, within=0.05)


def test_nothing_is_found_inside_a_gap_and_all_around_it() -> None:
    times = beats(30)
    signal = draw(times, 250, 30)
    samples = signal.samples.copy()
    samples[10 * 250 : 15 * 250] = np.nan
    found = find_r_peaks(replace(signal, samples=samples)) / 250
    assert not np.any((found > 10) & (found < 15))
    outside = times[(times < 9.9) | (times > 15.1)]
    assert all(np.min(np.abs(found - at)) < 0.02 for at in outside)
    assert len(found) <= len(outside) + 1


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan])
def test_a_constant_or_empty_signal_has_no_beats(value: float) -> None:
    flat = Signal(np.full((5000, 2), value, dtype=np.float32), 250.0, ("MLII", "V1"), "", "")
    assert len(find_r_peaks(flat)) == 0


def test_a_signal_shorter_than_a_second_has_no_beats() -> None:
    assert len(find_r_peaks(draw(np.array([0.3]), 250, 0.8))) == 0


def test_order_and_range() -> None:
    found = find_r_peaks(draw(beats(20), 250, 20, noise=0.3))
    assert np.all(np.diff(found) > 0)
    assert found.min() >= 0
    assert found.max() < 20 * 250


def test_time_grows_linearly() -> None:
    def seconds(minutes: int) -> float:
        signal = draw(beats(60 * minutes), 128, 60 * minutes)
        start = time.process_time()
        find_r_peaks(signal)
        return time.process_time() - start

    seconds(1)
    assert seconds(80) < 10 * max(seconds(20), 0.02)


@pytest.mark.parametrize("record", ["100", "119", "209"])
def test_real_records(shared_data: Path, record: str) -> None:
    from medmodels.training.ecg_data import read_record
    from medmodels.training.ecg_splits import match_beats

    signal, reference, _ = read_record(shared_data / "ecg-mitdb" / record)
    found = find_r_peaks(signal)
    paired, _ = match_beats(reference, found, 54)
    assert len(paired) / len(reference) > 0.998
    assert len(paired) / len(found) > 0.997
