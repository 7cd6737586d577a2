"""A bundle's main numbers in words, read from its evaluation and never typed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medmodels.bundles import Bundle
from medmodels.evaluation.bootstrap import plural

_SPLITS = {"test": "Test", "external": "Elsewhere"}


@dataclass(frozen=True)
class Row:
    """One number of a bundle on each of its splits.

    Parameters
    ----------
    title : str
        As on screen.
    meaning : str
        One plain sentence.
    cells : tuple of str
        The value with its interval, one for each of `splits`.
    """

    title: str
    meaning: str
    cells: tuple[str, ...]


def splits(bundle: Bundle) -> tuple[str, ...]:
    """Return the splits to show: "test", then "external" where there is one."""
    return tuple(name for name in _SPLITS if name in bundle.evaluation["splits"])


def split_title(bundle: Bundle, split: str) -> str:
    """Return a column's heading with the number of inputs and of patients or records."""
    result = bundle.evaluation["splits"][split]
    over = bundle.evaluation["bootstrap"]["over"]
    groups = f", {result['groups']:,} {plural(over)}" if over != "row" else ""
    return f"{_SPLITS[split]} ({result['n']:,} {bundle.card.items}{groups})"


def split_population(bundle: Bundle, split: str) -> str:
    """Who the data of a split came from, as the card says."""
    for entry in bundle.card.data:
        if entry["role"] == split:
            return f"{entry['name']}. {entry['population']}"
    return ""


def headline(bundle: Bundle) -> tuple[Row, ...]:
    """Return the numbers that stand on a bundle's card.

    Two classes: area under the curve, sensitivity and specificity. More: the
    accuracy, and sensitivity and PPV of the classes that the card's
    ``[evaluation] headline`` names, or of all that matter.
    """
    names = bundle.card.class_names
    rows = [_two_class_rows(bundle)] if len(names) == 2 else [_many_class_rows(bundle)]
    return tuple(row for group in rows for row in group)


def _two_class_rows(bundle: Bundle) -> list[Row]:
    card = bundle.card
    positive = bundle.operating_point.positive
    positive = len(card.classes) - 1 if positive is None else positive
    with_it, without = card.classes[positive], card.classes[1 - positive]
    return [
        _row(
            bundle, ("auc",), "AUC",
            f"How often one of the {card.items} with {with_it.title.lower()} gets a higher score "
            "than one without.", as_percent=False,
        ),
        _row(
            bundle, ("classes", with_it.name, "sensitivity"), "Sensitivity",
            f"Of those with {with_it.title.lower()}, the share that it finds.",
        ),
        _row(
            bundle, ("classes", without.name, "sensitivity"), "Specificity",
            f"Of those without {with_it.title.lower()}, the share that it leaves alone.",
        ),
    ]  # fmt: skip


def _many_class_rows(bundle: Bundle) -> list[Row]:
    card = bundle.card
    default = [entry.name for entry in card.classes if entry.severity]
    chosen = card.evaluation.get("headline", default)
    rows = [_row(bundle, ("accuracy",), "Accuracy", "Share of all that it names right.")]
    for entry in card.classes:
        if entry.name in chosen:
            path = ("classes", entry.name)
            rows += [
                _row(
                    bundle, (*path, "sensitivity"), f"{entry.title}: found",
                    "Sensitivity: of these, the share that it finds.",
                ),
                _row(
                    bundle, (*path, "ppv"), f"{entry.title}: right",
                    "PPV: of those that it calls so, the share that is.",
                ),
            ]  # fmt: skip
    return rows


def _row(
    bundle: Bundle, path: tuple[str, ...], title: str, meaning: str, *, as_percent: bool = True
) -> Row:
    cells = []
    for split in splits(bundle):
        value: Any = bundle.evaluation["splits"][split]
        for step in path:
            value = value.get(step, {})
        cells.append(with_interval(value, as_percent=as_percent))
    return Row(title, meaning, tuple(cells))


def with_interval(estimate: Mapping[str, float | None], *, as_percent: bool = True) -> str:
    """Write an estimate with its 95% interval: "93.1% (90.2 to 95.4)"."""
    value, low, high = (estimate.get(name) for name in ("value", "low", "high"))
    if value is None:
        return "–"
    if as_percent:
        text = f"{100 * value:.1f}%"
        interval = "" if low is None or high is None else f" ({100 * low:.1f} to {100 * high:.1f})"
    else:
        text = f"{value:.3f}"
        interval = "" if low is None or high is None else f" ({low:.3f} to {high:.3f})"
    return text + interval


def counts_sentence(bundle: Bundle, label: int, split: str = "test") -> str:
    """Say how often an answer was right, as counts a person can picture.

    Parameters
    ----------
    bundle : Bundle
    label : int
        The class that was answered.
    split : str

    Returns
    -------
    str
        Empty where the split has no such answer.
    """
    result = bundle.evaluation["splits"].get(split)
    if result is None:
        return ""
    entry = bundle.card.classes[label]
    estimate = result["classes"][entry.name]["ppv"]
    if estimate["value"] is None:
        return ""
    share = 100 * result["classes"][entry.name]["n"] / result["n"]
    title = entry.title.lower()
    low, high = (estimate[name] for name in ("low", "high"))
    interval = "" if low is None else f" (95% interval {100 * low:.0f} to {100 * high:.0f})"
    where = "the test data" if split == "test" else "data from elsewhere"
    return (
        f"Of 100 answers “{title}” on {where}, **{100 * estimate['value']:.0f} were right**"
        f"{interval}; there, {share:.0f} of every 100 {bundle.card.items} were {title}."
    )


def drop_sentence(bundle: Bundle) -> str:
    """Say how much worse the network is on data from elsewhere; empty where it is not."""
    results = bundle.evaluation["splits"]
    if "external" not in results:
        return ""
    two = len(bundle.card.classes) == 2
    name, title = ("auc", "AUC") if two else ("accuracy", "accuracy")
    here, there = (results[split][name]["value"] for split in ("test", "external"))
    if here is None or there is None or there >= here:
        return ""
    numbers = (
        f"{there:.3f} instead of {here:.3f}" if two
        else f"{100 * there:.1f}% instead of {100 * here:.1f}%"
    )  # fmt: skip
    low = results["external"][name]["low"]
    coin = (
        " That is no better than tossing a coin." if two and low is not None and low <= 0.5 else ""
    )
    return f"On data from elsewhere, its {title} falls: {numbers}.{coin}"
