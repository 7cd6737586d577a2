"""The model card as blocks: use, data, ethics, version, digest."""

from __future__ import annotations

from medmodels.bundles import Bundle
from medmodels.reports.model_blocks import Block, Bullets, Heading, Paragraph, Table

_ROLES = {
    "train": "Training",
    "test": "Test",
    "external": "External test",
    "validation": "Validation",
}


def card_blocks(bundle: Bundle) -> list[Block]:
    """Everything of the card that a reader needs, in the card's own words."""
    card, point = bundle.card, bundle.operating_point
    versions = bundle.training.get("versions", {})
    made_with = ", ".join(f"{name} {version}" for name, version in versions.items())
    blocks: list[Block] = [
        Heading("Intended use"), Paragraph(card.intended_use),
        Heading("Not for"), Paragraph(card.not_for, strong=True),
        Heading("Limits"), Bullets(card.limits),
    ]  # fmt: skip
    if card.ethics:
        blocks += [Heading("Ethical notes"), Bullets(card.ethics)]
    blocks += [
        Table(
            "Data, their licences and the people they came from",
            ("Data", "Used for", "Population", "Licence", "Attribution", "Source"),
            tuple(
                (entry["name"], _ROLES.get(entry["role"], entry["role"].capitalize()),
                 entry["population"], entry["licence"], entry["citation"], entry["source"])
                for entry in card.data
            ),
        ),
        Table(
            "Answers it can give",
            ("Answer", "Letter", "Meaning"),
            tuple((entry.title, entry.letter, entry.meaning) for entry in card.classes),
        ),
        Heading("Network"), Paragraph(str(card.network.get("description", ""))),
        Table(
            "Identity",
            ("", "Value"),
            (
                ("Version", card.version or "not stated"),
                ("Digest (SHA-256 of all its files)", bundle.digest),
                ("How an answer is chosen", f"{point.rule}; chosen on {point.chosen_on}"),
                ("Remade by", str(bundle.training.get("command", "not stated"))),
                ("Measured by", str(bundle.evaluation.get("command", "not stated"))),
                ("Made with", made_with or "not stated"),
            ),
        ),
    ]  # fmt: skip
    return blocks
