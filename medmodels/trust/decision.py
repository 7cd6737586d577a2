"""Answer, answer with a warning, or abstain; with the reasons, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.trust.findings import UNREADABLE, WARNING, Finding

ANSWER: Final = "answer"
WARN: Final = "warn"
ABSTAIN: Final = "abstain"
THRESHOLD: Final = "threshold"
#: From this share of answers in doubt on, the whole carries a warning.
MANY_IN_DOUBT: Final = 0.2

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reason:
    """Why an answer is doubted or withheld.

    Parameters
    ----------
    code : str
        "unlike_training", "undecided", "threshold", or the code of a finding.
    abstain : bool
        Whether this alone withholds the answer.
    sentence : str
        For a clinician: what was found and what to do.
    """

    code: str
    abstain: bool
    sentence: str


@dataclass(frozen=True)
class Decision:
    """What to do with a network's answer.

    Parameters
    ----------
    kind : str
        `ANSWER`, `WARN` or `ABSTAIN`.
    reasons : tuple of Reason
        The weightiest first; empty for a plain answer.
    """

    kind: str
    reasons: tuple[Reason, ...]

    @property
    def abstains(self) -> bool:
        """Whether no label may be shown."""
        return self.kind == ABSTAIN

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"decision": self.kind, "reasons": [vars(reason) for reason in self.reasons]}


def decide(
    *,
    unlike: Reason | None,
    findings: Iterable[Finding],
    undecided: Reason | None,
    at_threshold: Reason | None,
) -> Decision:
    """Weigh what speaks against showing an answer.

    In order of weight: an input unlike the training data, for which no
    probability means anything; an unreadable input; labels that cannot be told
    apart; then all that only warns, in the same order; last a probability
    whose interval reaches over the operating point.

    Parameters
    ----------
    unlike : Reason or None
    findings : iterable of Finding
        Notes (severity 0) are not reasons.
    undecided, at_threshold : Reason or None
    """
    quality = [
        Reason(finding.code, finding.severity == UNREADABLE, finding.sentence)
        for finding in sorted(findings, key=lambda finding: -finding.severity)
        if finding.severity >= WARNING
    ]
    candidates: list[Reason | None] = [unlike, *quality]
    if unlike is None or not unlike.abstain:
        candidates += [undecided, at_threshold]
    reasons = [reason for reason in candidates if reason is not None]
    ordered = tuple(sorted(reasons, key=lambda reason: not reason.abstain))
    if not ordered:
        return Decision(ANSWER, ())
    return Decision(ABSTAIN if ordered[0].abstain else WARN, ordered)


def at_threshold(decision: Decision, reason: Reason | None) -> Decision:
    """Replace what a decision says of the operating point, after it was moved.

    Parameters
    ----------
    decision : Decision
    reason : Reason or None
        From `threshold_reason` at the new operating point.
    """
    others = tuple(old for old in decision.reasons if old.code != THRESHOLD)
    reasons = others if reason is None else (*others, reason)
    if not reasons:
        return Decision(ANSWER, ())
    return Decision(ABSTAIN if reasons[0].abstain else WARN, reasons)


def undecided_reason(held: Mapping[float, Sequence[bool]], titles: Sequence[str]) -> Reason | None:
    """Say that more than one label, or none, is left.

    Parameters
    ----------
    held : mapping of float to sequence of bool
        The prediction sets at two levels.
    titles : sequence of str
        Of the classes.

    Returns
    -------
    Reason or None
        Abstains when at neither level exactly one label is left; warns when
        that is so at one level only.
    """
    low, high = min(held), max(held)
    left_low, left_high = sum(held[low]), sum(held[high])
    at_low, at_high = (f"at {level:.0%} {say_set(held[level], titles)}" for level in (low, high))
    if left_low != 1 and left_high != 1:
        # The smaller set that names labels says most.
        return Reason(
            "undecided", True, f"Too close to call: {at_low if left_low > 1 else at_high}."
        )
    if left_high != 1:
        return Reason("undecided", False, f"Not sure: {at_high}.")
    if left_low != 1:
        return Reason("undecided", False, f"Not sure: {at_low}.")
    return None


def many_in_doubt(sets: Mapping[float, npt.NDArray[np.bool_]], items: str) -> Reason | None:
    """Warn where many answers are in doubt.

    Parameters
    ----------
    sets : mapping of float to ndarray, bool, shape (n, K)
        The labels left at each level; the highest one counts.
    items : str
    """
    level = max(sets)
    share = float((sets[level].sum(axis=1) != 1).mean())
    if share < MANY_IN_DOUBT:
        return None
    return Reason(
        "undecided", False,
        f"{share:.0%} of the {items} are in doubt: at {level:.0%} more than one class is "
        "left, or none.",
    )  # fmt: skip


def say_set(held: Sequence[bool], titles: Sequence[str]) -> str:
    """A prediction set in words.

    Examples
    --------
    >>> say_set([False, True], ["Normal", "Pneumonia"])
    'pneumonia'
    >>> say_set([True, True], ["Normal", "Pneumonia"])
    'it can rule out neither normal nor pneumonia'
    >>> say_set([True, True, True], ["A", "B", "C"])
    'it cannot rule out a, b or c'
    >>> say_set([False, False], ["Normal", "Pneumonia"])
    'no label stands out'
    """
    names = [title.lower() for title, kept in zip(titles, held, strict=True) if kept]
    if not names:
        return "no label stands out"
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return f"it can rule out neither {names[0]} nor {names[1]}"
    return f"it cannot rule out {', '.join(names[:-1])} or {names[-1]}"


def threshold_reason(low: float, high: float, threshold: float | None) -> Reason | None:
    """Say that the interval of a probability, ``low`` to ``high``, spans the operating point."""
    if threshold is None or not low < threshold <= high:
        return None
    return Reason(
        THRESHOLD,
        False,
        f"The probability’s 95% interval, {low:.0%} to {high:.0%}, reaches over the operating "
        f"point at {threshold:.0%}: with a little other training the answer could have turned.",
    )
