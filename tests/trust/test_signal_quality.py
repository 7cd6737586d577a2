from dataclasses import replace

import numpy as np
import pytest

from medmodels.training.ecg_quality import quality_table
from medmodels.trust.findings import UNREADABLE, WARNING, Threshold, thresholds_from
from medmodels.trust.signal_measures import _bridged, measure_signal
from medmodels.trust.signal_quality import check_signal
from medmodels.trust.signal_runs import runs_of
from tests.trust.ecg_lines import drawn_ecg

RATE = 360.0
LIMITS = {
    "short": Threshold(30.0, 6.0, ""),
    "few_leads": Threshold(1.0, 0.0, ""),
    "few_beats": Threshold(None, 2.0, ""),
    "lead_off": Threshold(0.05, None, ""),
    "gaps": Threshold(0.05, 0.5, ""),
    "no_signal": Threshold(0.02, 0.5, ""),
    "saturation": Threshold(0.01, 0.2, ""),
    "noise": Threshold(0.1, 0.3, ""),
    "mains": Threshold(0.3, None, ""),
    "wander": Threshold(2.0, 10.0, ""),
    "heart_rate_low": Threshold(30.0, 15.0, ""),
    "heart_rate_high": Threshold(220.0, 320.0, ""),
    "amplitude_low": Threshold(0.2, 0.02, ""),
    "amplitude_high": Threshold(8.0, 30.0, ""),
}


def check(x, peaks, rate=RATE, **options):
    return {f.code: f for f in check_signal(x, rate, peaks, LIMITS, **options)}


def test_a_clean_ecg_has_no_findings():
    assert check(*drawn_ecg()) == {}


def test_a_check_without_a_threshold_is_not_made():
    x, peaks = drawn_ecg(seconds=5)
    assert check_signal(x, RATE, peaks, {}) == ()


@pytest.mark.parametrize(("seconds", "severity"), [(31, None), (20, WARNING), (6, UNREADABLE)])
def test_a_strip_may_be_too_short(seconds, severity):
    found = check(*drawn_ecg(seconds=seconds)).get("short")
    assert (found and found.severity) == severity
    assert found is None or (found.value == seconds and f"{seconds} s" in found.sentence)


def test_one_lead_and_a_lead_that_shows_nothing_are_the_same_to_the_reader():
    x, peaks = drawn_ecg()
    assert check(x[:, :1], peaks)["few_leads"].value == 1
    empty = x.copy()
    empty[:, 1] = 0
    found = check(empty, peaks, leads=("MLII", "V1"))
    assert found["few_leads"].severity == WARNING
    assert found["lead_off"].value == 1.0
    assert "V1" in found["lead_off"].sentence
    assert "no_signal" not in found


def test_a_flat_stretch_is_named_with_its_place():
    x, peaks = drawn_ecg()
    x[3600:7200, 1] = 0.05
    found = check(x, peaks, leads=("MLII", "V1"))
    assert found["lead_off"].where == ((10.0, 20.0),)
    assert found["lead_off"].value == pytest.approx(10 / 60)
    assert "Lead V1" in found["lead_off"].sentence
    assert "17%" in found["lead_off"].sentence
    assert "10 s" in found["lead_off"].sentence
    assert "no_signal" not in found


@pytest.mark.parametrize(("end", "severity"), [(7200, WARNING), (18000, UNREADABLE)])
def test_where_one_lead_is_flat_and_the_other_is_missing_there_is_no_signal(end, severity):
    x, peaks = drawn_ecg()
    x[3600:end, 0] = 0.05
    x[3600:end, 1] = np.nan
    found = check(x, peaks)["no_signal"]
    assert found.severity == severity
    assert found.where == ((10.0, end / RATE),)
    assert found.value == pytest.approx((end - 3600) / len(x))


def test_missing_samples_are_counted_exactly():
    x, peaks = drawn_ecg()
    x[100:2700, 0] = np.nan
    x[5000:5100, 0] = np.nan
    found = check(x, peaks)["gaps"]
    assert found.value == 2700 / (2 * 21600)
    assert found.where == ((100 / RATE, 7.5), (5000 / RATE, 5100 / RATE))
    assert "6.2%" in found.sentence
    # A bridged gap is a straight line, but not a lead that is off.
    assert measure_signal(x, RATE, peaks).flat[0].tolist() == []


def test_one_clipped_lead_is_a_warning_and_two_are_unreadable():
    x, peaks = drawn_ecg(bpm=120)
    # A triangle of 80 ms cut at half its height is flat for 40 ms of each half second.
    clipped = np.minimum(x, np.float32(0.5))
    one = np.stack([x[:, 0], clipped[:, 1]], axis=1)
    found = check(one, peaks, leads=("MLII", "V1"))["saturation"]
    assert found.severity == WARNING
    assert found.value == pytest.approx(0.08, abs=0.01)
    assert "Lead V1" in found.sentence
    harsh = dict(LIMITS, saturation=Threshold(0.01, 0.05, ""))
    for samples, severity in ((one, WARNING), (clipped, UNREADABLE)):
        codes = {f.code: f.severity for f in check_signal(samples, RATE, peaks, harsh)}
        assert codes["saturation"] == severity


def _with_noise(x, level, parts=slice(None)):
    noisy = x.copy()
    noise = np.random.default_rng(5).normal(0, level * np.sqrt(3), x.shape)
    noisy[parts] += noise[parts].astype(np.float32)
    return noisy


def test_noise_in_both_leads_is_unreadable_and_in_one_a_warning():
    x, peaks = drawn_ecg(seconds=120)
    noisy = _with_noise(x, 0.5)
    assert check(noisy, peaks)["noise"].severity == UNREADABLE
    mixed = np.stack([x[:, 0], noisy[:, 1]], axis=1)
    found = check(mixed, peaks, leads=("MLII", "V1"))["noise"]
    assert found.severity == WARNING
    assert "V1" in found.sentence


def test_one_noisy_stretch_of_twelve_is_usual_and_two_are_named():
    x, peaks = drawn_ecg(seconds=120)
    assert "noise" not in check(_with_noise(x, 0.2, slice(0, 3600)), peaks)
    found = check(_with_noise(x, 0.2, slice(3600, 10800)), peaks)["noise"]
    assert found.severity == WARNING
    assert found.where == ((10.0, 30.0),)
    assert found.value == pytest.approx(0.2, rel=0.15)


def test_hum_and_wander_are_told_apart_from_noise():
    # Not 60 a minute: hum in step with the beats would pass for a part of them.
    x, peaks = drawn_ecg(bpm=73)
    t = np.arange(len(x))[:, None] / RATE
    hum = (x + 0.5 * np.sin(2 * np.pi * 50 * t)).astype(np.float32)
    assert check(hum, peaks)["mains"].value == pytest.approx(0.5, rel=0.15)
    wander = (x + 2 * np.sin(2 * np.pi * 0.15 * t)).astype(np.float32)
    found = check(wander, peaks)
    assert set(found) == {"wander"}
    assert found["wander"].value == pytest.approx(4, rel=0.15)


@pytest.mark.parametrize(
    ("factor", "code", "severity"),
    [(0.1, "amplitude_low", WARNING), (0.001, "amplitude_low", UNREADABLE),
     (10, "amplitude_high", WARNING), (1000, "amplitude_high", UNREADABLE)],
)  # fmt: skip
def test_a_wrong_unit_shows_in_the_height_of_the_beats(factor, code, severity):
    x, peaks = drawn_ecg()
    found = check(x * np.float32(factor), peaks)
    assert set(found) == {code}
    assert found[code].severity == severity
    assert "mV" in found[code].sentence
    assert check(x * np.float32(factor), peaks, amplitude_known=False) == {}


@pytest.mark.parametrize(
    ("stated", "code", "severity"),
    [(720 / 5, "heart_rate_low", WARNING), (360 * 4, "heart_rate_high", WARNING),
     (360 * 6, "heart_rate_high", UNREADABLE)],
)  # fmt: skip
def test_a_wrong_rate_shows_in_the_heart_rate(stated, code, severity):
    x, peaks = drawn_ecg()
    found = check(x, peaks, rate=stated)[code]
    assert found.severity == severity
    assert found.value == pytest.approx(60 * stated / RATE)
    assert f"{stated:g} Hz" in found.sentence


def test_without_beats_nothing_is_said_against_their_height():
    x = np.random.default_rng(0).normal(0, 1, (7200, 2)).astype(np.float32)
    found = check(x, np.zeros(0, dtype=np.int64))
    assert found["few_beats"].severity == UNREADABLE
    assert set(found) <= {"few_beats", "short"}


def test_the_gravest_finding_comes_first_and_every_sentence_ends():
    x, peaks = drawn_ecg(seconds=20)
    x = _with_noise(x, 0.5)
    found = check_signal(x, RATE, peaks, LIMITS)
    severities = [f.severity for f in found]
    assert severities == sorted(severities, reverse=True)
    assert len(found) >= 2
    assert all(f.sentence.endswith(".") for f in found)


def test_an_empty_lead_beside_a_good_one():
    x, peaks = drawn_ecg()
    x[:, 1] = np.nan
    found = check(x, peaks)
    assert found["few_leads"].value == 1
    assert found["gaps"].value == 0.5
    assert replace(found["gaps"], sentence="").where == ((0.0, 60.0),)


def test_the_stated_thresholds_are_whole_and_let_a_clean_ecg_pass():
    stated = thresholds_from(quality_table())
    assert set(stated) == set(LIMITS)
    assert all(limit.why for limit in stated.values())
    x, peaks = drawn_ecg(bpm=73)
    assert check_signal(x, RATE, peaks, stated) == ()


def test_a_gap_is_bridged_by_a_straight_line():
    # Ramps of all lengths at the ends and inside, against NumPy's own interpolation.
    x = np.arange(60, dtype=np.float32) ** 1.5
    absent = np.zeros(60, dtype=bool)
    absent[[0, 1, 10, 20, 21, 22, 24, 59]] = True
    at = np.arange(60)
    expected = np.interp(at, at[~absent], x[~absent])
    filled = _bridged(np.where(absent, np.nan, x), absent, runs_of(absent))
    np.testing.assert_allclose(filled, expected, rtol=1e-6)
