"""How ECG paper runs: speed, gain, length, and the room that each lead needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.inputs.signal import Signal

SPEEDS = (12.5, 25.0, 50.0)
GAINS = (5.0, 10.0, 20.0)
WIDTHS_MM = (125.0, 250.0, 500.0)


@dataclass(frozen=True)
class PaperSettings:
    """How the paper runs.

    Parameters
    ----------
    speed : float
        Millimetres per second.
    gain : float
        Millimetres per millivolt.
    width_mm : float
        Length of the strip.
    """

    speed: float = 25.0
    gain: float = 10.0
    width_mm: float = 250.0

    @property
    def seconds(self) -> float:
        """Time on the strip."""
        return self.width_mm / self.speed


@dataclass(frozen=True)
class Lane:
    """Where a lead runs on the paper.

    Parameters
    ----------
    up, down : float
        Reach above and below the lead's middle, in the signal's own unit.
    usual : float
        Value that 1 mV on paper stands for: 1, or the lead's usual height when
        its amplitudes have no unit.
    """

    up: float
    down: float
    usual: float = 1.0


@dataclass(frozen=True)
class Beats:
    """Beats to mark: times (seconds), decided classes and their probability, each (n,)."""

    times_s: npt.NDArray[np.float64]
    labels: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]


def lanes_of(signal: Signal) -> tuple[Lane, ...]:
    """Room that each lead needs, judged once for the whole recording.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    tuple of Lane
        One for each lead.
    """
    step = max(1, len(signal.samples) // 200_000)
    lanes = []
    for k in range(signal.samples.shape[1]):
        values = signal.samples[::step, k]
        values = values[np.isfinite(values)]
        if not len(values):
            lanes.append(Lane(0.5, 0.5))
            continue
        low, middle, high = np.quantile(values.astype(np.float64), [0.0005, 0.5, 0.9995])
        usual = 1.0 if signal.amplitude_known else max(float(high - low), 1e-9)
        up, down = (high - middle) / usual, (middle - low) / usual
        lanes.append(Lane(float(np.clip(up, 0.6, 5)), float(np.clip(down, 0.5, 5)), usual))
    return tuple(lanes)
