"""How far the probabilities can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from medmodels.bundles import Bundle
from medmodels.figures.report_histogram import histogram_figure
from medmodels.figures.report_reliability import reliability_figure
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Figure, Heading, Paragraph, Side, Table
from medmodels.reports.model_candidates import candidate_table
from medmodels.reports.model_discrimination import missing

_MEASURES = {
    "ece": "Expected calibration error (15 bins of the same width)",
    "adaptive_ece": "Adaptive calibration error (15 bins of the same size)",
    "brier": "Brier score (over all classes, 0 to 2)",
    "log_loss": "Log loss (nats)",
}
_NOTE = (
    "Resampling adds chance to a calibration error and never takes it away: the intervals of the "
    "first two lean upwards."
)
_MEANING = (
    "Of all answers given with 80%, 80 of 100 should be right. The calibration error is the mean "
    "distance from that; Brier score and log loss also fall when answers are right more often. "
    "Smaller is better for all four."
)


def calibration_blocks(bundle: Bundle) -> list[Block]:
    """Reliability diagrams, calibration errors, and where the scores lie."""
    stored = words.report(bundle)
    blocks: list[Block] = [Paragraph(_MEANING)]
    trust = bundle.evaluation.get("trust", {}).get("calibration")
    if trust is not None:
        shift = trust.get("shift", {}).get("sentence")
        blocks += [Paragraph(shift, strong=True)] if shift else []
    blocks.append(missing(bundle) if stored is None else _diagrams(bundle, stored))
    if trust is not None:
        blocks += _tables(bundle, trust)
    elif stored is not None:
        blocks.append(_own_table(bundle, stored))
    widths = _widths(bundle.evaluation.get("trust", {}).get("intervals", {}))
    blocks += [widths] if widths is not None else []
    if stored is not None:
        blocks.append(Heading("Where the scores lie"))
        blocks += [_histograms(bundle, stored, name) for name in _scored(stored)]
    return blocks


def _scored(stored: Mapping[str, Any]) -> list[str]:
    return list(stored["splits"]["test"]["histograms"])


def _diagrams(bundle: Bundle, stored: Mapping[str, Any]) -> Side:
    figures = []
    for name in stored["splits"]["test"]["reliability"]:
        title = words.titles(bundle)[name]
        bins = {split: found["reliability"][name] for split, found in stored["splits"].items()}
        said = "; ".join(
            f"{words.SPLIT_TITLES[split].lower()}, predicted {words.percent(entry['predicted'])}, "
            f"came true {words.percent(entry['observed']['value'])} (n = {entry['n']:,})"
            for split, entries in bins.items()
            for entry in entries
        )
        figures.append(
            Figure(
                f"reliability-{name}", f"Reliability diagram: {title}",
                f"{words.sizes(bundle)}. Ten bins of the same width, empty ones left out. "
                f"{words.interval_words(bundle)} No interval from fewer than "
                f"{stored['settings']['fewest_groups']} {words.groups_word(bundle)}, nor at 0% "
                "and 100%.",
                f"Reliability diagram of {title}: {said}.",
                partial(reliability_figure, bins),
            )
        )  # fmt: skip
    return Side(tuple(figures))


def _histograms(bundle: Bundle, stored: Mapping[str, Any], name: str) -> Side:
    point = bundle.operating_point
    positive = point.positive is not None and bundle.card.class_names[point.positive] == name
    title = words.titles(bundle)[name]
    figures = []
    for split, found in stored["splits"].items():
        histogram = found["histograms"][name]
        of_class, others = sum(histogram["of_class"]), sum(histogram["others"])
        figures.append(
            Figure(
                f"scores-{name}-{split}",
                f"Scores of “{title}”: {words.SPLIT_TITLES[split].lower()}",
                f"{words.size(bundle, found)}. Upwards: truly {title}; downwards: the others.",
                f"Histogram of the probability of {title}, for {of_class:,} that are so and "
                f"{others:,} that are not.",
                partial(
                    histogram_figure, histogram, title,
                    threshold=point.threshold if positive else None,
                ),
            )
        )  # fmt: skip
    return Side(tuple(figures))


def _own_table(bundle: Bundle, stored: Mapping[str, Any]) -> Table:
    splits = stored["splits"]
    return Table(
        "Calibration of the probabilities as shown. " + words.interval_words(bundle),
        ("", *(f"{words.SPLIT_TITLES[s]} ({words.size(bundle, splits[s])})" for s in splits)),
        tuple(
            (title, *(words.interval(found["calibration"][key]) for found in splits.values()))
            for key, title in _MEASURES.items()
        ),
        _NOTE,
    )


def _tables(bundle: Bundle, trust: Mapping[str, Any]) -> list[Block]:
    splits = {s: n for s, n in trust["splits"].items() if s in ("validation", *words.SPLIT_TITLES)}
    head = [""]
    for split, numbers in splits.items():
        title = words.split_title(split)
        head += [f"{title} (n = {numbers['n']:,}): before", f"{title}: after"]
    rows = []
    for key, title in _MEASURES.items():
        cells = [title]
        for numbers in splits.values():
            cells += [words.interval(numbers[side].get(key)) for side in ("before", "after")]
        rows.append(tuple(cells))
    blocks: list[Block] = [
        Table(
            f"Before and after calibration ({trust['method']}, fitted on validation data). "
            + words.interval_words(bundle),
            tuple(head), tuple(rows), _NOTE,
        )
    ]  # fmt: skip
    blocks += [Paragraph(trust["why"])] if trust.get("why") else []
    if trust.get("candidates"):
        blocks.append(
            candidate_table(
                "Methods that were tried, cross-validated on validation data", trust["candidates"]
            )
        )
    leaning = _leaning(bundle, trust.get("shift", {}))
    return blocks if leaning is None else [*blocks, leaning]


def _leaning(bundle: Bundle, shift: Mapping[str, Any]) -> Table | None:
    """Mean probability less share of each class: what a change of population does."""
    rows = tuple(
        (words.split_title(split), *map(words.interval, numbers["probability_less_share"]))
        for split, numbers in shift.items()
        if isinstance(numbers, Mapping) and "probability_less_share" in numbers
    )
    if not rows:
        return None
    return Table(
        "Mean probability less the share that the class has: above 0 it says the class too "
        "often. " + words.interval_words(bundle),
        ("Data", *(entry.title for entry in bundle.card.classes)),
        rows,
    )


def _widths(intervals: Mapping[str, Any]) -> Table | None:
    """How wide the interval around each probability is."""
    rows = tuple(
        (
            f"{words.split_title(split)} (n = {numbers['n']:,})" if "n" in numbers
            else words.split_title(split),
            words.percent(numbers.get("median_width")),
            words.percent(numbers.get("ninetieth_percentile")),
            words.percent(numbers.get("over_the_operating_point")),
        )
        for split, numbers in intervals.get("splits", {}).items()
    )  # fmt: skip
    if not rows:
        return None
    return Table(
        "Width of the 95% interval that is shown around a probability, in points of 100",
        ("Data", "Half are narrower than", "Nine in ten are narrower than",
         "Intervals that reach over the operating point"),
        rows,
    )  # fmt: skip
