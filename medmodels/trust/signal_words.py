"""Numbers of a signal's findings as a clinician reads them."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share as a percentage; small ones with a decimal.

    Examples
    --------
    >>> percent(0.123), percent(0.0042), percent(0.0002)
    ('12%', '0.4%', 'under 0.1%')
    """
    if 0 < share < 0.001:
        return "under 0.1%"
    return f"{100 * share:.1f}%" if share < 0.095 else f"{100 * share:.0f}%"


def minutes(seconds: float) -> str:
    """A duration in seconds, or from two minutes on in minutes.

    Examples
    --------
    >>> minutes(3.24), minutes(45), minutes(200)
    ('3.2 s', '45 s', '3.3 min')
    """
    if seconds >= 120:
        return f"{seconds / 60:.1f} min"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def named(lead: str) -> str:
    """A lead at the start of a sentence.

    Examples
    --------
    >>> named("MLII"), named("lead 2")
    ('Lead MLII', 'Lead 2')
    """
    return f"Lead {lead.removeprefix('lead ')}"
