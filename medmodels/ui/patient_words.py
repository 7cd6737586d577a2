"""What an operating point means, in words and counts; every name comes from the card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from medmodels.bundles import Card
from medmodels.evaluation.bootstrap import Estimate
from medmodels.figures.icon_array import IconNames
from medmodels.trust.predictive_values import NaturalFrequencies

WHERE = {"test": "the test data", "external": "data from elsewhere"}


@dataclass(frozen=True)
class Words:
    """How one class of one task is spoken of.

    Parameters
    ----------
    disease : str
        The class, in lower case.
    many : str
        Who or what is counted: the card's ``[evaluation] people`` for the
        split, or else "people", "images", "beats".
    has, have : str
        "has" and "have" where people have it, "is" and "are" where it is what
        a thing is.
    """

    disease: str
    many: str
    has: str
    have: str

    @property
    def others(self) -> str:
        """Those that are not the class, after a number."""
        return "without it" if self.have == "have" else "others"

    @property
    def groups(self) -> tuple[str, str]:
        """Those that are the class and those that are not."""
        if self.have == "have":
            return f"those with {self.disease}", f"those without {self.disease}"
        return f"{self.disease} {self.many}", f"other {self.many}"

    def icons(self) -> IconNames:
        """Names of the four groups of an icon array."""
        lead = "with " if self.have == "have" else ""
        rest = f"without {self.disease}" if self.have == "have" else f"other {self.many}"
        return IconNames(
            missed=f"{lead}{self.disease}, missed",
            found=f"{lead}{self.disease}, found",
            alarmed=f"{rest}, false alarm",
            left_alone=f"{rest}, left alone",
            many=self.many,
        )


def words_for(card: Card, label: int, split: str) -> Words:
    """Words for one class of a card on one split."""
    of_people = card.kind == "scan" and len(card.classes) == 2
    default = "people" if of_people else card.items
    many = str(card.evaluation.get("people", {}).get(split, default))
    has, have = ("has", "have") if of_people else ("is", "are")
    return Words(card.classes[label].title.lower(), many, has, have)


def counts_sentence(
    counts: NaturalFrequencies, ppv: Estimate, npv: Estimate, words: Words, split: str
) -> str:
    """Say what becomes of so many people, as Streamlit's markdown.

    Parameters
    ----------
    counts : NaturalFrequencies
    ppv, npv : Estimate
        Where as many have it as in ``counts``.
    words : Words
    split : str
        Whose sensitivity and specificity these are: "test" or "external".
    """
    where = "those in the test data" if split == "test" else "those elsewhere"
    return (
        f"Of {counts.people:,} {words.many} like {where}, {_ill(counts, words)} "
        f"{words.disease}. {_found(counts, words)} {_alarms(counts, ppv)} {_quiet(counts, npv)}"
    )


def short_sentence(counts: NaturalFrequencies, ppv: Estimate, words: Words, split: str) -> str:
    """Say what the same rule means on another split's figures."""
    found = f"{counts.found:,} of the {counts.ill:,}"
    if counts.ill < 2:
        found = "it" if counts.found else "none"
    return (
        f"With the sensitivity and specificity of {WHERE[split]} ({words.many}), it finds "
        f"{found} and alarms {counts.alarmed:,} of the {counts.well:,} {words.others}. "
        f"{_alarms(counts, ppv)}"
    )


def _ill(counts: NaturalFrequencies, words: Words) -> str:
    if counts.ill == 0:
        return f"fewer than one {words.has}"
    return f"about {counts.ill:,} {words.has if counts.ill == 1 else words.have}"


def _found(counts: NaturalFrequencies, words: Words) -> str:
    alarmed = f"{counts.alarmed:,}" if counts.alarmed else "none"
    also = f"alarms {alarmed} of the {counts.well:,} {words.others}."
    if counts.ill == 0:
        return f"The network {also}"
    if counts.ill == 1:
        found = "finds it" if counts.found else "misses it"
    elif counts.missed == 0 or counts.found == 0:
        all_of = "both" if counts.ill == 2 else f"all {counts.ill:,}"
        found = f"{'finds' if counts.found else 'misses'} {all_of} of them"
    else:
        found = f"finds **{counts.found:,}** of them and misses **{counts.missed:,}**"
    return f"The network {found}; it {'also ' * bool(counts.alarmed)}{also}"


def _alarms(counts: NaturalFrequencies, ppv: Estimate) -> str:
    if np.isnan(ppv.value):
        return "It gives no alarm, so there is no PPV."
    if counts.alarms == 0:
        return f"Fewer than one alarm is to be expected: **PPV {share(ppv)}**."
    if counts.alarms == 1:
        return f"So its one alarm is {'right' if counts.found else 'false'}: **PPV {share(ppv)}**."
    right = f"{counts.found:,}" if counts.found else "none"
    verb = "is" if counts.found < 2 else "are"
    return f"So of {counts.alarms:,} alarms, **{right} {verb} right: PPV {share(ppv)}**."


def _quiet(counts: NaturalFrequencies, npv: Estimate) -> str:
    if np.isnan(npv.value):
        return "It leaves nobody alone, so there is no NPV."
    if counts.quiet == 0:
        return f"It leaves fewer than one alone: NPV {share(npv)}."
    verb = "is" if counts.left_alone == 1 else "are"
    return (
        f"Of the {counts.quiet:,} it leaves alone, {counts.left_alone:,} rightly {verb}: "
        f"NPV {share(npv)}."
    )


def share(estimate: Estimate, *, says: str = "95% interval ") -> str:
    """A share with its interval: "57% (95% interval 50 to 65)".

    As many decimals as the distance to 0 or 100% needs.
    """
    if np.isnan(estimate.value):
        return "–"
    exact = estimate.value in (0.0, 1.0)
    inner = estimate.low if estimate.value == 1.0 else estimate.high
    decimals = _decimals(inner if exact else estimate.value)
    value = f"{estimate.value:.0%}" if exact else rate(estimate.value)
    if np.isnan(estimate.low):
        return value
    low, high = (
        f"{100 * end:.{0 if end in (0.0, 1.0) else decimals}f}"
        for end in (estimate.low, estimate.high)
    )
    return f"{value} ({says}{low} to {high})"


def rate(value: float) -> str:
    """A share as text, never rounded to "0%" or "100%" when it is neither.

    Examples
    --------
    >>> rate(0.572), rate(0.974), rate(0.0034), rate(0.99996), rate(0.9999999), rate(1.0)
    ('57%', '97.4%', '0.34%', '99.996%', '> 99.999%', '100%')
    """
    if value in (0.0, 1.0):
        return f"{value:.0%}"
    if value < 0.00001 or value > 0.99999:
        return "< 0.001%" if value < 0.5 else "> 99.999%"
    return f"{100 * value:.{_decimals(value)}f}%"


def thresholds_apart(thresholds: Sequence[float]) -> list[str]:
    """Rising shares as text, with as many decimals as keep neighbours apart.

    A slider tells its steps by their text: two with the same would be one.

    Examples
    --------
    >>> thresholds_apart([0.001, 0.2377, 0.2419, 0.9])
    ['0.10%', '23.8%', '24.2%', '90.0%']
    """
    texts = []
    for i, value in enumerate(thresholds):
        around = [*thresholds[max(i - 1, 0) : i], *thresholds[i + 1 : i + 2]]
        for decimals in range(_decimals(value), 15):
            text = f"{100 * value:.{decimals}f}"
            taken = {f"{100 * other:.{decimals}f}" for other in around}
            if text not in taken and float(text) not in (0.0, 100.0):
                break
        texts.append(f"{text}%")
    return texts


def _decimals(value: float) -> int:
    edge = min(value, 1 - value)
    return 0 if edge >= 0.1 else 1 if edge >= 0.01 else 2 if edge >= 0.001 else 3
