"""Which attributes of a DICOM file say something about a person (PS3.15, table E.1-1).

The table is that of the edition 2026c of the standard, its column "Basic Prof.": 655
attributes, each with what the profile does to it. It only *names* what was found: what
leaves the reader is decided by the much shorter list of what is kept (`keep`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydicom.datadict import dictionary_description, dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

_TABLE = Path(__file__).with_name("identifying_attributes.csv")
_DEEPEST = 32


@dataclass(frozen=True)
class Attribute:
    """One row of the table.

    Parameters
    ----------
    name : str
        The standard's ("Patient's Name").
    action : str
        D (a dummy in its place), Z (empty), X (removed), U (a new UID), or several
        of them, of which the kind of object decides.
    """

    name: str
    action: str


@dataclass(frozen=True)
class Found:
    """What a data set says about a person, by name and never by value.

    Parameters
    ----------
    names : tuple of str
        Of attributes in the table, in the order of their tags, nested ones among them.
    private : int
        How many private elements there are; what they hold nobody knows.
    others : int
        How many further attributes there are.
    complete : bool
        False where the data set could not be looked at to its end.
    """

    names: tuple[str, ...]
    private: int = 0
    others: int = 0
    complete: bool = True


@cache
def table() -> dict[str, Attribute]:
    """Rows by tag, eight hexadecimal digits; ``x`` stands for any digit.

    Returns
    -------
    dict of str to Attribute
    """
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return {r["tag"]: Attribute(r["attribute"], r["action"]) for r in csv.DictReader(rows)}


def identifying(tag: BaseTag) -> Attribute | None:
    """Look an attribute up.

    Parameters
    ----------
    tag : BaseTag

    Returns
    -------
    Attribute or None
        None where the table does not hold it; private elements are not in it.
    """
    digits = f"{tag:08x}"
    rows = table()
    return rows.get(digits) or rows.get(f"{digits[:2]}xx{digits[4:]}") or _curve(digits)


def _curve(digits: str) -> Attribute | None:
    return table()["50xxxxxx"] if digits.startswith("50") else None


def look_for_identifying(dataset: Dataset, *, complete: bool = True) -> Found:
    """Name what a data set says about a person.

    Parameters
    ----------
    dataset : Dataset
        The whole one, as read.
    complete : bool
        Whether it is.

    Returns
    -------
    Found
    """
    seen: dict[str, int] = {}
    others: set[int] = set()
    private, whole = _look(dataset, seen, others, 0)
    names = tuple(sorted(seen, key=lambda name: seen[name]))
    return Found(names, private, len(others), complete and whole)


def _look(dataset: Dataset, seen: dict[str, int], others: set[int], depth: int) -> tuple[int, bool]:
    """Count private elements; say whether all sequences could be opened."""
    private, whole = 0, depth <= _DEEPEST
    for tag in dataset.keys() if whole else ():
        if tag.is_private:
            private += 1
            continue
        row = identifying(tag)
        if row is not None:
            seen.setdefault(row.name, int(tag))
        else:
            others.add(int(tag))
        if not _is_sequence(dataset, tag):
            continue
        try:
            items = dataset[tag].value or ()
            for item in items:
                more, opened = _look(item, seen, others, depth + 1)
                private, whole = private + more, whole and opened
        except Exception:
            # A damaged sequence is dropped like any other; only its content stays unnamed.
            whole = False
    return private, whole


def _is_sequence(dataset: Dataset, tag: BaseTag) -> bool:
    stated = dataset.get_item(tag).VR
    if stated not in (None, "UN"):
        return bool(stated == "SQ")
    return dictionary_has_tag(tag) and dictionary_VR(tag) == "SQ"


def plain_name(tag: int) -> str:
    """Name an attribute that is kept, as the standard does."""
    return dictionary_description(tag)
