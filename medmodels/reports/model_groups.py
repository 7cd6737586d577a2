"""For whom it works: subgroups, and record by record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medmodels.bundles import Bundle
from medmodels.evaluation.bootstrap import plural
from medmodels.evaluation.drop import compared_measures, value_at
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Heading, Paragraph, Table

_NAMES = {"subtype": "Cause", "age": "Age", "sex": "Sex", "view": "View"}
_VALUES = {"M": "Male", "F": "Female"}


def groups_blocks(bundle: Bundle) -> list[Block]:
    """Every known subgroup of every split, then every record where they are reported."""
    stored = words.report(bundle)
    blocks: list[Block] = []
    for split in words.SPLIT_TITLES:
        tables: list[Block] = []
        if stored is not None:
            fewest = stored["settings"]["fewest_groups"]
            columns = stored["splits"].get(split, {}).get("subgroups", ())
            tables = [_subgroup_table(bundle, split, column, fewest) for column in columns]
        by_group = bundle.evaluation["splits"].get(split, {}).get("by_group")
        if by_group is not None:
            tables.append(_record_table(bundle, split, by_group))
        views = _other_views(bundle) if split == "test" else None
        if views is not None:
            tables.insert(0, views)
        if tables:
            blocks += [Heading(words.SPLIT_NAMES[split]), *tables]
    return blocks or [
        Paragraph(
            "Nothing is stored about who the test data came from, so it cannot be said for whom "
            "this network works better or worse."
        )
    ]


def _other_views(bundle: Bundle) -> Table | None:
    """Without single records, averaged over records, and end to end."""
    splits = bundle.evaluation["splits"]
    test = splits["test"]
    columns: dict[str, Mapping[str, Any]] = {
        f"{subset['name']} ({subset['n']:,}; {subset['why']})": subset
        for subset in test.get("subsets", ())
    }
    if "by_group" in test:
        over = bundle.evaluation["bootstrap"]["over"]
        columns[f"average of {plural(over)}, each alike"] = test["by_group"]["average"]
    if "test_detected" in splits:
        found = splits["test_detected"]
        columns[f"end to end, with its own R peaks ({found['n']:,})"] = found
    if not columns:
        return None
    measures = compared_measures(bundle.card, bundle.operating_point.positive)
    return Table(
        "The same test data looked at in other ways. " + words.interval_words(bundle),
        ("", *(name[:1].upper() + name[1:] for name in columns)),
        tuple(
            (title, *(words.interval(value_at(numbers, path)) for numbers in columns.values()))
            for path, title in measures
        ),
        "A dash: not defined or not computed for this view.",
    )


def _subgroup_table(bundle: Bundle, split: str, column: Mapping[str, Any], fewest: int) -> Table:
    classes = bundle.card.classes
    rows = []
    for row in column["rows"]:
        found = [
            f"{words.interval(row['classes'][entry.name]['sensitivity'])}, "
            f"n = {row['classes'][entry.name]['n']:,}"
            if row["classes"][entry.name]["n"] else "–"
            for entry in classes
        ]  # fmt: skip
        rows.append((
            _value(row["value"]), words.size(bundle, row), words.interval(row["accuracy"]),
            words.interval(row["auc"]), *found,
        ))  # fmt: skip
    title = _NAMES.get(column["name"], column["name"].capitalize())
    unknown = (
        f"No value for {column['unknown']:,} {bundle.card.items}. " if column["unknown"] else ""
    )
    return Table(
        f"By {title.lower()}, {words.SPLIT_NAMES[split].lower()}. " + words.interval_words(bundle),
        (title, "Size", "Accuracy", "AUC", *(f"{entry.title}: found" for entry in classes)),
        tuple(rows),
        f"{unknown}No interval where there are fewer than {fewest} {words.groups_word(bundle)}. "
        "Small groups: differences may be chance.",
    )


def _value(value: str) -> str:
    """A subgroup's name with a capital; abbreviations stay as they are."""
    return _VALUES.get(value, value[:1].upper() + value[1:])


def _record_table(bundle: Bundle, split: str, by_group: Mapping[str, Any]) -> Table:
    classes = bundle.card.classes
    rows = []
    for row in by_group["rows"]:
        cells = [row["group"], f"{row['n']:,}", words.percent(row["accuracy"])]
        for entry in classes:
            numbers = row["classes"][entry.name]
            found = f"{words.percent(numbers['sensitivity'])} of {numbers['n']:,}"
            right = words.percent(numbers["ppv"])
            cells.append(f"{found if numbers['n'] else '–'} / {right}")
        rows.append(tuple(cells))
    average = by_group["average"]
    rows.append((
        "Average, each alike", "", words.interval(average["accuracy"]),
        *(f"{words.interval(average['classes'][entry.name]['sensitivity'])} / "
          f"{words.interval(average['classes'][entry.name]['ppv'])}" for entry in classes),
    ))  # fmt: skip
    over = bundle.evaluation["bootstrap"]["over"].capitalize()
    return Table(
        f"{over} by {over.lower()}, {words.SPLIT_NAMES[split].lower()}",
        (over, "n", "Accuracy", *(f"{entry.title}: found / right when said" for entry in classes)),
        tuple(rows),
        "As AAMI EC57 asks. A dash: the record has no such beat, or none was called so. "
        + words.interval_words(bundle),
    )
