"""How much worse a network is on data from elsewhere, as numbers and as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medmodels.bundles import Card, ClassCard

INTERNAL, EXTERNAL = "test", "external"
_COIN = 0.5


def compared_measures(card: Card, positive: int | None) -> list[tuple[str, str]]:
    """The measures that stand side by side, as path and title.

    Parameters
    ----------
    card : Card
    positive : int or None
        Of two classes, the one with the threshold; the last if not given.

    Returns
    -------
    list of (str, str)
        Paths as `value_at` takes them.
    """
    found = [("auc", "AUC"), ("accuracy", "Accuracy"), ("balanced_accuracy", "Balanced accuracy")]
    if len(card.classes) == 2:
        with_it = card.classes[1 if positive is None else positive]
        without = next(entry for entry in card.classes if entry is not with_it)
        return [
            *found,
            (f"classes.{with_it.name}.sensitivity", f"Sensitivity for {_plain(with_it)}"),
            (f"classes.{without.name}.sensitivity", f"Specificity for {_plain(with_it)}"),
            (f"classes.{with_it.name}.ppv", f"{with_it.title}: right when said (PPV)"),
            (f"classes.{without.name}.ppv", f"{without.title}: right when said (NPV)"),
        ]
    found.append(("macro_f1", "Macro F1"))
    for entry in card.classes:
        found += [
            (f"classes.{entry.name}.sensitivity", f"{entry.title}: found (sensitivity)"),
            (f"classes.{entry.name}.ppv", f"{entry.title}: right when said (PPV)"),
        ]
    return found


def value_at(numbers: Mapping[str, Any], path: str) -> Mapping[str, float | None] | None:
    """The estimate at a path such as "classes.V.ppv"; None where there is none."""
    found: Any = numbers
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def drop_of(card: Card, positive: int | None, splits: Mapping[str, Any]) -> dict[str, Any]:
    """Internal beside external results, and the drop in words.

    Parameters
    ----------
    card : Card
    positive : int or None
    splits : mapping
        ``evaluation["splits"]``.

    Returns
    -------
    dict
        ``sentences`` (plain, the worst news first) and ``rows``: ``measure``,
        ``title``, ``internal``, ``external`` (estimates or null) and ``change``
        (external less internal).
    """
    rows = []
    for path, title in compared_measures(card, positive):
        here = value_at(splits[INTERNAL], path)
        there = value_at(splits.get(EXTERNAL, {}), path)
        known = [e["value"] for e in (here, there) if e is not None and e["value"] is not None]
        change = round(known[1] - known[0], 6) if len(known) == 2 else None
        rows.append(
            {"measure": path, "title": title, "internal": here, "external": there}
            | {"change": change}
        )
    return {"sentences": _sentences(card, rows, splits), "rows": rows}


def _sentences(card: Card, rows: list[dict[str, Any]], splits: Mapping[str, Any]) -> list[str]:
    if EXTERNAL not in splits:
        return [
            "It has not been tested on data from elsewhere: how much worse it is there is not "
            "known."
        ]
    items = card.items
    where = next((entry["name"] for entry in card.data if entry["role"] == EXTERNAL), "")
    origin = f" ({where})" if where else ""
    main = rows[0] if len(card.classes) == 2 else rows[1]
    sentences = []
    if main["change"] is not None:
        name = "AUC" if main["measure"] == "auc" else main["title"].lower()
        verb = "falls" if main["change"] < 0 else "does not fall"
        here, there = (_interval(main[side]) for side in ("internal", "external"))
        sentences.append(
            f"On {splits[EXTERNAL]['n']:,} {items} from elsewhere{origin}, its {name} "
            f"{verb}: {there} there, {here} on test data from where it learned." + _coin(card, main)
        )
    for entry in (entry for entry in card.classes if entry.severity):
        sentences += _class_sentences(entry, items, rows)
    return sentences


def _class_sentences(entry: ClassCard, items: str, rows: list[dict[str, Any]]) -> list[str]:
    """Counts a person can picture, for a class that loses."""
    by_path = {row["measure"]: row for row in rows}
    found = by_path[f"classes.{entry.name}.sensitivity"]
    right = by_path[f"classes.{entry.name}.ppv"]
    said = []
    if (found["change"] or 0) < 0:
        said.append(
            f"Of 100 “{_plain(entry)}” {items}, it finds {_hundred(found['external'])} there and "
            f"{_hundred(found['internal'])} on its test data."
        )
    if (right["change"] or 0) < 0:
        said.append(
            f"Of 100 {items} that it calls “{_plain(entry)}”, {_hundred(right['external'])} are "
            f"so there and {_hundred(right['internal'])} on its test data."
        )
    return said


def _coin(card: Card, main: dict[str, Any]) -> str:
    low = main["external"]["low"]
    if len(card.classes) == 2 and low is not None and low <= _COIN:
        return " That is no better than tossing a coin."
    return ""


def _interval(estimate: Mapping[str, Any]) -> str:
    text = f"{estimate['value']:.3f}"
    if estimate["low"] is None:
        return text
    return f"{text} ({estimate['low']:.3f} to {estimate['high']:.3f})"


def _hundred(estimate: Mapping[str, Any]) -> str:
    return f"{100 * estimate['value']:.0f}"


def _plain(entry: ClassCard) -> str:
    return entry.title.lower()
