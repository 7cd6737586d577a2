"""The names and units above the values of a table."""

from __future__ import annotations

import re

from medmodels.inputs.csv_fields import strip_quotes
from medmodels.inputs.csv_fit import split


def header_fields(line: str, width: int, delimiter: str) -> list[str]:
    """Cut a line that may name the columns."""
    if width == 1:
        return [strip_quotes(line)]
    if delimiter == " ":
        # "time (s)   MLII (mV)": a unit belongs to the name before it.
        return split(re.sub(r"(?<=[^\s)\]])[ \t]+(?=[(\[])", "", line), " ")
    quote = "'" if line.count("'") > 1 and '"' not in line else '"'
    return split(line, delimiter, quote)


def name_columns(
    above: list[list[str]], width: int
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Take names and units from the last lines above the values.

    Parameters
    ----------
    above : list of list of str
        Fields of the lines above, as `header_fields` cuts them.
    width : int
        Number of columns.

    Returns
    -------
    names, units : tuple of str
        One for each column; empty where not stated.
    header : bool
        Whether any were found.
    """
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
