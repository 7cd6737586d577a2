"""A signal in a report: what its beats were read as, the gravest of them on paper, one of them."""

from __future__ import annotations

import numpy as np

from medmodels.figures.theme import SEVERITY_WORDS
from medmodels.inputs.understanding import say_duration
from medmodels.reading import Reading
from medmodels.reading.rhythm import rhythm_of
from medmodels.reading.sentences import percent
from medmodels.reports.model_blocks import Paragraph, Table
from medmodels.reports.reading_beat import beat_drawing, chosen_beat, say_beat, shares_sentence
from medmodels.reports.reading_blocks import ReadingBlock
from medmodels.reports.reading_confidence import confidence_drawing
from medmodels.reports.reading_map import shown_map, verdict_paragraphs


def counts_blocks(reading: Reading) -> list[ReadingBlock]:
    """How many beats were read as each class, how surely, and the rhythm."""
    assert reading.beats is not None
    rows = []
    for k in sorted(range(len(reading.card.classes)), key=lambda k: -_severity(reading, k)):
        entry, mine = reading.card.classes[k], np.flatnonzero(reading.labels == k)
        share = _share(len(mine), len(reading.labels))
        surely = percent(float(np.median(reading.probabilities[mine, k]))) if len(mine) else "–"
        rows.append(
            (f"{entry.letter} · {entry.title}", f"{len(mine):,}", share, surely,
             _in_doubt(reading, mine), SEVERITY_WORDS[entry.severity])
        )  # fmt: skip
    head = ("Class", "Beats", "Share", "Probability, median", "In doubt", "Meaning")
    return [
        Table("Beats of each class", head, tuple(rows), _rhythm(reading)),
    ]


def beat_blocks(reading: Reading) -> list[ReadingBlock]:
    """One beat: how sure its answer is, and what it rests on."""
    assert reading.beats is not None
    beat = chosen_beat(reading)
    shown = shown_map(reading, beat)
    blocks: list[ReadingBlock] = [
        confidence_drawing(reading, beat, say_beat(reading.beats, beat)),
        beat_drawing(reading, beat, shown),
        *verdict_paragraphs(shown),
    ]
    if shown is not None and (shares := shares_sentence(reading, shown)):
        blocks.append(Paragraph(shares))
    return blocks


def _share(count: int, whole: int) -> str:
    """A share of beats: one among thousands is not none of them."""
    return {0: "0%", whole: "100%"}.get(count, percent(count / whole))


def _severity(reading: Reading, index: int) -> int:
    return reading.card.classes[index].severity


def _in_doubt(reading: Reading, rows: np.ndarray) -> str:
    if reading.trust is None:
        return "–"
    held = reading.trust.sets[max(reading.trust.sets)][rows]
    return f"{int((held.sum(axis=1) != 1).sum()):,}"


def _rhythm(reading: Reading) -> str:
    assert reading.beats is not None
    doubt = ""
    if reading.trust is not None:
        doubt = f"In doubt: at {max(reading.trust.sets):.0%} more than one class is left, or none."
    if not reading.beats.has_rhythm:
        return doubt
    rhythm = rhythm_of(reading.beats.times_s)
    if np.isnan(rhythm.rate):
        return doubt
    return (
        f"{doubt} Duration {say_duration(reading.beats.seconds)}; median heart rate "
        f"{rhythm.rate:.0f}/min, from {rhythm.slowest:.0f} to {rhythm.fastest:.0f}/min; "
        f"{rhythm.pauses:,} pauses of 2 s or more."
    ).strip()
