"""A table of samples, understood: rate, unit, leads, gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from medmodels.inputs.amplitudes import judge_unit
from medmodels.inputs.beat_table import is_beat_table, understand_beats
from medmodels.inputs.csv_columns import Columns, assign_columns, time_resolution
from medmodels.inputs.csv_hints import stated_gain, stated_rate
from medmodels.inputs.csv_layout import Layout, find_layout
from medmodels.inputs.csv_text import EXPECTED, clean_text
from medmodels.inputs.csv_values import TableValues, read_values
from medmodels.inputs.errors import InputError
from medmodels.inputs.gaps import count_gaps, spread_rows
from medmodels.inputs.sample_times import SampleTimes, parse_clock, rate_of, read_times
from medmodels.inputs.signal_limits import MAX_LEADS, MAX_RATE, MIN_RATE
from medmodels.inputs.understanding import (
    Column,
    Question,
    RawLead,
    RawSignal,
    Understanding,
    say_signal,
)

_DELIMITER_NAMES = {"\t": "TSV", " ": "text"}


def understand_csv(data: bytes, digest: str) -> Understanding:
    """Understand a CSV, TSV or text table of samples or of single beats.

    Parameters
    ----------
    data : bytes
        The file.
    digest : str
        Its SHA-256.

    Returns
    -------
    Understanding

    Raises
    ------
    InputError
        The file holds no table of numbers, or one that contradicts itself.
    """
    text = clean_text(data)
    layout = find_layout(text)
    if is_beat_table(layout):
        return understand_beats(text, layout, digest)
    columns = assign_columns(layout)
    _check_leads(columns)
    table = read_values(text, layout, columns.leads, columns.time)
    del text
    values, rate, rate_source, notes = _place_in_time(table, layout, columns)
    if table.cut:
        notes.append("The last line was cut short and is left out.")
    if not np.isfinite(values).any():
        raise InputError(
            "no values: every sample is missing.",
            "numbers in at least one lead.",
            "Export the recording again and check that the leads were connected.",
        )
    columns, values = _leave_empty_out(columns, values)
    gain, baseline = stated_gain(layout.preamble)
    described, unit_notes = _units(columns, values, layout)
    leads = [column for column in described if column.role == "lead"]
    gaps, missing = count_gaps(values)
    if gaps:
        notes.append(f"{gaps:,} gap{'s' * (gaps > 1)}: {missing:.2%} of the values are missing.")
    ignored = [column.name for column in described if column.role == "ignored"]
    if ignored:
        notes.append(f"Not read as leads: {', '.join(ignored[:10])}.")
    return Understanding(
        kind="signal",
        source=f"{_DELIMITER_NAMES.get(layout.delimiter, 'CSV')}, "
        f"{len(leads)} lead{'s' * (len(leads) > 1)}",
        digest=digest,
        columns=described,
        samples=len(values),
        rate=rate,
        rate_source=rate_source,
        delimiter=layout.delimiter,
        decimal_mark=layout.decimal,
        header=layout.header,
        gaps=gaps,
        missing=missing,
        sentence=say_signal(
            len(values), rate, tuple(c.name for c in leads), tuple(c.unit for c in leads)
        ),
        questions=_questions(rate, rate_source, leads, gain),
        notes=tuple(notes + unit_notes),
        content=RawSignal(
            values, tuple(RawLead(column.name, column.unit, gain, baseline) for column in leads)
        ),
    )


def _check_leads(columns: Columns) -> None:
    if not columns.leads:
        raise InputError(
            "a table without a column of amplitudes.",
            EXPECTED,
            "Export the signal itself, with one column per lead.",
        )
    if len(columns.leads) > MAX_LEADS:
        raise InputError(
            f"{len(columns.leads):,} columns of numbers.",
            f"at most {MAX_LEADS} leads as columns, or single beats of 187 samples as rows.",
            "If each row is a lead, turn the table around (transpose it).",
        )


def _leave_empty_out(
    columns: Columns, values: npt.NDArray[np.float32]
) -> tuple[Columns, npt.NDArray[np.float32]]:
    """Ignore columns that never hold a value."""
    filled = np.isfinite(values).any(axis=0)
    if filled.all():
        return columns, values
    described = list(columns.columns)
    for place in np.flatnonzero(~filled):
        index = columns.leads[place]
        described[index] = replace(described[index], role="ignored", unit="unknown")
    kept = np.ascontiguousarray(values[:, filled])
    return replace(columns, columns=tuple(described)), kept


def _place_in_time(
    table: TableValues, layout: Layout, columns: Columns
) -> tuple[npt.NDArray[np.float32], float | None, str, list[str]]:
    """Find the rate, and put rows that are missing back as gaps."""
    notes: list[str] = []
    stated = stated_rate(layout.preamble)
    values = table.values
    rate, source = stated, "stated in the file" if stated else "not stated in the file"
    if table.times is None or columns.time is None:
        return values, rate, source, notes
    unit: str = columns.time_unit
    if unit == "clock":
        clock, resolution = parse_clock(table.times.astype(object))
        times = read_times(clock, resolution)
    else:
        numeric = table.times.astype(np.float64)
        times = read_times(numeric, time_resolution(layout, columns.time))
    if times.positions is not None:
        lost = int(times.positions[-1]) + 1 - len(values)
        values = spread_rows(values, times.positions)
        notes.append(f"The time column skips {lost:,} samples; they are left as gaps.")
    if unit == "unknown":
        unit = _judge_time_unit(times)
    if unit in ("sample", "unknown"):
        return values, rate, source, notes
    found = rate_of(times, unit)
    if stated and abs(stated - found) > 0.02 * found:
        notes.append(f"The file states {stated:g} Hz but its time column advances at {found:g} Hz.")
    return values, found, _time_source(unit, judged=columns.time_unit == "unknown"), notes


def _time_source(unit: str, *, judged: bool) -> str:
    words = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "clock": "clock times"}
    return f"from the time column, {'taken' if judged else 'stated'} as {words[unit]}"


def _judge_time_unit(times: SampleTimes) -> str:
    """Seconds or milliseconds, whichever gives a rate that an ECG has; a step of 1 counts rows."""
    if abs(times.step - 1.0) < 1e-9:
        return "sample"
    for unit in ("s", "ms", "us"):
        if MIN_RATE <= rate_of(times, unit) <= MAX_RATE:
            return unit
    return "unknown"


def _units(
    columns: Columns, values: npt.NDArray[np.float32], layout: Layout
) -> tuple[tuple[Column, ...], list[str]]:
    """Judge the unit of leads whose header states none."""
    leads = columns.leads
    open_leads = [place for place, i in enumerate(leads) if not columns.columns[i].unit_stated]
    if not open_leads:
        return columns.columns, []
    written = [row[leads[place]] for row in layout.rows for place in open_leads]
    whole = not any(layout.decimal in field or "e" in field.lower() for field in written)
    unit = judge_unit(values[:, open_leads], whole_numbers=whole)
    described = list(columns.columns)
    for place in open_leads:
        described[leads[place]] = replace(described[leads[place]], unit=unit)
    if unit in ("mV", "uV", "V"):
        shown = "µV" if unit == "uV" else unit
        return tuple(described), [f"The unit is not stated; the amplitudes look like {shown}."]
    return tuple(described), []


def _questions(
    rate: float | None, rate_source: str, leads: list[Column], gain: float | None
) -> tuple[Question, ...]:
    asked = []
    usual = ("360", "250", "500", "128", "1000")
    if rate is None:
        text = "At how many samples per second (Hz) was this recorded?"
        asked.append(Question("rate", text, usual, required=True))
    elif not MIN_RATE <= rate <= MAX_RATE:
        text = f"The rate {rate_source} would be {rate:g} Hz. What is it really?"
        asked.append(Question("rate", text, usual, required=True))
    if any(not column.unit_stated for column in leads):
        text = "In which unit are the amplitudes?"
        asked.append(Question("unit", text, ("mV", "uV", "V", "counts"), required=False))
    if any(column.unit == "counts" for column in leads) and gain is None:
        text = "How many counts are one millivolt (gain)?"
        asked.append(Question("gain", text, ("200", "1000", "100"), required=False))
    return tuple(asked)
