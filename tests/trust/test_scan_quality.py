"""Every measure on pictures whose value is known by construction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from medmodels.trust.findings import thresholds_from
from medmodels.trust.scan_quality import ScanQuality, judge_scan, measure_scan

SLOPE = np.linspace(0.05, 0.45, 100, dtype=np.float32)
RAMP = SLOPE[:, None] + SLOPE  # grey from 0.1 to 0.9, corner to corner
USUAL = ScanQuality(400, 0.01, 0.2, 0.5, 0.6, 0.0, 0.0)
LIMITS = thresholds_from({
    "resolution": {"warn": 192, "refuse": 64, "why": "."},
    "clipped": {"warn": 0.2, "refuse": 0.6, "why": "."},
    "blurred": {"warn": 0.05, "refuse": 0.02, "why": "."},
    "noisy": {"warn": 0.6, "refuse": None, "why": "."},
    "dark": {"warn": 0.2, "refuse": 0.05, "why": "."},
    "bright": {"warn": 0.8, "refuse": None, "why": "."},
    "flat": {"warn": 0.3, "refuse": 0.03, "why": "."},
    "borders": {"warn": 0.3, "refuse": 0.8, "why": "."},
    "colour": {"warn": 0.02, "refuse": 0.06, "why": "."},
})  # fmt: skip


def measured(display):
    seen = display if display.ndim == 3 else display[..., None]
    return measure_scan(display, seen)


def test_a_ramp_by_hand():
    found = measured(RAMP)
    assert found.resolution == 100
    assert found.brightness == pytest.approx(0.5, abs=1e-3)
    # The sum of two even spreads of width 0.4: 5% lie below 0.4 * sqrt(0.1) of its low end.
    assert found.contrast == pytest.approx(0.8 - 0.8 * np.sqrt(0.1), abs=0.01)
    assert (found.clipped, found.borders, found.colour) == (0, 0, 0)
    assert found.sharpness == pytest.approx(0, abs=1e-4)


def test_the_shorter_side_counts():
    assert measure_scan(np.zeros((30, 80)), np.zeros((8, 8, 1))).resolution == 30


def test_a_quarter_cut_off_is_a_quarter():
    picture = RAMP.copy()
    picture[20:70, 30:80] = 0.0  # half of the rows, half of the columns
    assert measured(picture).clipped == pytest.approx(0.25)


def test_a_black_frame_is_border_and_not_cut_off():
    picture = np.zeros((100, 100), np.float32)
    picture[25:75, 25:75] = RAMP[:50, :50]
    found = measured(picture)
    assert found.borders == pytest.approx(0.75)
    assert found.clipped == 0


@given(
    st.integers(3, 60), st.integers(3, 60),
    st.tuples(*[st.integers(0, 60)] * 4), st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_even_rows_and_columns_at_the_edges_are_border(height, width, frame, seed):
    top, bottom, left, right = frame
    grey = np.full((height + top + bottom, width + left + right), 0.25, dtype=np.float32)
    inside = np.random.default_rng(seed).random((height, width), dtype=np.float32)
    grey[top : top + height, left : left + width] = inside
    holds = [np.flatnonzero(grey.std(axis=axis) > 2 / 255) for axis in (1, 0)]
    spans = [int(at[-1] - at[0]) + 1 if at.size else 0 for at in holds]
    found = measure_scan(grey, grey[..., np.newaxis]).borders
    assert found == pytest.approx(1 - spans[0] * spans[1] / grey.size)


def test_a_blank_picture_is_all_border():
    found = measured(np.full((50, 50), 0.3, np.float32))
    assert (found.borders, found.clipped, found.contrast) == (1, 1, 0)


def test_noise_is_sharper_than_the_picture_and_blur_less_sharp():
    rng = np.random.default_rng(0)
    plain = RAMP + 0.02 * rng.normal(size=RAMP.shape).astype(np.float32)
    noisy = RAMP + 0.3 * rng.normal(size=RAMP.shape).astype(np.float32)
    assert measured(RAMP).sharpness < measured(plain).sharpness < measured(noisy).sharpness


def test_colour_is_the_mean_distance_from_grey():
    # red 0.9, green and blue 0.3: grey 0.5, distances 0.4, 0.2, 0.2
    assert measured(np.tile(np.float32([0.9, 0.3, 0.3]), (20, 20, 1))).colour == pytest.approx(
        0.8 / 3
    )
    grey = np.repeat(RAMP[..., None], 3, axis=2)
    assert measured(grey).colour == pytest.approx(0, abs=1e-6)


def test_a_usual_scan_has_no_finding():
    assert judge_scan(USUAL, LIMITS) == ()


@pytest.mark.parametrize(
    ("measure", "value", "code", "severity"),
    [
        ("resolution", 128, "resolution", 1),
        ("resolution", 32, "resolution", 2),
        ("clipped", 0.3, "clipped", 1),
        ("clipped", 0.7, "clipped", 2),
        ("sharpness", 0.04, "blurred", 1),
        ("sharpness", 0.01, "blurred", 2),
        ("sharpness", 0.9, "noisy", 1),
        ("brightness", 0.1, "dark", 1),
        ("brightness", 0.01, "dark", 2),
        ("brightness", 0.95, "bright", 1),
        ("contrast", 0.2, "flat", 1),
        ("contrast", 0.01, "flat", 2),
        ("borders", 0.5, "borders", 1),
        ("borders", 0.9, "borders", 2),
        ("colour", 0.03, "colour", 1),
        ("colour", 0.2, "colour", 2),
    ],
)
def test_each_limit_is_found_and_said(measure, value, code, severity):
    changed = ScanQuality(**{**vars(USUAL), measure: value})
    (finding,) = judge_scan(changed, LIMITS)
    assert (finding.code, finding.severity, finding.value) == (code, severity, value)
    assert "{" not in finding.sentence


def test_the_gravest_comes_first_and_a_check_without_a_threshold_is_left_out():
    bad = ScanQuality(128, 0.7, 0.2, 0.5, 0.6, 0.0, 0.0)
    assert [finding.code for finding in judge_scan(bad, LIMITS)] == ["clipped", "resolution"]
    assert judge_scan(bad, {}) == ()


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(4, 40), st.integers(4, 40)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_measures_are_finite_and_in_range(picture):
    found = measured(picture)
    assert all(np.isfinite(list(vars(found).values())))
    for name in ("clipped", "brightness", "contrast", "borders", "colour"):
        assert 0 <= getattr(found, name) <= 1
