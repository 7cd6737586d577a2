"""Which explanation methods pass their audit, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medmodels.bundles import Bundle
from medmodels.explain.methods import METHODS
from medmodels.explain.stability import REPLACED
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Paragraph, Table

# What knows nothing of the network and that a map must beat: in a sentence, and in short.
_USUAL = ("a centred blob and of an edge detector", "blob and edges")
_CONTROLS = {
    "sequence": (
        "a blob in the middle and of letters that differ from their neighbours",
        "the middle and changes of letter",
    ),
}


def explained_blocks(bundle: Bundle) -> list[Block]:
    """One row a method: how often its map passed, on test data and where it was chosen."""
    audit = bundle.evaluation.get("audit")
    if not audit:
        return [Paragraph("The explanations of this network have not been audited.")]
    rule, sanity = audit["rule"], bundle.trust["explain"]["sanity"]
    splits = audit["splits"]
    names = list(dict.fromkeys(name for part in splits.values() for name in part["methods"]))
    names.sort(key=lambda name: name != audit["method"])
    rows = [_row(name, splits, sanity.get(name, {})) for name in names]
    shown = METHODS[audit["method"]].title
    controls, in_short = _CONTROLS.get(bundle.card.kind, _USUAL)
    counts = ", ".join(
        f"{words.SPLIT_TITLES.get(split, split).lower()} n = {part['n']}"
        for split, part in splits.items()
    )
    return [
        Paragraph(
            f"Shown first: {shown}. A map counts as evidence for one input when hiding parts in "
            "its order changes the answer more than in the order of random maps (p at most "
            f"{rule['level']:g}), and by {rule['margin']:g} log-odds more than in that of "
            f"{controls}.",
            strong=True,
        ),
        Paragraph(
            f"Hidden parts are replaced by: {', '.join(audit['baselines'])}, and the areas are "
            "averaged. Taken for a map, a random map of a validation input beats the others in "
            f"{splits['validation']['false_alarms']:.1%} of cases, as the level says it should. "
            "Inputs are drawn at random among those that the "
            "network reads correctly. The test inputs were looked at once, after the choice; "
            "methods that take long for one map were measured on validation inputs only."
        ),
        Table(
            f"Share of maps that passed, with 95% Wilson intervals ({counts}); the likeness to "
            "an untrained network's map is a rank correlation.",
            ("Method", "Validation", "Test", "Test, better than random maps",
             f"Test, ahead of {in_short}", "Untrained network", "Sanity check"),
            tuple(rows),
        ),
        *_steadiness(shown, bundle.card.kind, splits.get("test", {}).get("shown_first", {})),
        Paragraph(bundle.trust["explain"]["why"]),
    ]  # fmt: skip


def _steadiness(title: str, kind: str, found: Mapping[str, Any]) -> list[Block]:
    """What else the test inputs say of the maps shown first; nothing where it was not measured."""
    disturbed = f"with {REPLACED:.0%} of the bases replaced" if kind == "sequence" else ""
    names = {
        "noise": f"Rank correlation with the map {disturbed or 'under faint grain'}",
        "shift": "Rank correlation with the map after a small shift, taken back",
        "completeness": "Error of the promised sum, as a share of all that is shared out",
    }
    rows = [
        (name, f"{found[what]['median']:.3f}", f"{found[what]['low']:.3f} to "
         f"{found[what]['high']:.3f}", f"{found[what]['n']}")
        for what, name in names.items() if what in found
    ]  # fmt: skip
    if "shortcut_warned" in found:
        warned = found["shortcut_warned"]
        rows.append(("Warned of a map outside the body or at the border", words.interval(warned),
                     "–", f"{warned['n']}"))  # fmt: skip
    if not rows:
        return []
    return [
        Table(
            f"{title} on test inputs: how steady its maps are where the answer does not change.",
            ("What", "Median", "Middle half", "n"),
            tuple(rows),
        )
    ]


def _row(name: str, splits: Mapping[str, Any], sanity: Mapping[str, Any]) -> tuple[str, ...]:
    def share(split: str, what: str) -> str:
        found = splits.get(split, {}).get("methods", {}).get(name)
        return words.interval(found[what]) if found else "–"

    return (
        METHODS[name].title if name in METHODS else name,
        share("validation", "passed"), share("test", "passed"),
        share("test", "beat_random"), share("test", "led_controls"),
        f"{sanity['rank'][-1]:.2f}" if sanity else "–",
        ("passed" if sanity["passed"] else "failed") if sanity else "–",
    )  # fmt: skip
