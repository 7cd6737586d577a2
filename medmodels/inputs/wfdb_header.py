"""The header of a WFDB record.

Format: WFDB Applications Guide, header(5). The ``wfdb`` package reads headers by
path only and opens whatever files, or addresses, they name; an upload is bytes in
memory and must not be able to do that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from medmodels.inputs.errors import InputError
from medmodels.inputs.signal_limits import MAX_LEADS

_RECORD = re.compile(
    r"(?P<name>[-\w.]+)(?:/(?P<segments>\d+))?[ \t]+(?P<channels>\d+)"
    r"(?:[ \t]+(?P<rate>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?:/\S+)?(?:[ \t]+(?P<length>\d+))?)?"
)
_CHANNEL = re.compile(
    r"(?P<file>\S+)[ \t]+(?P<format>\d+)(?:x(?P<per_frame>\d+))?(?::(?P<skew>\d+))?"
    r"(?:\+(?P<offset>\d+))?"
    r"(?:[ \t]+(?P<gain>-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?:\((?P<baseline>-?\d+)\))?"
    r"(?:/(?P<unit>\S+))?"
    r"(?:[ \t]+(?P<bits>\d+)(?:[ \t]+(?P<zero>-?\d+)(?:[ \t]+(?P<initial>-?\d+)"
    r"(?:[ \t]+(?P<checksum>-?\d+)(?:[ \t]+(?P<block>\d+)(?:[ \t]+(?P<label>.*))?)?)?)?)?)?)?"
)
#: Assumed by the format when a gain is 0 or not given: amplitudes are then uncalibrated.
DEFAULT_GAIN = 200.0
_DEFAULT_RATE = 250.0
# Counts per volt of the finest converter, and per unit of the coarsest; what lies
# beyond is no gain, and amplitudes would leave what a float can hold.
_GAINS = (1e-9, 1e12)
# A day of the fastest recorder has fewer samples, and its files fewer bytes.
_LARGEST = 2**53


@dataclass(frozen=True)
class Channel:
    """One signal line of a header.

    Parameters
    ----------
    file : str
        Name of the file with its samples, without a folder.
    format : str
        Storage format ("16", "212", ...).
    per_frame : int
        Samples in each frame.
    skew : int
        Frames by which this channel lags in the file.
    offset : int
        Bytes before the first sample.
    gain : float
        Counts per physical unit.
    calibrated : bool
        Whether the header states the gain.
    baseline : int
        Counts at 0 physical units.
    unit, label : str
        Physical unit ("mV") and name of the lead; the label may be empty.
    initial : int
        Value before the first difference, for format 8.
    checksum : int or None
        16-bit sum of all its samples.
    """

    file: str
    format: str
    per_frame: int
    skew: int
    offset: int
    gain: float
    calibrated: bool
    baseline: int
    unit: str
    label: str
    initial: int
    checksum: int | None


@dataclass(frozen=True)
class Header:
    """A WFDB header: frames per second (Hz), frames or None, and the channels."""

    rate: float
    frames: int | None
    channels: tuple[Channel, ...]


def parse_header(data: bytes) -> Header:
    """Parse a ``.hea`` file.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    Header

    Raises
    ------
    InputError
        Not a header, several segments, or no channels.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    record = _RECORD.match(lines[0]) if lines and "\0" not in text else None
    if record is None:
        raise _not_a_header("a header file (.hea) without a record line.")
    if record["segments"]:
        raise InputError(
            "a WFDB record made of several segments.",
            "a record with one header and its signal file.",
            "Upload the segments one by one, each with its own header.",
        )
    count = _whole(record["channels"])
    if count == 0:
        raise _not_a_header("a WFDB header without signals.")
    if count > MAX_LEADS or len(lines) - 1 < count:
        raise _not_a_header("a WFDB header that lists fewer signals than it announces.")
    rate = float(record["rate"] or _DEFAULT_RATE)
    return Header(
        rate=rate,
        frames=_whole(record["length"]) or None,
        channels=tuple(_channel(line) for line in lines[1 : count + 1]),
    )


def _channel(line: str) -> Channel:
    found = _CHANNEL.match(line)
    if found is None:
        raise _not_a_header("a WFDB header with an unreadable signal line.")
    zero = _whole(found["zero"])
    gain = float(found["gain"] or 0)
    if not _GAINS[0] <= abs(gain) <= _GAINS[1]:
        gain = 0.0
    return Channel(
        file=re.split(r"[/\\]", found["file"])[-1],
        format=found["format"],
        per_frame=max(1, _whole(found["per_frame"])),
        skew=_whole(found["skew"]),
        offset=_whole(found["offset"]),
        gain=gain or DEFAULT_GAIN,
        calibrated=gain != 0,
        baseline=_whole(found["baseline"]) if found["baseline"] else zero,
        unit=found["unit"] or "mV",
        label=(found["label"] or "").strip(),
        initial=_whole(found["initial"]) if found["initial"] else zero,
        checksum=_whole(found["checksum"]) if found["checksum"] else None,
    )


def _whole(text: str | None) -> int:
    """A whole number of a header, 0 where it is not given.

    Python refuses to read more than 4,300 digits, and NumPy to store more than 64 bits.
    """
    if not text:
        return 0
    if len(text) > 20 or abs(int(text)) > _LARGEST:
        raise _not_a_header("a WFDB header with a number that is impossibly large.")
    return int(text)


def _not_a_header(found: str) -> InputError:
    return InputError(
        found,
        "a WFDB header (.hea) with one line per signal.",
        "Download the record again and upload its .hea and .dat files together.",
    )
