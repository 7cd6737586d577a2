"""Reviews that outlast a session, in one SQLite file; made only when a reader asks for it.

Nothing of an input is in it but its SHA-256 digest: no picture, no name.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from medmodels.inputs.errors import InputError
from medmodels.worklist.line import Line
from medmodels.worklist.review import Review

#: Of the tables; what an older version wrote is brought up to it, a newer one is refused.
VERSION: Final = 1
FILE_VARIABLE: Final = "DIAPHANE_REVIEWS"
# Another tab may be writing: wait for it.
_PATIENCE_S = 10.0
#: Of a kept review.
COLUMNS: Final = (
    "case_sha256", "bundle_sha256", "task", "state", "answer", "probability", "verdict",
    "reader_answer", "comment", "reviewed_at",
)  # fmt: skip
# One step for each version, the first makes version 1 out of an empty file.
_STEPS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE reviews (
        case_sha256 TEXT NOT NULL,
        bundle_sha256 TEXT NOT NULL,
        task TEXT NOT NULL,
        state TEXT NOT NULL,
        answer TEXT NOT NULL,
        probability REAL,
        verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'disagree')),
        reader_answer TEXT NOT NULL,
        comment TEXT NOT NULL,
        reviewed_at TEXT NOT NULL,
        PRIMARY KEY (case_sha256, bundle_sha256)
    ) WITHOUT ROWID
    """,
)


@dataclass(frozen=True)
class Kept:
    """A review that was kept.

    Parameters
    ----------
    review : Review
    at : str
        When, ISO 8601 in UTC.
    """

    review: Review
    at: str


class ReviewStore:
    """A file of reviews.

    Each call opens the file anew, so that threads, tabs and processes can share it.

    Parameters
    ----------
    path : Path
        Made with its folder when the first review is kept; only its owner may
        read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, task: str, line: Line, review: Review) -> None:
        """Keep a review, in the place of an earlier one of the same case by the same bundle.

        Raises
        ------
        InputError
            The file cannot be written.
        ValueError
            A line without a digest: the file could not be read at all.
        """
        if not line.input_digest:
            raise ValueError("a case without a digest cannot be found again")
        values = (
            line.input_digest, line.bundle_digest, task, line.state, line.answer, line.probability,
            review.verdict, review.answer, review.comment,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )  # fmt: skip
        marks = ", ".join("?" * len(COLUMNS))
        with self._open() as file:
            file.execute(f"INSERT OR REPLACE INTO reviews VALUES ({marks})", values)

    def take_back(self, line: Line) -> None:
        """Delete the review of a case, if there is one.

        Raises
        ------
        InputError
            The file cannot be written.
        """
        if self.path.exists():
            with self._open() as file:
                file.execute(
                    "DELETE FROM reviews WHERE case_sha256 = ? AND bundle_sha256 = ?",
                    (line.input_digest, line.bundle_digest),
                )

    def of(self, bundle_digest: str) -> dict[str, Kept]:
        """Reviews of what a bundle answered, by the digest of the case.

        Raises
        ------
        InputError
            As for `rows`.
        """
        return {
            row["case_sha256"]: Kept(
                Review(row["verdict"], row["reader_answer"], row["comment"]), row["reviewed_at"]
            )
            for row in self.rows()
            if row["bundle_sha256"] == bundle_digest
        }

    def rows(self) -> list[dict[str, Any]]:
        """All reviews as plain values, the earliest first.

        Raises
        ------
        InputError
            The file is damaged, something else, of a newer version, or held by another program.
        """
        if not self.path.exists():
            return []
        with self._open() as file:
            found = file.execute("SELECT * FROM reviews ORDER BY reviewed_at, case_sha256")
            return [dict(zip(COLUMNS, row, strict=True)) for row in found]

    def delete_all(self) -> None:
        """Delete the file, and what SQLite keeps beside it.

        Raises
        ------
        InputError
            The file cannot be deleted.
        """
        try:
            for one in (self.path, *self._beside()):
                one.unlink(missing_ok=True)
        except OSError as error:
            raise _as_input_error(error) from None

    def _beside(self) -> Iterable[Path]:
        return (self.path.with_name(self.path.name + end) for end in ("-journal", "-wal", "-shm"))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, which is kept whole or not at all."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Nobody else may read it, from its first byte on.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(
                sqlite3.connect(self.path, timeout=_PATIENCE_S, isolation_level=None)
            ) as file:
                file.execute("PRAGMA secure_delete = ON")
                with _whole(file):
                    _bring_up(file)
                    yield file
        except (OSError, sqlite3.Error) as error:
            raise _as_input_error(error) from None


@contextmanager
def _whole(file: sqlite3.Connection) -> Iterator[None]:
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


def _bring_up(file: sqlite3.Connection) -> None:
    (found,) = file.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        raise InputError(
            f"a file of reviews of version {found}.", f"version {VERSION} or older.",
            "Open it with the newer Diaphane that wrote it, or keep reviews in another file.",
        )  # fmt: skip
    for step in _STEPS[found:]:
        file.execute(step)
    if found < VERSION:
        file.execute(f"PRAGMA user_version = {VERSION}")


def _as_input_error(error: OSError | sqlite3.Error) -> InputError:
    words = str(error).lower()
    full = "full" in words or getattr(error, "errno", None) == 28
    causes: tuple[tuple[bool, str, str], ...] = (
        (
            full,
            "a full disk: the review was not kept.",
            "Make room; it is tried again with your next click.",
        ),
        (
            "not a database" in words or "malformed" in words,
            "a file of reviews that is damaged or something else.",
            "Move it away, or keep reviews in another file.",
        ),
        (
            "locked" in words or "busy" in words,
            "a file of reviews that another program holds.",
            "Close that program, then say it again.",
        ),
    )
    for fits, found, action in causes:
        if fits:
            return InputError(found, "a place to keep reviews.", action)
    return InputError(
        "a place for reviews that this program may not write to.", "a file of its own.",
        f"Check its permissions, or set {FILE_VARIABLE} to another file.",
    )  # fmt: skip


def usual_path(environment: Callable[[str], str | None] = os.environ.get) -> Path:
    """Where reviews are kept: ``DIAPHANE_REVIEWS`` if set, else in the user's data folder.

    Examples
    --------
    >>> usual_path({"XDG_DATA_HOME": "/data"}.get).as_posix()
    '/data/diaphane/reviews.sqlite'
    """
    if stated := environment(FILE_VARIABLE):
        return Path(stated)
    home = environment("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "diaphane/reviews.sqlite"
