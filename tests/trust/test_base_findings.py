"""What is said of many windows: shares, and the first place."""

from __future__ import annotations

import numpy as np

from medmodels.trust.base_findings import judge_many, some_unlike
from medmodels.trust.findings import UNREADABLE, WARNING, Threshold

LIMITS = {"unknown": Threshold(0.1, 0.5, "."), "run": Threshold(8, None, ".")}
GOOD, DOUBTFUL, BAD, LONG = (
    [0.0, 0, 0.8, 3], [0.2, 0, 0.8, 3], [0.6, 0, 0.8, 3], [0.0, 0, 0.8, 12],
)  # fmt: skip


def place(number: int) -> str:
    return f"window {number + 1}"


def found(*rows):
    return [
        (one.code, one.severity, round(one.value, 3))
        for one in judge_many(np.array(rows), LIMITS, "places", place)
    ]


def test_few_bad_windows_are_no_matter():
    assert found(*[GOOD] * 19, BAD) == []


def test_one_in_ten_is_a_warning_and_half_are_too_many():
    assert found(*[GOOD] * 18, BAD, DOUBTFUL) == [("unknown", WARNING, 0.1)]
    assert found(GOOD, GOOD, DOUBTFUL, DOUBTFUL, DOUBTFUL) == [("unknown", WARNING, 0.6)]
    assert found(GOOD, BAD) == [("unknown", UNREADABLE, 0.5)]


def test_the_gravest_comes_first_and_says_where():
    first, second = judge_many(np.array([GOOD, BAD, BAD, LONG]), LIMITS, "places", place)
    assert (first.code, second.code) == ("unknown", "run")
    assert "In 50% of the places too few of the bases are known, first in window 2." in (
        first.sentence
    )
    assert "first in window 4" in second.sentence


def test_some_unlike_windows_are_told_and_most_are_another_matter():
    scores = np.r_[np.zeros(8), 5.0, 5.0]
    (finding,) = some_unlike(scores, 4.0, "places", place)
    assert finding.severity == WARNING
    assert "20% of the places" in finding.sentence
    assert "window 9" in finding.sentence
    assert some_unlike(scores[:9], 4.0, "places", place) != ()
    assert some_unlike(np.r_[np.zeros(12), 5.0], 4.0, "places", place) == ()
    # Then the whole is refused, for another reason.
    assert some_unlike(np.full(3, 5.0), 4.0, "places", place) == ()
