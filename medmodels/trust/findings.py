"""What a check of an input found, in one form for scans and signals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

NOTE: Final = 0
"""Worth knowing; changes nothing."""
WARNING: Final = 1
"""Answer, with a warning."""
UNREADABLE: Final = 2
"""Abstain."""


@dataclass(frozen=True)
class Finding:
    """One thing that a check of an input's quality found.

    Parameters
    ----------
    code : str
        The check's short name, such as "saturation": the key of its threshold.
    severity : int
        `NOTE` (0), `WARNING` (1: answer with a warning) or `UNREADABLE` (2: abstain).
    sentence : str
        For a clinician: what was measured with its unit, and what to do.
    value : float
        What was measured, in the unit of the threshold.
    threshold : float
        The limit that it crossed.
    where : tuple of (float, float)
        Stretches of the recording, (start, end) in seconds; empty where the
        finding has no place in time.
    """

    code: str
    severity: int
    sentence: str
    value: float
    threshold: float
    where: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if self.severity not in (NOTE, WARNING, UNREADABLE):
            raise ValueError(f"severity is 0, 1 or 2, not {self.severity}")


@dataclass(frozen=True)
class Threshold:
    """From where on a measured value is a warning, and from where on unreadable.

    Parameters
    ----------
    warn : float or None
        None: never a warning.
    refuse : float or None
        None: never a reason to abstain. Beyond `warn`, on the same side.
    why : str
        The source: a standard, a paper, or the measurement it comes from.
    """

    warn: float | None
    refuse: float | None
    why: str

    def crossed(self, value: float, *, low: bool = False) -> tuple[int, float] | None:
        """Severity and the limit that a value crossed.

        Parameters
        ----------
        value : float
            NaN crosses nothing.
        low : bool
            True where small values are the bad ones.

        Returns
        -------
        (int, float) or None
            None within limits. A value at a limit has crossed it.
        """
        for severity, limit in ((UNREADABLE, self.refuse), (WARNING, self.warn)):
            if limit is not None and (value <= limit if low else value >= limit):
                return severity, limit
        return None


Thresholds = Mapping[str, Threshold]


def thresholds_from(quality: Mapping[str, Mapping[str, Any]]) -> dict[str, Threshold]:
    """Thresholds as `trust.json` keeps them, under "quality".

    Parameters
    ----------
    quality : mapping
        Code to ``{"warn": number or null, "refuse": number or null, "why": str}``.

    Raises
    ------
    KeyError
        When an entry lacks one of the three.
    """
    return {
        code: Threshold(entry["warn"], entry["refuse"], entry["why"])
        for code, entry in quality.items()
    }


def worst(findings: Iterable[Finding]) -> int:
    """The gravest severity among findings; `NOTE` when there are none."""
    return max((finding.severity for finding in findings), default=NOTE)
