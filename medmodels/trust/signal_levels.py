"""How large a lead's beats are, and how large what disturbs them, stretch by stretch."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfiltfilt

Values = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STRETCH_S: Final = 10.0
"""Seconds in a stretch: a standard ECG strip."""
MAINS_HZ: Final = (50.0, 60.0)
_BESIDE_HZ = 55.0
_SLOW_RATE = 120.0
_WANDER_RATE = 8.0
_WANDER_HZ = 0.5
_QRS_S = 0.1
_MOST_BEATS = 120


def stretches(n: int, rate: float) -> tuple[int, int]:
    """How a recording is cut into stretches of about 10 s.

    Parameters
    ----------
    n : int
        Samples, at least 1.
    rate : float
        Hz.

    Returns
    -------
    count, size : int
        Number of stretches and samples in each; fewer than ``count`` samples
        are left over at the end.
    """
    count = max(1, round(n / rate / STRETCH_S))
    return count, n // count


def qrs_height(x: Values, rate: float, r_peaks: Ints) -> float:
    """Height of the recording's typical QRS complex.

    The complex is the median of up to 120 beats spread over the recording,
    aligned at their R peaks: noise, which differs from beat to beat, cancels
    and does not pass for height.

    Parameters
    ----------
    x : ndarray, float32, shape (n,)
        One lead, finite.
    rate : float
        Hz.
    r_peaks : ndarray, int64, shape (n_beats,)
        Sample indices.

    Returns
    -------
    float
        From the lowest to the highest point within 100 ms of the R peak, in
        the unit of ``x``; NaN without a beat.
    """
    reach = max(1, round(_QRS_S * rate))
    inside = r_peaks[(r_peaks >= reach) & (r_peaks < len(x) - reach)]
    if not len(inside):
        return float("nan")
    some = inside[np.linspace(0, len(inside) - 1, min(len(inside), _MOST_BEATS)).astype(np.int64)]
    beats = x[some[:, None] + np.arange(-reach, reach + 1)]
    beats = beats - np.median(beats, axis=1, keepdims=True)
    return float(np.ptp(np.median(beats, axis=0)))


def slowed(x: Values, rate: float) -> tuple[Values, float]:
    """A lead averaged down to about 120 Hz, on which noise and wander are measured.

    Parameters
    ----------
    x : ndarray, float32, shape (n,)
        One lead, finite.
    rate : float
        Hz.

    Returns
    -------
    tuple
        The means of every few samples, and their rate in Hz.
    """
    step = max(1, round(rate / _SLOW_RATE))
    end = len(x) // step * step
    total = x[:end:step].copy()
    # Adding slices is several times as fast as a mean over a short inner axis.
    for k in range(1, step):
        total += x[k:end:step]
    total /= step
    return total, rate / step


def noise_levels(x: Values, rate: float) -> Doubles:
    """Standard deviation of fast noise in each stretch.

    The lead is averaged down to about 120 Hz, for faster noise is filtered
    out before the network reads; there, the median size of the second
    difference between samples two apart is that of noise between the beats,
    for QRS complexes take up a tenth of the time. At 120 Hz it sees noise
    near 30 Hz best, and hum of 60 Hz not at all.

    Parameters
    ----------
    x : ndarray, float32, shape (n,)
        One lead, from `slowed`.
    rate : float
        Hz.

    Returns
    -------
    ndarray, float64, shape (n_stretches,)
        In the unit of ``x``. White noise gives its own standard deviation.
    """
    count, _ = stretches(len(x), rate)
    # Every fourth difference: neighbours hardly add to what their median says.
    bend = x[:-4:4] + x[4::4]
    bend -= 2 * x[2:-2:4]
    np.abs(bend, out=bend)
    size = len(bend) // count
    if not size:
        return np.zeros(count)
    middle = np.median(bend[: count * size].reshape(count, size), axis=1)
    # 1.4826: from the median of |x| to the deviation of a normal law. The second
    # difference of white noise has 1 + 4 + 1 times its variance.
    return np.asarray(middle * (1.4826 / np.sqrt(6.0)), dtype=np.float64)


def mains_levels(x: Values, rate: float) -> Doubles:
    """Amplitude of 50 or 60 Hz hum in each stretch, whichever is larger.

    In four windows of one second, the part at the mains frequency beyond what
    is there at 55 Hz, which is the beats' own.

    Parameters
    ----------
    x : ndarray, float32, shape (n,)
        One lead, finite, at its own rate.
    rate : float
        Hz; a frequency above 0.45 of it cannot be seen and counts as absent.

    Returns
    -------
    ndarray, float64, shape (n_stretches,)
        Amplitude (half the height from crest to trough), in the unit of ``x``.
    """
    count, size = stretches(len(x), rate)
    seen = [f for f in MAINS_HZ if f < 0.45 * rate]
    second = min(round(rate), size)
    if not seen or 0.5 * rate < _BESIDE_HZ:
        return np.zeros(count)
    t = np.arange(second) / rate
    window = np.hanning(second + 1)[:-1]
    waves = np.concatenate(
        [[np.cos(2 * np.pi * f * t), np.sin(2 * np.pi * f * t)] for f in (*seen, _BESIDE_HZ)]
    )
    waves = (waves * window * 2 / window.sum()).astype(np.float32).T
    parts = x[: count * size].reshape(count, size)
    starts = np.linspace(0, size - second, 4).astype(np.int64)
    found = np.stack([parts[:, a : a + second] @ waves for a in starts])
    power = (found.astype(np.float64) ** 2).reshape(4, count, -1, 2).sum(axis=3)
    excess = np.median(power[:, :, :-1] - power[:, :, -1:], axis=0).max(axis=1)
    return np.asarray(np.sqrt(np.maximum(excess, 0)), dtype=np.float64)


def wander_levels(x: Values, rate: float) -> Doubles:
    """Height of slow baseline wander, below 0.5 Hz, in each stretch.

    0.5 Hz is 30 beats a minute: what is slower is not the heart's (AHA/ACC/HRS
    recommendations, Kligfield et al., Circulation 2007;115:1306).

    Parameters
    ----------
    x : ndarray, float32, shape (n,)
        One lead, from `slowed`.
    rate : float
        Hz.

    Returns
    -------
    ndarray, float64, shape (n_stretches,)
        From the lowest to the highest point, in the unit of ``x``.
    """
    count, _ = stretches(len(x), rate)
    step = max(1, round(rate / _WANDER_RATE))
    slow = x[: len(x) // step * step].reshape(-1, step).mean(axis=1)
    # Two filters of second order, there and back, need a dozen samples to settle.
    if len(slow) < 2 * _WANDER_RATE:
        return np.zeros(count)
    sos = butter(2, _WANDER_HZ, fs=rate / step, output="sos")
    wander = sosfiltfilt(sos, slow.astype(np.float64))
    size = len(wander) // count
    return np.asarray(np.ptp(wander[: count * size].reshape(count, size), axis=1))
