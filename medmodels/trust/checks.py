"""Checks of what was measured of an input: one threshold each, and what is said beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from medmodels.trust.findings import Finding, Thresholds


@dataclass(frozen=True)
class Check:
    """One threshold: which measure, which side is bad, what to say.

    Parameters
    ----------
    measure : str
        A field of what was measured.
    low : bool
        Whether small values are the bad ones.
    sentence : str
        With places for ``value``, what was measured, and ``usual``, where the usual ends.
    many : str
        Of a share of several inputs; empty for what is judged by itself only.
    """

    measure: str
    low: bool
    sentence: str
    many: str = ""


def judge(
    measured: object, checks: Mapping[str, Check], thresholds: Thresholds
) -> tuple[Finding, ...]:
    """Say what is wrong with one input.

    Parameters
    ----------
    measured : object
        With the fields that the checks name.
    checks : mapping
        By code, which is also the key of their threshold.
    thresholds : mapping
        From ``trust.json``; checks without a threshold are left out.

    Returns
    -------
    tuple of Finding
        The gravest first; empty when nothing is wrong.
    """
    found = []
    for code, check in checks.items():
        limits = thresholds.get(code)
        value = getattr(measured, check.measure)
        crossed = limits.crossed(value, low=check.low) if limits is not None else None
        if limits is None or crossed is None:
            continue
        severity, limit = crossed
        # Told is what is usual, whichever of the two limits was crossed.
        usual = limits.warn if limits.warn is not None else limit
        sentence = check.sentence.format(value=value, usual=usual)
        found.append(Finding(code, severity, sentence, value, limit))
    return tuple(sorted(found, key=lambda finding: -finding.severity))
