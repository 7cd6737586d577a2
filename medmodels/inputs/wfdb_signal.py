"""A WFDB record from its files in memory."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import numpy as np
import numpy.typing as npt

from medmodels.inputs.amplitudes import parse_unit
from medmodels.inputs.errors import InputError
from medmodels.inputs.gaps import count_gaps
from medmodels.inputs.signal_limits import check_size
from medmodels.inputs.understanding import (
    Column,
    Question,
    RawLead,
    RawSignal,
    Understanding,
    Unit,
    say_signal,
)
from medmodels.inputs.wfdb_beats import parse_beats
from medmodels.inputs.wfdb_formats import BITS, bytes_needed, samples_held, unpack
from medmodels.inputs.wfdb_header import Channel, Header, parse_header

ENDINGS = (".hea", ".dat", ".atr")
_TOGETHER = "Upload the .hea and .dat files of the record together."
# Counts per mV = counts per unit times this.
_UNITS_PER_MV: dict[Unit, float] = {"mV": 1.0, "uV": 1000.0, "V": 0.001}


def understand_wfdb(files: Mapping[str, bytes], digest: str) -> Understanding:
    """Understand a WFDB record.

    Parameters
    ----------
    files : mapping of str to bytes
        The ``.hea``, the ``.dat`` files that it names and, if there, the ``.atr``.
    digest : str
        SHA-256 of the source.

    Returns
    -------
    Understanding

    Raises
    ------
    InputError
        A file is missing, cut short, damaged, or in a format that is not read.
    """
    headers = _with_ending(files, ".hea")
    signals = _with_ending(files, ".dat")
    if not headers:
        raise InputError(
            "a WFDB record without its header (.hea).",
            "the header, which says how the samples are stored.",
            _TOGETHER,
        )
    if len(headers) > 1:
        raise InputError(
            f"{len(headers)} WFDB headers (.hea).", "the files of one record.", _TOGETHER
        )
    header = parse_header(next(iter(headers.values())))
    _check_formats(header)
    if not signals:
        raise InputError(
            "a WFDB header (.hea) without its signal file (.dat).", "both files.", _TOGETHER
        )
    values, rate, factor = _read_channels(header, signals)
    leads, columns, notes = _leads(header)
    kept = [i for i, column in enumerate(columns) if column.role == "lead"]
    values = np.ascontiguousarray(values[:, kept])
    annotations = None
    if beats := _with_ending(files, ".atr"):
        annotations = parse_beats(next(iter(beats.values())), len(values) // factor)
        if factor > 1:
            annotations = type(annotations)(annotations.samples * factor, annotations.symbols)
        count = len(annotations.symbols)
        notes.append(f"{count:,} reference beats came with the record, for comparison only.")
    gaps, missing = count_gaps(values)
    if gaps:
        notes.append(f"{gaps:,} gap{'s' * (gaps > 1)}: {missing:.2%} of the values are missing.")
    formats = sorted({channel.format for channel in header.channels}, key=int)
    named = tuple(lead.name for lead in leads)
    return Understanding(
        kind="signal",
        source=f"WFDB, format {' and '.join(formats)}",
        digest=digest,
        columns=tuple(columns),
        samples=len(values),
        rate=rate,
        rate_source="stated in the header",
        header=True,
        gaps=gaps,
        missing=missing,
        sentence=say_signal(len(values), rate, named, tuple(columns[i].unit for i in kept)),
        questions=_questions(header, kept),
        notes=tuple(notes),
        content=RawSignal(values, tuple(leads), annotations),
    )


def _with_ending(files: Mapping[str, bytes], ending: str) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.lower().endswith(ending)}


def _check_formats(header: Header) -> None:
    for channel in header.channels:
        if channel.format not in BITS:
            raise InputError(
                f"WFDB storage format {channel.format}, which is not read here.",
                f"one of the formats {', '.join(BITS)}.",
                "Convert the record, for example with xform or wfdb.wrsamp to format 16.",
            )


def _read_channels(
    header: Header, signals: Mapping[str, bytes]
) -> tuple[npt.NDArray[np.float32], float, int]:
    """All channels in counts, NaN where invalid, with their rate and samples per frame.

    Channels with different numbers of samples per frame are averaged to one per frame.
    """
    rates = {channel.per_frame for channel in header.channels}
    factor = rates.pop() if len(rates) == 1 else 1
    pieces = []
    frames = header.frames
    for name, group in groupby(header.channels, key=lambda channel: channel.file):
        channels = list(group)
        data = _signal_file(name, signals, alone=len({c.file for c in header.channels}) == 1)
        if frames is None:
            per_frame = sum(channel.per_frame for channel in channels)
            fmt, offset = channels[0].format, channels[0].offset
            frames = samples_held(fmt, max(0, len(data) - offset)) // per_frame
        check_size(frames * factor, len(header.channels))
        pieces += _read_file(data, channels, frames, factor)
    return np.stack(pieces, axis=1), header.rate * factor, factor


def _signal_file(name: str, signals: Mapping[str, bytes], *, alone: bool) -> bytes:
    by_name = {key.replace("\\", "/").split("/")[-1].lower(): d for key, d in signals.items()}
    if name.lower() in by_name:
        return by_name[name.lower()]
    # A browser may have renamed a download ("100 (1).dat").
    if alone and len(signals) == 1:
        return next(iter(signals.values()))
    raise InputError(
        "a WFDB header (.hea) whose signal file (.dat) is not among the uploaded files.",
        "all files of the same record.",
        _TOGETHER,
    )


def _read_file(
    data: bytes, channels: list[Channel], frames: int, factor: int
) -> list[npt.NDArray[np.float32]]:
    fmt, offset = channels[0].format, channels[0].offset
    if any(channel.format != fmt for channel in channels):
        raise InputError(
            "a signal file that mixes storage formats.", "one format in each file.", _TOGETHER
        )
    per_frame = [channel.per_frame for channel in channels]
    count = frames * sum(per_frame)
    if frames == 0 or len(data) - offset < bytes_needed(fmt, count):
        raise InputError(
            "a signal file (.dat) that is shorter than its header (.hea) announces.",
            "the complete signal file.",
            "Download the record again; the transfer may have been interrupted.",
        )
    samples = unpack(data[offset:] if offset else data, fmt, count).reshape(frames, -1)
    pieces, start = [], 0
    for channel in channels:
        stop = start + channel.per_frame
        own = samples[:, start:stop].reshape(-1)
        if fmt == "8":
            own = np.cumsum(own, dtype=np.int32) + np.int32(channel.initial)
        _check_sum(own, channel)
        pieces.append(_finish(own, channel, fmt, factor))
        start = stop
    return pieces


def _check_sum(samples: npt.NDArray[np.int32], channel: Channel) -> None:
    """Compare the 16-bit sum of all samples with the header's (header(5), "checksum")."""
    if channel.checksum is None:
        return
    if (int(samples.sum(dtype=np.int64)) - channel.checksum) % 65_536:
        raise InputError(
            "samples that do not match the checksum in the header (.hea).",
            "the signal file (.dat) that belongs to this header, unchanged.",
            "Download the record again; the files are damaged or belong to different records.",
        )


def _finish(
    samples: npt.NDArray[np.int32], channel: Channel, fmt: str, factor: int
) -> npt.NDArray[np.float32]:
    values = samples.astype(np.float32)
    if fmt != "8":
        values[samples == -(1 << (BITS[fmt] - 1))] = np.nan
    if channel.skew:
        shift = min(channel.skew * channel.per_frame, len(values))
        values = np.concatenate([values[shift:], np.full(shift, np.nan, np.float32)])
    if channel.per_frame != factor:
        values = values.reshape(-1, channel.per_frame).mean(axis=1, dtype=np.float32)
    return values


def _leads(header: Header) -> tuple[list[RawLead], list[Column], list[str]]:
    """Voltages become leads; pressure, breathing and the like are left out."""
    units = [parse_unit(channel.unit) for channel in header.channels]
    voltages = [unit in _UNITS_PER_MV for unit in units]
    leads: list[RawLead] = []
    columns: list[Column] = []
    notes: list[str] = []
    seen: dict[str, int] = {}
    for i, (channel, unit) in enumerate(zip(header.channels, units, strict=True)):
        name = channel.label or f"lead {i + 1}"
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        if any(voltages) and not voltages[i]:
            columns.append(Column(name, "ignored"))
            continue
        if not any(voltages) and unit is None:
            unit = "unknown"
        assert unit is not None
        shown = unit if channel.calibrated else "counts"
        columns.append(Column(name, "lead", shown, unit_stated=channel.calibrated))
        if unit in _UNITS_PER_MV:
            gain = channel.gain * _UNITS_PER_MV[unit]
            zero = float(channel.baseline)
            leads.append(RawLead(name, "counts", gain, zero, channel.calibrated))
        else:
            leads.append(RawLead(name, shown, None, float(channel.baseline)))
    left_out = [column.name for column in columns if column.role == "ignored"]
    if left_out:
        notes.append(f"Not read as leads: {', '.join(left_out)}.")
    return leads, columns, notes


def _questions(header: Header, kept: list[int]) -> tuple[Question, ...]:
    if all(header.channels[i].calibrated for i in kept):
        return ()
    text = "The record states no gain. How many counts are one millivolt?"
    return (Question("gain", text, ("200", "1000", "100"), required=False),)
