"""Draws simple ECGs whose every beat is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.inputs.signal import Signal


def draw(
    times: npt.NDArray[np.float64], rate: float, seconds: float, *,
    leads: tuple[str, ...] = ("MLII", "V1"), height: float = 1.0, noise: float = 0.01,
    p_height: float = 0.12, seed: int = 0,
) -> Signal:  # fmt: skip
    """An ECG made of bumps: P, QRS and T at fixed distances from each R peak.

    Parameters
    ----------
    times : ndarray
        R peaks, seconds.
    rate, seconds, height, noise, p_height : float
        Hz, s, and millivolts.
    leads : tuple of str
    seed : int
    """
    t = np.arange(round(seconds * rate)) / rate
    one = np.zeros(len(t))
    for at in times:
        for centre, width, size in (
            (-0.16, 0.025, p_height), (-0.028, 0.009, -0.1), (0.0, 0.011, 1.0),
            (0.028, 0.009, -0.2), (0.26, 0.05, 0.25),
        ):  # fmt: skip
            near = slice(
                max(int((at + centre - 0.3) * rate), 0), max(int((at + centre + 0.3) * rate), 0)
            )
            one[near] += size * np.exp(-0.5 * ((t[near] - at - centre) / width) ** 2)
    rng = np.random.default_rng(seed)
    columns = [height * one * (1.0 if k == 0 else 0.6) for k in range(len(leads))]
    samples = np.stack(columns, axis=1) + noise * rng.standard_normal((len(t), len(leads)))
    return Signal(samples.astype(np.float32), rate, leads, "drawn", "")
