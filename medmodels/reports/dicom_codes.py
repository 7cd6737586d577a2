"""Codes that no public scheme has, under a private designator (PS3.16 section 8.2)."""

from __future__ import annotations

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import CodedConcept

from medmodels import __version__
from medmodels.reading import Reading

_SCHEME = "99DIAPHANE"
# A code meaning is of VR LO.
_LONGEST = 64


def own_code(value: str, meaning: str) -> CodedConcept:
    """A code of this app; what it means is cut to 64 characters."""
    return CodedConcept(value, _SCHEME, meaning[:_LONGEST])


def class_code(reading: Reading, index: int) -> CodedConcept:
    """A class of a task: the task tells one "normal" from another."""
    entry = reading.card.classes[index]
    return own_code(f"{reading.task}/{entry.name}", entry.title)


def scheme() -> CodingSchemeIdentificationItem:
    """What the designator stands for (PS3.3 C.12.1.1.7)."""
    return CodingSchemeIdentificationItem(
        _SCHEME, name="Diaphane", version=__version__, responsible_organization="Diaphane"
    )
