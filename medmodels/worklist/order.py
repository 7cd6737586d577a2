"""In which order many cases are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from medmodels.trust.decision import ABSTAIN, WARN
from medmodels.worklist.line import UNREADABLE, Line

URGENCY: Final = "urgency"
DOUBT: Final = "doubt"
REFUSAL: Final = "refusal"
ARRIVAL: Final = "arrival"
#: The orders, and what each puts first.
ORDERS: Final = {
    URGENCY: "What needs attention first, the gravest and likeliest on top",
    DOUBT: "What the network is least sure of first",
    REFUSAL: "What has no answer first",
    ARRIVAL: "As they came",
}


def ordered(lines: Sequence[Line], by: str) -> list[int]:
    """Places of lines in the order asked for; of equals the earlier first.

    Parameters
    ----------
    lines : sequence of Line
    by : str
        One of `ORDERS`.

    Returns
    -------
    list of int
        Indices into ``lines``.

    Raises
    ------
    KeyError
        There is no such order.
    """
    key = {URGENCY: _urgency, DOUBT: _doubt, REFUSAL: _refusal, ARRIVAL: _arrival}[by]
    return sorted(range(len(lines)), key=lambda i: key(lines[i]))


def _urgency(line: Line) -> tuple[float, ...]:
    # Nobody knows what a case without an answer holds: between what is urgent and what is not.
    if not line.answered:
        return (1, 0, 0)
    return (0 if line.severity else 2, -line.severity, -line.urgency)


def _doubt(line: Line) -> tuple[float, ...]:
    rank = {ABSTAIN: 0, WARN: 1}.get(line.state, 3 if line.state == UNREADABLE else 2)
    # The more labels are left, the wider the doubt; none at all is as good as two.
    width = 1 if line.probability is None else len(line.left) or 2
    return (rank, -width, -line.doubt)


def _refusal(line: Line) -> tuple[float, ...]:
    return ({UNREADABLE: 0, ABSTAIN: 1, WARN: 2}.get(line.state, 3),)


def _arrival(line: Line) -> tuple[float, ...]:  # noqa: ARG001
    return ()
