"""Signals that are not ECGs, made from a seed: what an ECG reader must refuse.

Two families that share no generator: on `TRAINING` signals a score may be
fitted and chosen, `TEST` signals are what it is tested on. All are scaled to
the height of an ECG, so that their amplitude cannot give them away.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.training import made_biosignals as bio
from medmodels.training import made_outliers as outlier
from medmodels.training import made_waves as wave

Values = npt.NDArray[np.float32]
Maker = Callable[[int, float, np.random.Generator], npt.NDArray[np.floating[Any]]]

RATES: Final = (128.0, 250.0, 360.0, 500.0)
SPAN_MV: Final = 2.0
"""From the 0.1th to the 99.9th percentile, millivolts: the height of a usual QRS complex."""

TRAINING: Final[dict[str, Maker]] = {
    "band noise": outlier.band_noise,
    "resonance": outlier.resonance,
    "triangle wave": outlier.triangle,
    "chirp": outlier.chirp,
    "sum of sines": outlier.sum_of_sines,
    "modulated sine": outlier.modulated_sine,
    "shot noise": outlier.shots,
    "random steps": outlier.steps,
    "periodic pulses": outlier.periodic_pulses,
    "irregular bumps": outlier.bumps,
    "heavy-tailed noise": outlier.heavy_tailed,
    "Lorenz system": outlier.lorenz,
}
TEST: Final[dict[str, Maker]] = {
    "white noise": wave.white,
    "pink noise": wave.pink,
    "brown noise": wave.brown,
    "flat with noise": wave.flat_with_noise,
    "sine": wave.sine,
    "square wave": wave.square,
    "random walk": wave.random_walk,
    "DNA as numbers": wave.dna,
    "stock prices": wave.stock,
    "speech-like": wave.speech,
    "photoplethysmogram": bio.photoplethysmogram,
    "arterial pressure": bio.arterial_pressure,
    "respiration": bio.respiration,
    "EMG bursts": bio.emg,
    "EEG alpha": bio.alpha,
}


@dataclass(frozen=True)
class MadeSignal:
    """One made signal.

    Parameters
    ----------
    kind : str
    samples : ndarray, float32, shape (n, n_leads)
        Millivolts in name only.
    rate : float
        Hz.
    """

    kind: str
    samples: Values
    rate: float


def make(kind: str, seed: int, seconds: float = 90.0) -> MadeSignal:
    """Make one signal.

    Parameters
    ----------
    kind : str
        A key of `TRAINING` or `TEST`.
    seed : int
        Together with the kind it fixes the rate, the number of leads (two, or
        one in a quarter of the cases) and every sample.
    seconds : float

    Returns
    -------
    MadeSignal

    Raises
    ------
    KeyError
        When there is no such kind.
    """
    maker = (TRAINING | TEST)[kind]
    rng = np.random.default_rng([zlib.crc32(kind.encode()), seed])
    rate = float(rng.choice(RATES))
    first = _scaled(maker(round(seconds * rate), rate, rng))
    if rng.random() < 0.25:
        return MadeSignal(kind, first[:, None], rate)
    # A second lead sees the same source from elsewhere, or another one of its kind.
    other = _scaled(maker(len(first), rate, rng))
    share = rng.uniform(0.3, 1.0) if rng.random() < 0.5 else 0.0
    later = round(rng.uniform(0, 0.05) * rate)
    sign = rng.choice([-1.0, 1.0])
    second = sign * (share * np.roll(first, later) + (1 - share) * other)
    both = np.stack([first, second * rng.uniform(0.4, 1.2)], axis=1)
    return MadeSignal(kind, both.astype(np.float32), rate)


def _scaled(x: npt.NDArray[np.floating[Any]]) -> Values:
    x = x - np.median(x)
    low, high = np.quantile(x, [0.001, 0.999])
    return (x * (SPAN_MV / max(high - low, 1e-9))).astype(np.float32)
