"""The sites that a network calls along sequences, each at its place and once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from medmodels.bundles import ClassCard
from medmodels.reading.call_levels import CallLevel
from medmodels.reading.reading import Reading

# Windows a few bases apart see the same motif; of those called alike the surest is the site.
_APART = 3


@dataclass(frozen=True)
class Site:
    """One called site.

    Parameters
    ----------
    sequence : str
        Name of the sequence.
    strand : str
        "+" or "-".
    before : int
        The junction lies between this base and the next, counted from 1 along
        the sequence as it was given, whatever the strand.
    entry : ClassCard
        Of which class.
    probability : float
    row : int
        Of the reading.
    """

    sequence: str
    strand: str
    before: int
    entry: ClassCard
    probability: float
    row: int


def called_sites(reading: Reading) -> tuple[Site, ...]:
    """All sites of a reading of sequences, in their order along each sequence.

    Parameters
    ----------
    reading : Reading
        With ``bases``.

    Returns
    -------
    tuple of Site
        Of the classes that the card does not call quiet (severity above 0).
        Along a sequence longer than a window a class is called above its
        threshold at the reading's level; else, and without a level, where it
        is the answer.
    """
    assert reading.bases is not None
    bases, found = reading.bases, []
    wanted = [k for k, entry in enumerate(reading.card.classes) if entry.severity > 0]
    for number in range(len(bases.strands)):
        rows = slice(int(bases.first_rows[number]), int(bases.first_rows[number + 1]))
        for label in wanted:
            called = np.flatnonzero(_called(reading, label, rows))
            for row in _surest(called, reading, label, rows.start):
                found.append(_site(reading, label, row))
    return tuple(sorted(found, key=lambda site: (bases.place(site.row)[0], site.before)))


def at_level(reading: Reading, level: CallLevel) -> Reading:
    """Return the reading with its sites called at another level."""
    assert reading.bases is not None
    return replace(reading, bases=replace(reading.bases, level=level))


def _called(reading: Reading, label: int, rows: slice) -> npt.NDArray[np.bool_]:
    """In which of a sequence's windows a class is called."""
    assert reading.bases is not None
    level = reading.bases.level
    if level is None or rows.stop - rows.start == 1:
        return np.asarray(reading.labels[rows] == label)
    threshold = level.classes[reading.card.class_names[label]].threshold
    return np.asarray(reading.probabilities[rows, label] > threshold)


def _surest(places: np.ndarray, reading: Reading, label: int, first: int) -> list[int]:
    """Of windows called alike and close together, the row of the most probable."""
    if not len(places):
        return []
    groups = np.split(places, np.flatnonzero(np.diff(places) > _APART) + 1)
    return [
        first + int(group[reading.probabilities[first + group, label].argmax()]) for group in groups
    ]


def _site(reading: Reading, label: int, row: int) -> Site:
    assert reading.bases is not None
    bases = reading.bases
    number, start = bases.place(row)
    before = start + bases.length // 2
    if bases.strands[number] == "-":
        before = len(bases.sequences.sequences[number]) - before
    return Site(
        bases.sequences.names[number], bases.strands[number], before,
        reading.card.classes[label], float(reading.probabilities[row, label]), row,
    )  # fmt: skip
