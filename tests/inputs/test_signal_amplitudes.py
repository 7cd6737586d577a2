"""Units and gains, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.amplitudes import judge_unit, parse_unit, to_millivolts
from medmodels.inputs.csv_hints import split_name, stated_gain, stated_rate, time_unit
from medmodels.inputs.understanding import RawLead, Unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [("mV", "mV"), ("[uV]", "uV"), ("µV", "uV"), ("V", "V"), ("adu", "counts"), ("mmHg", None)],
)
def test_units(text: str, unit: Unit | None) -> None:
    assert parse_unit(text) == unit


@pytest.mark.parametrize(
    ("lead", "value", "expected", "known"),
    [
        (RawLead("II", "mV"), 1.5, 1.5, True),
        (RawLead("II", "uV"), 1500, 1.5, True),
        (RawLead("II", "V"), 0.0015, 1.5, True),
        (RawLead("II", "counts", 200, 1024), 1324, 1.5, True),
        (RawLead("II", "counts", 200, 1024, calibrated=False), 1324, 1.5, False),
    ],
)
def test_millivolts(lead: RawLead, value: float, expected: float, known: bool) -> None:
    scaled, found, _ = to_millivolts(np.array([value, np.nan], np.float32), lead)
    assert scaled[0] == pytest.approx(expected)
    assert np.isnan(scaled[1])
    assert found is known


def test_counts_without_baseline_are_centred_on_their_median() -> None:
    scaled, known, note = to_millivolts(
        np.array([10, 20, 30], np.float32), RawLead("II", "counts", gain=10)
    )
    assert scaled.tolist() == [-1, 0, 1]
    assert known
    assert "median" in note


@pytest.mark.parametrize(
    ("scale", "whole", "unit"),
    [(1, False, "mV"), (800, False, "uV"), (0.001, False, "V"), (300, True, "counts")],
)
def test_judged_units(scale: float, whole: bool, unit: Unit) -> None:
    wave = scale * np.sin(np.arange(2000) / 50)[:, np.newaxis]
    assert judge_unit(wave.astype(np.float32), whole_numbers=whole) == unit


def test_hints() -> None:
    assert stated_rate(("# fs = 360",)) == 360
    assert stated_rate(("Sample Rate,512.5 hertz",)) == 512.5
    assert stated_rate(("recorded at 1 kHz",)) == 1000
    assert stated_rate(("# 2024-05-01 patient 360",)) is None
    assert stated_gain(("# gain = 200, baseline = 1024",)) == (200, 1024)
    assert split_name("V5 / mV") == ("V5", "mV")
    assert split_name("aVF") == ("aVF", "")
    assert time_unit("time", "ms") == "ms"
    assert time_unit("sample #", "") == "sample"
    assert time_unit("V5", "") is None
