"""A decoded signal: samples with their rate, unit and lead names."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class BeatAnnotations:
    """Reference beats that came with a signal.

    Parameters
    ----------
    samples : ndarray, int64, shape (n,)
        R peak positions as sample indices into the signal, increasing.
    symbols : tuple of str
        PhysioBank beat codes ("N", "V", "A", ...), one each.
    """

    samples: npt.NDArray[np.int64]
    symbols: tuple[str, ...]


@dataclass(frozen=True)
class Signal:
    """A sampled waveform of one or more leads.

    Parameters
    ----------
    samples : ndarray, float32, shape (n_samples, n_leads)
        Millivolts; NaN where the source has a gap.
    rate : float
        Samples per second (Hz), greater than 0.
    leads : tuple of str
        A name for each column ("MLII", "V5", "lead 1").
    source : str
        Encoding in words ("CSV, 2 leads", "WFDB, format 212").
    digest : str
        SHA-256 of the source bytes, hexadecimal.
    annotations : BeatAnnotations or None
        Reference beats when the source has them; never used to answer.
    notes : tuple of str
        What was understood or done on the way in, in plain sentences.
    amplitude_known : bool
        False when the source's amplitudes have no physical unit (already
        normalised), so that nothing may be said in millivolts.
    """

    samples: npt.NDArray[np.float32]
    rate: float
    leads: tuple[str, ...]
    source: str
    digest: str
    annotations: BeatAnnotations | None = None
    notes: tuple[str, ...] = field(default=())
    amplitude_known: bool = True

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True)
class BeatTable:
    """Single beats, one a row, as the widespread 187-column files hold them.

    The rows have no order in time: rhythm cannot be read from them.

    Parameters
    ----------
    beats : ndarray, float32, shape (n_beats, n_samples)
        Usually normalised to 0 to 1 and padded with zeros at the end; the
        R peak of the row's beat is at its start (Kachuee et al. 2018).
    rate : float
        Samples per second (Hz); 125 for the known files.
    labels : ndarray, int64, shape (n_beats,) or None
        0 to 4 for N, S, V, F, Q when the file has a label column.
    digest : str
        SHA-256 of the source bytes, hexadecimal.
    notes : tuple of str
        What was understood on the way in.
    """

    beats: npt.NDArray[np.float32]
    rate: float
    labels: npt.NDArray[np.int64] | None
    digest: str
    notes: tuple[str, ...] = field(default=())
