"""Inputs unlike the training data: how many are recognised and refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from medmodels.evaluation.reliability import FEWEST_GROUPS
from medmodels.figures.report_trust import foreign_figure
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Figure, Paragraph, Table
from medmodels.reports.model_candidates import candidate_table


def foreign_blocks(foreign: Mapping[str, Any]) -> list[Block]:
    """Own data flagged, foreign kinds refused, methods compared.

    Parameters
    ----------
    foreign : mapping
        ``evaluation["trust"]["out_of_distribution"]``.
    """
    kinds = [_honest(kind) for kind in sorted(foreign["kinds"], key=lambda k: str(k["group"]))]
    rows = tuple(
        (
            kind["title"], kind["group"], f"{kind['n']:,}", words.interval(kind["auroc"]),
            words.interval(kind["refused"]), words.percent(kind.get("refused_at_5")),
        )
        for kind in kinds
    )  # fmt: skip
    own = "; ".join(
        f"{words.split_title(split).lower()} {words.interval(numbers['flagged'])} "
        f"(n = {numbers['n']:,})"
        for split, numbers in foreign["splits"].items()
    )
    said = "; ".join(f"{row[0]}, refused {row[4]}" for row in rows)
    blocks: list[Block] = [
        Paragraph(f"Share of its own kind of data that is refused as unlike training: {own}."),
        Figure(
            "foreign", "Refused as foreign", f"Method: {foreign['method']}. 95% intervals.",
            f"Share refused of each kind of foreign input: {said}.",
            partial(foreign_figure, kinds),
        ),
        Table(
            "Inputs that it was never meant for, with 95% intervals",
            ("Input", "Group", "n", "AUC against its own test data", "Refused",
             "Refused when 5% of its own are"),
            rows,
        ),
    ]  # fmt: skip
    if foreign.get("why"):
        blocks.append(Paragraph(foreign["why"]))
    if foreign.get("candidates"):
        blocks.append(
            candidate_table("Methods that were compared, on other data", foreign["candidates"])
        )
    return blocks


def _honest(kind: Mapping[str, Any]) -> dict[str, Any]:
    """A kind with a capital, and without an interval from hardly any inputs."""
    found = {**kind, "title": kind["title"][:1].upper() + kind["title"][1:]}
    if kind["n"] < FEWEST_GROUPS:
        for name in ("auroc", "refused"):
            found[name] = kind[name] | {"low": None, "high": None}
    return found
