"""What a report concludes, in sentences."""

from __future__ import annotations

from medmodels.reading import Reading
from medmodels.reading.sentences import answer_sentence

ON_REQUEST = "Shown on request, against this advice:"


def answered(reading: Reading, *, insist: bool) -> bool:
    """Whether a report may name a label: not where the answer is withheld, unless asked to."""
    return insist or not reading.decision.abstains


def conclusion(reading: Reading, *, insist: bool) -> tuple[str, ...]:
    """The answer and what speaks against it, the weightiest sentence first.

    Parameters
    ----------
    reading : Reading
    insist : bool
        Name the answer of a reading that would be withheld, after the reasons.

    Returns
    -------
    tuple of str
    """
    reasons = tuple(reason.sentence for reason in reading.decision.reasons)
    if not reading.decision.abstains:
        return (answer_sentence(reading), *reasons)
    told = ("No answer.", *reasons)
    return (*told, f"{ON_REQUEST} {_lower(answer_sentence(reading))}") if insist else told


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
