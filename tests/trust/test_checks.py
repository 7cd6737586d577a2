"""What is measured against thresholds, on measures made up for it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from medmodels.trust.checks import Check, judge
from medmodels.trust.findings import UNREADABLE, WARNING, Threshold

CHECKS = {
    "small": Check("size", True, "{value:.0f} across (usual from {usual:.0f})."),
    "large": Check("size", False, "{value:.0f} across (usual up to {usual:.0f})."),
    "loud": Check("noise", False, "{value:.0%} noise (usual up to {usual:.0%})."),
}
LIMITS = {"small": Threshold(20, 10, "made up"), "loud": Threshold(0.2, 0.5, "made up")}


def found(**measured: float) -> list[tuple[str, int, str]]:
    judged = judge(SimpleNamespace(**measured), CHECKS, LIMITS)
    return [(one.code, one.severity, one.sentence) for one in judged]


def test_the_gravest_comes_first_and_what_is_usual_is_told() -> None:
    assert found(size=15, noise=0.6) == [
        ("loud", UNREADABLE, "60% noise (usual up to 20%)."),
        ("small", WARNING, "15 across (usual from 20)."),
    ]


def test_without_a_warning_the_limit_itself_is_told() -> None:
    only = {"small": Threshold(None, 10, "made up")}
    (one,) = judge(SimpleNamespace(size=9), {"small": CHECKS["small"]}, only)
    assert one.sentence == "9 across (usual from 10)."
    assert (one.value, one.threshold) == (9, 10)


def test_within_limits_unmeasured_or_without_a_threshold_nothing_is_said() -> None:
    # "large" has no threshold; NaN is what could not be measured.
    assert found(size=10**6, noise=np.nan) == []
