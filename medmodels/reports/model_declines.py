"""When the network hesitates or declines: selective answers, sets, foreign inputs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from medmodels.bundles import Bundle
from medmodels.figures.report_selective import selective_figure
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Figure, Heading, Paragraph, Table
from medmodels.reports.model_discrimination import missing
from medmodels.reports.model_foreign import foreign_blocks
from medmodels.reports.model_sets import set_blocks

_REASONS = {
    "unlike_training": "unlike the training data",
    "undecided": "too close to call",
    "threshold": "its interval reaches over the operating point",
}


def declines_blocks(bundle: Bundle) -> list[Block]:
    """Risk and coverage, the decision rule, prediction sets, out-of-distribution."""
    stored = words.report(bundle)
    blocks: list[Block] = [missing(bundle) if stored is None else _selective(bundle, stored)]
    trust = bundle.evaluation.get("trust")
    if trust is None:
        return [
            *blocks,
            Paragraph(
                "This bundle carries no prediction sets, no test for inputs unlike its training "
                "data and no rule for declining: it answers everything that it is given."
            ),
        ]
    if "decision" in trust:
        blocks += [Heading("Answer, warn or decline"), _decision(bundle, trust["decision"])]
    if "prediction_sets" in trust:
        blocks.append(Heading("Prediction sets"))
        blocks += set_blocks(bundle, trust["prediction_sets"])
    if "out_of_distribution" in trust:
        blocks.append(Heading("Inputs unlike the training data"))
        blocks += foreign_blocks(trust["out_of_distribution"])
    return blocks


def _selective(bundle: Bundle, stored: Mapping[str, Any]) -> Figure:
    curves = {split: found["selective"] for split, found in stored["splits"].items()}
    said = "; ".join(
        f"{words.SPLIT_TITLES[split].lower()}, wrong when all are answered "
        f"{words.interval(curve['error'])}, area under the curve {words.interval(curve['aurc'])}"
        for split, curve in curves.items()
    )
    return Figure(
        "selective", "Error when only the surest answers are given",
        f"{said[:1].upper()}{said[1:]}. {words.sizes(bundle)}. Bands: "
        + words.interval_words(bundle, stored["settings"]["band_resamples"])
        + " A curve that does not fall to the left means that its confidence does not tell "
        "right answers from wrong ones there.",
        f"Risk-coverage curve: {said}.",
        partial(selective_figure, curves),
    )  # fmt: skip


def _decision(bundle: Bundle, decision: Mapping[str, Any]) -> Table:
    rows, beats = [], any("beats" in numbers for numbers in decision["splits"].values())
    for split, numbers in decision["splits"].items():
        n = numbers["n"] or 1
        row = [
            f"{words.split_title(split)} (n = {numbers['n']:,})",
            *(
                f"{numbers[kind]:,} ({words.percent(numbers[kind] / n)})"
                for kind in ("answer", "warn", "abstain")
            ),
            words.interval(numbers["error"]["all"]),
            words.interval(numbers["error"]["answered"]),
            ", ".join(f"{_reason(code)}: {count:,}" for code, count in numbers["reasons"].items())
            or "–",
        ]
        if beats:
            row.insert(4, words.interval(numbers.get("beats", {}).get("in_doubt")))
        rows.append(tuple(row))
    head = [
        "Data", "Answered", "Answered with a warning", "Declined",
        "Wrong, if all were answered", "Wrong among the answered", "Weightiest reason",
    ]  # fmt: skip
    if beats:
        head.insert(4, "Beats in doubt, in recordings that are answered")
    counted = "recordings" if beats else bundle.card.items
    return Table(
        f"What the rule for declining does; n counts {counted}. {words.interval_words(bundle)}",
        tuple(head),
        tuple(rows),
    )


def _reason(code: str) -> str:
    return _REASONS.get(code, code.replace("_", " "))
