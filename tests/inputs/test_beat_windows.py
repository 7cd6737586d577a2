"""What the beat network reads, on drawn ECGs and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs.beat_rhythm import RHYTHM_NAMES, long_reference, rhythm_features, rr_intervals
from medmodels.inputs.beat_windows import (
    CONTEXT_NAMES,
    BeatInputSpec,
    prepare_beat_table,
    prepare_beats,
)
from medmodels.inputs.clean_wave import choose_leads, clean_wave, resample
from medmodels.inputs.errors import InputError
from medmodels.inputs.signal import BeatTable, Signal
from tests.inputs.ecg_drawing import draw

SPEC = BeatInputSpec(100.0, 0.42, 0.54, 2, CONTEXT_NAMES)
NO_GAPS = np.zeros((0, 2))


def column(inputs: object, name: str) -> np.ndarray:
    return inputs.rhythm[:, CONTEXT_NAMES.index(name)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("MLII", "V1"), (0, 1)),
        (("V5", "MLII"), (1, 0)),
        (("V2", "Lead II", "V1"), (1, 2)),
        (("ECG1", "ECG2"), (0, 1)),
        (("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2"), (1, 6)),
        (("anything",), (0, None)),
    ],
)
def test_leads_are_chosen_by_name(names: tuple[str, ...], expected: tuple[int, int | None]) -> None:
    assert choose_leads(names) == expected


@pytest.mark.parametrize("rate", [100.0, 128.0, 250.0, 333.3, 360.0, 1000.0])
def test_windows_lie_around_r_at_any_rate(rate: float) -> None:
    times = np.arange(0.7, 19, 0.8)
    signal = draw(times, rate, 20, noise=0.0)
    inputs = prepare_beats(signal, np.rint(times * rate).astype(np.int64), SPEC)
    assert inputs.windows.shape == (len(times), 96, 2)
    peak = inputs.offsets_s[np.abs(inputs.windows[:, :, 0]).argmax(axis=1)]
    assert np.all(np.abs(peak) <= 0.02)
    assert np.all(np.abs(inputs.centres_s - times) < 0.02)


def test_the_marks_place_in_the_qrs_does_not_matter() -> None:
    times = np.arange(0.7, 19, 0.8)
    signal = draw(times, 360, 20)
    exact = prepare_beats(signal, np.rint(times * 360).astype(np.int64), SPEC)
    moved = prepare_beats(signal, np.rint((times + 0.03) * 360).astype(np.int64), SPEC)
    assert np.all(np.abs(exact.centres_s - moved.centres_s) < 0.012)


def test_scale_turns_windows_back_into_millivolts() -> None:
    times = np.arange(0.7, 19, 0.8)
    signal = draw(times, 200, 20, height=2.0, noise=0.0)
    inputs = prepare_beats(signal, np.rint(times * 200).astype(np.int64), SPEC)
    top = inputs.windows[3, :, 0].max() * inputs.scale[0]
    assert top == pytest.approx(2.0, rel=0.2)


def test_gain_does_not_change_what_is_read() -> None:
    times = np.arange(0.7, 19, 0.8)
    signal = draw(times, 200, 20)
    peaks = np.rint(times * 200).astype(np.int64)
    twice = replace(signal, samples=signal.samples * 2)
    a, b = prepare_beats(signal, peaks, SPEC), prepare_beats(twice, peaks, SPEC)
    np.testing.assert_allclose(a.windows, b.windows, atol=1e-3)


def test_a_single_lead_leaves_the_second_zero() -> None:
    times = np.arange(0.7, 19, 0.8)
    signal = draw(times, 200, 20, leads=("II",))
    inputs = prepare_beats(signal, np.rint(times * 200).astype(np.int64), SPEC)
    assert inputs.columns == (0, None)
    assert not inputs.windows[:, :, 1].any()
    assert not column(inputs, "lead_present_2").any()
    assert column(inputs, "lead_present_1").all()


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_recordings_of_a_few_beats(count: int) -> None:
    times = 0.7 + 0.8 * np.arange(count)
    signal = draw(times, 200, 0.8 * count + 1)
    inputs = prepare_beats(signal, np.rint(times * 200).astype(np.int64), SPEC)
    assert np.isfinite(inputs.rhythm).all()
    assert np.isfinite(inputs.windows).all()
    assert column(inputs, "before_known")[0] == 0


def test_no_beat_is_an_input_error() -> None:
    with pytest.raises(InputError):
        prepare_beats(draw(np.array([1.0]), 200, 5), np.zeros(0, dtype=np.int64), SPEC)


def test_an_interval_across_a_gap_is_unknown() -> None:
    times = np.arange(0.7, 19, 0.8)
    signal = draw(times, 200, 20)
    samples = signal.samples.copy()
    samples[2200:2600] = np.nan
    kept = times[(times < 10.8) | (times > 13.2)]
    peaks = np.rint(kept * 200).astype(np.int64)
    inputs = prepare_beats(replace(signal, samples=samples), peaks, SPEC)
    first_after = int(np.searchsorted(kept, 13.2))
    known = column(inputs, "before_known")
    assert known[first_after] == 0
    assert known[1:].sum() == len(kept) - 2
    assert np.isfinite(inputs.windows).all()


def test_rhythm_by_hand() -> None:
    times = np.array([0.0, 0.8, 1.6, 2.0, 3.2, 4.0])
    found = rhythm_features(times, NO_GAPS)
    assert set(found) == set(RHYTHM_NAMES)
    assert found["rr_before"][1] == pytest.approx(0.0)
    assert found["rr_before"][3] == pytest.approx(np.log(0.4 / 0.8))
    assert found["before_to_after"][3] == pytest.approx(np.log(0.4 / 1.2))
    assert found["before_to_previous"][4] == pytest.approx(np.log(1.2 / 0.4))
    assert found["before_known"].tolist() == [0, 1, 1, 1, 1, 1]
    assert found["after_known"].tolist() == [1, 1, 1, 1, 1, 0]


def test_gaps_hide_intervals() -> None:
    rr = rr_intervals(np.array([0.0, 1.0, 2.0, 9.0]), np.array([[4.0, 6.0]]))
    np.testing.assert_allclose(rr, [np.nan, 1.0, 1.0, np.nan])


def test_the_long_reference_does_not_follow_a_majority_of_early_beats() -> None:
    # Three early beats after every normal one: the local median calls them regular.
    rr = np.tile([1.2, 0.6, 0.6, 0.6], 100)
    times = np.cumsum(rr)
    reference = long_reference(times, np.r_[np.nan, np.diff(times)])
    assert np.all(reference > 1.1)
    found = rhythm_features(times, NO_GAPS)
    early = rr == 0.6
    assert np.all(found["before_to_long"][early][5:] < -0.5)
    assert np.median(np.abs(found["before_to_local"][early])) < 0.05


def test_a_hidden_p_wave_is_seen_to_be_missing() -> None:
    times = np.arange(0.7, 39, 0.8)
    peaks = np.rint(times * 250).astype(np.int64)
    usual = draw(times, 250, 40)
    without = draw(times, 250, 40, p_height=0.0)
    samples = usual.samples.copy()
    odd = 20
    near = slice(peaks[odd] - 75, peaks[odd] - 15)
    samples[near] = without.samples[near]
    inputs = prepare_beats(replace(usual, samples=samples), peaks, SPEC)
    gain = column(inputs, "p_gain_1")
    assert gain[odd] < 0.4
    assert np.median(gain) == pytest.approx(1.0, abs=0.2)


def test_baseline_wander_is_removed() -> None:
    times = np.arange(0.7, 29, 0.8)
    signal = draw(times, 250, 30, noise=0.0)
    t = np.arange(len(signal.samples)) / 250
    wander = 1.5 * np.sin(2 * np.pi * 0.2 * t)[:, None].astype(np.float32)
    still = clean_wave(signal, 100).samples
    moved = clean_wave(replace(signal, samples=signal.samples + wander), 100).samples
    assert np.abs(moved - still)[100:-100].mean() < 0.06


@given(rate=st.floats(100, 2000), wanted=st.sampled_from([100.0, 120.0]), seconds=st.floats(2, 5))
@settings(max_examples=25, deadline=None)
def test_resampling_keeps_time(rate: float, wanted: float, seconds: float) -> None:
    t = np.arange(int(seconds * rate)) / rate
    out = resample(np.sin(2 * np.pi * 2 * t)[:, None].astype(np.float32), rate, wanted)
    at = np.arange(len(out)) / wanted
    inner = (at > 0.3) & (at < t[-1] - 0.3)
    np.testing.assert_allclose(out[inner, 0], np.sin(2 * np.pi * 2 * at[inner]), atol=0.03)


def test_tables_of_single_beats() -> None:
    rows = np.zeros((4, 187), dtype=np.float32)
    rows[:, :110] = 0.2
    rows[:, 0] = 1.0
    rows[3] = 0.0
    inputs = prepare_beat_table(BeatTable(rows, 125.0, None, ""), SPEC)
    assert inputs.windows.shape == (4, 96, 2)
    assert not inputs.windows[:, :42].any()
    assert not inputs.windows[:, :, 1].any()
    assert inputs.windows[:3, 42, 0].min() > 0.5
    assert np.abs(inputs.windows[:3, 60:, 0]).max() < 0.05
    assert not inputs.windows[3].any()
    assert not column(inputs, "before_known").any()


def test_offsets_and_reach() -> None:
    assert SPEC.reach == (42, 54)
    assert SPEC.offsets[42] == 0
    assert SPEC.offsets[0] == pytest.approx(-0.42)


def test_high_rate_and_many_leads() -> None:
    times = np.arange(0.7, 9, 0.8)
    leads = ("I", "II", "III", "V1")
    signal = draw(times, 1000, 10, leads=leads)
    inputs = prepare_beats(signal, np.rint(times * 1000).astype(np.int64), SPEC)
    assert isinstance(signal, Signal)
    assert inputs.columns == (1, 3)
