import pytest

from medmodels.trust.findings import (
    NOTE,
    UNREADABLE,
    WARNING,
    Finding,
    Threshold,
    thresholds_from,
    worst,
)


def test_a_value_crosses_the_gravest_limit_it_reaches():
    limits = Threshold(0.1, 0.5, "")
    assert limits.crossed(0.09) is None
    assert limits.crossed(0.1) == (WARNING, 0.1)
    assert limits.crossed(0.7) == (UNREADABLE, 0.5)


def test_where_small_values_are_bad_the_limits_are_crossed_downwards():
    limits = Threshold(10.0, 5.0, "")
    assert limits.crossed(12.0, low=True) is None
    assert limits.crossed(10.0, low=True) == (WARNING, 10.0)
    assert limits.crossed(3.0, low=True) == (UNREADABLE, 5.0)


def test_what_is_unknown_crosses_nothing():
    assert Threshold(0.1, 0.5, "").crossed(float("nan")) is None
    assert Threshold(0.1, 0.5, "").crossed(float("nan"), low=True) is None


def test_a_missing_limit_is_never_crossed():
    assert Threshold(0.1, None, "").crossed(1e9) == (WARNING, 0.1)
    assert Threshold(None, None, "").crossed(1e9) is None


def test_thresholds_come_from_the_file_and_must_say_why():
    entry = {"warn": 0.1, "refuse": None, "why": "measured"}
    assert thresholds_from({"noise": entry}) == {"noise": Threshold(0.1, None, "measured")}
    with pytest.raises(KeyError):
        thresholds_from({"noise": {"warn": 0.1, "refuse": None}})


def test_the_worst_of_findings():
    def finding(severity):
        return Finding("noise", severity, "", 0.0, 0.0)

    assert worst([]) == NOTE
    assert worst([finding(NOTE), finding(UNREADABLE), finding(WARNING)]) == UNREADABLE
    with pytest.raises(ValueError, match="severity"):
        finding(3)
