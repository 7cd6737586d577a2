"""Numbers and data sets in the words of the model report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medmodels.bundles import Bundle
from medmodels.evaluation.bootstrap import plural

Estimate = Mapping[str, float | None]
SPLIT_TITLES = {"test": "Test", "external": "Elsewhere"}
SPLIT_NAMES = {"test": "Test data", "external": "Data from elsewhere"}


def number(value: float | None, digits: int = 3) -> str:
    """A number with a true minus, or a dash where it is not defined."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def interval(estimate: Estimate | None, digits: int = 3) -> str:
    """A value with its 95% interval: "0.985 (0.975 to 0.993)".

    Examples
    --------
    >>> interval({"value": 0.98532, "low": 0.9751, "high": 0.9932})
    '0.985 (0.975 to 0.993)'
    >>> interval({"value": None, "low": None, "high": None})
    '–'
    """
    if estimate is None or estimate["value"] is None:
        return "–"
    text = number(estimate["value"], digits)
    if estimate["low"] is None or estimate["high"] is None:
        return text
    return f"{text} ({number(estimate['low'], digits)} to {number(estimate['high'], digits)})"


def percent(value: float | None, digits: int = 1) -> str:
    """A share as per cent; only all is 100%, and a dash where it is not defined.

    Examples
    --------
    >>> percent(0.123), percent(0.9998), percent(1.0)
    ('12.3%', '>99.9%', '100.0%')
    """
    if value is None:
        return "–"
    if value < 1 and round(100 * value, digits) >= 100:
        return f">{100 - 10**-digits:.{digits}f}%"
    return f"{100 * value:.{digits}f}%"


def signed(value: float | None, digits: int = 3) -> str:
    """A difference with its sign; a true minus."""
    if value is None:
        return "–"
    if round(value, digits) == 0:
        return number(0.0, digits)
    return f"{value:+.{digits}f}".replace("-", "−")


def split_title(split: str) -> str:
    """Title of any split, also of one that no figure shows."""
    return SPLIT_TITLES.get(split, split.replace("_", " ").capitalize())


def groups_word(bundle: Bundle) -> str:
    """What intervals resample, in the plural."""
    return plural(str(bundle.evaluation["bootstrap"]["over"]))


def size(bundle: Bundle, numbers: Mapping[str, Any]) -> str:
    """How many inputs of how many people: "624 scans, 425 patients"."""
    text = f"{numbers['n']:,} {bundle.card.items}"
    return text + (f", {numbers['groups']:,} {groups_word(bundle)}" if "groups" in numbers else "")


def sizes(bundle: Bundle) -> str:
    """The size of every split that figures show, for their captions."""
    splits = bundle.evaluation["splits"]
    said = "; ".join(
        f"{title.lower()}: {size(bundle, splits[split])}"
        for split, title in SPLIT_TITLES.items()
        if split in splits
    )
    return said[:1].upper() + said[1:]


def interval_words(bundle: Bundle, resamples: int | None = None) -> str:
    """What the intervals are, as a sentence."""
    settings = bundle.evaluation["bootstrap"]
    count = settings["resamples"] if resamples is None else resamples
    return (
        f"{settings['level']:.0%} intervals from {count:,} bootstrap resamples of "
        f"{groups_word(bundle)}."
    )


def titles(bundle: Bundle) -> dict[str, str]:
    """Title of each class by its name."""
    return {entry.name: entry.title for entry in bundle.card.classes}


def report(bundle: Bundle) -> Mapping[str, Any] | None:
    """The stored figures of the report; None in a bundle that was made without."""
    stored: Mapping[str, Any] | None = bundle.evaluation.get("report")
    return stored
