"""A WFDB header without comments, dates and the record's name (header(5))."""

from __future__ import annotations

import re

from medmodels.inputs.identifying_photo import Notes

# Record name with its segments, channels, rate with the counter's, length; then base time and date.
_RECORD = re.compile(
    r"^(\s*)([-\w.]+)((?:/\d+)?[ \t]+\d+(?:[ \t]+[\d.eE+-]+(?:/\S+)?(?:[ \t]+\d+)?)?)(.*)$",
    re.ASCII,
)


def clean_header(data: bytes, notes: Notes) -> bytes:
    """Keep the lines that describe the signals.

    Parameters
    ----------
    data : bytes
        A ``.hea`` file.
    notes : Notes
        Told what is dropped.

    Returns
    -------
    bytes
        The names of the signal files stay: they tell which file is meant.
    """
    kept: list[str] = []
    for line in data.decode("utf-8", errors="surrogateescape").splitlines(keepends=True):
        if line.lstrip("\ufeff \t").startswith("#"):
            notes.add("comment (age, sex, diagnoses, remarks)")
            continue
        if not any(map(str.strip, kept)) and (record := _RECORD.match(line.rstrip("\r\n"))):
            start, name, described, rest = record.groups()
            if rest.strip():
                notes.add("time and date of the recording")
            notes.add("name of the record")
            line = f"{start}record{described}\n" if name else line
        kept.append(line)
    return "".join(kept).encode("utf-8", errors="surrogateescape")
