"""What a report ends with: what the network is for, and exactly what made the reading."""

from __future__ import annotations

from medmodels.reading import Reading
from medmodels.reports.model_blocks import Bullets, Heading, Paragraph, Table
from medmodels.reports.reading_blocks import ReadingBlock

_ROLES = {"train": "Trained on", "test": "Tested on", "external": "Tested elsewhere on"}


def card_blocks(reading: Reading) -> list[ReadingBlock]:
    """The card in short: intended use, limits, data with their licences."""
    card = reading.card
    data = tuple(
        f"{_ROLES.get(str(entry['role']), str(entry['role']).capitalize())}: {entry['name']}. "
        f"{entry['population']} ({entry['licence']})"
        for entry in card.data
        if str(entry["role"]) in _ROLES
    )
    return [
        Paragraph(f"Made for: {card.intended_use}"),
        Paragraph(f"Not for: {card.not_for}", strong=True),
        Heading("Where it fails"), Bullets(tuple(card.limits)),
        Heading("What it learned from"), Bullets(data),
    ]  # fmt: skip


def identity_blocks(reading: Reading) -> list[ReadingBlock]:
    """Digests, the rule, versions, and what was done to the input."""
    card, point = reading.card, reading.operating_point
    versions = ", ".join(f"{name} {number}" for name, number in reading.versions.items())
    rows = [
        ("Input", reading.source),
        ("Input, SHA-256", reading.input_digest),
        ("Task", f"{card.task}{f', version {card.version}' if card.version else ''}"),
        ("Bundle, SHA-256", reading.bundle_digest),
        ("How a class is decided", f"{point.rule.rstrip('.')}; chosen on {point.chosen_on}"),
        ("Versions", versions),
    ]
    blocks: list[ReadingBlock] = [
        Table("What was read, and by what", ("Item", "Value"), tuple(rows))
    ]
    if notes := tuple(dict.fromkeys(reading.notes)):
        blocks += [Heading("What was understood of the input, and done to it"), Bullets(notes)]
    return blocks
