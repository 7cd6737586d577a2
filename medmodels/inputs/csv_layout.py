"""How a table is laid out: delimiter, decimal mark, header, where the numbers start."""

from __future__ import annotations

import re
from dataclasses import dataclass

from medmodels.inputs.csv_comma import settle_comma
from medmodels.inputs.csv_fields import FieldKind, field_kind, is_grouped
from medmodels.inputs.csv_fit import MOST_COLUMNS, ROWS, Fit, Line, head_lines, quote_of, try_fit
from medmodels.inputs.csv_header import header_fields, name_columns
from medmodels.inputs.csv_text import EXPECTED
from medmodels.inputs.errors import InputError

# In order of preference where two fit equally: a space inside a date must not win over a tab.
_CANDIDATES = (
    (";", "."), (";", ","), ("\t", "."), ("\t", ","), (",", "."), (",", ","),
    ("|", "."), (" ", "."), (" ", ","),
)  # fmt: skip


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
    lines, comments = head_lines(text)
    if not lines:
        raise InputError("a text without any values.", EXPECTED, "Export the signal as CSV.")
    fits = [fit for d, m in _CANDIDATES if (fit := try_fit(lines, d, m)) is not None]
    if not fits:
        raise _too_wide() if _is_too_wide(lines) else _no_numbers(lines)
    best = max(fits, key=lambda fit: fit.score)
    best = settle_comma(best, lines)
    return _layout(best, lines, comments, text)


def _layout(fit: Fit, lines: list[Line], comments: list[str], text: bytes) -> Layout:
    width, first = len(fit.kinds), fit.first
    rows = fit.fields[first:]
    if first == 0 and _counts_up(fit):
        rows, first = rows[1:], 1
    written = [header_fields(line.text, width, fit.delimiter) for line in lines[:first]]
    commented = [header_fields(c.strip().lstrip("#%/; "), width, fit.delimiter) for c in comments]
    names, units, header = name_columns(written or commented, width)
    kinds = tuple(
        "number" if kind == "missing" and name else kind
        for kind, name in zip(fit.kinds, names, strict=True)
    )
    decimal = fit.decimal
    body = lines[first].offset
    values = [field for row in rows[:ROWS] for field in row]
    if fit.delimiter not in (",", "") and not any(set(field) & {".", ","} for field in values):
        # Only whole numbers so far: the first mark may come later.
        decimal = "," if b"," in text[body:] else "."
    _refuse_mixed_marks(rows[:ROWS], fit)
    grouped = any(is_grouped(field, decimal) for field in values)
    thousands = ("," if decimal == "." else ".") if grouped else ""
    return Layout(
        delimiter="" if width == 1 else fit.delimiter,
        decimal=decimal,
        thousands=thousands,
        quote=quote_of(lines),
        body=body,
        kinds=kinds,
        names=names,
        units=units,
        header=header,
        preamble=tuple(comments) + tuple(line.text for line in lines[:first]),
        rows=tuple(tuple(row) for row in rows[:ROWS] if len(row) == width),
    )


def _counts_up(fit: Fit) -> bool:
    """Whether the first row is a header of column numbers: 0, 1, 2 above decimal values."""
    row, rest = fit.fields[fit.first], fit.fields[fit.first + 1 :][:ROWS]
    start = 1 if row[0] == "" else 0
    numbers = [str(i) for i in range(len(row) - start)]
    if row[start:] != numbers or len(rest) < 2:
        return False
    return all(fit.decimal in field for line in rest for field in line[start:] if field)


def _refuse_mixed_marks(rows: list[list[str]], fit: Fit) -> None:
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


def _is_too_wide(lines: list[Line]) -> bool:
    return any(
        line.text.count(delimiter) > MOST_COLUMNS for line in lines for delimiter, _ in _CANDIDATES
    )


def _too_wide() -> InputError:
    return InputError(
        f"rows of more than {MOST_COLUMNS:,} values.",
        EXPECTED,
        "If each row is a lead, turn the table around (transpose it).",
    )


def _no_numbers(lines: list[Line]) -> InputError:
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
