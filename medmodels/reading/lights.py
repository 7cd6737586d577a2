"""Five checks of a reading, each one word that opens to its details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from medmodels.reading.reading import Reading, Trust
from medmodels.reading.sentences import percent
from medmodels.trust.decision import say_set
from medmodels.trust.findings import UNREADABLE, WARNING, worst
from medmodels.trust.unlike import UPRIGHT, Unlike

GOOD: Final = "good"
DOUBT: Final = "doubt"
BAD: Final = "bad"
UNKNOWN: Final = "unknown"

# A probability whose 95% interval is wider than this is no firm number.
_WIDE = 0.3
# With more than this share of its answers in doubt an input is no clear case.
_MANY = 0.2
_LYING = {
    "turned_right": "Lies on its side", "turned_left": "Lies on its side",
    "upside_down": "Is upside down", "inverted": "Is inverted", "mirrored": "May be mirrored",
}  # fmt: skip


@dataclass(frozen=True)
class Light:
    """One check.

    Parameters
    ----------
    question : str
        "Does it fit?"
    state : str
        "good", "doubt", "bad" or "unknown".
    word : str
        The answer, in two or three words.
    details : tuple of str
        Plain sentences.
    """

    question: str
    state: str
    word: str
    details: tuple[str, ...]


def lights_of(reading: Reading, *, withheld: bool, listed: bool = True) -> tuple[Light, ...]:
    """Check a reading.

    Parameters
    ----------
    reading : Reading
    withheld : bool
        Whether its labels are not to be told; then the checks that would tell
        them are silent.
    listed : bool
        Whether a list of beats follows, that can show those in doubt alone.

    Returns
    -------
    tuple of Light
        Empty for a bundle without a trust layer.
    """
    trust = reading.trust
    if trust is None:
        return ()
    checks = [_fits(trust.unlike), _quality(trust)]
    if withheld:
        silent = ("Because the answer is withheld.",)
        checks += [
            Light("How sure?", UNKNOWN, "Not told", silent),
            Light("What is left?", UNKNOWN, "Not told", silent),
            Light("Map tested?", UNKNOWN, "Not shown", silent),
        ]
        return tuple(checks)
    if _many(reading):
        checks += [_many_sure(reading), _many_left(reading, trust, listed)]
    else:
        checks += [_sure(reading, trust), _left(reading, trust)]
    checks.append(_explained(reading))
    return tuple(checks)


def _fits(unlike: Unlike | None) -> Light:
    question = "Does it fit?"
    if unlike is None:
        return Light(question, UNKNOWN, "Not checked", ("This kind of input cannot be checked.",))
    score, warn, refuse = (
        f"{number:.3g}".replace("-", "−") for number in (unlike.score, unlike.warn, unlike.refuse)
    )
    share = percent(unlike.rank).replace("> ", "over ").replace("< ", "less than ")
    warned = "" if warn == refuse else f"a warning from {warn}, "
    rank = (
        f"It is more unlike the training data than {share} of the inputs that the "
        f"network was checked on (score {score}; {warned}refused from {refuse})."
    )
    if unlike.turn != UPRIGHT:
        state = DOUBT if unlike.turn == "mirrored" else BAD
        return Light(question, state, _LYING[unlike.turn], (rank,))
    if unlike.refused:
        return Light(question, BAD, "Unlike the training data", (rank,))
    if unlike.score >= unlike.warn:
        return Light(question, DOUBT, "Unusual", (rank,))
    return Light(question, GOOD, "Like the training data", (rank,))


def _quality(trust: Trust) -> Light:
    state, word = {UNREADABLE: (BAD, "Not readable"), WARNING: (DOUBT, "Doubtful")}.get(
        worst(trust.findings), (GOOD, "Good")
    )
    sentences = tuple(finding.sentence for finding in trust.findings)
    return Light("Good enough?", state, word, sentences or ("Nothing unusual was found.",))


def _sure(reading: Reading, trust: Trust) -> Light:
    label = int(reading.labels[0])
    low, high = float(trust.low[0, label]), float(trust.high[0, label])
    point = reading.operating_point
    k = point.positive
    over = (
        k is not None
        and point.threshold is not None
        and trust.low[0, k] < point.threshold <= trust.high[0, k]
    )
    title = reading.card.classes[label].title.lower()
    details = (
        f"Probability of {title}: {percent(float(reading.probabilities[0, label]))}; 95% interval "
        f"{percent(low)} to {percent(high)}. The interval says how much the number would move had "
        f"other {_others(reading)} been in the training.",
    )
    if over:
        return Light("How sure?", DOUBT, "Near the turning point", details)
    if high - low > _WIDE:
        return Light("How sure?", DOUBT, "Wide interval", details)
    return Light("How sure?", GOOD, f"{percent(low)} to {percent(high)}", details)


def _others(reading: Reading) -> str:
    """What training data come from, in the plural, as the card says."""
    one = str(reading.card.evaluation.get("group", "row"))
    return f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"


def _left(reading: Reading, trust: Trust) -> Light:
    titles = [entry.title for entry in reading.card.classes]
    details = tuple(
        f"At {level:.0%}: {say_set(sets[0].tolist(), titles)}."
        for level, sets in trust.sets.items()
    )
    held = trust.sets[max(trust.sets)][0]
    return _count(held.tolist(), titles, max(trust.sets), details)


def _count(
    held: Sequence[bool], titles: Sequence[str], level: float, details: tuple[str, ...]
) -> Light:
    count = sum(held)
    note = (
        f"Of 100 inputs like those it was checked on, such a statement at {level:.0%} holds for "
        f"about {round(100 * level)}; for inputs from elsewhere that is not promised."
    )
    if count == 1:
        only = next(title for title, kept in zip(titles, held, strict=True) if kept)
        return Light("What is left?", GOOD, f"Only {only.lower()}", (*details, note))
    word = "No label" if not count else f"{count} labels"
    return Light("What is left?", DOUBT, word, (*details, note))


def _many(reading: Reading) -> bool:
    """Whether there are many answers, and no single one to speak of."""
    return reading.beats is not None or len(reading.labels) > 1


def _words(reading: Reading) -> tuple[str, str]:
    """What an answer is about, and several: along a sequence, places."""
    if reading.bases is not None and reading.bases.scanned:
        return "place", "places"
    return reading.card.item, reading.card.items


def _many_sure(reading: Reading) -> Light:
    question, items = "How sure?", _words(reading)[1]
    rows = np.arange(len(reading.labels))
    if reading.bases is not None and reading.bases.scanned:
        # Nearly all places are no site, and surely so: what matters is what is called.
        grave = np.array([entry.severity > 0 for entry in reading.card.classes])
        rows, items = np.flatnonzero(grave[reading.labels]), "places that are called"
        if not len(rows):
            return Light(question, GOOD, "Nothing is called", ("No place is called a site.",))
    decided = reading.probabilities[rows, reading.labels[rows]]
    low = float(np.quantile(decided, 0.1))
    details = (
        f"Half of the {items} have a probability of {percent(float(np.median(decided)))} or more "
        f"for the class they were given; one in ten has {percent(low)} or less.",
    )
    return Light(question, GOOD if low >= 0.5 else DOUBT, f"9 in 10 from {percent(low)}", details)


def _many_left(reading: Reading, trust: Trust, listed: bool) -> Light:
    item, items = _words(reading)
    level = max(trust.sets)
    in_doubt = trust.sets[level].sum(axis=1) != 1
    count, share = int(in_doubt.sum()), float(in_doubt.mean())
    where = " The list below can show them alone." if listed and reading.beats else ""
    details = (
        f"{count:,} of {len(in_doubt):,} {items} ({share:.1%}) are in doubt: at {level:.0%} more "
        f"than one class is left, or none.{where}",
    )
    if share > _MANY:
        return Light("What is left?", DOUBT, f"{count:,} in doubt", details)
    # A tick beside a bare number of doubts would read as praise for them.
    word = f"One for all but {count:,}" if count else f"One for each {item}"
    return Light("What is left?", GOOD, word, details)


def _explained(reading: Reading) -> Light:
    question, item = "Map tested?", _words(reading)[0]
    decided = [one for one in reading.explained if one.audit.class_index == reading.labels[one.row]]
    if not decided:
        hint = "take a map as a hint, not as evidence, until it has passed its test on this input."
        if _many(reading):
            return Light(
                question, UNKNOWN, f"{item.capitalize()} by {item}",
                (f"A {item}'s map is tested when the {item} is opened; {hint}",),
            )  # fmt: skip
        return Light(question, UNKNOWN, "Not yet", (hint[0].upper() + hint[1:],))
    passed = sum(one.audit.passed for one in decided)
    details = tuple(dict.fromkeys(one.audit.sentence for one in decided))
    if _many(reading):
        word = f"{passed} of {len(decided)} passed"
        return Light(question, GOOD if passed == len(decided) else DOUBT, word, details)
    last = decided[-1].audit
    warning = last.shortcut.warning if last.shortcut else None
    if not last.passed:
        return Light(question, DOUBT, "Not reliable", details)
    if warning:
        return Light(question, DOUBT, "Passed, but look", (*details, warning))
    return Light(question, GOOD, "Passed", details)
