"""Make the sample ECGs that come with the app; they belong to no patient.

``python -m medmodels.training.sample_ecg OUT`` writes them byte for byte as shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import find_peaks

from medmodels.training.dynamical_ecg import Beat, draw
from medmodels.training.sample_files import SampleList, write_where_asked
from medmodels.training.sample_rhythms import fibrillation, irregular, with_ectopics

LEADS = ("MLII", "V5")
#: Standard deviation of the white noise, mV: a quiet resting recording.
NOISE = 0.015
#: Amplitude of the slow electrode drift at 0.05 Hz, mV; breathing adds the model's 0.15.
DRIFT = 0.10


@dataclass(frozen=True)
class SampleECG:
    """One sample: its file name, what the user reads of it, and how it is made."""

    name: str
    title: str
    description: str
    seconds: float
    rate: float
    seed: int
    rhythm: Callable[[float, np.random.Generator], list[Beat]]
    fibrillates: bool = False


def _sinus(seconds: float, rng: np.random.Generator) -> list[Beat]:
    return with_ectopics(seconds, rng, cycle=0.86, deviation=0.03, ectopics={})


def _ventricular(seconds: float, rng: np.random.Generator) -> list[Beat]:
    places = [9, 21, 34, 36, 38, 40, 42, 55, 56, 70, 83, 97]
    return with_ectopics(
        seconds, rng, cycle=0.82, deviation=0.025, ectopics=dict.fromkeys(places, "V")
    )


def _supraventricular(seconds: float, rng: np.random.Generator) -> list[Beat]:
    places = [8, 19, 30, *range(44, 53), 66, 79, 80, 94]
    return with_ectopics(
        seconds, rng, cycle=0.88, deviation=0.025, ectopics=dict.fromkeys(places, "S")
    )


def _irregular(seconds: float, rng: np.random.Generator) -> list[Beat]:
    return irregular(seconds, rng, mean=0.70, deviation=0.17)


SAMPLES = (
    SampleECG(
        "sinus-rhythm",
        "Sinus rhythm",
        "A regular rhythm of about 70 beats a minute with breathing and nothing else.",
        60.0,
        360.0,
        2003,
        _sinus,
    ),
    SampleECG(
        "ventricular-ectopics",
        "Ventricular ectopic beats",
        "Sinus rhythm with wide early beats: single ones, every second beat, and a pair.",
        90.0,
        360.0,
        2004,
        _ventricular,
    ),
    SampleECG(
        "supraventricular-run",
        "Supraventricular ectopic beats",
        "Sinus rhythm with narrow early beats: single ones, a pair, and a run of nine.",
        90.0,
        360.0,
        2005,
        _supraventricular,
    ),
    SampleECG(
        "irregular-rhythm",
        "Irregular rhythm without P waves",
        "Intervals that follow no pattern, as in atrial fibrillation; each beat itself is normal.",
        60.0,
        250.0,
        2006,
        _irregular,
        fibrillates=True,
    ),
)

LIST = SampleList(
    file="ecg.toml",
    heading="Sample ECGs: synthetic, of no patient. "
    "Made by `python -m medmodels.training.sample_ecg`.",
    task="ecg-beats",
    endings={"file": ".csv", "beats": ".beats.csv"},
)


def make(sample: SampleECG) -> tuple[npt.NDArray[np.float64], list[tuple[int, str]]]:
    """Draw one sample.

    Parameters
    ----------
    sample : SampleECG

    Returns
    -------
    signal : ndarray, float64, shape (n_samples, 2)
        Millivolts.
    beats : list of (int, str)
        Sample index of the peak of each QRS complex in the first lead, and AAMI class.
    """
    rng = np.random.default_rng(sample.seed)
    beats = sample.rhythm(sample.seconds, rng)
    clean = draw(beats, seconds=sample.seconds, rate=sample.rate)
    placed = [(_peak(clean[:, 0], beat.time, sample.rate), beat.letter) for beat in beats]
    signal = clean.copy()
    if sample.fibrillates:
        waves = fibrillation(len(signal), sample.rate, rng)
        signal += waves[:, np.newaxis] * np.array([1.0, 0.5])
    time = np.arange(len(signal)) / sample.rate
    drift = DRIFT * np.sin(2 * np.pi * 0.05 * time[:, np.newaxis] + rng.uniform(0, 2 * np.pi, 2))
    return signal + drift + rng.normal(0, NOISE, signal.shape), placed


def _peak(lead: npt.NDArray[np.float64], time: float, rate: float) -> int:
    """Highest point within 60 ms of a beat's nominal R peak."""
    centre, reach = round(time * rate), round(0.06 * rate)
    start = max(0, centre - reach)
    stretch = lead[start : centre + reach + 1]
    peaks, _ = find_peaks(stretch)
    best = peaks[np.argmax(stretch[peaks])] if len(peaks) else np.argmax(stretch)
    return int(start + best)


def signal_csv(sample: SampleECG, signal: npt.NDArray[np.float64]) -> str:
    """Write a signal as the CSV that the app reads; 3 decimals, mV."""
    head = (
        "# Synthetic ECG; it belongs to no patient.\n"
        "# Dynamical model of McSharry et al. 2003 (IEEE TBME 50:289).\n"
        f"# White noise {NOISE:g} mV (SD), drift {DRIFT:g} mV at 0.05 Hz, "
        "breathing 0.15 mV at 0.25 Hz.\n"
        f"# Sampling rate: {sample.rate:g} Hz\n"
        f"{','.join(f'{lead} (mV)' for lead in LEADS)}\n"
    )
    # Adding 0 turns "-0.000" into "0.000".
    rows = np.round(signal, 3) + 0.0
    return head + "".join(f"{first:.3f},{second:.3f}\n" for first, second in rows.tolist())


def beats_csv(beats: Sequence[tuple[int, str]]) -> str:
    """Write the true beats: sample index of the R peak, AAMI class."""
    return "sample,class\n" + "".join(f"{at},{letter}\n" for at, letter in beats)


def write_samples(out: Path) -> list[Path]:
    """Write all samples, their true beats and their catalogue; return the files written."""
    return LIST.write(out, SAMPLES, _texts)


def _texts(sample: SampleECG) -> tuple[str, str]:
    signal, beats = make(sample)
    return signal_csv(sample, signal), beats_csv(beats)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the samples into the folder given on the command line."""
    write_where_asked("Make the synthetic sample ECGs.", write_samples, arguments)


if __name__ == "__main__":
    main()
