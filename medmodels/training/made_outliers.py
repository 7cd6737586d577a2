"""Waveforms of many kinds on which an outlier score may be fitted; see `made_signals`.

None of them is made as a test signal is made. Every maker takes the number of
samples, the rate in Hz and a generator, and returns shape (n,), float.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, fftconvolve, lfilter, sawtooth, sosfilt

Doubles = npt.NDArray[np.floating[Any]]


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def band_noise(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Noise of one band, from 0.05-12 Hz up to 1.5-6 times that, over a little white noise."""
    low = _log_uniform(rng, 0.05, 12)
    high = min(low * rng.uniform(1.5, 6), 0.45 * rate)
    sos = butter(2, [low, high], btype="bandpass", fs=rate, output="sos")
    noise = sosfilt(sos, rng.standard_normal(n))
    return noise / noise.std() + _log_uniform(rng, 1e-3, 0.05) * rng.standard_normal(n)


def resonance(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """A damped oscillator of 0.6 to 20 Hz driven by noise (autoregressive, order 2)."""
    f = _log_uniform(rng, 0.6, 20)
    radius = np.exp(-np.pi * f * rng.uniform(0.05, 0.8) / rate)
    return lfilter([1.0], [1, -2 * radius * np.cos(2 * np.pi * f / rate), radius**2],
                   rng.standard_normal(n))  # fmt: skip


def triangle(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Triangles and saw teeth of 0.5 to 8 Hz, with up to 5% noise."""
    t = np.arange(n) / rate
    wave = sawtooth(2 * np.pi * _log_uniform(rng, 0.5, 8) * t, rng.uniform(0, 1))
    return wave + rng.uniform(0, 0.05) * rng.standard_normal(n)


def chirp(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """A tone that sweeps up and down between two frequencies, again and again."""
    t = np.arange(n) / rate
    low, high = np.sort([_log_uniform(rng, 0.4, 15), _log_uniform(rng, 0.4, 15)])
    sweep = (sawtooth(2 * np.pi * t / rng.uniform(3, 30), 0.5) + 1) / 2
    tone = np.sin(2 * np.pi * np.cumsum(low * (high / low) ** sweep) / rate)
    return tone + rng.uniform(0, 0.05) * rng.standard_normal(n)


def sum_of_sines(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Two to six sines of unrelated frequencies, 0.3 to 25 Hz."""
    t = np.arange(n) / rate
    out = rng.uniform(0, 0.05) * rng.standard_normal(n)
    for _ in range(rng.integers(2, 7)):
        out += rng.uniform(0.2, 1) * np.sin(2 * np.pi * _log_uniform(rng, 0.3, 25) * t)
    return out


def modulated_sine(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """A carrier of 3 to 30 Hz whose strength follows a slower sine to a power."""
    t = np.arange(n) / rate
    slow = (1 + np.sin(2 * np.pi * _log_uniform(rng, 0.2, 2.5) * t)) / 2
    carrier = np.sin(2 * np.pi * _log_uniform(rng, 3, 30) * t)
    return carrier * slow ** rng.uniform(0.5, 12) + rng.uniform(0, 0.04) * rng.standard_normal(n)


def shots(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Events at random times, 0.5 to 20 a second, each decaying by itself."""
    hits = (rng.random(n) < _log_uniform(rng, 0.5, 20) / rate) * rng.exponential(1, n)
    if rng.random() < 0.5:
        hits *= rng.choice([-1, 1], n)
    decay = np.exp(-1 / (rate * _log_uniform(rng, 0.01, 0.5)))
    return lfilter([1.0], [1, -decay], hits) + rng.uniform(0, 0.05) * rng.standard_normal(n)


def steps(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Levels held for random times (a telegraph with many levels), smoothed or not."""
    changes = rng.random(n) < _log_uniform(rng, 0.5, 8) / rate
    levels = rng.standard_normal(int(changes.sum()) + 1)
    held = levels[np.cumsum(changes)]
    if rng.random() < 0.5:
        held = sosfilt(butter(1, rng.uniform(2, 20), fs=rate, output="sos"), held)
    return held + rng.uniform(0, 0.05) * rng.standard_normal(n)


def periodic_pulses(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """One random shape of 2 to 15 harmonics, repeated 40 to 180 times a minute."""
    rr = 60 / rng.uniform(40, 180)
    wander = 1 + rng.uniform(0, 0.06) * np.interp(
        np.arange(n) / rate, np.arange(n / rate + 2), rng.standard_normal(int(n / rate + 2))
    )
    phase = 2 * np.pi * np.cumsum(1 / (rr * wander)) / rate
    out = rng.uniform(0, 0.05) * rng.standard_normal(n)
    for k in range(1, int(rng.integers(3, 17))):
        out += rng.standard_normal() / k * np.sin(k * phase + rng.uniform(0, 6))
    return out


def bumps(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """Gaussian bumps of either sign and of one width, at irregular times."""
    rr = rng.uniform(0.3, 1.2)
    gaps = rr * rng.gamma(1 / rng.uniform(0.1, 1), 1, int(3 * n / rate / rr) + 9)
    gaps *= rr / gaps.mean()
    at = (np.cumsum(gaps) * rate).astype(np.int64)
    hits = np.zeros(n)
    at = at[at < n]
    hits[at] = rng.uniform(0.5, 1, len(at)) * (
        rng.choice([-1, 1], len(at)) if rng.random() < 0.5 else 1
    )
    width = _log_uniform(rng, 0.02, 0.2) * rate
    t = np.arange(-int(4 * width), int(4 * width) + 1)
    shape = np.exp(-((t / width) ** 2) / 2)
    return fftconvolve(hits, shape, mode="same") + rng.uniform(0, 0.05) * rng.standard_normal(n)


def heavy_tailed(n: int, _rate: float, rng: np.random.Generator) -> Doubles:
    """Noise with wild values (Student's t), smoothed a little."""
    noise = np.clip(rng.standard_t(rng.uniform(1.5, 3), n), -50, 50)
    return lfilter([1.0], [1, -rng.uniform(0, 0.7)], noise)


def lorenz(n: int, rate: float, rng: np.random.Generator) -> Doubles:
    """One variable of the Lorenz system (1963), 0.6 to 3 turns a second."""
    speed = _log_uniform(rng, 0.8, 4)
    step = 0.01
    count = int(n / rate * speed / step) + 2
    x, y, z = (float(v) for v in rng.standard_normal(3) * 5 + np.array([0, 0, 25.0]))
    path = np.empty((count, 3))
    for k in range(count):
        path[k] = x, y, z
        # Two half steps (midpoint rule) keep it on its attractor at this step size.
        dx, dy, dz = _lorenz_slope(x, y, z)
        dx, dy, dz = _lorenz_slope(x + step / 2 * dx, y + step / 2 * dy, z + step / 2 * dz)
        x, y, z = x + step * dx, y + step * dy, z + step * dz
    at = np.arange(n) / rate * speed / step
    return np.interp(at, np.arange(count), path[:, int(rng.integers(0, 3))])


def _lorenz_slope(x: float, y: float, z: float) -> tuple[float, float, float]:
    return 10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z
