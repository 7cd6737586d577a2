"""Rhythms built from real beats: intervals, P waves and classes are what the plan says."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.beat_windows import CONTEXT_NAMES, BeatInputSpec
from medmodels.inputs.clean_wave import clean_wave
from medmodels.training.ecg_data import Record, prepare
from medmodels.training.ecg_plans import crop, make_variant
from medmodels.training.ecg_retime import Plan, retime
from medmodels.training.ecg_shapes import conducted_shapes, ventricular_shapes
from tests.inputs.ecg_drawing import draw

SPEC = BeatInputSpec(100.0, 0.42, 0.54, 2, CONTEXT_NAMES)


@pytest.fixture(scope="module")
def record() -> Record:
    times = np.arange(0.7, 119, 0.9)
    wave = clean_wave(draw(times, 250, 120, noise=0.005), 100)
    labels = np.zeros(len(times), dtype=np.int64)
    labels[30::25] = 2
    return Record("drawn", wave, times, np.rint(times * 250).astype(np.int64), labels)


def plan(record: Record, **changes: object) -> Plan:
    n = len(record.labels)
    values = {
        "rr": np.full(n, 0.9), "p_gain": np.ones((n, 2)), "labels": record.labels,
        "f_waves": np.zeros(n),
    }  # fmt: skip
    return Plan(**(values | changes))  # type: ignore[arg-type]


def test_an_unchanged_plan_changes_nothing(record: Record) -> None:
    same = retime(record, plan(record), np.random.default_rng(0))
    np.testing.assert_allclose(same.wave.samples, record.wave.samples)
    np.testing.assert_allclose(same.peaks_s, record.peaks_s, atol=0.011)


@pytest.mark.parametrize("early", [0.35, 0.5, 0.7, 1.3])
def test_intervals_are_the_plans_and_the_qrs_stays(record: Record, early: float) -> None:
    rr = np.full(len(record.labels), 0.9)
    rr[20] = early
    made = retime(record, plan(record, rr=rr), np.random.default_rng(0))
    np.testing.assert_allclose(np.diff(made.peaks_s)[19], early, atol=0.011)
    np.testing.assert_allclose(np.diff(made.peaks_s)[25], 0.9, atol=0.011)
    beats = prepare(made, SPEC).inputs
    qrs = slice(38, 47)
    np.testing.assert_allclose(beats.windows[20, qrs], beats.windows[10, qrs], atol=0.2)
    expected = np.log(early / 0.9)
    found = beats.rhythm[20, CONTEXT_NAMES.index("before_to_long")]
    assert found == pytest.approx(expected, abs=0.05)


def test_p_waves_follow_the_plan(record: Record) -> None:
    gain = np.ones((len(record.labels), 2))
    gain[20], gain[22] = 0.0, -1.0
    beats = prepare(retime(record, plan(record, p_gain=gain), np.random.default_rng(0)), SPEC)
    found = beats.inputs.rhythm[:, CONTEXT_NAMES.index("p_gain_1")]
    assert abs(found[20]) < 0.35
    assert found[22] < -0.5
    assert found[24] == pytest.approx(1.0, abs=0.3)


def test_variants_keep_beats_and_classes_together(record: Record) -> None:
    donors = ventricular_shapes([record])
    assert len(donors) == (record.labels == 2).sum()
    seen = set()
    for seed in range(12):
        made = make_variant(record, donors, conducted_shapes([record]), np.random.default_rng(seed))
        assert len(made.labels) == len(made.peaks_s) == len(made.samples)
        assert np.all(np.diff(made.peaks_s) > 0.2)
        assert np.isfinite(made.wave.samples).all()
        assert made.peaks_s[-1] < len(made.wave.samples) / made.wave.rate
        ectopic = np.flatnonzero(made.labels == 1)
        rr = np.diff(made.peaks_s, prepend=np.nan)
        if len(ectopic):
            seen.add("S")
            assert np.median(rr[ectopic]) < 0.95 * np.nanquantile(rr, 0.8)
        if (made.labels == 2).sum() > (record.labels == 2).sum():
            seen.add("V")
    assert seen == {"S", "V"}


def test_crops_are_stretches_of_the_record(record: Record) -> None:
    part = crop(record, np.random.default_rng(3))
    assert 30 <= len(part.labels) <= len(record.labels)
    assert np.all(part.peaks_s > 0)
    np.testing.assert_allclose(np.diff(part.peaks_s), 0.9, atol=0.011)
