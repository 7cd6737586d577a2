"""Raw recordings disturbed by a known amount, to see from where on they are misread."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from medmodels.inputs.signal import Signal

Values = npt.NDArray[np.float32]


def disturb(
    kind: str, level: float, signal: Signal, heights: npt.NDArray[np.float64], seed: int
) -> Signal:
    """A recording with one disturbance added to all its leads.

    Parameters
    ----------
    kind : str
        "noise": white, standard deviation after averaging to about 120 Hz;
        "mains": a sine of 60 Hz, amplitude; "wander": sines from 0.05 to
        0.45 Hz, lowest to highest point in 10 s; "saturation": cut off this
        far below the usual top of the QRS complexes and above their bottom;
        "gaps": share of the time without samples, in gaps of 2 s;
        "amplitude": factor.
    level : float
        In QRS heights, but for gaps and amplitude.
    signal : Signal
    heights : ndarray, float64, shape (n_leads,)
        QRS height of each lead.
    seed : int

    Returns
    -------
    Signal

    Raises
    ------
    ValueError
        When there is no such disturbance.
    """
    rng = np.random.default_rng(seed)
    x = np.array(signal.samples, dtype=np.float32)
    n, leads = x.shape
    t = np.arange(n)[:, None] / signal.rate
    if kind == "noise":
        step = max(1, round(signal.rate / 120.0))
        x += rng.standard_normal(x.shape, dtype=np.float32) * np.sqrt(step) * level * heights
    elif kind == "mains":
        x += level * heights * np.sin(2 * np.pi * 60.0 * t + rng.uniform(0, 6, leads))
    elif kind == "wander":
        waves = np.zeros(x.shape)
        for f in (0.05, 0.11, 0.2, 0.31, 0.45):
            waves += np.sin(2 * np.pi * f * t + rng.uniform(0, 2 * np.pi, leads))
        size = round(10 * signal.rate)
        parts = waves[: max(1, n // size) * size].reshape(-1, min(size, n), leads)
        x += level * heights * waves / np.median(np.ptp(parts, axis=1), axis=0)
    elif kind == "saturation":
        middle = np.nanmedian(x, axis=0)
        low, high = _rails(x - middle, signal.rate)
        cut = level * heights
        low, high = low + cut * (low < -0.5 * high), high - cut * (high > -0.5 * low)
        x = np.clip(x, middle + np.minimum(low, 0), middle + np.maximum(high, 0))
    elif kind == "gaps":
        size = round(2 * signal.rate)
        for part in rng.permutation(n // size)[: round(level * (n // size))]:
            x[part * size : (part + 1) * size] = np.nan
    elif kind == "amplitude":
        x *= level
    else:
        raise ValueError(f'there is no disturbance "{kind}"')
    return replace(signal, samples=x.astype(np.float32))


def _rails(x: Values, rate: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Usual lowest and highest point of each lead within two seconds."""
    size = round(2 * rate)
    parts = x[: len(x) // size * size].reshape(-1, size, x.shape[1])
    low, high = np.median(parts.min(axis=1), axis=0), np.median(parts.max(axis=1), axis=0)
    return low.astype(np.float64), high.astype(np.float64)
