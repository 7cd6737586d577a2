"""What was tried to do better on data from elsewhere, and what it did there."""

from __future__ import annotations

from medmodels.bundles import Bundle
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Heading, Paragraph, Table


def idea_blocks(bundle: Bundle) -> list[Block]:
    """One row an idea: what it changed, the verdict on internal data, the external numbers."""
    tried = bundle.training.get("external_ideas")
    if not tried or not tried["ideas"]:
        return []
    measures = list(tried["ideas"][0]["measures"])
    rows = []
    for idea in tried["ideas"]:
        cells = [words.interval(idea["measures"][name]["idea"]) for name in measures]
        name = idea["name"].replace("-", " ").capitalize()
        rows.append((name, idea["changes"], "Yes" if idea["passed"] else "No", *cells))
    first = tried["ideas"][0]
    shipped = [words.interval(first["measures"][name]["shipped"]) for name in measures]
    rows.insert(0, ("As shipped", "–", "–", *shipped))
    size = f"n = {first['n']:,}, {first['groups']:,} {words.groups_word(bundle)}"
    blocks: list[Block] = [
        Heading("What was tried for data from elsewhere"),
        Paragraph(
            f"The rule, written down before any result: {tried['rule']} {tried['how_measured']} "
            "Data from elsewhere took part in no choice: they were looked at after the verdict."
        ),
        Table(
            f"Each idea alone, on data from elsewhere ({size}). {words.interval_words(bundle)}",
            ("Idea", "What it changes", "Passed the rule", *measures),
            tuple(rows),
        ),
    ]
    note = tried.get("decision")
    return [*blocks, Paragraph(note)] if note else blocks
