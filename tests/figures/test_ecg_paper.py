"""An ECG on paper is true to scale and marks every beat by letter, shape and colour."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.figures.ecg_colours import beat_marks, paper_colours
from medmodels.figures.ecg_paper import ecg_paper
from medmodels.figures.ecg_sheet import Beats, Lane, PaperSettings, lanes_of
from medmodels.figures.theme import DARK, LIGHT
from medmodels.inputs.signal import Signal
from tests.bundles_fixture import SIGNAL_CARD

CLASSES = parse_card(SIGNAL_CARD).classes
RATE = 250.0


def _signal(seconds: float = 60.0, leads: int = 2, *, known: bool = True) -> Signal:
    at = np.arange(round(seconds * RATE)) / RATE
    wave = np.where(at % 1.0 < 0.04, 1.0, 0.0)
    samples = np.stack([wave * (k + 1) for k in range(leads)], axis=1).astype(np.float32)
    names = tuple(f"lead {k + 1}" for k in range(leads))
    return Signal(samples, RATE, names, "made here", "0" * 64, amplitude_known=known)


def _beats() -> Beats:
    labels = np.zeros(60, dtype=np.int64)
    labels[[5, 12]] = 2, 1
    return Beats(np.arange(60.0), labels, np.full(60, 0.9))


def _figure(palette=LIGHT, settings=None, start=0.0, signal=None, **more):
    signal = signal or _signal()
    return ecg_paper(signal, lanes_of(signal), _beats(), beat_marks(CLASSES, palette), start,
                     settings or PaperSettings(), palette, **more)  # fmt: skip


@pytest.mark.parametrize("speed", [12.5, 25.0, 50.0])
def test_a_millimetre_is_as_long_across_as_upwards(speed):
    layout = _figure(settings=PaperSettings(speed=speed)).layout
    assert layout.yaxis.scaleanchor == "x"
    # One second is `speed` millimetres, and y is in millimetres.
    assert layout.yaxis.scaleratio == pytest.approx(1 / speed)
    assert layout.xaxis.minor.dtick * speed == pytest.approx(layout.yaxis.minor.dtick) == 1
    steps = np.diff(layout.xaxis.tickvals)
    assert steps == pytest.approx(np.full(len(steps), 5 / speed), abs=2e-3)
    assert layout.yaxis.dtick == 5


@pytest.mark.parametrize("gain", [5.0, 10.0, 20.0])
def test_a_millivolt_is_as_high_as_the_gain_says(gain):
    figure = _figure(settings=PaperSettings(gain=gain))
    trace, pulse = figure.data[0], figure.data[1]
    assert np.ptp(trace.y) == pytest.approx(gain)
    assert np.ptp(pulse.y) == pytest.approx(gain)
    assert np.ptp(np.asarray(pulse.x)[2:4]) * 25 == pytest.approx(5)


def test_only_the_strip_is_in_the_figure():
    figure = _figure(start=20.0)
    times = np.concatenate([np.asarray(t.x, float) for t in figure.data if t.mode == "lines"])
    assert times.min() >= 20 - 13 / 25
    assert times.max() <= 30 + 2 / RATE
    assert max(len(trace.x) for trace in figure.data) <= 10 * RATE + 3


def test_beats_have_letter_shape_and_number():
    figure = _figure()
    marks = {trace.text[0]: trace for trace in figure.data if trace.mode == "markers+text"}
    assert set(marks) == {"N", "<b>V</b>"}
    assert list(marks["<b>V</b>"].x) == [5.0]
    assert marks["<b>V</b>"].customdata[0][0] == 5
    assert list(marks["N"].x) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert marks["<b>V</b>"].marker.symbol != marks["N"].marker.symbol


def test_beats_that_are_not_normal_are_tinted_and_the_chosen_one_is_framed():
    figure = _figure(chosen=3)
    tinted = [shape for shape in figure.layout.shapes if shape.opacity]
    framed = [shape for shape in figure.layout.shapes if not shape.opacity]
    assert len(tinted) == len(framed) == 1
    assert tinted[0].x0 < 5 < tinted[0].x1
    assert framed[0].x0 < 3 < framed[0].x1


def test_without_a_unit_nothing_is_said_in_millivolts():
    figure = _figure(signal=_signal(known=False))
    assert not any("calibration" in (trace.hovertemplate or "") for trace in figure.data)
    assert not any(" mV" in (trace.hovertemplate or "") for trace in figure.data)


def test_gaps_stay_open():
    signal = _signal()
    signal.samples[500:600, 0] = np.nan
    trace = _figure(signal=signal).data[0]
    assert np.isnan(np.asarray(trace.y, float)).sum() == 100
    assert trace.connectgaps is False


def test_lanes_hold_a_tall_lead_and_a_dead_one():
    signal = _signal()
    signal.samples[:, 0] = np.nan
    dead, tall = lanes_of(signal)
    assert dead == Lane(0.5, 0.5)
    assert tall.up == pytest.approx(2.0)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_pen_stands_out_of_the_paper_and_the_grid(palette):
    colours = paper_colours(palette)
    assert _contrast(colours.trace, colours.paper) >= 7
    assert _contrast(colours.trace, colours.major) >= 4.5
    for mark in beat_marks(CLASSES, palette):
        assert _contrast(mark.colour, colours.paper) >= 4.5
    # The 5 mm lines are seen, and are weaker than anything drawn on them.
    assert 1.2 <= _contrast(colours.major, colours.paper) <= 3
    assert 1.05 <= _contrast(colours.minor, colours.paper) < _contrast(colours.major, colours.paper)


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
