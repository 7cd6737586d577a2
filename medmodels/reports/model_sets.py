"""Prediction sets: what was promised, what was kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from medmodels.bundles import Bundle
from medmodels.figures.report_trust import coverage_figure
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Figure, Paragraph, Table


def set_blocks(bundle: Bundle, sets: Mapping[str, Any]) -> list[Block]:
    """Coverage and size of every shown split at every level.

    Parameters
    ----------
    bundle : Bundle
    sets : mapping
        ``evaluation["trust"]["prediction_sets"]``.
    """
    splits = {s: sets["splits"][s] for s in words.SPLIT_TITLES if s in sets["splits"]}
    rows = [
        (
            f"{words.SPLIT_TITLES[split]}, promised {float(level):.0%}", f"{numbers['n']:,}",
            words.interval(numbers["coverage"]), words.interval(numbers["mean_size"], 2),
            ", ".join(f"{size}: {count:,}" for size, count in enumerate(numbers["sizes"])),
        )
        for split, by_level in splits.items()
        for level, numbers in by_level.items()
    ]  # fmt: skip
    said = "; ".join(f"{row[0].lower()}, kept {row[2]}" for row in rows)
    method = sets["score"].upper() + (", class by class" if sets["conditional"] else "")
    blocks: list[Block] = [
        Paragraph(
            "A prediction set names every class that cannot be ruled out. Its promise holds for "
            "inputs drawn as the calibration data were (exchangeable); on data from elsewhere "
            "nothing is promised, and the figure shows what was kept."
        ),
        Figure(
            "coverage", "Promised and kept coverage",
            f"Conformal prediction sets ({method}). {words.interval_words(bundle)}",
            f"Coverage of prediction sets: {said}.",
            partial(coverage_figure, splits, words.titles(bundle)),
        ),
        Table(
            "Prediction sets: kept coverage and size. " + words.interval_words(bundle),
            ("Data and promise", "n", "Kept", "Mean size", "Number of sets by size"),
            tuple(rows),
        ),
    ]  # fmt: skip
    blocks += [Paragraph(text) for text in (_exchangeable(bundle, sets), sets.get("why")) if text]
    unclaimed = [words.titles(bundle).get(name, name) for name in sets.get("unclaimed", ())]
    if unclaimed:
        blocks.append(Paragraph(f"Nothing is promised for: {', '.join(unclaimed)}.", strong=True))
    return blocks


def _exchangeable(bundle: Bundle, sets: Mapping[str, Any]) -> str:
    """What the promise speaks of, and what remains of it between patients or records."""
    parts = []
    for name, halves in (
        ("exchangeable", f"validation {bundle.card.items} drawn at random"),
        ("held_out", f"whole validation {words.groups_word(bundle)}, which err together"),
    ):
        found = sets.get(name) or {}
        said = "; ".join(
            f"promised {float(level):.0%}, kept {words.percent(numbers['coverage'])} on average "
            f"over {numbers['halves']} draws"
            for level, numbers in found.items()
        )
        if said:
            parts.append(f"Where one half of {halves}, calibrates the sets for the other: {said}.")
    return " ".join(parts).replace("random, calibrates", "random calibrates")
