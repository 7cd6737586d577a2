"""The one way from uploaded bytes to a signal or a table of beats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from medmodels.inputs.amplitudes import check_gain, check_unit, to_millivolts
from medmodels.inputs.csv_signal import understand_csv
from medmodels.inputs.csv_text import EXPECTED
from medmodels.inputs.errors import InputError
from medmodels.inputs.signal import BeatTable, Signal
from medmodels.inputs.signal_limits import check_rate, check_seconds, check_values
from medmodels.inputs.understanding import (
    Column,
    RawBeats,
    RawLead,
    Understanding,
)
from medmodels.inputs.wfdb_signal import ENDINGS, understand_wfdb

_PER_MV = {"mV": 1.0, "uV": 1000.0, "V": 0.001}


def understand(files: Mapping[str, bytes], *, digest: str = "") -> Understanding:
    """Say what an upload is before it is read.

    Parameters
    ----------
    files : mapping of str to bytes
        One CSV, TSV or text file, or the files of one WFDB record. Names serve
        only to tell the files of a record apart. Nothing is written to disk.
    digest : str, optional
        Of the files that came, where these were cleaned.

    Returns
    -------
    Understanding
        To be shown, corrected and passed to `decode`.

    Raises
    ------
    InputError
        The files hold no signal that can be read.
    """
    if not files:
        raise InputError("no file.", EXPECTED, "Choose a file.")
    digest = digest or digest_of(files)
    if any(name.lower().endswith(ENDINGS) for name in files):
        return understand_wfdb(files, digest)
    if len(files) > 1:
        raise InputError(
            f"{len(files)} files that are not one WFDB record.",
            "one CSV or text file, or the .hea and .dat files of one record.",
            "Upload one recording at a time.",
        )
    return understand_csv(next(iter(files.values())), digest)


def decode(
    files: Mapping[str, bytes],
    understanding: Understanding,
    *,
    rate: float | None = None,
    unit: str | None = None,
    gain: float | None = None,
    baseline: float | None = None,
    leads: Sequence[str] | Mapping[str, str] | None = None,
    digest: str = "",
) -> Signal | BeatTable:
    """Read an upload as understood, with the user's corrections.

    Parameters
    ----------
    files : mapping of str to bytes
        The same files that were understood.
    understanding : Understanding
    rate : float, optional
        Samples per second (Hz).
    unit : str, optional
        Of all leads: "mV", "uV", "V", "counts" or "unknown".
    gain : float, optional
        Counts per millivolt; makes the values counts unless a unit is given.
    baseline : float, optional
        Counts at 0 mV; the median of each lead where it is not known.
    leads : sequence of str, or mapping of str to str, optional
        Columns to read as leads, in this order; a mapping also renames them.
    digest : str, optional
        Of the files that came, where those that are held were cleaned.

    Returns
    -------
    Signal or BeatTable

    Raises
    ------
    InputError
        The rate is unknown or impossible, the signal is too short or flat, or a
        correction makes no sense.
    """
    if understanding.digest != (digest or digest_of(files)):
        raise InputError(
            "files other than those that were looked at.",
            "the same upload.",
            "Upload the files again.",
        )
    rate = _settle_rate(understanding, rate)
    content = understanding.content
    if isinstance(content, RawBeats):
        return BeatTable(
            content.values, rate, content.labels, understanding.digest, understanding.notes
        )
    columns = [column for column in understanding.columns if column.role == "lead"]
    chosen = _choose(columns, leads)
    check_seconds(len(content.values), rate)
    silent = check_values(content.values[:, [place for place, _ in chosen]], rate)
    notes = list(understanding.notes)
    samples = np.empty((len(content.values), len(chosen)), dtype=np.float32)
    known = True
    for i, (place, name) in enumerate(chosen):
        lead = _correct(content.leads[place], columns[place], unit, gain, baseline)
        samples[:, i], scaled, note = to_millivolts(content.values[:, place], lead)
        known = known and scaled
        if note and note not in notes:
            notes.append(note)
        if i in silent:
            notes.append(f"Lead {name} is flat or empty.")
    return Signal(
        samples=samples,
        rate=rate,
        leads=tuple(name for _, name in chosen),
        source=understanding.source,
        digest=understanding.digest,
        annotations=content.annotations,
        notes=tuple(notes),
        amplitude_known=known,
    )


def open_signal(
    files: Mapping[str, bytes],
    *,
    rate: float | None = None,
    unit: str | None = None,
    gain: float | None = None,
    baseline: float | None = None,
    leads: Sequence[str] | Mapping[str, str] | None = None,
    digest: str = "",
) -> Signal | BeatTable:
    r"""Understand and decode in one step; parameters as for `decode`.

    Returns
    -------
    Signal or BeatTable

    Raises
    ------
    InputError
        The files cannot be read, or the sampling rate is neither in them nor given.

    Examples
    --------
    >>> text = "time (s),II (mV)\n" + "".join(f"{i / 250:.3f},{i % 7}.5\n" for i in range(2500))
    >>> signal = open_signal({"ecg.csv": text.encode()})
    >>> signal.rate, signal.leads, signal.seconds
    (250.0, ('II',), 10.0)
    """
    understanding = understand(files, digest=digest)
    return decode(
        files, understanding, rate=rate, unit=unit, gain=gain, baseline=baseline, leads=leads,
        digest=digest,
    )  # fmt: skip


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 of what is read: the reference beats of a record do not change its answer.

    Parameters
    ----------
    files : mapping of str to bytes

    Returns
    -------
    str
        Hexadecimal.
    """
    digest = hashlib.sha256()
    for name in digested(files):
        digest.update(files[name])
    return digest.hexdigest()


def digested(names: Iterable[str]) -> list[str]:
    """The files that a digest is made of, in its order."""
    ordered = sorted(names, key=lambda name: (not name.lower().endswith(".hea"), name))
    return [name for name in ordered if not name.lower().endswith(".atr")]


def _settle_rate(understanding: Understanding, rate: float | None) -> float:
    settled = understanding.rate if rate is None else rate
    if settled is None:
        raise InputError(
            "a signal that does not state its sampling rate.",
            "a time column, a rate in the file, or a rate stated by you.",
            "State how many samples per second (Hz) were recorded.",
        )
    return check_rate(float(settled))


def _choose(
    columns: list[Column], leads: Sequence[str] | Mapping[str, str] | None
) -> list[tuple[int, str]]:
    """Place and final name of each lead to read."""
    names = [column.name for column in columns]
    if leads is None:
        return list(enumerate(names))
    wanted = dict(leads) if isinstance(leads, Mapping) else {name: name for name in leads}
    if not wanted or any(name not in names for name in wanted):
        raise InputError(
            "a choice of leads that are not in the file.",
            f"one or more of {', '.join(names)}.",
            "Choose the leads again.",
        )
    return [(names.index(name), new) for name, new in wanted.items()]


def _correct(
    lead: RawLead,
    column: Column,
    unit: str | None,
    gain: float | None,
    baseline: float | None,
) -> RawLead:
    """Apply the user's unit, gain and baseline to one lead."""
    if gain is not None:
        lead = replace(lead, gain=check_gain(gain), unit="counts", calibrated=True)
    if baseline is not None:
        lead = replace(lead, baseline=float(baseline))
    if unit is None:
        return lead
    stated = check_unit(unit)
    if lead.gain is not None and stated in _PER_MV and gain is None and lead.unit == "counts":
        # A header's gain is per unit: a corrected unit changes what one unit is.
        per_unit = _PER_MV.get(column.unit, 1.0)
        return replace(lead, gain=lead.gain / per_unit * _PER_MV[stated])
    return replace(lead, unit=stated)
