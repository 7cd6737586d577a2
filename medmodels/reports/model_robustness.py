"""How well inputs are still read when they were disturbed on purpose, at stated strengths."""

from __future__ import annotations

from medmodels.bundles import Bundle
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Heading, Table


def robustness_blocks(bundle: Bundle) -> list[Block]:
    """One disturbance a row; nothing for a bundle that was not judged so."""
    rows = bundle.training.get("robustness", ())
    if not rows:
        return []
    units = dict.fromkeys(f"{row['kind']}: {row['unit']}" for row in rows if row["unit"])
    return [
        Heading("When the picture was disturbed"),
        Table(
            f"The same {rows[0]['n']:,} test {bundle.card.items}, changed on purpose. 95% Wilson "
            "intervals.",
            ("Disturbance", "Strength", "Accuracy", "Macro F1"),
            tuple(
                (
                    row["name"].capitalize(), f"{row['strength']:g}" if row["unit"] else "–",
                    words.interval(row["accuracy"]), words.number(row["macro_f1"], 3),
                )
                for row in rows
            ),
            f"Strengths: {'; '.join(units)}." if units else "",
        ),
    ]  # fmt: skip
