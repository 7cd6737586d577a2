"""Top of the model report: the drop in words, the main numbers side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medmodels.bundles import Bundle
from medmodels.evaluation.drop import drop_of, value_at
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Paragraph, Table


def drop_sentences(bundle: Bundle) -> tuple[str, ...]:
    """How much worse it is on data from elsewhere; always at least one sentence."""
    return (*_drop(bundle)["sentences"], *_declined(bundle))


def summary_blocks(bundle: Bundle) -> list[Block]:
    """Internal beside external, and what the pooled figures leave out."""
    blocks: list[Block] = [_side_by_side(bundle)]
    if "by_group" in bundle.evaluation["splits"]["test"]:
        blocks.append(
            Paragraph("Pooled figures hide who they come from: see “For whom”.", strong=True)
        )
    excluded = bundle.evaluation["splits"]["test"].get("excluded", 0)
    if excluded:
        blocks.append(
            Paragraph(
                f"{excluded:,} test {bundle.card.items} whose true class is none of these are "
                "left out."
            )
        )
    return blocks


def _drop(bundle: Bundle) -> Mapping[str, Any]:
    stored = words.report(bundle)
    if stored is not None:
        found: Mapping[str, Any] = stored["drop"]
        return found
    return drop_of(bundle.card, bundle.operating_point.positive, bundle.evaluation["splits"])


def _declined(bundle: Bundle) -> list[str]:
    """How much of what comes from elsewhere it declines, where it can decline."""
    decided = bundle.evaluation.get("trust", {}).get("decision", {}).get("splits", {})
    if not {"test", "external"} <= set(decided):
        return []
    counted = "recordings" if "beats" in decided["external"] else bundle.card.items
    shares = {
        split: f"{100 * decided[split]['abstain'] / (decided[split]['n'] or 1):.0f}"
        for split in ("external", "test")
    }
    return [
        f"Of 100 {counted}, it declines to answer {shares['external']} there and {shares['test']} "
        "in its test data; the numbers here are of all, declined or not."
    ]


def _side_by_side(bundle: Bundle) -> Table:
    splits = bundle.evaluation["splits"]
    external, crossed = "external" in splits, splits.get("cross_validation")
    head = ["", f"Test ({words.size(bundle, splits['test'])})"]
    if external:
        head += [f"Elsewhere ({words.size(bundle, splits['external'])})", "Change"]
    if crossed:
        head.append(f"Cross-validated ({words.size(bundle, crossed)})")
    rows = []
    for row in _drop(bundle)["rows"]:
        cells = [row["title"], words.interval(row["internal"])]
        if external:
            cells += [words.interval(row["external"]), words.signed(row["change"])]
        if crossed:
            cells.append(words.interval(value_at(crossed, row["measure"])))
        rows.append(tuple(cells))
    return Table(
        ("Internal test data beside data from elsewhere. " if external else "Test data. ")
        + words.interval_words(bundle),
        tuple(head),
        tuple(rows),
    )
