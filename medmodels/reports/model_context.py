"""The results in context: worst mistakes, what helped, what others reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medmodels.bundles import Bundle
from medmodels.evaluation.drop import value_at
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Bullets, Heading, Paragraph, Table
from medmodels.reports.model_candidates import candidate_table
from medmodels.reports.model_discrimination import missing
from medmodels.reports.model_ideas import idea_blocks


def mistake_blocks(bundle: Bundle) -> list[Block]:
    """Wrong answers that were given with the highest probability, by name."""
    stored = words.report(bundle)
    if stored is None:
        return [missing(bundle)]
    titles, settings = words.titles(bundle), stored["settings"]
    blocks: list[Block] = [
        Paragraph(
            "Look these up before you trust it: here it was sure and wrong. At most "
            f"{settings['mistakes']} a data set and {settings['mistakes_per_group']} of one "
            f"{bundle.evaluation['bootstrap']['over']}."
        )
    ]
    for split, found in stored["splits"].items():
        # Rows are not stored in the order of the confusion matrix; count what it says.
        counts = bundle.evaluation["splits"][split]["confusion"]
        wrong = sum(map(sum, counts)) - sum(counts[i][i] for i in range(len(counts)))
        blocks.append(
            Table(
                f"Worst mistakes, {words.SPLIT_NAMES[split].lower()}: "
                f"{len(found['mistakes'])} of {wrong:,} wrong answers, among "
                f"{words.size(bundle, found)}",
                ("File or moment", "Answer", "Its probability", "Truth"),
                tuple(
                    (m["name"], titles[m["given"]], words.percent(m["score"]), titles[m["true"]])
                    for m in found["mistakes"]
                ),
            )
        )
    return blocks


def helped_blocks(bundle: Bundle) -> list[Block]:
    """Every step of the recipe, judged on the test data."""
    steps = bundle.evaluation.get("steps", ())
    if not steps:
        return _compared(bundle)
    two = len(bundle.card.classes) == 2
    shown = [entry for entry in bundle.card.classes if entry.severity]
    head = ["Step", "Change", "Accuracy"]
    head += ["AUC"] if two else [f"{entry.title}: found / right when said" for entry in shown]
    rows = []
    for step in steps:
        cells = [step["name"].capitalize(), step["change"], words.interval(step["accuracy"])]
        if two:
            cells.append(words.interval(step.get("auc")))
        else:
            cells += [
                f"{words.interval(step['classes'][entry.name]['sensitivity'], 2)} / "
                f"{words.interval(step['classes'][entry.name]['ppv'], 2)}"
                for entry in shown
            ]
        rows.append(tuple(cells))
    size = words.size(bundle, bundle.evaluation["splits"]["test"])
    blocks: list[Block] = [
        Table(
            f"What helped, each row on top of the one before, on test data ({size}). "
            + words.interval_words(bundle),
            tuple(head), tuple(rows),
        )
    ]  # fmt: skip
    choice = bundle.training.get("choice", {})
    if choice.get("why"):
        blocks.append(Paragraph(f"Why this recipe: {choice['why']}"))
    return [*blocks, *idea_blocks(bundle)]


def _compared(bundle: Bundle) -> list[Block]:
    """Recipes that were compared on validation, where no step was judged on test data."""
    choice = bundle.training.get("choice", {})
    rows = choice.get("candidates") or [
        {"name": name}
        | {key: found[key] for key in ("accuracy", "macro_f1", "mean_disturbed") if key in found}
        for name, found in bundle.training.get("candidates", {}).items()
    ]
    blocks: list[Block] = []
    if rows:
        blocks.append(candidate_table("Recipes that were compared, never on test data", rows))
    if choice.get("why"):
        blocks.append(Paragraph(f"Why this recipe: {choice['why']}"))
    return blocks or [Paragraph("This bundle carries no steps of its recipe.")]


def published_blocks(bundle: Bundle) -> list[Block]:
    """Others' results below this network's, one method a row, with their sources."""
    published = bundle.card.published
    if not published:
        return [Paragraph("The card names no published results to compare with.")]
    test = bundle.evaluation["splits"]["test"]
    measures = {entry["measure"]: entry["metric"] for entry in published}
    methods: dict[str, list[Mapping[str, Any]]] = {}
    for entry in published:
        methods.setdefault(entry["method"], []).append(entry)
    own = [words.interval(value_at(test, path)) for path in measures]
    rows = [("This network", *own, f"{test['n']:,} {bundle.card.items}", "")]
    for method, entries in methods.items():
        values = {entry["measure"]: words.number(entry["value"]) for entry in entries}
        cells = [values.get(path, "–") for path in measures]
        rows.append((method, *cells, str(entries[0].get("n", "–")), _like_for_like(entries)))
    unlike = [name for name, entries in methods.items() if _like_for_like(entries) != "Yes"]
    notes = tuple(
        f"{name}: {entries[0]['note']} Source: {entries[0]['source']}."
        for name, entries in methods.items()
    )
    return [
        Paragraph(
            "Published numbers are as their sources print them, without intervals. Even like for "
            "like means the same test data, not the same care: who looked at the test data, and "
            "how often, is seldom told."
        ),
        Table(
            "Against published results, on test data. This network with "
            + words.interval_words(bundle),
            ("Method", *measures.values(), "n", "Like for like"),
            tuple(rows),
            f"Not like for like: {'; '.join(unlike)}." if unlike else "",
        ),
        Heading("Sources, and what differs"),
        Bullets(notes),
    ]


def _like_for_like(entries: list[Mapping[str, Any]]) -> str:
    return "Yes" if all(entry["like_for_like"] for entry in entries) else "No"
