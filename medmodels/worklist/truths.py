"""What cases really are, from a table that a reader brings."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import PurePosixPath

from medmodels.bundles import Card
from medmodels.inputs.errors import InputError
from medmodels.worklist.line import Line

_FILES = ("file", "filename", "file name", "name", "path", "image", "record")
_DIGESTS = ("sha256", "sha-256", "digest", "input_sha256", "case_sha256")
_LABELS = ("label", "truth", "class", "answer", "diagnosis", "reference")
_MOST_BYTES = 10 * 1024 * 1024
_EXPECTED = (
    "a CSV with a column “file” (or “sha256”) and a column “label” that holds the classes’ names."
)


def read_truths(data: bytes, lines: Sequence[Line], card: Card) -> dict[int, str]:
    """Find out which case is what.

    Parameters
    ----------
    data : bytes
        CSV or TSV with a header; comment lines begin with ``#``.
    lines : sequence of Line
    card : Card

    Returns
    -------
    dict of int to str
        Name of a class by place among the lines; cases that the table does not
        hold are left out.

    Raises
    ------
    InputError
        No such columns, an unknown class, or no case that is among the lines.
    """
    if len(data) > _MOST_BYTES:
        raise InputError("a table of over 10 MB.", _EXPECTED, "Keep the two columns only.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("a file that is no text.", _EXPECTED, "Save it as CSV (UTF-8).") from None
    rows = [row for row in text.splitlines() if row.strip() and not row.startswith("#")]
    if not rows:
        raise InputError("an empty table.", _EXPECTED, "Choose another file.")
    between = max("\t;,", key=rows[0].count)
    try:
        table = list(csv.reader(io.StringIO("\n".join(rows)), delimiter=between))
    except csv.Error:
        raise InputError("a table with a cell too long.", _EXPECTED, "Look at the file.") from None
    header = [cell.strip().lower() for cell in table[0]]
    label = _column(header, _LABELS)
    digest, file = _column(header, _DIGESTS), _column(header, _FILES)
    if label is None or (digest is None and file is None):
        raise InputError("a table without these columns.", _EXPECTED, "Name its columns so.")
    classes = {name.lower(): entry.name
               for entry in card.classes for name in (entry.name, entry.title)}  # fmt: skip
    by_digest = {line.input_digest: i for i, line in enumerate(lines) if line.input_digest}
    by_file = _by_file(lines)
    found: dict[int, str] = {}
    for number, row in enumerate(table[1:], 2):
        cells = dict(enumerate(cell.strip() for cell in row))
        said = cells.get(label, "")
        if not said:
            continue
        if said.lower() not in classes:
            raise InputError(
                f"a label in row {number} that is no class of this task.",
                f"one of {', '.join(entry.name for entry in card.classes)}.",
                "Write the classes as they are named here.",
            )
        place = by_digest.get(cells.get(-1 if digest is None else digest, "").lower())
        if place is None and file is not None:
            place = by_file.get(PurePosixPath(cells.get(file, "")).name)
        if place is not None:
            found[place] = classes[said.lower()]
    if not found:
        raise InputError(
            "a table in which none of these cases stands.", _EXPECTED,
            "Write the files’ names as they were opened, or their SHA-256 digests.",
        )  # fmt: skip
    return found


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _by_file(lines: Sequence[Line]) -> dict[str, int]:
    """Places by last name; names that several cases share tell nothing."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        places.setdefault(PurePosixPath(line.file).name, []).append(number)
    return {name: found[0] for name, found in places.items() if len(found) == 1}
