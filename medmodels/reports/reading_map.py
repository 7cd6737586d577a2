"""Which map a report shows for an answer, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_scale import SaliencyScale, saliency_scale
from medmodels.reading import Reading
from medmodels.reading.reading import Explained
from medmodels.reports.model_blocks import Paragraph

if TYPE_CHECKING:
    # It imports TensorFlow.
    from medmodels.explain.audit import Audit

UNTESTED = (
    "This map was not tested on this input: take it as a hint, not as evidence. A map is evidence "
    "only once it has been shown to explain the answer better than chance."
)
_NOT_YET = "Nothing was explained: open the map in the app, or ask for it, before making a report."


@dataclass(frozen=True)
class ShownMap:
    """A map with its audit, where it has one, and its scale.

    Parameters
    ----------
    map : SaliencyMap
    audit : Audit or None
    scale : SaliencyScale
    first : int
        For a signal the beat in the map's first row; else 0.
    """

    map: SaliencyMap
    audit: Audit | None
    scale: SaliencyScale
    first: int = 0

    @property
    def verdict(self) -> str:
        """In two words, for a title."""
        if self.audit is None:
            return "not tested"
        return "tested, evidence" if self.audit.passed else "not reliable here"


def shown_map(reading: Reading, row: int) -> ShownMap | None:
    """The map of an answer: one that is evidence, else the last tested, else an untested one.

    Parameters
    ----------
    reading : Reading
    row : int
        Its answer.
    """
    label = int(reading.labels[row])
    tested = explained_of(reading, row)
    if tested:
        passed = [one for one in tested if one.audit.passed]
        best = (passed or tested)[-1]
        return ShownMap(best.map, best.audit, scale_of(reading, best.map), best.first)
    if reading.scan is not None and reading.scan.maps:
        found = next(iter(reading.scan.maps.values()))[label]
        return ShownMap(found, None, scale_of(reading, found))
    return None


def explained_of(reading: Reading, row: int) -> list[Explained]:
    """What has been explained of the class decided for an answer."""
    label = int(reading.labels[row])
    return [one for one in reading.explained if (one.row, one.audit.class_index) == (row, label)]


def scale_of(reading: Reading, found: SaliencyMap) -> SaliencyScale:
    """The bundle's scale for a map's method; the map's own where it has none, and says so."""
    return saliency_scale({"saliency_scale": reading.map_scales}, found, None)


def verdict_paragraphs(shown: ShownMap | None) -> list[Paragraph]:
    """Whether a map is evidence, and what it must not be mistaken for."""
    if shown is None:
        return [Paragraph(_NOT_YET)]
    if shown.audit is None:
        return [Paragraph(UNTESTED, strong=True)]
    lead = "Evidence. " if shown.audit.passed else ""
    told = [Paragraph(f"{lead}{shown.audit.sentence}", strong=True)]
    if shown.audit.shortcut is not None and shown.audit.shortcut.warning:
        told.append(Paragraph(shown.audit.shortcut.warning, strong=True))
    return told
