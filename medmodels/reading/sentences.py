"""The answer in one sentence."""

from __future__ import annotations

import numpy as np

from medmodels.bundles import ClassCard
from medmodels.reading.reading import Reading


def answer_sentence(reading: Reading) -> str:
    """Say the answer as one would at the bedside.

    Parameters
    ----------
    reading : Reading

    Returns
    -------
    str
        For a scan the class and its probability against the operating point;
        for a signal how many beats of each class that is not normal.
    """
    return _scan_sentence(reading) if reading.scan else _beats_sentence(reading)


def percent(share: float) -> str:
    """A probability for a person: never 0% or 100%, which nobody can know."""
    if share > 0.995:
        return "over 99%"
    if share < 0.005:
        return "under 1%"
    return f"{share * 100:.0f}%"


def _scan_sentence(reading: Reading) -> str:
    answer = int(reading.labels[0])
    point = reading.operating_point
    title = reading.card.classes[answer].title
    if point.positive is None or point.threshold is None:
        return f"{title}: the network gives it {percent(reading.probabilities[0, answer])}."
    positive = reading.card.classes[point.positive].title.lower()
    side = "above" if answer == point.positive else "below"
    return (
        f"{title}: the network gives {positive} {percent(reading.probabilities[0, point.positive])}"
        f", {side} its threshold of {percent(point.threshold)}."
    )


def _beats_sentence(reading: Reading) -> str:
    counts = np.bincount(reading.labels, minlength=len(reading.card.classes))
    total = f"{len(reading.labels):,} beat" + ("s" if len(reading.labels) != 1 else "")
    noted = [
        _counted(int(n), entry)
        for n, entry in zip(counts, reading.card.classes, strict=True)
        if n and entry.severity > 0
    ]
    if not noted:
        return f"All {total} are read as normal."
    listed = noted[0] if len(noted) == 1 else ", ".join(noted[:-1]) + " and " + noted[-1]
    rest = int(counts[[entry.severity == 0 for entry in reading.card.classes]].sum())
    tail = "; the rest are read as normal" if rest else ""
    return f"Of {total}, {listed}{tail}."


def _counted(n: int, entry: ClassCard) -> str:
    verb = "is" if n == 1 else "are"
    return f"{n:,} {verb} {entry.title.lower()} ({entry.letter})"
