"""What a single field of a table is: a number, a clock time, missing, or text."""

from __future__ import annotations

import re
from typing import Literal

FieldKind = Literal["number", "clock", "missing", "text"]

#: Spellings of a missing value; compared in lower case.
MISSING = frozenset(
    {"", "nan", "na", "n/a", "n.a.", "null", "none", "-", "--", "?", "#n/a", "inf", "-inf", "+inf"}
    | {"-nan", "+nan", "1.#ind", "1.#qnan", "-1.#ind", "infinity", "-infinity", "<na>"}
)

# No number, date or time is longer.
_LONGEST = 200

_PLAIN = {
    ".": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?"),
    ",": re.compile(r"[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d{1,3})?"),
}
_GROUPED = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+\.\d+"),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+"),
}

#: h:mm:ss, m:ss, with a fraction of any length, alone or beside a date.
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,9}))?")
_DATED = re.compile(
    r"\[?\s*(?:\d{4}-\d{1,2}-\d{1,2}[T ]\s*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}[T ]\s*)?"
    + CLOCK.pattern
    + r"\s*(?:Z|[+-]\d{2}:?\d{2})?(?:\s+\d{1,2}[./-]\d{1,2}[./-]\d{2,4})?\s*\]?"
)


def strip_quotes(field: str) -> str:
    """Remove white space and one pair of quotes around a field."""
    field = field.strip()
    if len(field) >= 2 and field[0] == field[-1] and field[0] in "'\"":
        return field[1:-1].strip()
    return field


def field_kind(field: str, decimal: str) -> FieldKind:
    """Tell what a field is.

    Parameters
    ----------
    field : str
        Without quotes.
    decimal : str
        "." or ",".

    Returns
    -------
    {"number", "clock", "missing", "text"}

    Examples
    --------
    >>> [field_kind(f, ".") for f in ("-0.145", "0:00.003", "NaN", "MLII", "0,5")]
    ['number', 'clock', 'missing', 'text', 'text']
    """
    if len(field) > _LONGEST:
        return "text"
    if field.lower() in MISSING:
        return "missing"
    if _PLAIN[decimal].fullmatch(field) or _GROUPED[decimal].fullmatch(field):
        return "number"
    if _DATED.fullmatch(field):
        return "clock"
    return "text"


def is_grouped(field: str, decimal: str) -> bool:
    """Whether a number carries a thousands separator beside its decimal mark."""
    return bool(_GROUPED[decimal].fullmatch(field))
