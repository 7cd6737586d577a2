"""How well the classes are told apart: confusion, ROC, precision-recall."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from medmodels.bundles import Bundle
from medmodels.figures.report_confusion import confusion_figure, row_rates
from medmodels.figures.report_curves import pr_figure, roc_figure
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Figure, Heading, Paragraph, Side
from medmodels.reports.model_robustness import robustness_blocks


def discrimination_blocks(bundle: Bundle) -> list[Block]:
    """Confusion matrices, and the curves of every scored class."""
    blocks: list[Block] = [Heading("What was answered for what was true"), _confusions(bundle)]
    stored = words.report(bundle)
    if stored is None:
        return [*blocks, *robustness_blocks(bundle), missing(bundle)]
    for name in stored["splits"]["test"]["curves"]:
        title = words.titles(bundle)[name]
        blocks.append(Heading(f"{title}, against everything else"))
        blocks.append(_curves(bundle, stored, name, title))
    return [*blocks, *robustness_blocks(bundle)]


def missing(bundle: Bundle) -> Paragraph:
    """What to do about a bundle that carries no stored figures."""
    return Paragraph(
        "This bundle was made without the stored curves of this section; "
        f"`python -m medmodels train {bundle.task} --data DIR` makes one that has them."
    )


def _confusions(bundle: Bundle) -> Side:
    figures = []
    names = [entry.title for entry in bundle.card.classes]
    # Four titles do not fit beside and below four cells; their letters do.
    marks, legend = names, ""
    if len(names) > 2:
        marks = [entry.letter for entry in bundle.card.classes]
        legend = " ".join(f"{e.letter}: {e.title.lower()}." for e in bundle.card.classes)
    for split, title in words.SPLIT_TITLES.items():
        numbers = bundle.evaluation["splits"].get(split)
        if numbers is None:
            continue
        counts = numbers["confusion"]
        said = "; ".join(
            f"of {sum(row):,} {name}, {row[i]:,} were answered so ({words.percent(rate[i])})"
            for i, (name, row, rate) in enumerate(
                zip(names, counts, row_rates(counts), strict=True)
            )
        )
        figures.append(
            Figure(
                f"confusion-{split}", f"Confusion matrix: {title.lower()}",
                f"{words.size(bundle, numbers)}. Counts, and the share of the true class. {legend}",
                f"Confusion matrix: {said}.",
                partial(confusion_figure, counts, marks, marks),
            )
        )  # fmt: skip
    return Side(tuple(figures))


def _known(stored: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    """Curves of one class by split, where the split has the class and others."""
    by_split = {split: found["curves"].get(name) for split, found in stored["splits"].items()}
    return {split: curves for split, curves in by_split.items() if curves is not None}


def _curves(bundle: Bundle, stored: Mapping[str, Any], name: str, title: str) -> Side:
    known = _known(stored, name)
    caption = (
        f"{words.sizes(bundle)}. Bands: "
        + words.interval_words(bundle, stored["settings"]["band_resamples"])
        + " The marker is what the network does as it is used."
    )
    area_of = {split: bundle.evaluation["splits"][split]["classes"][name]["auc"] for split in known}
    areas = "; ".join(
        f"{words.SPLIT_TITLES[split].lower()} {words.interval(area)}"
        for split, area in area_of.items()
    )
    precisions = "; ".join(
        f"{words.SPLIT_TITLES[split].lower()} {words.interval(curves['pr']['average_precision'])}"
        for split, curves in known.items()
    )
    roc = {split: curves["roc"] for split, curves in known.items()}
    pr = {split: curves["pr"] for split, curves in known.items()}
    return Side((
        Figure(
            f"roc-{name}", f"ROC curve: {title}", f"Area under the curve: {areas}. {caption}",
            f"ROC curve of {title}; area under the curve: {areas}.", partial(roc_figure, roc),
        ),
        Figure(
            f"pr-{name}", f"Precision and recall: {title}",
            f"Average precision: {precisions}. {caption} Dotted: the share of the class, which "
            "is what guessing reaches.",
            f"Precision-recall curve of {title}; average precision: {precisions}.",
            partial(pr_figure, pr),
        ),
    ))  # fmt: skip
