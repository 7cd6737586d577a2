"""The lesson on recurrence in words and formulas, without a page."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from medmodels.lessons.gru import UnitStep
from medmodels.lessons.recurrence_memory import Fading
from medmodels.lessons.recurrent_layers import ACROSS, FORWARD, RecurrentLayer
from medmodels.ui.lesson_memory import say_fading
from medmodels.ui.lesson_recurrence_picture import edges_across
from medmodels.ui.lesson_unit import formulas


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
