"""What the nearest cases say, in plain words; every figure comes from stored data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Card
from medmodels.evaluation.bootstrap import plural
from medmodels.explain.neighbours import USUAL, Nearest

# Nearer than this share of the smallest distance seen in validation: the same example.
_SAME = 0.5


def title_of(card: Card, label: int) -> str:
    """A class within a sentence."""
    return card.classes[label].title.lower()


def first_sentence(found: Nearest, label: int, card: Card) -> str:
    """Say how many of the nearest examples are of the answer's class, and what the others are."""
    n, unit = len(found.labels), card.item
    own = found.count(label)
    others = [
        f"{found.count(c)} {_was(found.count(c))} {title_of(card, c)}"
        for c in np.argsort(-found.shares, kind="stable").tolist()
        if c != label and found.count(c)
    ]
    verb = "was" if own == 1 else "were"
    only = "Only " if 0 < own <= n / 2 else ""
    count = f"{only}{own}" if own else "None"
    among = f"All {n}" if own == n else f"{count} of the {n}"
    text = f"{among} most similar training {unit}s {verb} {title_of(card, label)}"
    if not own or (others and not found.supports(label)):
        text += f"; {', '.join(others)}"
    return text + "."


def chance_sentence(shares: npt.NDArray[np.float64], label: int, n: int, card: Card) -> str:
    """Say how many there would be if similarity meant nothing."""
    share = float(shares[label])
    expected = f"about {share * n:.0f}" if share * n >= 0.5 else "none or one"
    return (
        f"Of the training {card.items} searched, {_percent(share)} are "
        f"{title_of(card, label)}: chance alone would give {expected} of {n}."
    )


def doubt_sentence(found: Nearest, label: int, card: Card, evaluation: Mapping[str, Any]) -> str:
    """Say that the examples do not support the answer, and what that meant in tests; else empty."""
    if found.supports(label):
        return ""
    unit = card.item
    text = (
        f"**A doubt: the training {unit}s most similar to this one, to the network, do not "
        f"support its answer.**"
    )
    test = evaluation.get("test", {}).get("doubted")
    if test is None or not test["n"]:
        return text
    n = evaluation["test"]["n"]
    wrong, others = test["wrong"], test["others"]
    return (
        f"{text} In the test data that happened to {test['n']:,} of {n:,} {unit}s; "
        f"{_percent(wrong['value'])} of those answers were wrong{_interval(wrong)}, against "
        f"{_percent(others['value'])} of the other answers."
    )


def distance_sentence(found: Nearest, unit: str, compared: str) -> str:
    """Say whether the nearest example is as near as usual."""
    if not len(found.distances):
        return ""
    if found.usual <= USUAL[1]:
        return (
            f"The nearest is as near as usual: {_whole(found.usual)} of {compared} have a "
            "nearer one."
        )
    if found.usual >= 1:
        return (
            f"The nearest is further away than for any of the {compared}: nothing like this "
            f"{unit} was in the training data, so these examples say little about it."
        )
    return (
        f"The nearest is further away than for {_whole(found.usual)} of {compared}: there was "
        f"little like this {unit} in the training data, so these examples say less about it."
    )


def same_sentence(found: Nearest, ladder: npt.NDArray[np.floating[Any]], unit: str) -> str:
    """Say that the item itself seems to be among the training data; empty if not."""
    if not len(found.distances) or found.distances[0] >= _SAME * float(ladder[0]):
        return ""
    return (
        f"The nearest one is the same to the network as this {unit}: it is probably this very "
        f"{unit}, or a copy. An answer to what was learned by heart proves nothing."
    )


def whose_sentence(found: Nearest, group: str) -> str:
    """Say from how few patients or records the examples come; empty where each has its own."""
    n, owners = len(found.groups), len(np.unique(found.groups))
    if owners == n:
        return ""
    return f"The {n} come from {owners} {plural(group) if owners > 1 else group}."


def sample_sentence(table: Mapping[str, Any], unit: str) -> str:
    """Say what was searched."""
    n, whole = int(table["n"]), int(table["of"])
    counted = f"{n:,} training {unit}s" if n == whole else f"{n:,} of {whole:,} training {unit}s"
    return f"Searched: {counted}. {table['about']}"


def measured_sentences(evaluation: Mapping[str, Any], card: Card) -> list[str]:
    """Say on each split how often the nearest examples agreed with the truth."""
    names = {"validation": "Validation", "test": "Test", "external": "Data from elsewhere"}
    unit, lines = card.item, []
    for split, name in names.items():
        found = evaluation.get(split)
        if found is None:
            continue
        truth, right = found["with_truth"], found["network_right"]
        lines.append(
            f"**{name}** ({found['n']:,} {unit}s): most of the nearest had the true class for "
            f"{_percent(truth['value'])}{_interval(truth)}, and the class of the network’s answer "
            f"for {_percent(found['with_network']['value'])}; the network itself was right for "
            f"{_percent(right['value'])}. By true class: {_by_class(found['by_class'], card)}. "
            f"{_doubted(found['doubted'])}{_percent(found['further_than_usual'])} lay further from "
            "their nearest than 95% of what was looked at for comparison."
        )
    return lines


def composite_sentence(row: Mapping[str, Any], card: Card, group: str, *, picture: bool) -> str:
    """Say what a composite is made of and what it is not."""
    unit, counts = card.item, row["counts"]
    mixed = ", ".join(
        f"{_percent(count / row['n'])} {title_of(card, c)}"
        for c, count in sorted(enumerate(counts), key=lambda item: -item[1])
        if count
    )
    text = (
        f"The average of {row['n']:,} training {unit}s of {row['groups']:,} "
        f"{group}{'s' if row['groups'] > 1 else ''} that the network sees alike ({mixed})"
    )
    return f"{text}; no single person’s {unit}." if picture else f"{text}."


def _by_class(rows: Mapping[str, Any], card: Card) -> str:
    """Agreement with the truth for each class that the split has."""
    return ", ".join(
        f"{title_of(card, c)} {_percent(rows[name]['value'])} of {rows[name]['n']:,}"
        for c, name in enumerate(card.class_names)
        if rows[name]["n"]
    )


def _doubted(row: Mapping[str, Any]) -> str:
    """What it meant when no more than half of the nearest shared the answer."""
    if not row["n"]:
        return ""
    return (
        f"Where no more than half of the nearest shared the answer ({row['n']:,}), "
        f"{_percent(row['wrong']['value'])} of the answers were wrong, against "
        f"{_percent(row['others']['value'])} of the others. "
    )


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _interval(share: Mapping[str, float | None]) -> str:
    low, high = share["low"], share["high"]
    if low is None or high is None:
        return ""
    return f" (95% interval {_percent(low)} to {_percent(high)})"


def _whole(share: float) -> str:
    """A share read off a ladder of one-percent steps.

    Examples
    --------
    >>> _whole(0.002), _whole(0.414), _whole(0.999)
    ('less than 1%', '41%', '99%')
    """
    return "less than 1%" if share < 0.01 else f"{min(int(100 * share + 1e-9), 99)}%"


def _percent(share: float | None) -> str:
    """A measured share, which may be 0 or all, unlike a probability.

    Examples
    --------
    >>> _percent(0.0), _percent(0.004), _percent(0.128), _percent(0.9996), _percent(None)
    ('0%', '0.4%', '13%', '99.9%', 'an unknown share')
    """
    if share is None:
        return "an unknown share"
    if 0.1 <= share <= 0.9 or share in (0, 1):
        return f"{share:.0%}"
    return f"{min(100 * share, 99.9) if share < 1 else 100:.1f}%"
