"""From a reading to the blocks of its report; the same for every kind of file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from medmodels.reading import Reading
from medmodels.reading.lights import Light, lights_of
from medmodels.reading.sentences import answer_sentence
from medmodels.reports.model_blocks import Paragraph, Table
from medmodels.reports.reading_audit import audit_blocks
from medmodels.reports.reading_bases import table_blocks, window_blocks
from medmodels.reports.reading_beats import beat_blocks, counts_blocks
from medmodels.reports.reading_blocks import (
    Answer,
    Checks,
    ReadingBlock,
    ReadingReport,
    ReadingSection,
)
from medmodels.reports.reading_confidence import confidence_drawing
from medmodels.reports.reading_origin import card_blocks, identity_blocks
from medmodels.reports.reading_scan import scan_blocks
from medmodels.reports.reading_strip import strip_drawings
from medmodels.trust.decision import WARN

INSISTED = "Shown because it was asked for. Diaphane would give no answer here:"
WITHHELD = "Also:"
WARNED = "With a warning:"
_GRAVEST = 2


def reading_report(reading: Reading, *, made: datetime, insist: bool = False) -> ReadingReport:
    """All that a report of a reading says.

    Parameters
    ----------
    reading : Reading
    made : datetime
        When the report is made, with a time zone.
    insist : bool
        Tell what was computed although it is withheld, with the reasons against it.

    Returns
    -------
    ReadingReport
    """
    withheld = reading.decision.abstains and not insist
    first: list[ReadingBlock] = [answer_of(reading, insist=insist)]
    if not withheld and reading.scan is not None:
        first.append(confidence_drawing(reading, 0))
    if not withheld and reading.beats is not None:
        first += counts_blocks(reading)
    if not withheld and reading.bases is not None:
        first += table_blocks(reading)
    checked: list[ReadingBlock] = []
    if lights := lights_of(reading, withheld=withheld, listed=False):
        first.append(Checks(lights))
        # What was found comes after the picture, which belongs on the page of the answer.
        checked.append(_found(lights))
    if not withheld:
        checked += audit_blocks(reading)
    sections = [ReadingSection("answer", "", first), *_evidence(reading, withheld)]
    if checked:
        sections.append(ReadingSection("tests", "How it was checked", checked))
    sections += [
        ReadingSection("network", "Before you believe it", card_blocks(reading)),
        ReadingSection("origin", "How this reading was made", identity_blocks(reading)),
    ]
    return ReadingReport(
        title=f"Reading: {reading.card.title}",
        question=reading.card.question,
        made=say_made(made),
        input_digest=reading.input_digest,
        sections=tuple(sections),
    )


def answer_of(reading: Reading, *, insist: bool) -> Answer:
    """The sentence on top, and what speaks against it."""
    reasons = tuple(reason.sentence for reason in reading.decision.reasons)
    if reading.decision.abstains and not insist:
        first, *others = reasons
        return Answer(f"No answer. {first}", _GRAVEST, tuple(others), WITHHELD if others else "")
    classes = reading.card.classes
    gravest = max((classes[k].severity for k in np.unique(reading.labels)), default=0)
    heading = WARNED if reading.decision.kind == WARN else ""
    if reading.decision.abstains:
        heading = INSISTED
    return Answer(answer_sentence(reading), gravest, reasons, heading)


def _found(lights: Sequence[Light]) -> Table:
    rows = tuple((light.question, " ".join(light.details)) for light in lights)
    return Table("What was checked, and what was found", ("Check", "Found"), rows)


def say_made(made: datetime) -> str:
    """A time to the second, in UTC, whatever zone it was given in.

    Raises
    ------
    ValueError
        When it has no time zone.
    """
    if made.tzinfo is None:
        raise ValueError("the time has no zone")
    return f"{made.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _evidence(reading: Reading, withheld: bool) -> list[ReadingSection]:
    """The input, and what the answer rests on."""
    if reading.scan is not None:
        title = f"The {reading.card.item}" if withheld else "What the answer rests on"
        return [ReadingSection("evidence", title, scan_blocks(reading, withheld=withheld))]
    if reading.beats is not None:
        strip = strip_drawings(reading, withheld=withheld)
        paper = [ReadingSection("paper", "On paper", strip)] if strip else []
        if withheld:
            return paper
        return [*paper, ReadingSection("evidence", "One beat, closer", beat_blocks(reading))]
    if withheld:
        assert reading.bases is not None
        bases = reading.bases.sequences.bases
        words = Paragraph(f"{reading.source}, {bases:,} bases.")
        return [ReadingSection("evidence", "The sequences", [words])]
    return [ReadingSection("evidence", "One answer, closer", window_blocks(reading))]
