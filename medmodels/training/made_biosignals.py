"""Other signals of the body, built by simple models; see `made_signals`.

Every maker takes the number of samples, the rate in Hz and a generator, and
returns shape (n,), float, in no unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from medmodels.training.made_waves import coloured

Doubles = npt.NDArray[np.floating[Any]]


def _phase(n: int, rate: float, rng: np.random.Generator) -> tuple[Doubles, npt.NDArray[np.int64]]:
    """Where in its heart beat each sample lies (0 to 1), and which beat it is in."""
    usual = 60 / rng.uniform(50, 110)
    count = int(n / rate / usual * 1.5) + 8
    t = np.arange(count) * usual
    rr = usual * (1 + 0.03 * rng.standard_normal(count) + 0.04 * np.sin(2 * np.pi * 0.25 * t))
    starts = np.cumsum(np.maximum(rr, 0.4 * usual)) - usual * rng.uniform(1, 2)
    time = np.arange(n) / rate
    beat = np.searchsorted(starts, time, side="right").clip(1, count - 1)
    return (time - starts[beat - 1]) / (starts[beat] - starts[beat - 1]), beat


def photoplethysmogram(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Pulse oximetry: a systolic and a diastolic wave per beat (two Gaussians), breathing."""
    phase, _ = _phase(n, rate, rng)
    second = rng.uniform(0.15, 0.5)
    pulse = np.exp(-(((phase - 0.25) / rng.uniform(0.08, 0.11)) ** 2) / 2)
    pulse += second * np.exp(-(((phase - rng.uniform(0.5, 0.6)) / 0.13) ** 2) / 2)
    breath = np.sin(2 * np.pi * rng.uniform(0.15, 0.35) * np.arange(n) / rate)
    return pulse * (1 + 0.1 * breath) + 0.1 * breath + 0.005 * rng.standard_normal(n)


def arterial_pressure(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """An arterial line: steep rise, dicrotic notch, exponential fall (Windkessel), breathing."""
    phase, beat = _phase(n, rate, rng)
    rise = np.clip(phase / rng.uniform(0.08, 0.14), 0, 1)
    fall = np.exp(-np.maximum(phase - 0.12, 0) / rng.uniform(0.3, 0.6))
    notch = -rng.uniform(0.08, 0.2) * np.exp(-(((phase - 0.4) / 0.02) ** 2) / 2)
    height = 1 + 0.03 * rng.standard_normal(int(beat.max()) + 1)
    breath = np.sin(2 * np.pi * rng.uniform(0.15, 0.35) * np.arange(n) / rate)
    pressure = np.sin(rise * np.pi / 2) * fall * height[beat] + notch + 0.05 * breath
    smooth = butter(2, min(20.0, 0.4 * rate), fs=rate, output="sos")
    return sosfilt(smooth, pressure) + 0.003 * rng.standard_normal(n)


def respiration(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Breathing by belt or impedance, 9 to 24 a minute, with a little of the heart in it."""
    f = rng.uniform(0.15, 0.4)
    t = np.arange(n) / rate
    turn = 2 * np.pi * np.cumsum(f * (1 + 0.1 * coloured(n, 2.0, rng, rate) / 30)) / rate
    phase, _ = _phase(n, rate, rng)
    breath = np.sin(turn) + 0.2 * np.sin(2 * turn + 1) + 0.1 * np.sin(2 * np.pi * 0.02 * t)
    return breath + 0.02 * np.sin(2 * np.pi * phase) + 0.01 * rng.standard_normal(n)


def emg(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Surface EMG: 20 to 150 Hz noise in bursts of 0.2 to 2 s over a quiet line."""
    band = butter(2, [20.0, min(150.0, 0.45 * rate)], btype="bandpass", fs=rate, output="sos")
    noise = sosfilt(band, rng.standard_normal(n))
    force = np.full(n, rng.uniform(0.02, 0.1))
    at = 0
    while at < n:
        size = round(rng.uniform(0.2, 2.0) * rate)
        shape = np.hanning(size) ** 0.5 * rng.uniform(0.3, 1)
        end = min(n, at + size)
        force[at:end] += shape[: end - at]
        at += size + round(rng.exponential(0.8) * rate)
    return noise * force


def alpha(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """EEG with eyes closed: a waxing and waning rhythm of 8 to 12 Hz over pink noise."""
    f = rng.uniform(8.5, 11.5)
    band = butter(2, [f - 1, f + 1], btype="bandpass", fs=rate, output="sos")
    rhythm = sosfilt(band, rng.standard_normal(n))
    background = coloured(n, 1.0, rng, rate)
    return rhythm / rhythm.std() + rng.uniform(0.3, 1.0) * background / background.std()
