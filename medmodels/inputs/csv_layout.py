"""How a table is laid out: delimiter, decimal mark, header, where the numbers start."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from medmodels.inputs.csv_fields import FieldKind, field_kind, is_grouped, strip_quotes
from medmodels.inputs.csv_text import EXPECTED, HEAD
from medmodels.inputs.errors import InputError

# In order of preference where two fit equally: a space inside a date must not win over a tab.
_CANDIDATES = (
    (";", "."), (";", ","), ("\t", "."), ("\t", ","), (",", "."), (",", ","),
    ("|", "."), (" ", "."), (" ", ","),
)  # fmt: skip
#: Rows looked at to tell the type of each column, and lines looked at in all.
_ROWS = 200
_LINES = 400
_COMMENT = re.compile(r"\s*(#|%|//)")


@dataclass(frozen=True)
class Layout:
    """How a table is laid out.

    Parameters
    ----------
    delimiter : str
        ",", ";", tab, "|", " " for any run of white space, "" for a single column.
    decimal, thousands : str
        Decimal mark, and the mark between thousands or "".
    quote : str
        Quote character.
    body : int
        Byte offset of the first row of values.
    kinds : tuple of FieldKind
        Type of each column.
    names, units : tuple of str
        From the header, one for each column; empty strings where not stated.
    header : bool
        Whether the table names its columns.
    preamble : tuple of str
        Comment lines and lines before the header, for the rate and the unit they may state.
    rows : tuple of tuple of str
        The first rows of values, without quotes.
    """

    delimiter: str
    decimal: str
    thousands: str
    quote: str
    body: int
    kinds: tuple[FieldKind, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    header: bool
    preamble: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Line:
    """A line of the head that is neither blank nor a comment, and where it starts."""

    offset: int
    text: str


@dataclass(frozen=True)
class _Fit:
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


def find_layout(text: bytes) -> Layout:
    """Find the layout of a table from its first 64 kB or 400 lines.

    Parameters
    ----------
    text : bytes
        UTF-8 with LF line ends, as `clean_text` returns.

    Returns
    -------
    Layout

    Raises
    ------
    InputError
        No row of numbers, leads along rows, or marks that contradict each other.
    """
    lines, comments = _head_lines(text)
    if not lines:
        raise InputError("a text without any values.", EXPECTED, "Export the signal as CSV.")
    fits = [fit for d, m in _CANDIDATES if (fit := _fit(lines, d, m)) is not None]
    if not fits:
        raise _no_numbers(lines)
    best = max(fits, key=lambda fit: fit.score)
    best = _settle_comma(best, lines)
    return _layout(best, lines, comments, text)


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
    return [strip_quotes(field) for field in next(cut, [])]


def _head_lines(text: bytes) -> tuple[list[_Line], list[str]]:
    """Lines of the head with their offsets, comments apart; a line cut by the end is left out."""
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
            lines.append(_Line(offset, line))
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


def _quote(lines: list[_Line]) -> str:
    single = any("'" in line.text for line in lines[:50])
    double = any('"' in line.text for line in lines[:50])
    return "'" if single and not double else '"'


def _fit(lines: list[_Line], delimiter: str, decimal: str) -> _Fit | None:
    """Try one delimiter and decimal mark; None when no row of numbers appears."""
    quote = _quote(lines)
    try:
        fields = [split(line.text, delimiter, quote) for line in lines]
    except csv.Error:
        return None
    last = fields[:-1] if len(fields) > 2 else fields
    width = Counter(len(row) for row in last[-_ROWS:]).most_common(1)[0][0]
    if delimiter != " " and width < 2:
        # A file of one column needs no delimiter: white space stands for it.
        return None
    sample = [row for row in last[-_ROWS:] if len(row) == width]
    kinds = tuple(_column_kind([row[i] for row in sample], decimal) for i in range(width))
    if "number" not in kinds:
        return None
    first = next((i for i, row in enumerate(fields) if _is_data(row, kinds, decimal)), None)
    if first is None:
        return None
    return _Fit(delimiter, decimal, first, fields, kinds)


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


def _settle_comma(fit: _Fit, lines: list[_Line]) -> _Fit:
    """Tell a decimal comma from a delimiter where a comma separates whole numbers only.

    ``-0,145`` is one number and ``995,1011`` are two. A second "column" that is never
    signed and has leading zeros, or always the same width beside a first that hardly
    varies, holds decimals.
    """
    if fit.delimiter != "," or fit.decimal != ".":
        return fit
    rows = [row for row in fit.fields[fit.first :][:_ROWS] if len(row) == len(fit.kinds)]
    if not all(re.fullmatch(r"[+-]?\d*", field) for row in rows for field in row):
        return fit
    signed_zero = any(field in ("-0", "+0") for row in rows for field in row)
    tails = [row[1] for row in rows if len(row) > 1]
    padded = any(len(tail) > 1 and tail[0] == "0" for tail in tails)
    if any(tail[:1] in "+-" and tail for tail in tails) or "" in tails:
        return fit
    if len(fit.kinds) > 2:
        if signed_zero and len(fit.kinds) % 2 == 0:
            raise InputError(
                "commas both between the values and inside them.",
                "one mark between values and another inside them.",
                "Export with a semicolon between values, or with decimal points.",
            )
        return fit
    title = fit.fields[fit.first - 1] if fit.first else []
    if len(fit.kinds) == 2 and len(title) == 2 and all(title) and not _is_setting(title):
        # Two names above two columns.
        return fit
    heads = {row[0] for row in rows}
    whole = [int(row[0]) for row in rows if row[0].strip("+-")]
    steps = {b - a for a, b in pairwise(whole)}
    counter = len(steps) == 1 and steps != {0}
    even = len({len(tail) for tail in tails}) == 1 and len(tails[0]) >= 2
    # One decimal place: the digits after the comma are all used, as no label's are.
    tenths = {len(tail) for tail in tails} == {1} and len(set(tails)) >= 8
    one_column = signed_zero or padded or tenths or (even and len(rows) >= 5 and len(heads) <= 20)
    if not one_column or (counter and not signed_zero and not padded):
        return fit
    single = _fit(lines, " ", ",")
    return single if single is not None and len(single.kinds) == 1 else fit


def _is_setting(title: list[str]) -> bool:
    """Whether two fields are a setting of the recorder ("Unit", "µV") and not two names."""
    settings = ("unit", "lead", "rate", "gain", "device", "version", "name", "date")
    return any(word in title[0].lower() for word in settings)


def _layout(fit: _Fit, lines: list[_Line], comments: list[str], text: bytes) -> Layout:
    width, first = len(fit.kinds), fit.first
    rows = fit.fields[first:]
    if first == 0 and _counts_up(fit):
        rows, first = rows[1:], 1
    written = [_header_fields(line.text, width, fit.delimiter) for line in lines[:first]]
    commented = [_header_fields(c.strip().lstrip("#%/; "), width, fit.delimiter) for c in comments]
    names, units, header = _header(written or commented, width)
    kinds = tuple(
        "number" if kind == "missing" and name else kind
        for kind, name in zip(fit.kinds, names, strict=True)
    )
    decimal = fit.decimal
    body = lines[first].offset
    values = [field for row in rows[:_ROWS] for field in row]
    if fit.delimiter not in (",", "") and not any(set(field) & {".", ","} for field in values):
        # Only whole numbers so far: the first mark may come later.
        decimal = "," if b"," in text[body:] else "."
    _refuse_mixed_marks(rows[:_ROWS], fit)
    grouped = any(is_grouped(field, decimal) for field in values)
    thousands = ("," if decimal == "." else ".") if grouped else ""
    return Layout(
        delimiter="" if width == 1 else fit.delimiter,
        decimal=decimal,
        thousands=thousands,
        quote=_quote(lines),
        body=body,
        kinds=kinds,
        names=names,
        units=units,
        header=header,
        preamble=tuple(comments) + tuple(line.text for line in lines[:first]),
        rows=tuple(tuple(row) for row in rows[:_ROWS] if len(row) == width),
    )


def _counts_up(fit: _Fit) -> bool:
    """Whether the first row is a header of column numbers: 0, 1, 2 above decimal values."""
    row, rest = fit.fields[fit.first], fit.fields[fit.first + 1 :][:_ROWS]
    start = 1 if row[0] == "" else 0
    numbers = [str(i) for i in range(len(row) - start)]
    if row[start:] != numbers or len(rest) < 2:
        return False
    return all(fit.decimal in field for line in rest for field in line[start:] if field)


def _header_fields(line: str, width: int, delimiter: str) -> list[str]:
    """Cut a line that may name the columns."""
    if width == 1:
        return [strip_quotes(line)]
    if delimiter == " ":
        # "time (s)   MLII (mV)": a unit belongs to the name before it.
        return split(re.sub(r"(?<=[^\s)\]])[ \t]+(?=[(\[])", "", line), " ")
    quote = "'" if line.count("'") > 1 and '"' not in line else '"'
    return split(line, delimiter, quote)


def _header(above: list[list[str]], width: int) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Names and units from the last lines above the values."""
    blank = ("",) * width
    rows = [tuple(_pad(row, width)) for row in above[-2:] if _could_name(row, width)]
    if not rows:
        return blank, blank, False
    if _is_unit_row(rows[-1]):
        return rows[0] if len(rows) == 2 else blank, rows[-1], True
    return rows[-1], blank, True


def _could_name(row: list[str], width: int) -> bool:
    if width == 1:
        # "Sample rate: 512 Hz" above a single column is not its name.
        return len(row) == 1 and 0 < len(row[0]) <= 40 and not set(row[0]) & set(":=,;\t")
    # A header may lack the name of a trailing empty column.
    return len(row) in (width, width - 1) and any(row)


def _pad(row: list[str], width: int) -> list[str]:
    return row if len(row) == width else [*row, ""]


_UNITS = re.compile(
    r"[\[(]?(s|sec|secs|seconds|ms|us|µs|msec|hh:mm:ss(\.m+)?|mm:ss(\.m+)?|m?v|[uµμ]v|adu|counts?|nu|"
    r"#|samples?|date|time|-)?[\])]?",
    re.IGNORECASE,
)


def _is_unit_row(row: tuple[str, ...]) -> bool:
    filled = [field for field in row if field]
    voltages = [field.strip("[]()").lower() for field in filled]
    stated = any(field in {"mv", "uv", "µv", "μv", "adu", "v"} for field in voltages)
    return stated and all(_UNITS.fullmatch(field) for field in filled)


def _refuse_mixed_marks(rows: list[list[str]], fit: _Fit) -> None:
    other = "," if fit.decimal == "." else "."
    numbers = [i for i, kind in enumerate(fit.kinds) if kind == "number"]
    for row in rows:
        for i in numbers:
            if (
                i < len(row)
                and field_kind(row[i], fit.decimal) == "text"
                and (field_kind(row[i], other) == "number")
            ):
                raise mixed_marks()


def mixed_marks() -> InputError:
    """Decimal points and decimal commas in one file."""
    return InputError(
        "decimal points and decimal commas in the same file.",
        "one decimal mark throughout.",
        "Export the recording again with one number format.",
    )


def _along_rows() -> InputError:
    return InputError(
        "very long lines: the samples seem to run along the rows.",
        EXPECTED,
        "Turn the table around (transpose it), so that each lead is a column.",
    )


def _no_numbers(lines: list[_Line]) -> InputError:
    if any(re.search(r"\d[\s,;|]+[+-]?\d", line.text) for line in lines):
        return InputError(
            "rows of text and numbers that do not line up in columns.",
            EXPECTED,
            "Export the signal as CSV with one column per lead.",
        )
    return InputError(
        "text without columns of numbers.",
        EXPECTED,
        "Choose the file with the samples of the signal, not a report about it.",
    )
