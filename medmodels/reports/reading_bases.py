"""Sequences of bases in a report: the called sites, and the window of one answer by its letters."""

from __future__ import annotations

import numpy as np

from medmodels.figures.bases_mutations import position_of
from medmodels.figures.letter_glyphs import LETTERS, glyph
from medmodels.reading import Reading
from medmodels.reading.level_words import level_sentence
from medmodels.reading.reading import BasesEvidence
from medmodels.reading.sentences import percent
from medmodels.reading.sites import Site, called_sites
from medmodels.reports.model_blocks import Paragraph, Table
from medmodels.reports.reading_blocks import ReadingBlock
from medmodels.reports.reading_confidence import confidence_drawing
from medmodels.reports.reading_map import ShownMap, shown_map, verdict_paragraphs
from medmodels.reports.reading_shapes import Drawing, Path, Shape, Text, polyline

WIDTH = 180.0
MOST_ROWS = 24
_LONGEST = 60  # letters of a name
_LOGO, _FOOT = 30.0, 13.0
_STRANDS = {"+": "forward", "-": "reverse"}


def table_blocks(reading: Reading) -> list[ReadingBlock]:
    """The called sites along sequences, or the answer of each window; nothing for a single one."""
    assert reading.bases is not None
    if len(reading.labels) == 1:
        return []
    if not reading.bases.scanned:
        return [_answers(reading, reading.bases)]
    sites = called_sites(reading)
    if not sites:
        return [Paragraph(words)] if (words := level_sentence(reading)) else []
    rows = tuple(
        (_short(site.sequence), _STRANDS[site.strand], f"{site.before:,}",
         f"{site.entry.letter} · {site.entry.title}", percent(site.probability),
         _interval(reading, site.row, reading.card.classes.index(site.entry)))
        for site in sites[:MOST_ROWS]
    )  # fmt: skip
    head = ("Sequence", "Strand", "After base", "Site", "Probability", "95% interval")
    note = f"{_more(len(sites))} {level_sentence(reading)}".strip()
    return [Table("Called sites, in their order along each sequence", head, rows, note)]


def window_blocks(reading: Reading) -> list[ReadingBlock]:
    """One answer: how sure it is, and what it rests on, letter by letter."""
    assert reading.bases is not None
    row = chosen_window(reading)
    shown, about = shown_map(reading, row), say_window(reading, row)
    blocks: list[ReadingBlock] = [
        confidence_drawing(reading, row, about),
        window_drawing(reading.bases.window(row), shown, about),
        *verdict_paragraphs(shown),
    ]
    if shown is not None and shown.map.baseline:
        blocks.append(Paragraph(f"Compared with {shown.map.baseline}."))
    return blocks


def chosen_window(reading: Reading) -> int:
    """The answer that a report looks at: explained last, else the surest called, else the first."""
    decided = [one for one in reading.explained if one.audit.class_index == reading.labels[one.row]]
    if decided:
        return decided[-1].row
    sites: tuple[Site, ...] = called_sites(reading)
    return max(sites, key=lambda site: site.probability).row if sites else 0


def say_window(reading: Reading, row: int) -> str:
    """Name a window; empty where it is the only one."""
    bases = reading.bases
    assert bases is not None
    if len(reading.labels) == 1:
        return ""
    number, start = bases.place(row)
    name = f"“{_short(bases.sequences.names[number])}”"
    if not bases.scanned:
        return name
    if bases.strands[number] == "-":
        start = len(bases.sequences.sequences[number]) - start - bases.length
        name += ", reverse strand"
    return f"bases {start + 1:,} to {start + bases.length:,} of {name}"


def window_drawing(letters: str, shown: ShownMap | None, about: str = "") -> Drawing:
    """Draw the letters of a window, and above them how much each matters.

    Parameters
    ----------
    letters : str
    shown : ShownMap or None
        The letters alone where nothing is explained.
    about : str
        Which window it is; empty for the only one.
    """
    step = WIDTH / len(letters)
    top = _LOGO if shown else 2.0
    middle = WIDTH / 2
    shapes: list[Shape] = [
        Path([polyline([middle, middle], [0, top + 6])], stroke="muted", line=0.25, dash=(0.8, 0.8))
    ]
    if shown is not None:
        shapes += _logo(letters, shown, step)
    size = min(9.0, step * 3.0)
    for k, letter in enumerate(letters):
        shapes.append(Text((k + 0.5) * step, top + 4, letter, size, "ink", "middle"))
        place = position_of(k, len(letters))
        if abs(place) == 1 or place % 10 == 0:
            shapes.append(
                Text(
                    (k + 0.5) * step,
                    top + 8,
                    f"{place:+d}".replace("-", "−"),
                    6.5,
                    "muted",
                    "middle",
                )
            )
    words = "base, counted from the junction in the middle"
    shapes.append(Text(middle, top + 11.5, words, 7, "muted", "middle"))
    of = f", {about}" if about else ""
    if shown is None:
        title, caption = f"The window{of}", "Its letters, the junction dotted."
    else:
        title = f"What the answer rests on{of}: {shown.verdict}"
        caption = (
            f"{shown.map.method}: letters that stand up speak for the class, letters that hang "
            f"down against it; full height is {_highest(shown):.2g} {shown.map.unit}."
        )
    return Drawing(
        key="window", title=title, caption=caption,
        alt=f"{len(letters)} bases: {letters}.{_strongest(letters, shown)}",
        width=WIDTH, height=top + _FOOT, shapes=tuple(shapes),
    )  # fmt: skip


def _logo(letters: str, shown: ShownMap, step: float) -> list[Shape]:
    zero, full = _LOGO * 0.68, _highest(shown)
    runs: dict[str, list[np.ndarray]] = {"towards": [], "against": []}
    for k, (letter, value) in enumerate(zip(letters, shown.map.values.tolist(), strict=True)):
        up = value / full * (zero - 1)
        if letter not in LETTERS or abs(up) < 0.05:
            continue
        low, high = max(min(up, 0.0), zero - _LOGO), max(up, 0.0)
        outline = glyph(letter, (k + 0.5) * step, low, high, 0.9 * step)
        runs["towards" if value > 0 else "against"].append(outline * [1, -1] + [0, zero])
    base = Path([polyline([0, WIDTH], [zero, zero])], stroke="muted", line=0.2)
    return [base, *(Path(parts, fill=colour) for colour, parts in runs.items() if parts)]


def _highest(shown: ShownMap) -> float:
    """What the drawing reaches: the usual reach of the method, or further if this map does."""
    return max(shown.scale.highest, float(np.abs(shown.map.values).max())) or 1.0


def _strongest(letters: str, shown: ShownMap | None) -> str:
    if shown is None:
        return ""
    values = np.asarray(shown.map.values, np.float64)
    named = [
        f"{letters[k]} at {position_of(int(k), len(letters)):+d} ({values[k]:+.2g})"
        for k in np.argsort(-np.abs(values))[:3]
    ]
    return f" What matters most, in {shown.map.unit}: {', '.join(named)}."


def _answers(reading: Reading, bases: BasesEvidence) -> Table:
    rows = tuple(
        (_short(bases.sequences.names[row]), _STRANDS[bases.strands[row]],
         reading.card.classes[label].title, percent(float(reading.probabilities[row, label])),
         _interval(reading, row, int(label)))
        for row, label in enumerate(reading.labels[:MOST_ROWS])
    )  # fmt: skip
    head = ("Sequence", "Strand", "Answer", "Probability", "95% interval")
    return Table("The answer for each sequence", head, rows, _more(len(reading.labels)))


def _interval(reading: Reading, row: int, label: int) -> str:
    trust = reading.trust
    if trust is None or np.isnan(trust.low[row]).any():
        return "–"
    low, high = float(trust.low[row, label]), float(trust.high[row, label])
    return f"{percent(low)} to {percent(high)}"


def _short(name: str) -> str:
    """A name as long as a table has room for."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _more(total: int) -> str:
    left = total - MOST_ROWS
    return f"And {left:,} more: the JSON file holds all." if left > 0 else ""
