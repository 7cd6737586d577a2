"""What is wrong with many windows of bases: how many of them, and where the first one lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from medmodels.trust.base_quality import CHECKS, severities
from medmodels.trust.findings import UNREADABLE, WARNING, Finding, Thresholds

Doubles = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Place = Callable[[int], str]

#: From this share of the windows on, what is wrong with them is worth a warning.
SOME: Final = 0.1
#: From this share on the whole is not read.
MOST: Final = 0.5


def judge_many(
    measured: Doubles, thresholds: Thresholds, items: str, place: Place
) -> tuple[Finding, ...]:
    """Say what is wrong with many windows.

    Parameters
    ----------
    measured : ndarray, shape (m, 4)
        At least one row, from `medmodels.trust.base_quality.measure_bases`.
    thresholds : mapping
        From ``trust.json``.
    items : str
        What the windows are called.
    place : callable
        From the number of a window to where it is, in words.

    Returns
    -------
    tuple of Finding
        The gravest first. Not readable where half of the windows are not; a
        warning where one in ten is unusual. Values are shares.
    """
    found = []
    for code in CHECKS.keys() & thresholds.keys():
        grave = severities(measured, code, thresholds)
        for severity, least in ((UNREADABLE, MOST), (WARNING, SOME)):
            hit = grave >= severity
            share = float(hit.mean())
            if share >= least:
                found.append(Finding(code, severity, _say(code, hit, items, place), share, least))
                break
    order = list(CHECKS)
    return tuple(sorted(found, key=lambda one: (-one.severity, order.index(one.code))))


def _say(code: str, hit: Bools, items: str, place: Place) -> str:
    first = place(int(np.flatnonzero(hit)[0]))
    return f"In {hit.mean():.0%} of the {items} {CHECKS[code].many}, first in {first}."


def some_unlike(scores: Doubles, refuse: float, items: str, place: Place) -> tuple[Finding, ...]:
    """Warn where some of many windows, but not most, are unlike the training data.

    Parameters
    ----------
    scores : ndarray, shape (m,)
        At least one; higher is less like the training data.
    refuse : float
        From this score on a window is unlike it.
    items, place
        As for `judge_many`.
    """
    hit = scores >= refuse
    share = float(hit.mean())
    if share < SOME or float(np.median(scores)) >= refuse:
        return ()
    sentence = (
        f"{share:.0%} of the {items} are unlike those that the network learned from, the first "
        f"{place(int(np.flatnonzero(hit)[0]))}: believe less of what it says there."
    )
    return (Finding("unlike_some", WARNING, sentence, share, SOME),)
