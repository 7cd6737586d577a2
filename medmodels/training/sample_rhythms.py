"""Rhythms of the sample ECGs: when each beat comes and what it looks like."""

from __future__ import annotations

import numpy as np

from medmodels.training.dynamical_ecg import PUBLISHED, Beat, Wave, cycle_lengths

_P, _Q, _R, _S, _T = PUBLISHED
# The first lead sees the published amplitudes, as limb lead II does. The second sees
# the same waves with other amplitudes, as a lateral chest lead does.
_LATERAL = (0.7, 0.9, 0.75, 1.5, 1.3)

Waves = tuple[tuple[Wave, ...], ...]


def _two_leads(waves: tuple[Wave, ...], second: tuple[float, ...]) -> Waves:
    lateral = tuple(
        Wave(wave.angle, wave.height * factor, wave.width)
        for wave, factor in zip(waves, second, strict=True)
    )
    return waves, lateral


#: Sinus beat: the published waves.
NORMAL = _two_leads(PUBLISHED, _LATERAL)
#: Supraventricular ectopic beat: an early, low and inverted P wave close to a normal QRS.
SUPRAVENTRICULAR = _two_leads((Wave(-np.pi / 4, -0.9, 0.18), _Q, _R, _S, _T), _LATERAL)
#: Ventricular ectopic beat: no P wave, a QRS of about 0.17 s (over twice the normal), T against it.
VENTRICULAR = _two_leads(
    (Wave(0.0, 8.2, 0.225), Wave(0.58, -3.9, 0.225), Wave(np.pi / 1.7, -1.1, 0.45)),
    (-0.9, -0.8, -0.9),
)
#: Conducted beat of atrial fibrillation: no P wave.
WITHOUT_P = _two_leads((_Q, _R, _S, _T), _LATERAL[1:])

# How early an ectopic beat comes, in sinus cycles after the beat before it.
_COUPLING = {"V": 0.6, "S": 0.62}


def with_ectopics(
    seconds: float,
    rng: np.random.Generator,
    *,
    cycle: float,
    deviation: float,
    ectopics: dict[int, str],
) -> list[Beat]:
    """Sinus rhythm with ectopic beats put in.

    Parameters
    ----------
    seconds : float
    rng : Generator
    cycle, deviation : float
        Mean and standard deviation of the sinus cycle length, seconds.
    ectopics : dict of int to str
        After how many beats an ectopic comes: "V" or "S". Ectopics with consecutive
        numbers make a run.

    Returns
    -------
    list of Beat
        R peaks from 0.4 s on, all inside the signal.
    """
    cycles = cycle_lengths(int(2 * seconds / cycle) + 8, rng, mean=cycle, deviation=deviation)
    beats: list[Beat] = []
    time, sinus = 0.4, 0.4
    shapes = {"N": NORMAL, "S": SUPRAVENTRICULAR, "V": VENTRICULAR}
    for number, length in enumerate(cycles):
        letter = ectopics.get(number, "N")
        if letter == "N":
            time = sinus
        else:
            jitter = rng.uniform(-0.03, 0.03)
            time = beats[-1].time + (_COUPLING[letter] + jitter) * length
        if time > seconds - 0.4:
            break
        beats.append(Beat(time, float(length), letter, shapes[letter]))
        if letter == "N":
            sinus = time + float(length)
        elif letter == "S":
            # An atrial beat resets the sinus node: no full pause.
            sinus = time + 1.08 * float(length)
        else:
            # The sinus node goes on: its next impulse is blocked, the one after is on time
            # (a full compensatory pause).
            while sinus < time + 0.7 * float(length):
                sinus += float(length)
    return beats


def irregular(
    seconds: float, rng: np.random.Generator, *, mean: float, deviation: float
) -> list[Beat]:
    """Atrial fibrillation: independent intervals and no P waves.

    Parameters
    ----------
    seconds : float
    rng : Generator
    mean, deviation : float
        Of the log-normal RR interval, seconds; none is shorter than 0.36 s.

    Returns
    -------
    list of Beat
    """
    spread = np.sqrt(np.log1p((deviation / mean) ** 2))
    beats: list[Beat] = []
    time = 0.4
    while time <= seconds - 0.4:
        beats.append(Beat(time, mean, "N", WITHOUT_P))
        time += max(0.36, float(rng.lognormal(np.log(mean) - spread**2 / 2, spread)))
    return beats


def fibrillation(
    samples: int, rate: float, rng: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Fibrillatory waves: 6 Hz, wandering in frequency and height.

    Parameters
    ----------
    samples : int
    rate : float
        Hz.
    rng : Generator

    Returns
    -------
    ndarray, float64, shape (samples,)
        Millivolts, about 0.06 high.
    """
    time = np.arange(samples) / rate
    frequency = 6.0 + 0.7 * np.sin(2 * np.pi * 0.23 * time + rng.uniform(0, 2 * np.pi))
    height = 0.06 * (1 + 0.4 * np.sin(2 * np.pi * 0.41 * time + rng.uniform(0, 2 * np.pi)))
    phase = 2 * np.pi * np.cumsum(frequency) / rate
    return np.asarray(height * (np.sin(phase) + 0.35 * np.sin(2 * phase + 0.7)))
