"""The numbers of a table, parsed in compiled code."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from medmodels.inputs.csv_fields import MISSING, field_kind
from medmodels.inputs.csv_fit import split
from medmodels.inputs.csv_layout import Layout, mixed_marks
from medmodels.inputs.csv_text import HEAD
from medmodels.inputs.errors import InputError
from medmodels.inputs.signal_limits import check_size

#: Rows parsed at a time: the parser's own copy of them is what memory is bounded by.
_CHUNK = 1_000_000
_NA = sorted({form for word in MISSING for form in (word, word.upper(), word.title())} - {""})


@dataclass(frozen=True)
class TableValues:
    """Parsed columns of a table.

    Parameters
    ----------
    values : ndarray, float32, shape (n_rows, n_columns)
        The number columns asked for; NaN where missing.
    times : ndarray, shape (n_rows,), or None
        The time column: float64, or text for clock times.
    cut : bool
        Whether the last line was cut short and left out.
    """

    values: npt.NDArray[np.float32]
    times: npt.NDArray[Any] | None
    cut: bool


def read_values(text: bytes, layout: Layout, columns: list[int], time: int | None) -> TableValues:
    """Parse the number columns of a table.

    Parameters
    ----------
    text : bytes
        The whole file, as `clean_text` returns it.
    layout : Layout
    columns : list of int
        Indices of the number columns to keep.
    time : int or None
        Index of the time column, if it is to be kept.

    Returns
    -------
    TableValues

    Raises
    ------
    InputError
        Too long, ragged rows, text among the numbers, mixed decimal marks.
    """
    rows = text.count(b"\n", layout.body) - text.count(b"\n\n", layout.body)
    check_size(rows, len(columns))
    body, decimal, delimiter = _normalise(text[layout.body :], layout)
    body, cut = _drop_cut_line(body, layout, delimiter)
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    check_size(lines, len(columns))
    if _longest_line(body) > HEAD:
        # The parser takes gigabytes and minutes for a row of very many fields.
        raise _explain(body, layout, delimiter)
    try:
        values, times, rows = _parse(body, layout, columns, time, decimal, delimiter, lines)
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise _explain(body, layout, delimiter) from error
    if len(layout.kinds) > 1 and _quoted(body, layout) is False:
        expected = rows * (len(layout.kinds) - 1)
        if body.count(delimiter.encode()) != expected:
            raise _explain(body, layout, delimiter)
    return TableValues(values, times, cut)


def _longest_line(body: bytes) -> int:
    """Bytes of the longest row."""
    ends = np.flatnonzero(np.frombuffer(body, np.uint8) == ord("\n"))
    return int(np.diff(ends, prepend=-1, append=len(body)).max())


def _normalise(body: bytes, layout: Layout) -> tuple[bytes, str, str]:
    """Leave one single-character delimiter, and no comments between the rows."""
    if any(mark in body for mark in (b"\n#", b"\n%", b"\n//")):
        body = re.sub(rb"(?m)^(#|%|//).*\n?", b"", body)
    delimiter, decimal = layout.delimiter, layout.decimal
    if delimiter == " ":
        body = body.replace(b"\t", b" ")
        while b"  " in body:
            body = body.replace(b"  ", b" ")
        body = body.replace(b"\n ", b"\n").replace(b" \n", b"\n").strip(b" ")
    elif delimiter == "":
        # Any character that no number holds.
        delimiter = ";"
    elif delimiter == decimal:
        # Decimal commas inside quotes, between commas.
        body = re.sub(rb'"([^"\n]*)"', lambda found: found[1].replace(b",", b"."), body)
        decimal = "."
    return body, decimal, delimiter


def _quoted(body: bytes, layout: Layout) -> bool:
    return layout.quote.encode() in body


def _drop_cut_line(body: bytes, layout: Layout, delimiter: str) -> tuple[bytes, bool]:
    """Leave out a last line that holds fewer values than the others."""
    if body.endswith(b"\n"):
        return body, False
    start = body.rfind(b"\n") + 1
    last = body[start:].decode("utf-8", errors="replace")
    fields = split(last, delimiter, layout.quote)
    whole = len(fields) == len(layout.kinds) and all(
        field_kind(field, layout.decimal) != "text" or kind in ("text", "missing")
        for field, kind in zip(fields, layout.kinds, strict=True)
    )
    if whole or start == 0:
        return body, False
    return body[:start], True


def _parse(
    body: bytes,
    layout: Layout,
    columns: list[int],
    time: int | None,
    decimal: str,
    delimiter: str,
    lines: int,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[Any] | None, int]:
    clock = time is not None and layout.kinds[time] == "clock"
    kept = sorted({*columns, *([] if time is None else [time])})
    dtype: dict[int, object] = dict.fromkeys(columns, np.float64)
    if time is not None:
        dtype[time] = object if clock else np.float64
    values = np.empty((lines, len(columns)), dtype=np.float32)
    times: list[npt.NDArray[Any]] = []
    rows = 0
    reader = pd.read_csv(
        io.BytesIO(body),
        sep=delimiter,
        decimal=decimal,
        thousands=layout.thousands or None,
        quotechar=layout.quote,
        header=None,
        names=list(range(len(layout.kinds))),
        usecols=kept,
        index_col=False,
        dtype=dtype,
        na_values=_NA,
        skipinitialspace=True,
        engine="c",
        encoding_errors="replace",
        chunksize=_CHUNK,
    )
    with reader:
        for chunk in reader:
            stop = rows + len(chunk)
            for place, column in enumerate(columns):
                # Numbers beyond float32 are no amplitudes; they become gaps below.
                with np.errstate(over="ignore"):
                    values[rows:stop, place] = chunk[column].to_numpy(np.float64)
            if time is not None:
                times.append(chunk[time].to_numpy(object if clock else np.float64))
            rows = stop
    values = values[:rows]
    values[~np.isfinite(values)] = np.nan
    return values, np.concatenate(times) if times else None, rows


def _explain(body: bytes, layout: Layout, delimiter: str) -> InputError:
    """Find the first row that does not fit, and say what is wrong with it."""
    width = len(layout.kinds)
    other = "," if layout.decimal == "." else "."
    # Most rows are passed by their characters and their number of delimiters alone.
    usual = f"0123456789+-eE: \n{delimiter}{layout.decimal}{layout.thousands}".encode()
    for number, line in enumerate(io.BytesIO(body), start=1):
        if line.count(delimiter.encode()) == width - 1 and not line.translate(None, usual):
            continue
        text = line.decode("utf-8", errors="replace").strip("\n")
        if not text.strip():
            continue
        fields = split(text, delimiter, layout.quote)
        if len(fields) != width:
            return InputError(
                f"{len(fields)} value{'s' * (len(fields) != 1)} in row {number:,} of the table "
                f"where the other rows hold {width}.",
                "the same number of values in every row.",
                "Export the recording again; the file may have been cut or edited.",
            )
        for field, kind in zip(fields, layout.kinds, strict=True):
            if kind == "number" and field_kind(field, layout.decimal) in ("text", "clock"):
                if field_kind(field, other) == "number":
                    return mixed_marks()
                return InputError(
                    f"text among the numbers, in row {number:,} of the table.",
                    "numbers only, with missing values left empty.",
                    "Remove that row, or export the recording again.",
                )
    return InputError(
        "rows that cannot be read as numbers.",
        "one row per sample, one column per lead.",
        "Export the recording again as CSV.",
    )
