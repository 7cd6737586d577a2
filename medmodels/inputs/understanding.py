"""What was understood of an uploaded signal before it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from medmodels.inputs.signal import BeatAnnotations

Unit = Literal["mV", "uV", "V", "counts", "unknown"]
Role = Literal["time", "lead", "ignored"]


@dataclass(frozen=True)
class Column:
    """One column of a table, or one channel of a recording.

    Parameters
    ----------
    name : str
        From the header, or "lead 1", "column 3" where there is none.
    role : {"time", "lead", "ignored"}
    unit : {"mV", "uV", "V", "counts", "unknown"}
        Of a lead's amplitudes; "unknown" for every other column.
    unit_stated : bool
        Whether the file says the unit, or it was judged from the amplitudes.
    first_values : tuple of str
        The first few values as they stand in the file, for a preview.
    """

    name: str
    role: Role
    unit: Unit = "unknown"
    unit_stated: bool = False
    first_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What only the user can say.

    Parameters
    ----------
    about : {"rate", "unit", "gain"}
        The correction that answers it.
    text : str
        The question in one sentence.
    suggestions : tuple of str
        Usual answers.
    required : bool
        Whether the signal cannot be read without an answer.
    """

    about: Literal["rate", "unit", "gain"]
    text: str
    suggestions: tuple[str, ...]
    required: bool


@dataclass(frozen=True)
class RawLead:
    """How the stored values of one lead become millivolts.

    ``mV = (value - baseline) / gain``; None where the source does not say. A gain that
    is only a format's default is not ``calibrated``.
    """

    name: str
    unit: Unit
    gain: float | None = None
    baseline: float | None = None
    calibrated: bool = True


@dataclass(frozen=True)
class RawSignal:
    """Values as stored, not yet scaled to millivolts.

    Parameters
    ----------
    values : ndarray, float32, shape (n_samples, n_leads)
        In the source's own units; NaN in gaps.
    leads : tuple of RawLead
    annotations : BeatAnnotations or None
    """

    values: npt.NDArray[np.float32]
    leads: tuple[RawLead, ...]
    annotations: BeatAnnotations | None = None


@dataclass(frozen=True)
class RawBeats:
    """Single beats as stored: values (n_beats, n_samples) and labels (n_beats,) or None."""

    values: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64] | None


@dataclass(frozen=True)
class Understanding:
    """What one upload was taken for; the user confirms or corrects it.

    Parameters
    ----------
    kind : {"signal", "beat-table"}
    source : str
        Encoding in words ("CSV, 2 leads", "WFDB, format 212").
    digest : str
        SHA-256 of the source bytes, hexadecimal.
    columns : tuple of Column
    samples : int
        Samples per lead, filled gaps included; number of beats in a beat table.
    rate : float or None
        Samples per second (Hz); None when the file does not say.
    rate_source : str
        How the rate was found ("from the time column", "stated in the file", ...).
    delimiter : str
        Of a table: ",", ";", tab, " ", or "" for a single column; "" for WFDB.
    decimal_mark : str
        "." or ",".
    header : bool
        Whether the table names its columns.
    gaps : int
        Stretches without a value in at least one lead.
    missing : float
        Fraction of values that are missing, 0 to 1.
    sentence : str
        All of it in one sentence ("30:06 min at 360 Hz, leads MLII and V5, in mV").
    questions : tuple of Question
        What the user may or must still say.
    notes : tuple of str
        What was done on the way in, in plain sentences.
    content : RawSignal or RawBeats
        The parsed values, so that a correction does not parse again.
    """

    kind: Literal["signal", "beat-table"]
    source: str
    digest: str
    columns: tuple[Column, ...]
    samples: int
    rate: float | None
    rate_source: str
    sentence: str
    delimiter: str = ""
    decimal_mark: str = "."
    header: bool = False
    gaps: int = 0
    missing: float = 0.0
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    content: RawSignal | RawBeats = field(
        default_factory=lambda: RawSignal(np.empty((0, 0), np.float32), ()),
        repr=False,
        compare=False,
    )

    @property
    def seconds(self) -> float | None:
        """Duration in seconds, or None while the rate is unknown."""
        return self.samples / self.rate if self.rate and self.kind == "signal" else None

    @property
    def leads(self) -> tuple[str, ...]:
        """Names of the columns that will be read as leads."""
        return tuple(column.name for column in self.columns if column.role == "lead")


def say_duration(seconds: float) -> str:
    """Write a duration as on an ECG report.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str

    Examples
    --------
    >>> say_duration(1805.6), say_duration(10), say_duration(86400)
    ('30:06 min', '10.0 s', '24:00:00 h')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d} h"


def say_leads(names: tuple[str, ...]) -> str:
    """List lead names in words.

    Examples
    --------
    >>> say_leads(("MLII", "V5")), say_leads(("II",)), say_leads(("lead 1",))
    ('leads MLII and V5', 'lead II', 'lead 1')
    """
    if len(names) == 1:
        return names[0] if names[0].startswith("lead ") else f"lead {names[0]}"
    return f"leads {', '.join(names[:-1])} and {names[-1]}"


_UNIT_WORDS = {
    "mV": "in mV",
    "uV": "in µV",
    "V": "in V",
    "counts": "in raw counts",
    "unknown": "without a unit",
}


def say_signal(
    samples: int, rate: float | None, leads: tuple[str, ...], units: tuple[Unit, ...]
) -> str:
    """Say in one sentence what a signal was taken for.

    Parameters
    ----------
    samples : int
        Samples per lead.
    rate : float or None
        Hz.
    leads : tuple of str
    units : tuple of Unit
        One for each lead.

    Returns
    -------
    str

    Examples
    --------
    >>> say_signal(650000, 360.0, ("MLII", "V5"), ("mV", "mV"))
    '30:06 min at 360 Hz, leads MLII and V5, in mV'
    """
    length = (
        f"{say_duration(samples / rate)} at {rate:g} Hz"
        if rate
        else f"{samples:,} samples at an unknown rate"
    )
    words = dict.fromkeys(_UNIT_WORDS[unit] for unit in units)
    return f"{length}, {say_leads(leads)}, {' and '.join(words)}"
