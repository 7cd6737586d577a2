"""The answer in one sentence, whatever the card calls its classes."""

from __future__ import annotations

import pytest

from medmodels.bundles import ClassCard
from medmodels.reading.sentences import percent, say_beats

NORMAL = ClassCard("N", "Normal", "N", 0, "")
EARLY = ClassCard("S", "Supraventricular", "S", 1, "")
WIDE = ClassCard("V", "Ventricular", "V", 2, "")


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ([1, 0, 0], "The only beat is read as normal (N)."),
        ([80, 0, 0], "All 80 beats are read as normal (N)."),
        ([9, 0, 1], "Of 10 beats, 1 is read as ventricular (V); the other 9 as normal (N)."),
        (
            [1000, 30, 4],
            "Of 1,034 beats, 4 are read as ventricular (V) and 30 as supraventricular (S); "
            "the other 1,000 as normal (N).",
        ),
        ([0, 0, 2], "Of 2 beats, 2 are read as ventricular (V); none is normal."),
    ],
)
def test_the_gravest_class_comes_first_and_the_numbers_add_up(counts, sentence):
    assert say_beats(counts, [NORMAL, EARLY, WIDE]) == sentence


@pytest.mark.parametrize("probability", [0.0, 1.0, 0.0004, 0.99995])
def test_no_probability_is_said_to_be_certain(probability):
    assert percent(probability) in ("< 0.1%", "> 99.9%")
