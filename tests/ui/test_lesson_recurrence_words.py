"""The lesson on recurrence: its words, its formulas and its time axis."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from medmodels.lessons.gru import UnitStep
from medmodels.lessons.recurrence_memory import Fading
from medmodels.lessons.recurrent_layers import ACROSS, FORWARD, RecurrentLayer
from medmodels.ui.lesson_memory import say_fading
from medmodels.ui.lesson_recurrence_picture import edges_across, picture_of
from medmodels.ui.lesson_unit import formulas
from tests.ui.recurrence_page import lesson_beats, run


def test_the_formulas_hold_with_the_numbers_that_stand_in_them():
    step = UnitStep((-1.0, 0.5, 0.25), (2.0, -0.5, -3.0), 0.731, 0.5, -0.848, 0.4, 0.0642)
    z, r, candidate, state = formulas(step)
    assert r"\sigma\big({-1.000}+2.000\big)=0.731" in z
    assert r"\sigma\big({0.500}+(-0.500)\big)=0.500" in r
    assert r"\tanh\big({0.250}+0.500\cdot(-3.000)\big)=-0.848" in candidate
    assert r"0.731\cdot0.400+0.269\cdot(-0.848)=0.064" in state


def test_a_memory_in_words():
    layer = RecurrentLayer("a_1", "a", 1, "GRU", ACROSS, 16, (FORWARD,), True)

    def say(*distances: float) -> str:
        return say_fading(Fading(layer, FORWARD, np.array(distances)))

    assert "2.00 apart (at most 8.0 is possible)" in say(2, 1, 0.1)
    assert say(2, 1, 0.1).endswith(
        "half of it is gone after 1 beat, and no more than 5% is left after 2 beats."
    )
    assert say(2, 1, 0.5).endswith("but 25% is still there after 2 beats.")
    assert say(2, 1.9, 1.8).endswith("; 90% is still there after 2 beats.")
    assert say(2.0).endswith("there is no beat further on.")
    assert "changes nothing" in say(0, 0)


def test_a_single_beat_has_a_column_of_its_own():
    inputs = SimpleNamespace(centres_s=np.array([3.0]))
    beat = SimpleNamespace(
        ecg=SimpleNamespace(case=SimpleNamespace(beats=SimpleNamespace(inputs=inputs))),
        first=0, beat=0, windows=np.zeros((1, 2, 2)),
    )  # fmt: skip
    np.testing.assert_allclose(edges_across(beat), [-0.5, 0.5])


def test_columns_of_beats_meet_midway_and_windows_are_joined(use, roots):
    use("members")
    app = run()
    (beat,) = lesson_beats(app)
    inputs = beat.ecg.case.beats.inputs
    edges = edges_across(beat)
    times = inputs.centres_s[beat.first : beat.first + len(beat.windows)]
    times = times - inputs.centres_s[beat.beat]
    assert len(edges) == len(times) + 1
    np.testing.assert_allclose(edges[1:-1], (times[1:] + times[:-1]) / 2)
    assert (np.diff(edges) > 0).all()
    layer = next(x for x in beat.opened.layers if x.level == "across")
    drawn = picture_of(
        beat, beat.unroll(layer, "forward"), np.zeros((len(times), 4)), ["Reset gate"], range(4)
    )
    assert [rows.title.split()[0] for rows in drawn.heat] == ["State", "Reset"]
    assert (np.diff(drawn.times) >= 0).all()
    (values,) = drawn.traces.values()
    # Windows of 0.7 s around beats a second apart leave gaps, which are not drawn over.
    assert np.isnan(values).sum() >= len(times) - 2
    at = int(np.flatnonzero(np.isclose(drawn.times, 0, atol=1e-9))[0])
    centre = int(np.flatnonzero(np.isclose(inputs.offsets_s, 0))[0])
    assert values[at] == pytest.approx(
        float(beat.windows[beat.place, centre, 0] * inputs.scale[0]), rel=1e-5
    )
