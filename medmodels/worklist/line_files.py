"""Lines of a worklist as files that grow, and that a run can go on with after it was stopped.

CSV and JSON Lines grow line by line. Parquet cannot: its lines stand in a JSON
Lines file beside it until all are there.
"""

from __future__ import annotations

import csv
import errno
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TextIO

from medmodels import NOTICE
from medmodels.inputs.errors import InputError
from medmodels.reading.site_files import as_cell, from_cell
from medmodels.worklist.line import Line

_CSV, _LINES, _PARQUET = ".csv", ".jsonl", ".parquet"
ENDINGS: Final = (_CSV, _LINES, _PARQUET)
_COLUMNS = (
    "file", "state", "answer", "probability", "severity", "urgency", "doubt", "labels_left",
    "reasons", "burned_in", "input_sha256", "bundle", "seconds",
)  # fmt: skip
_TEXT = ("file", "state", "answer", "labels_left", "reasons", "burned_in", "input_sha256", "bundle")
_LISTS = ("labels_left", "reasons", "burned_in")
_BETWEEN = "; "


class LineFile:
    """A file that lines are added to; used in a ``with``.

    Parameters
    ----------
    path : Path
        Ends in .csv, .jsonl or .parquet. What is there is gone on with.
    classes : sequence of str
        Of the task: each has a column for how many rows were decided so.

    Raises
    ------
    InputError
        Another ending; or the file is there and is none of ours.
    """

    def __init__(self, path: Path, classes: Sequence[str]) -> None:
        if path.suffix.lower() not in ENDINGS:
            raise InputError(
                "a name of an unknown kind for the results.", f"one that ends in "
                f"{', '.join(ENDINGS)}.", "Give another --out.",
            )  # fmt: skip
        self._path, self._classes = path, tuple(classes)
        self._kind = path.suffix.lower()
        # Parquet's lines grow here.
        self._growing = path.with_suffix(".partial.jsonl") if self._kind == _PARQUET else path
        self._file: TextIO | None = None

    def __enter__(self) -> LineFile:
        """Open the file to add to it, without a line that was cut short.

        Raises
        ------
        InputError
            It cannot be written.
        """
        head = self._head().encode()
        with _written():
            if self._growing.exists():
                _cut_after_last_line(self._growing, len(head))
            begun = self._growing.exists() and self._growing.stat().st_size > 0
            # No end of line is translated, so that the file is the same everywhere.
            self._file = self._growing.open("a", encoding="utf-8", newline="")
            if not begun:
                self._file.write(self._head())
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; each line was on the disk already, or was said not to be."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()

    def done(self, bundle: str | None = None) -> set[str]:
        """Names of the files that have a line already.

        Parameters
        ----------
        bundle : str, optional
            Digest of the bundle that is to go on with them, SHA-256, hexadecimal; any
            bundle's lines are taken if not given.

        Raises
        ------
        InputError
            The file is none of ours, or another bundle wrote it.
        """
        try:
            lines = list(self._known())
        except (ValueError, KeyError, TypeError, IndexError):
            raise InputError(
                "a file for the results that holds something else.",
                "no file there, or results of the same task that are to be gone on with.",
                "Give another --out, or move that file away.",
            ) from None
        if bundle is not None and any(read_by != bundle for _, read_by in lines):
            raise InputError(
                "a file for the results that another network wrote.",
                "no file there, or results of this very network.",
                "Give another --out: answers of two networks do not belong in one table.",
            )
        return {file for file, _ in lines}

    def _known(self) -> Iterator[tuple[str, str]]:
        """File and bundle of each line that is there; of Parquet's, those that grow too."""
        if self._kind == _PARQUET and self._path.exists():
            for row in _read_parquet(self._path):
                yield str(row["file"]), str(row["bundle"])
        if not self._growing.exists():
            return
        text = self._growing.read_text(encoding="utf-8", errors="replace")
        complete = text[: text.rfind("\n") + 1]
        if self._kind != _CSV:
            for values in map(json.loads, complete.splitlines()):
                yield str(values["file"]), str(values["bundle"])
            return
        head = self._head()
        if not complete.startswith(head) and not head.startswith(complete):
            raise ValueError("another head")
        place = _COLUMNS.index("bundle")
        for cells in csv.reader(io.StringIO(complete[len(head) :])):
            yield from_cell(cells[0]), from_cell(cells[place])

    def add(self, line: Line) -> None:
        """Write one line, and have it on the disk.

        Raises
        ------
        InputError
            It cannot be written.
        """
        assert self._file is not None
        values = line.to_dict()
        with _written():
            if self._kind == _CSV:
                self._file.write(_csv_row(self._cells(values)))
            else:
                self._file.write(json.dumps(values | {"notice": NOTICE}, allow_nan=False) + "\n")
            self._file.flush()

    def finish(self) -> None:
        """Make the Parquet file of what has grown; nothing to do for the others.

        Raises
        ------
        InputError
            It cannot be written.
        """
        if self._kind != _PARQUET or not self._growing.exists():
            return
        rows = [json.loads(line) for line in self._growing.read_text("utf-8").splitlines()]
        known = _read_parquet(self._path) if self._path.exists() else []
        with _written():
            _write_parquet(self._path, [*known, *(self._flat(row) for row in rows)])
            self._growing.unlink()

    def _head(self) -> str:
        """What a new file begins with."""
        if self._kind != _CSV:
            return ""
        columns = (*_COLUMNS, *(f"n_{name}" for name in self._classes))
        return f"# {NOTICE}\n{_csv_row(columns)}"

    def _flat(self, values: Mapping[str, Any]) -> dict[str, Any]:
        counts = values["counts"]
        # A run that was begun before there was a column has lines without it.
        flat = {name: values.get(name) for name in _COLUMNS}
        flat |= {name: _BETWEEN.join(values.get(name) or ()) for name in _LISTS}
        return flat | {f"n_{name}": counts.get(name, 0) for name in self._classes}

    def _cells(self, values: Mapping[str, Any]) -> list[str]:
        flat = self._flat(values)
        return [
            as_cell(str(value or "")) if name in _TEXT else "" if value is None else str(value)
            for name, value in flat.items()
        ]


@contextmanager
def _written() -> Iterator[None]:
    """Say in words why a file cannot be written."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise InputError(
            "a full disk: not all results were written." if full
            else "a place for the results that cannot be written to.",
            "a folder that is there and has room.",
            "Make room, then run the command again: it goes on where it was." if full
            else "Check the path and its permissions, or give another --out.",
        ) from None  # fmt: skip


def _csv_row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _cut_after_last_line(path: Path, head: int) -> None:
    """Take away a line that was cut short, and a head that is not whole."""
    with path.open("rb+") as file:
        end = file.read().rfind(b"\n") + 1
        file.truncate(end if end >= head else 0)


def _read_parquet(path: Path) -> list[dict[str, Any]]:
    import pyarrow
    import pyarrow.parquet

    try:
        rows: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
    except (pyarrow.ArrowInvalid, OSError):
        raise InputError(
            "a file for the results that is no Parquet file.", "no file there, or one of ours.",
            "Give another --out, or move that file away.",
        ) from None  # fmt: skip
    return rows


def _write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist(rows).replace_schema_metadata({"notice": NOTICE})
    beside = path.with_suffix(".new")
    pyarrow.parquet.write_table(table, beside)
    beside.replace(path)
