"""The dynamical ECG model of McSharry, Clifford, Tarassenko, Smith 2003.

IEEE Trans. Biomed. Eng. 50(3):289-294. A point runs round the unit circle once a
beat; each wave pulls its height ``z`` up and down as the point passes the wave's
angle::

    dz/dt = -sum_i a_i d_i exp(-d_i^2 / (2 b_i^2)) - (z - z0(t)),  d_i = theta - theta_i

On the circle the angle is ``theta = 2 pi t / T``, so only ``z`` is integrated. Here
each beat keeps its own angle, unwrapped and zero at its R peak, with the sinus cycle
as ``T``: for a regular rhythm that is the published model, and an ectopic beat can
come early, or look different, without squeezing its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

# Integration steps for each output sample.
_FINER = 4


@dataclass(frozen=True)
class Wave:
    """One wave of a beat.

    Parameters
    ----------
    angle : float
        Where on the circle it lies, radians; the R peak is at 0.
    height : float
        The paper's ``a``, signed.
    width : float
        The paper's ``b``, radians.
    """

    angle: float
    height: float
    width: float


#: Table I of the paper: P, Q, R, S, T.
PUBLISHED = (
    Wave(-np.pi / 3, 1.2, 0.25),
    Wave(-np.pi / 12, -5.0, 0.1),
    Wave(0.0, 30.0, 0.1),
    Wave(np.pi / 12, -7.5, 0.1),
    Wave(np.pi / 2, 0.75, 0.4),
)
#: Brings the published parameters to an R peak of about 1.2 mV, as the paper's figures.
MILLIVOLTS = 27.0


@dataclass(frozen=True)
class Beat:
    """A beat to be drawn.

    Parameters
    ----------
    time : float
        Of its R peak, seconds.
    cycle : float
        Sinus cycle length at that time, seconds.
    letter : str
        AAMI class: "N", "S" or "V".
    waves : tuple of tuple of Wave
        The waves as each lead sees them.
    """

    time: float
    cycle: float
    letter: str
    waves: tuple[tuple[Wave, ...], ...]


def cycle_lengths(
    count: int,
    rng: np.random.Generator,
    *,
    mean: float,
    deviation: float,
    ratio: float = 0.5,
) -> npt.NDArray[np.float64]:
    """Draw sinus cycle lengths with the published spectrum.

    Two Gaussian peaks, the Mayer waves at 0.1 Hz and breathing at 0.25 Hz, each
    0.01 Hz wide, with random phases (section II-B of the paper).

    Parameters
    ----------
    count : int
        Number of beats.
    rng : Generator
    mean, deviation : float
        Of the cycle length, seconds.
    ratio : float
        Power of the low over the high frequency peak (LF/HF).

    Returns
    -------
    ndarray, float64, shape (count,)
        Seconds.
    """
    length = max(64, 1 << int(np.ceil(np.log2(count))))
    frequency = np.fft.rfftfreq(length, d=mean)

    def peak(centre: float, power: float) -> npt.NDArray[np.float64]:
        return power * np.exp(-((frequency - centre) ** 2) / (2 * 0.01**2))

    spectrum = np.sqrt(peak(0.1, ratio) + peak(0.25, 1.0))
    phases = rng.uniform(0, 2 * np.pi, len(frequency))
    series = np.fft.irfft(spectrum * np.exp(1j * phases), length)
    series = (series - series.mean()) / series.std()
    return mean + deviation * series[:count]


def draw(
    beats: Sequence[Beat],
    *,
    seconds: float,
    rate: float,
    breathing: float = 0.15,
) -> npt.NDArray[np.float64]:
    """Integrate the model for a list of beats.

    Parameters
    ----------
    beats : sequence of Beat
    seconds : float
    rate : float
        Hz.
    breathing : float
        Amplitude of the baseline ``z0`` at 0.25 Hz, mV (0.15 in the paper).

    Returns
    -------
    ndarray, float64, shape (round(seconds * rate), n_leads)
        Millivolts.
    """
    leads = len(beats[0].waves)
    samples = round(seconds * rate)
    step = 1.0 / (rate * _FINER)
    time = np.arange(samples * _FINER) * step
    pull = np.zeros((len(time), leads))
    for beat in beats:
        for lead, waves in enumerate(beat.waves):
            _add_beat(pull[:, lead], waves, beat, step)
    height = pull * MILLIVOLTS + breathing * np.sin(2 * np.pi * 0.25 * time)[:, np.newaxis]
    # dz/dt = u - z, integrated exactly for a u that is linear between steps.
    decay = np.exp(-step)
    first = 1 - (1 - decay) / step
    last = (1 - decay) / step - decay
    z = lfilter([first, last], [1.0, -decay], height, axis=0)
    return np.asarray(z[::_FINER])


def _add_beat(
    pull: npt.NDArray[np.float64], waves: tuple[Wave, ...], beat: Beat, step: float
) -> None:
    """Add the pull of one beat's waves, over the stretch where it is not negligible."""
    omega = 2 * np.pi / beat.cycle
    # With the heart rate, angles and widths grow by its square root (the authors' ecgsyn),
    # so that in time a wave shortens by the square root only.
    faster = np.sqrt(1.0 / beat.cycle)
    for wave in waves:
        centre = beat.time + wave.angle * faster / omega
        reach = 6 * wave.width * faster / omega
        start = max(0, int((centre - reach) / step))
        stop = min(len(pull), int((centre + reach) / step) + 1)
        if stop <= start:
            continue
        angle = omega * (np.arange(start, stop) * step - centre)
        width = wave.width * faster
        pull[start:stop] -= wave.height * angle * np.exp(-(angle**2) / (2 * width**2))
