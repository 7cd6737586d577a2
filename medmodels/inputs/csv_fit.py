"""How well a delimiter and a decimal mark explain the head of a table."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

from medmodels.inputs.csv_fields import FieldKind, field_kind, strip_quotes
from medmodels.inputs.csv_text import EXPECTED, HEAD
from medmodels.inputs.errors import InputError

#: Rows looked at to tell the type of each column, and lines looked at in all.
ROWS = 200
_LINES = 400
#: A table wider than this is not looked at column by column; single beats have 187.
MOST_COLUMNS = 2000
_COMMENT = re.compile(r"\s*(#|%|//)")


@dataclass(frozen=True)
class Line:
    """A line of the head that is neither blank nor a comment, and where it starts."""

    offset: int
    text: str


@dataclass(frozen=True)
class Fit:
    """How well one delimiter and decimal mark explain the head."""

    delimiter: str
    decimal: str
    first: int
    fields: list[list[str]]
    kinds: tuple[FieldKind, ...]

    @property
    def score(self) -> tuple[int, int, int]:
        """Fewer text columns, more rows explained, more number columns."""
        text = self.kinds.count("text")
        return -text, len(self.fields) - self.first, self.kinds.count("number")


def split(line: str, delimiter: str, quote: str = '"') -> list[str]:
    """Cut a line into fields without quotes.

    Parameters
    ----------
    line : str
    delimiter : str
        As in `Layout`.
    quote : str

    Returns
    -------
    list of str
    """
    if delimiter == "":
        return [strip_quotes(line)]
    if delimiter == " " and quote not in line:
        return line.split()
    if quote not in line:
        return [strip_quotes(field) for field in line.split(delimiter)]
    cut = csv.reader([line.strip()], delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    try:
        fields = next(cut, [])
    except csv.Error:
        # A quote that never closes swallows the rest: no value is that long.
        fields = line.split(delimiter)
    return [strip_quotes(field) for field in fields]


def head_lines(text: bytes) -> tuple[list[Line], list[str]]:
    """Cut the head of a table into lines; a line that the head's end cuts is left out.

    Parameters
    ----------
    text : bytes
        The whole file, UTF-8 with LF line ends.

    Returns
    -------
    lines : list of Line
        Neither blank nor comments.
    comments : list of str

    Raises
    ------
    InputError
        The first line does not end within the head.
    """
    head = text[:HEAD]
    whole = len(text) <= HEAD
    raw = head.split(b"\n")
    if not whole and len(raw) > 1:
        raw.pop()
    elif not whole:
        raise _along_rows()
    lines, comments, offset = [], [], 0
    for piece in raw:
        line = piece.decode("utf-8", errors="replace")
        if _COMMENT.match(line):
            comments.append(line)
        elif line.strip():
            lines.append(Line(offset, line))
            if len(lines) == _LINES:
                break
        offset += len(piece) + 1
    # A leading ";" is a comment in some exports and an empty first field in others:
    # the rows further down tell by how many they hold.
    usual = lines[-2].text.count(";") if len(lines) > 2 else 0
    for row in [row for row in lines if row.text.lstrip().startswith(";")]:
        if row.text.count(";") != usual:
            comments.append(row.text)
            lines.remove(row)
    return lines, comments


def quote_of(lines: list[Line]) -> str:
    """Tell the quote character: single quotes only where no double ones are."""
    single = any("'" in line.text for line in lines[:50])
    double = any('"' in line.text for line in lines[:50])
    return "'" if single and not double else '"'


def try_fit(lines: list[Line], delimiter: str, decimal: str) -> Fit | None:
    """Try one delimiter and decimal mark.

    Parameters
    ----------
    lines : list of Line
        Of the head, as `head_lines` returns them.
    delimiter, decimal : str

    Returns
    -------
    Fit or None
        None when no row of numbers appears, or more columns than a signal has.
    """
    quote = quote_of(lines)
    try:
        fields = [split(line.text, delimiter, quote) for line in lines]
    except csv.Error:
        return None
    last = fields[:-1] if len(fields) > 2 else fields
    width = Counter(len(row) for row in last[-ROWS:]).most_common(1)[0][0]
    if width > MOST_COLUMNS or (delimiter != " " and width < 2):
        # A file of one column needs no delimiter: white space stands for it.
        return None
    sample = [row for row in last[-ROWS:] if len(row) == width]
    kinds = tuple(_column_kind([row[i] for row in sample], decimal) for i in range(width))
    if "number" not in kinds:
        return None
    first = next((i for i, row in enumerate(fields) if _is_data(row, kinds, decimal)), None)
    if first is None:
        return None
    return Fit(delimiter, decimal, first, fields, kinds)


def _column_kind(column: list[str], decimal: str) -> FieldKind:
    counts = Counter(field_kind(field, decimal) for field in column)
    numeric: tuple[FieldKind, ...] = ("number", "clock")
    for kind in numeric:
        if counts[kind] and counts[kind] + counts["missing"] >= 0.9 * len(column):
            return kind
    if counts["missing"] < len(column):
        return "text"
    # "NaN" in every row seen so far: a lead that may start later.
    return "number" if any(column) else "missing"


def _is_data(row: list[str], kinds: tuple[FieldKind, ...], decimal: str) -> bool:
    if len(row) != len(kinds):
        return False
    found = [field_kind(field, decimal) for field in row]
    fits = all(
        f in (kind, "missing") or kind in ("text", "missing")
        for f, kind in zip(found, kinds, strict=True)
    )
    filled = any(field for field, kind in zip(row, kinds, strict=True) if kind == "number")
    return fits and filled


def _along_rows() -> InputError:
    return InputError(
        "very long lines: the samples seem to run along the rows.",
        EXPECTED,
        "Turn the table around (transpose it), so that each lead is a column.",
    )
