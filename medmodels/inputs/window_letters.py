"""Letters of named windows of bases from a table, and how they differ from other letters."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path


def letters_of(table: Path, names: Sequence[str]) -> list[str] | None:
    """Letters of windows by their names.

    Parameters
    ----------
    table : Path
        A CSV with the columns ``name`` and ``sequence``.
    names : sequence of str

    Returns
    -------
    list of str, or None
        Upper case; None where the table or one of the names is missing.
    """
    if not table.is_file():
        return None
    wanted, found = set(map(str, names)), {}
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            if row.get("name") in wanted:
                found[row["name"]] = str(row.get("sequence", "")).strip().upper()
    return [found[str(name)] for name in names] if wanted <= set(found) else None


def marked(letters: str, own: str) -> str:
    """Letters of which those that differ from one's own are lower case.

    Parameters
    ----------
    letters, own : str
        As long; upper case.

    Examples
    --------
    >>> marked("CAGGT", "CTGGA")
    'CaGGt'
    """
    pairs = zip(letters, own, strict=True)
    return "".join(theirs if theirs == mine else theirs.lower() for theirs, mine in pairs)


def around_junction(letters: str, reach: int) -> str:
    """The letters on either side of a window's middle.

    Examples
    --------
    >>> around_junction("ACGTAC", 2)
    'CGTA'
    """
    middle = len(letters) // 2
    return letters[max(middle - reach, 0) : middle + reach]


def differences(letters: str, own: str) -> int:
    """In how many places two windows differ.

    Examples
    --------
    >>> differences("ACGT", "AGGA")
    2
    """
    return sum(a != b for a, b in zip(letters, own, strict=True))
