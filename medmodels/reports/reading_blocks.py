"""What a report of one reading is made of, before it becomes a page or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medmodels.reading.lights import Light
from medmodels.reports.model_blocks import Bullets, Heading, Paragraph, Table
from medmodels.reports.reading_shapes import Drawing


@dataclass(frozen=True)
class Answer:
    """The answer, or that there is none.

    Parameters
    ----------
    sentence : str
    severity : int
        0 to 2; sets the colour of the bar beside it.
    doubts : tuple of str
        The reasons against it, the weightiest first.
    heading : str
        Above the doubts: what they are; empty where there are none.
    """

    sentence: str
    severity: int
    doubts: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True)
class Checks:
    """The strip of checks: a mark and a word for each."""

    lights: tuple[Light, ...]


@dataclass(frozen=True)
class Columns:
    """Drawings side by side where there is room."""

    drawings: tuple[Drawing, ...]


ReadingBlock = Answer | Checks | Columns | Drawing | Paragraph | Bullets | Table | Heading


@dataclass(frozen=True)
class ReadingSection:
    """One part of the report.

    Parameters
    ----------
    key : str
        For addresses.
    title : str
        Empty for the first, which needs none.
    blocks : sequence of ReadingBlock
    """

    key: str
    title: str
    blocks: Sequence[ReadingBlock]


@dataclass(frozen=True)
class ReadingReport:
    """All of a report.

    Parameters
    ----------
    title : str
    question : str
        That the network was asked.
    made : str
        When the report was made: the only thing in it that another making of it changes.
    input_digest : str
    sections : tuple of ReadingSection
    """

    title: str
    question: str
    made: str
    input_digest: str
    sections: tuple[ReadingSection, ...]
