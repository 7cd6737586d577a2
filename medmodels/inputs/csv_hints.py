"""What headers and comments of a table say about rate, unit and the role of a column."""

from __future__ import annotations

import re
from typing import Literal

from medmodels.inputs.amplitudes import parse_unit
from medmodels.inputs.understanding import Unit

TimeUnit = Literal["s", "ms", "us", "sample", "clock", "unknown"]

_RATE_WORD = (
    r"(?:\bfs\b|\bsf\b|\bsampling[ _-]?(?:rate|freq\w*)|\bsamp(?:le|ling)?[ _-]?(?:rate|freq\w*)"
    r"|\bfrequency\b|\babtast\w*|\bfr[ée]quence\w*|\bfrecuencia\w*)"
)
_NUMBER = r"(\d{1,5}(?:[.,]\d+)?)"
_RATES = (
    re.compile(_RATE_WORD + r"[^\d\n]{0,20}" + _NUMBER + r"\s*(k?hz|hertz|sps)?", re.IGNORECASE),
    re.compile(
        _NUMBER + r"\s*(k?hz|hertz|sps|samples? (?:per|/) ?s(?:ec(?:ond)?)?)\b", re.IGNORECASE
    ),
)
# "Notch 50 Hz" and "low-pass 150 Hz" are frequencies too.
_FILTER = re.compile(r"filter|notch|pass\b|cut-?off|bandwidth|noise|drift|wander", re.IGNORECASE)
_UNIT_LINE = re.compile(r"\bunits?\b\W{1,4}([a-zµμ]{1,12})", re.IGNORECASE)
_GAIN_LINE = re.compile(r"\bgain\b\W{1,4}" + _NUMBER, re.IGNORECASE)
_BASELINE_LINE = re.compile(
    r"\b(?:baseline|adc[ _]?zero|offset)\b\W{1,4}(-?\d+(?:\.\d+)?)", re.IGNORECASE
)
_LEAD_LINE = re.compile(r"^\s*lead\s*[,;:=\t]\s*\"?(?:lead )?(\w{1,8})\"?\s*$", re.IGNORECASE)

# A unit behind a name: "MLII (mV)", "ecg [uV]", "ecg_mV", "V5 / mV".
_NAME_UNIT = re.compile(
    r"^(.*?)\s*(?:[\[(]\s*([^\])]*?)\s*[\])]|[_/ ]\s*/?\s*([mu\u00b5\u03bc]v)|[_/]\s*(v))$",
    re.IGNORECASE,
)
_LONGEST_NAME = 200

_TIME_UNITS: dict[str, TimeUnit] = {
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "ms": "ms", "msec": "ms", "millisecond": "ms", "milliseconds": "ms", "millis": "ms",
    "us": "us", "µs": "us", "μs": "us", "microseconds": "us", "usec": "us",
    "hh:mm:ss": "clock", "hh:mm:ss.mmm": "clock", "mm:ss.mmm": "clock", "mm:ss": "clock",
    "sample": "sample", "samples": "sample", "#": "sample",
}  # fmt: skip
_TIME_NAME = re.compile(
    r"(elapsed[ _]?)?(time|date|datetime|timestamp|timestamps|t|zeit|temps|tiempo|tempo|clock|"
    r"seconds?|secs?|millis|milliseconds?|s|ms|msec)([ _]?(stamp|axis|s|sec|secs|seconds|ms|msec|"
    r"milliseconds|us))?",
    re.IGNORECASE,
)
_COUNTER_NAME = re.compile(
    r"(sample|samples|index|idx|row|no|nr|n|#|unnamed: 0|frame)?[ _]?(#|no\.?|number|index|id|nr)?",
    re.IGNORECASE,
)
_LABEL_NAME = re.compile(
    r"(label|labels|class|target|annotation|annotations|ann|beat|marker|event|r_?peaks?|type|y)",
    re.IGNORECASE,
)


def stated_rate(preamble: tuple[str, ...]) -> float | None:
    """Read a sampling rate such as ``# fs = 360`` or ``Sample Rate,512 hertz``.

    Parameters
    ----------
    preamble : tuple of str
        Comments and lines above the header.

    Returns
    -------
    float or None
        Hz.
    """
    for pattern in _RATES:
        for line in preamble:
            if (found := pattern.search(line)) and not _FILTER.search(line):
                rate = float(found[1].replace(",", "."))
                return rate * 1000 if (found[2] or "").lower() == "khz" else rate
    return None


def stated_unit(preamble: tuple[str, ...]) -> Unit | None:
    """Read an amplitude unit such as ``Unit,µV`` or ``# units: mV``."""
    for line in preamble:
        if (found := _UNIT_LINE.search(line)) and (unit := parse_unit(found[1])):
            return unit
    return None


def stated_gain(preamble: tuple[str, ...]) -> tuple[float | None, float | None]:
    """Read gain (counts per mV) and baseline (counts), as in ``# gain = 200, baseline = 1024``."""
    gain = baseline = None
    for line in preamble:
        if gain is None and (found := _GAIN_LINE.search(line)):
            gain = float(found[1].replace(",", ".")) or None
        if baseline is None and (found := _BASELINE_LINE.search(line)):
            baseline = float(found[1])
    return gain, baseline


def stated_lead(preamble: tuple[str, ...]) -> str | None:
    """Read the name of a single lead, as in ``Lead,Lead I``."""
    return next((found[1] for line in preamble if (found := _LEAD_LINE.match(line))), None)


def bare_hints(line: str) -> str:
    """Say again what a line above the table says of rate, unit, gain and lead, and nothing else.

    Examples
    --------
    >>> bare_hints("Petra Doe, born 1931, recorded at 360 Hz")
    '# fs = 360 Hz'
    >>> bare_hints("Name,Petra Doe"), bare_hints("Lead,Lead I")
    ('#', 'Lead,I')
    """
    if lead := stated_lead((line,)):
        return f"Lead,{lead}"
    rate, unit, (gain, baseline) = stated_rate((line,)), _unit_word(line), stated_gain((line,))
    hints = (
        f"fs = {rate:.10g} Hz" if rate is not None else "",
        f"unit: {unit}" if unit else "",
        f"gain: {gain:.10g}" if gain else "",
        f"baseline: {baseline:.10g}" if baseline is not None else "",
    )
    return " ".join(["#", ", ".join(filter(None, hints))]).rstrip()


def _unit_word(line: str) -> str:
    found = _UNIT_LINE.search(line)
    return found[1] if found and parse_unit(found[1]) else ""


def split_name(name: str) -> tuple[str, str]:
    """Part a column's name from the unit behind it.

    Examples
    --------
    >>> split_name("MLII (mV)"), split_name("ecg_uV"), split_name("V5")
    (('MLII', 'mV'), ('ecg', 'uV'), ('V5', ''))
    """
    name = name.strip()
    # The pattern takes the square of the length in time; no column's name is longer.
    found = _NAME_UNIT.match(name) if len(name) <= _LONGEST_NAME else None
    if found is None:
        return name, ""
    unit = next(group for group in found.groups()[1:] if group is not None)
    known = parse_unit(unit) or unit.lower() in _TIME_UNITS
    return (found[1].strip(), unit) if known else (name, "")


def time_unit(name: str, unit: str) -> TimeUnit | None:
    """Tell from its header whether a column is a time, and in which unit.

    Parameters
    ----------
    name, unit : str
        As from `split_name`, or from a row of units.

    Returns
    -------
    TimeUnit or None
        None when the header does not make it a time; "unknown" for a time without a unit.
    """
    if (stated := _TIME_UNITS.get(unit.strip("[]()").lower())) is not None and (
        name == "" or _TIME_NAME.fullmatch(name) or _COUNTER_NAME.fullmatch(name)
    ):
        return stated
    if name and _COUNTER_NAME.fullmatch(name):
        return "sample"
    if not _TIME_NAME.fullmatch(name):
        return None
    last = re.split(r"[ _]", name.lower())[-1]
    return _TIME_UNITS.get(last, "unknown")


def is_label(name: str) -> bool:
    """Whether a column's name says that it holds labels and not a lead."""
    return bool(_LABEL_NAME.fullmatch(name))
