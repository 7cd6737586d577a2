"""The record says what was tried, and the sentence what became of the answer."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.explain.tries import History
from medmodels.explain.what_if import Attempt, Hidden
from medmodels.figures.scan_view import Extent
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint
from medmodels.ui.try_answer import change_sentence, rule_words
from medmodels.ui.try_drawing import drawn_mask, say_drawing, say_where
from medmodels.ui.try_record import record_rows, to_csv
from tests.bundles_fixture import SCAN_CARD

CARD = parse_card(SCAN_CARD)
POINT = OperatingPoint(Calibration("temperature"), 1, 0.4, (0.0, 0.0), "a rule.", ".")


def logits(finding: float) -> np.ndarray:
    """Logits for which the probability of a finding is the one given."""
    return np.float32([0, np.log(finding / (1 - finding))])


def part(what, where, put="mean") -> Hidden:
    return Hidden(what, where, put, np.zeros((2, 2), np.float32))


def history() -> History[Attempt]:
    box, outline = part("Box", "at the left"), part("Outline", "=1+1", "blurred")
    first = History(Attempt((), logits(0.9), 0.0)).push(Attempt((box,), logits(0.62), 0.1))
    return first.push(Attempt((box, outline), logits(0.25), 0.256)).undo()


def test_one_row_for_everything_that_was_tried_even_if_undone():
    rows = record_rows(history(), CARD, POINT, {"mean": "even grey"})
    assert [row["Hidden"] for row in rows] == ["Box", "Outline"]
    assert [row["Where"] for row in rows] == ["at the left", "=1+1"]
    assert [row["Replaced by"] for row in rows] == ["even grey", "blurred"]
    assert [row["Others hidden"] for row in rows] == [0, 1]
    assert [row["In all, %"] for row in rows] == [10.0, 25.6]
    assert [row["Before, %"] for row in rows] == [90.0, 90.0]
    assert [row["After, %"] for row in rows] == [62.0, 25.0]
    assert [row["Change, points"] for row in rows] == [-28.0, -65.0]
    assert [row["Answer"] for row in rows] == ["Finding", "Normal"]
    assert [row["Shown now"] for row in rows] == [True, False]
    assert {row["Probability of"] for row in rows} == {"Finding"}


def test_the_record_as_a_file_that_no_spreadsheet_runs():
    rows = record_rows(history(), CARD, POINT, {})
    read = list(csv.DictReader(io.StringIO(to_csv(rows).decode())))
    assert [row["Where"] for row in read] == ["at the left", "'=1+1"]
    assert [row["Shown now"] for row in read] == ["yes", "no"]
    assert [float(row["Change, points"]) for row in read] == [-28.0, -65.0]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.88, 0.62, ("Finding: 88% before, 62% now, 26 points less.",
                      "The answer stays finding.")),
        (0.88, 0.25, ("Finding: 88% before, 25% now, 63 points less.",
                     "The answer changes from finding to normal.")),
        (0.2, 0.45, ("Normal: 80% before, 55% now, 25 points less.",
                     "The answer changes from normal to finding.")),
        (0.2, 0.19, ("Normal: 80% before, 81% now, 1.0 point more.", "The answer stays normal.")),
        (0.2, 0.2001, ("Normal: 80% before, 80% now, no change.", "The answer stays normal.")),
    ],
)  # fmt: skip
def test_the_change_in_a_sentence(before, after, said):
    assert change_sentence(CARD, POINT, logits(before), logits(after)) == said


def test_before_anything_is_hidden_it_says_what_to_do():
    assert "Hide something" in change_sentence(CARD, POINT, logits(0.9), logits(0.9))[1]


def test_why_the_answer_is_not_the_likeliest_class():
    assert rule_words(CARD, POINT, 0) == (
        "Normal is likelier, but the answer is finding from a probability of 40% upwards."
    )
    offsets = OperatingPoint(Calibration("temperature"), None, None, (0.0, 1.0), "a rule.", ".")
    assert "adds a fixed offset to each class (a rule)" in rule_words(CARD, offsets, 0)


def test_a_drawing_in_millimetres_becomes_a_mask():
    extent = Extent(height=100, width=200, unit="mm")
    box = {"box": [{"x": [150.0, 50.0], "y": [0.0, 50.0]}], "lasso": []}
    mask = drawn_mask(box, extent, (4, 8))
    assert np.argwhere(mask).tolist() == [[i, j] for i in range(2) for j in range(2, 6)]
    assert say_where(mask, extent) == "50 to 150 mm from the left, 0 to 50 mm from the top"
    assert say_drawing(box) == "Box"


def test_an_outline_in_pixels_becomes_a_mask():
    extent = Extent(height=40, width=40, unit="px")
    lasso = {"box": [], "lasso": [{"x": [0, 20, 20, 0], "y": [20, 20, 40, 40]}]}
    mask = drawn_mask(lasso, extent, (4, 4))
    assert np.argwhere(mask).tolist() == [[i, j] for i in (2, 3) for j in (0, 1)]
    assert say_where(mask, extent) == "0 to 50% from the left, 50 to 100% from the top"
    assert say_drawing(lasso) == "Outline"
