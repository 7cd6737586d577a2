import numpy as np
import pytest

from medmodels.trust.signal_levels import (
    mains_levels,
    noise_levels,
    qrs_height,
    slowed,
    stretches,
    wander_levels,
)
from tests.trust.ecg_lines import drawn_ecg

RATES = [128.0, 250.0, 360.0, 500.0, 1000.0]


def test_stretches_last_about_ten_seconds():
    assert stretches(3600, 360.0) == (1, 3600)
    assert stretches(360 * 64, 360.0) == (6, 3840)
    assert stretches(5, 360.0) == (1, 5)


@pytest.mark.parametrize("rate", RATES)
def test_the_height_of_a_triangle_of_one_millivolt(rate):
    x, peaks = drawn_ecg(rate=rate)
    # The line under it moves by less than a tenth within 200 ms.
    assert qrs_height(x[:, 0], rate, peaks) == pytest.approx(1.0, abs=0.1)


def test_noise_does_not_pass_for_height():
    x, peaks = drawn_ecg(seconds=120)
    noisy = x[:, 0] + np.random.default_rng(0).normal(0, 0.3, len(x)).astype(np.float32)
    assert np.ptp(noisy[peaks[5] - 36 : peaks[5] + 37]) > 1.5
    assert qrs_height(noisy, 360.0, peaks) == pytest.approx(1.0, abs=0.2)


def test_no_beat_no_height():
    assert np.isnan(qrs_height(np.zeros(720, np.float32), 360.0, np.zeros(0, np.int64)))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("level", [0.02, 0.1, 0.4])
def test_white_noise_gives_its_standard_deviation(rate, level):
    x, _ = drawn_ecg(rate=rate, seconds=60)
    step = max(1, round(rate / 120))
    noise = np.random.default_rng(3).normal(0, level * np.sqrt(step), len(x))
    found = noise_levels(*slowed((x[:, 0] + noise).astype(np.float32), rate))
    assert len(found) == 6
    assert np.median(found) == pytest.approx(level, rel=0.15)


@pytest.mark.parametrize("rate", RATES)
def test_a_clean_ecg_has_next_to_no_noise(rate):
    x, _ = drawn_ecg(rate=rate)
    assert noise_levels(*slowed(x[:, 0], rate)).max() < 0.01


@pytest.mark.parametrize("rate", [250.0, 360.0, 500.0])
@pytest.mark.parametrize("frequency", [50.0, 60.0])
@pytest.mark.parametrize("amplitude", [0.05, 0.5])
def test_hum_of_known_amplitude(rate, frequency, amplitude):
    x, _ = drawn_ecg(rate=rate)
    t = np.arange(len(x)) / rate
    hum = amplitude * np.sin(2 * np.pi * frequency * t + 1)
    found = mains_levels((x[:, 0] + hum).astype(np.float32), rate)
    # The corners of the triangles hold a little of every frequency.
    assert found == pytest.approx(amplitude, rel=0.05, abs=0.005)


def test_hum_that_the_rate_cannot_show_counts_as_absent():
    t = np.arange(1280) / 128.0
    assert mains_levels(np.sin(2 * np.pi * 60 * t).astype(np.float32), 128.0).max() < 0.05
    t = np.arange(1000) / 100.0
    assert mains_levels(np.sin(2 * np.pi * 45 * t).astype(np.float32), 100.0).max() == 0


def test_a_clean_ecg_does_not_hum():
    x, _ = drawn_ecg()
    assert mains_levels(x[:, 0], 360.0).max() < 0.02


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("height", [0.5, 3.0])
def test_wander_of_known_height(rate, height):
    x, _ = drawn_ecg(rate=rate)
    t = np.arange(len(x)) / rate
    wander = height / 2 * np.sin(2 * np.pi * 0.2 * t)
    found = wander_levels(*slowed((x[:, 0] + wander).astype(np.float32), rate))
    # At 0.2 Hz the filter lets 97% through; the beats add a little.
    assert found == pytest.approx(height, rel=0.08)


def test_what_the_heart_does_is_not_wander():
    x, _ = drawn_ecg(bpm=75)
    found = wander_levels(*slowed(x[:, 0], 360.0))
    assert np.median(found) < 0.02
    # At the very ends the filter does not know what comes next.
    assert found.max() < 0.12


def test_too_short_to_measure_is_zero_and_no_error():
    x = np.ones(3, np.float32)
    assert noise_levels(x, 120.0).tolist() == [0]
    assert wander_levels(x, 120.0).tolist() == [0]
