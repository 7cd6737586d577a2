"""Tables with a sequence in each row: which column holds the bases, names and labels."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

from medmodels.inputs.csv_fit import split
from medmodels.inputs.errors import InputError
from medmodels.inputs.sequence_letters import looks_like_bases, tidy
from medmodels.inputs.sequence_limits import EXPECTED
from medmodels.inputs.sequences import Draft, Layout

_DELIMITERS = {"\t": "TSV", ";": "CSV", ",": "CSV", "|": "table", " ": "table"}
_ROWS = 200
_SEQUENCE_NAMES = {"sequence", "sequences", "seq", "dna", "rna", "bases", "nucleotides", "window"}
_LABEL_NAMES = {"label", "labels", "class", "classes", "target", "type", "site", "kind", "y"}
_NAME_NAMES = {"name", "names", "id", "identifier", "entry", "accession", "locus", "gene", "record"}
#: Labels of the UCI splice junction data, found without a header too.
_KNOWN_LABELS = {"EI", "IE", "N"}

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class _Cut:
    """A table cut into fields, without blank lines and comments."""

    delimiter: str
    header: list[str]
    rows: list[Row]
    column: int | None


@dataclass(frozen=True)
class Columns:
    """Where in a table what stands; columns are counted from 0.

    Parameters
    ----------
    delimiter : str
        Empty where there is one column alone.
    header : list of str
        In lower case; empty where no row names the columns.
    header_line : int or None
        Number of its line, from 1.
    rows : list of (int, list of str)
        Number of the line, from 1, and its fields.
    bases : int
    names, labels : int or None
    """

    delimiter: str
    header: list[str]
    header_line: int | None
    rows: list[Row]
    bases: int
    names: int | None
    labels: int | None


def read_table(lines: list[str]) -> Layout | None:
    """Find the column of sequences, and name and label of each row.

    Parameters
    ----------
    lines : list of str

    Returns
    -------
    Layout or None
        None when the text is no table.

    Raises
    ------
    InputError
        A table without a column of bases, or with rows that lack it.
    """
    found = find_columns(lines)
    return None if found is None else _layout(found)


def find_columns(lines: list[str]) -> Columns | None:
    """Find the columns of a table; parameters and errors as for `read_table`.

    Returns
    -------
    Columns or None
        None when the text is no table.
    """
    filled = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    cuts = [cut for delimiter in _DELIMITERS if (cut := _cut(filled, delimiter)) is not None]
    single = _single_column(filled)
    best = next((cut for cut in cuts if cut.column is not None), single)
    if best is not None:
        return _columns(best, filled[0][0])
    if any(cut.delimiter != " " for cut in cuts):
        raise InputError(
            "a table without a column of bases.",
            EXPECTED,
            'Name the column that holds the bases "sequence", or upload FASTA.',
        )
    return None


def _cut(filled: list[tuple[int, str]], delimiter: str) -> _Cut | None:
    """Cut at one delimiter; None where the lines do not fall into columns."""
    head = filled[:_ROWS]
    try:
        fields = [split(line, delimiter) for _, line in head]
    except csv.Error:
        return None
    width, often = Counter(map(len, fields)).most_common(1)[0] if fields else (0, 0)
    if width < 2 or often < 0.8 * len(fields):
        return None
    header = _header(fields[0])
    body = fields[1:] if header else fields
    column = _sequence_column(header, [row for row in body if len(row) == width])
    if delimiter == " " and (column is None or _is_blocks(body)):
        # Blocks of bases with spaces between them are one text, not columns.
        return None
    kept = filled[1:] if header else filled
    try:
        rows = [(number, split(line, delimiter)) for number, line in kept]
    except csv.Error:
        return None
    return _Cut(delimiter, header, rows, column)


def _single_column(filled: list[tuple[int, str]]) -> _Cut | None:
    """One sequence a row below a heading, without any delimiter."""
    if len(filled) < 2 or filled[0][1].strip(" \t\"'").lower() not in _SEQUENCE_NAMES:
        return None
    rows = [(number, split(line, "")) for number, line in filled[1:]]
    return _Cut("", ["sequence"], rows, 0)


def _header(first: list[str]) -> list[str]:
    """The first row in lower case where it names columns, else an empty list."""
    names = [field.lower() for field in first]
    telling = sum(map(is_telling, names))
    bases = any(looks_like_bases(field) for field in first)
    return names if telling and not bases else []


def _is_blocks(body: list[list[str]]) -> bool:
    """Whether every field of every row is bases or a number."""
    return all(not tidy(field) or looks_like_bases(field, 1) for row in body for field in row)


def _sequence_column(header: list[str], body: list[list[str]]) -> int | None:
    for index, name in enumerate(header):
        if name in _SEQUENCE_NAMES:
            return index
    best, longest = None, 0
    for index in range(len(body[0]) if body else 0):
        cells = [row[index] for row in body if row[index].strip()]
        good = [len(tidy(cell)) for cell in cells if looks_like_bases(cell)]
        if good and len(good) >= 0.8 * len(cells) and sum(good) > longest:
            best, longest = index, sum(good)
    return best


def is_telling(name: str) -> bool:
    """Whether a column's name, in lower case, tells what it holds."""
    return name in _SEQUENCE_NAMES | _LABEL_NAMES | _NAME_NAMES


def _columns(cut: _Cut, first: int) -> Columns:
    assert cut.column is not None
    names = _column(cut, _NAME_NAMES)
    labels = _column(cut, _LABEL_NAMES)
    if labels is None:
        labels = next((i for i in _others(cut) if _values(cut, i) <= _KNOWN_LABELS), None)
    if names is None:
        names = next((i for i in _others(cut, labels) if _is_name(cut, i)), None)
    header_line = first if cut.header else None
    return Columns(cut.delimiter, cut.header, header_line, cut.rows, cut.column, names, labels)


def _layout(found: Columns) -> Layout:
    names, labels = found.names, found.labels
    drafts = []
    for number, row in found.rows:
        if len(row) <= found.bases:
            raise InputError(
                f"a row without a sequence, on line {number:,}.",
                "the same columns in every row.",
                "Remove that row, or export the table again.",
            )
        name = row[names] if names is not None and names < len(row) else ""
        label = None
        if labels is not None:
            label = row[labels] if labels < len(row) else ""
        drafts.append(Draft(name, ((number, row[found.bases]),), label))
    notes = [f"The bases are in column {found.bases + 1}."]
    if labels is not None:
        notes.append(f"Labels are in column {labels + 1}; they are not used to answer.")
    kind = _DELIMITERS.get(found.delimiter, "table")
    return Layout(kind, tuple(drafts), "row", tuple(notes))


def _column(cut: _Cut, wanted: set[str]) -> int | None:
    return next((i for i, n in enumerate(cut.header) if n in wanted and i != cut.column), None)


def _others(cut: _Cut, *taken: int | None) -> list[int]:
    width = len(cut.rows[0][1]) if cut.rows else 0
    return [i for i in range(width) if i not in (cut.column, *taken)]


def _values(cut: _Cut, index: int) -> set[str]:
    return {row[index] for _, row in cut.rows[:_ROWS] if index < len(row)}


def _is_name(cut: _Cut, index: int) -> bool:
    """Whether a column holds a different short text in every row."""
    values = _values(cut, index)
    return (
        len(values) == len(cut.rows[:_ROWS])
        and all(0 < len(value) <= 80 for value in values)
        and any(not value.replace(".", "").isdigit() for value in values)
    )
