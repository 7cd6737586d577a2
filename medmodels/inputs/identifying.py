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
# Made to take time, a sequence of a few megabytes would take minutes.
_LONGEST, _MOST_ITEMS = 2**17, 20_000


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
    look = _Look()
    look.at(dataset, 0)
    names = tuple(sorted(look.seen, key=lambda name: look.seen[name]))
    return Found(names, look.private, len(look.others), complete and look.whole)


class _Look:
    """Goes through a data set and what is nested in it, as far as there is time for."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        self.others: set[int] = set()
        self.private = 0
        self.whole = True
        self._items = 0

    def at(self, dataset: Dataset, depth: int) -> None:
        """Note the attributes of one data set or item."""
        for tag in dataset.keys():  # noqa: SIM118 - tags, without their values
            if _is_empty(dataset, tag):
                continue
            if tag.is_private:
                self.private += 1
                continue
            row = identifying(tag)
            if row is not None:
                self.seen.setdefault(row.name, int(tag))
            else:
                self.others.add(int(tag))
            if _is_sequence(dataset, tag):
                self._into(dataset, tag, depth + 1)

    def _into(self, dataset: Dataset, tag: BaseTag, depth: int) -> None:
        raw = dataset.get_item(tag).value
        if depth > _DEEPEST or (isinstance(raw, bytes) and len(raw) > _LONGEST):
            self.whole = False
            return
        try:
            items = dataset[tag].value or ()
        except Exception:
            # A damaged sequence is dropped like any other; only its content stays unnamed.
            self.whole = False
            return
        for item in items:
            self._items += 1
            if self._items > _MOST_ITEMS:
                self.whole = False
                return
            self.at(item, depth)


def _is_empty(dataset: Dataset, tag: BaseTag) -> bool:
    """Whether an attribute is there without a value, as many must be; it says nothing then."""
    value = dataset.get_item(tag).value
    return value is None or (hasattr(value, "__len__") and len(value) == 0)


def _is_sequence(dataset: Dataset, tag: BaseTag) -> bool:
    stated = dataset.get_item(tag).VR
    if stated not in (None, "UN"):
        return bool(stated == "SQ")
    return dictionary_has_tag(tag) and dictionary_VR(tag) == "SQ"


def plain_name(tag: int) -> str:
    """Name an attribute that is kept, as the standard does."""
    return dictionary_description(tag)
