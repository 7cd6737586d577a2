"""A bundle's evaluation as Markdown, for the README.

``python -m medmodels.evaluation.results_table`` rewrites the part of the
README between its two markers; a test checks that it is up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from medmodels.bundles import Bundle, list_tasks, load_bundle
from medmodels.evaluation.trust_table import audit_section, trust_section

README = Path(__file__).resolve().parents[2] / "README.md"
START, END = "<!-- results: computed -->", "<!-- results: end -->"


def results_markdown() -> str:
    """Tables of every bundle's results, with n and 95% intervals."""
    bundles = sorted(map(load_bundle, list_tasks()), key=lambda bundle: bundle.card.order)
    return "\n\n".join(map(_bundle_section, bundles))


def with_results(readme: str) -> str:
    """Replace what stands between the markers by the current results."""
    before, rest = readme.split(START)
    return f"{before}{START}\n\n{results_markdown()}\n\n{END}{rest.split(END)[1]}"


def _bundle_section(bundle: Bundle) -> str:
    splits = bundle.evaluation["splits"]
    test = splits["test"]
    columns: dict[str, Mapping[str, Any]] = {f"test, n = {test['n']:,}": test}
    for subset in test.get("subsets", ()):
        columns[f"{subset['name']}, n = {subset['n']:,}"] = subset
    if "by_group" in test:
        columns["test, average of records"] = test["by_group"]["average"]
    for name, title in (
        ("test_detected", "end to end"),
        ("external", "external"),
        ("cross_validation", "cross-validated"),
    ):
        if name in splits:
            columns[f"{title}, n = {splits[name]['n']:,}"] = splits[name]
    rows = [
        [title, *(_interval(numbers.get(metric)) for numbers in columns.values())]
        for metric, title in (
            ("auc", "AUC"),
            ("accuracy", "accuracy"),
            ("balanced_accuracy", "balanced accuracy"),
            ("macro_f1", "macro F1"),
        )
        if metric in test
    ]
    for entry in bundle.card.classes:
        for metric, title in (("sensitivity", "sensitivity"), ("ppv", "PPV")):
            found = [numbers["classes"][entry.name].get(metric) for numbers in columns.values()]
            rows.append([f"{entry.title}: {title}", *map(_interval, found)])
    parts = [f"### {bundle.card.title} (`{bundle.task}`)", _table(["", *columns], rows)]
    if "test_detected" in splits:
        found = splits["test_detected"]["detection"]
        parts.append(
            f"R peaks on the test records, within 150 ms: sensitivity "
            f"{_interval(found['sensitivity'], 4)}, PPV {_interval(found['ppv'], 4)}; "
            f"{found['matched']:,} found, {found['missed']:,} missed, {found['false']:,} false."
        )
    trust = trust_section(bundle, _interval, _table)
    audit = audit_section(bundle, _table)
    parts += [trust] * bool(trust) + [audit] * bool(audit)
    if bundle.training.get("robustness"):
        parts += ["Test pictures disturbed as stated:", _robustness(bundle)]
    if bundle.evaluation["steps"]:
        parts.append("What helped, each row on top of the one before, on the test split:")
        parts.append(_steps(bundle))
    return "\n\n".join(parts)


def _robustness(bundle: Bundle) -> str:
    """Accuracy on pictures that were changed."""
    rows = bundle.training["robustness"]
    return _table(
        ["disturbance", "accuracy", "macro F1"],
        [[row["name"], _interval(row["accuracy"]), f"{row['macro_f1']:.3f}"] for row in rows],
    )


def _steps(bundle: Bundle) -> str:
    """The rows of "what helped"."""
    shown = [entry for entry in bundle.card.classes if entry.severity > 0]
    many = len(bundle.card.classes) > 2
    head = ["step", "change", "accuracy"]
    head += [f"{entry.letter}: sensitivity / PPV" for entry in shown] if many else ["AUC"]
    rows = []
    for step in bundle.evaluation["steps"]:
        row = [step["name"], step["change"], _interval(step["accuracy"])]
        if many:
            classes = step["classes"]
            row += [
                f"{_interval(classes[entry.name]['sensitivity'], 2)} / "
                f"{_interval(classes[entry.name]['ppv'], 2)}"
                for entry in shown
            ]
        else:
            row.append(_interval(step.get("auc")))
        rows.append(row)
    return _table(head, rows)


def _interval(estimate: Mapping[str, float | None] | None, digits: int = 3) -> str:
    if estimate is None or estimate["value"] is None:
        return "–"
    value = f"{estimate['value']:.{digits}f}"
    if estimate["low"] is None:
        return value
    return f"{value} ({estimate['low']:.{digits}f} to {estimate['high']:.{digits}f})"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    README.write_text(with_results(README.read_text()))
