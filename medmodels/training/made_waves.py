"""Noise, waveforms and tables that are no biosignal; see `made_signals`.

Every maker takes the number of samples, the rate in Hz and a generator, and
returns shape (n,), float, in no unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter
from scipy.signal import square as square_wave

Doubles = npt.NDArray[np.floating[Any]]


def coloured(n: int, power: float, rng: np.random.Generator, rate: float = 1.0) -> Doubles:
    """Noise whose power falls with the frequency to this power, above 0.05 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    f = np.fft.rfftfreq(n, 1 / rate)
    return np.fft.irfft(spectrum / np.maximum(f, 0.05 if rate > 1 else f[1]) ** (power / 2), n)


def white(n: int, _rate: float, rng: np.random.Generator) -> Doubles:
    """White noise."""
    return rng.standard_normal(n)


def pink(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Pink noise: power 1/f."""
    return coloured(n, 1.0, rng, rate)


def brown(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Brown noise: power 1/f², flat below 0.05 Hz."""
    return coloured(n, 2.0, rng, rate)


def flat_with_noise(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """A lead that is off: a flat line with a little noise and hum, and a few knocks."""
    t = np.arange(n) / rate
    hum = rng.uniform(0, 1) * np.sin(2 * np.pi * rng.choice([50.0, 60.0]) * t)
    knocks = np.zeros(n)
    knocks[rng.integers(0, n, rng.integers(0, 6))] = rng.uniform(5, 30)
    return rng.standard_normal(n) + hum + lfilter([1.0], [1.0, -0.97], knocks)


def sine(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """A sine of 0.5 to 12 Hz with 1% noise."""
    t = np.arange(n) / rate
    f = np.exp(rng.uniform(np.log(0.5), np.log(12)))
    return np.sin(2 * np.pi * f * t + rng.uniform(0, 6)) + 0.01 * rng.standard_normal(n)


def square(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """A square wave of 0.5 to 6 Hz with 1% noise: a calibration signal."""
    t = np.arange(n) / rate
    f = np.exp(rng.uniform(np.log(0.5), np.log(6)))
    wave = square_wave(2 * np.pi * f * t + rng.uniform(0, 6), duty=rng.uniform(0.2, 0.8))
    return wave + 0.01 * rng.standard_normal(n)


def random_walk(n: int, _rate: float, rng: np.random.Generator) -> Doubles:
    """Sums of equal steps up or down."""
    return np.cumsum(rng.choice([-1.0, 1.0], n))


def dna(n: int, _rate: float, rng: np.random.Generator) -> Doubles:
    """Bases as the numbers 0 to 3, each held for some samples."""
    held = int(rng.integers(1, 30))
    return np.repeat(rng.integers(0, 4, n // held + 1).astype(float), held)[:n]


def stock(n: int, _rate: float, rng: np.random.Generator) -> Doubles:
    """Prices: a random walk whose steps come in calm and wild times (GARCH-like)."""
    wild = np.exp(0.8 * lfilter([0.05], [1, -0.998], rng.standard_normal(n)) / 0.8)
    steps = wild * rng.standard_t(4, n)
    return np.exp(np.cumsum(0.01 * steps / np.std(steps)))


def speech(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Speech-like: pitch pulses through two resonances, in syllables, some of them hissing."""
    out = np.zeros(n)
    at = 0
    while at < n:
        size = round(rng.uniform(0.08, 0.35) * rate)
        t = np.arange(size) / rate
        pitch = rng.uniform(10, 25)  # slowed down, as a table of 100 to 500 Hz holds it
        source = (np.diff(np.floor(pitch * t), prepend=0) > 0).astype(float)
        if rng.random() < 0.3:
            source = 0.3 * rng.standard_normal(size)
        for f in (rng.uniform(15, 30), rng.uniform(30, 55)):
            radius = np.exp(-np.pi * 6 / rate)
            source = lfilter(
                [1.0], [1, -2 * radius * np.cos(2 * np.pi * f / rate), radius**2], source
            )
        source *= np.hanning(size) / (np.abs(source).max() + 1e-9) * rng.uniform(0.3, 1)
        end = min(n, at + size)
        out[at:end] = source[: end - at]
        at += size + round(rng.choice([0.02, 0.1, 0.5], p=[0.5, 0.4, 0.1]) * rate)
    return out + 0.01 * rng.standard_normal(n)
