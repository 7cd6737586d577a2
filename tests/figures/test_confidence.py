"""The confidence plot shows every class and where the answer turns."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.figures.confidence import confidence_figure
from medmodels.figures.theme import LIGHT
from medmodels.reading.sentences import percent
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint
from tests.bundles_fixture import SCAN_CARD, SIGNAL_CARD

POINT = OperatingPoint(Calibration("temperature"), 1, 0.4, (0.0, 0.0), "rule", "validation")


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "< 0.1%"), (0.0449, "4.5%"), (0.1, "10%"), (0.666, "67%"), (0.934, "93.4%"),
     (0.99951, "> 99.9%"), (1.0, "> 99.9%")],
)  # fmt: skip
def test_a_probability_is_never_said_to_be_certain(probability, text):
    assert percent(probability) == text


def test_every_class_has_its_bar_its_mark_and_its_number():
    figure = confidence_figure(parse_card(SCAN_CARD), np.array([0.3, 0.7]), 1, POINT, LIGHT)
    (bar,) = figure.data
    assert list(bar.x) == [0.7, 0.3]
    assert [name[0] for name in bar.y] == ["▲", "●"]
    assert "<b>Finding</b>" in bar.y[0]
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert texts == ["<b>70%</b>", "<b>30%</b>", "operating point 40%"]
    assert list(bar.marker.opacity) == [1.0, 0.45]


def test_the_operating_point_stands_on_the_bar_of_its_class():
    figure = confidence_figure(parse_card(SCAN_CARD), np.array([0.3, 0.7]), 1, POINT, LIGHT)
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == 0.4
    assert line.y0 < 0 < line.y1 < 0.5


def test_without_a_threshold_no_point_is_marked():
    point = OperatingPoint(Calibration("temperature"), None, None, (0.0,) * 4, "rule", "validation")
    card = parse_card(SIGNAL_CARD)
    figure = confidence_figure(card, np.array([0.1, 0.2, 0.6, 0.1]), 2, point, LIGHT)
    assert not figure.layout.shapes
    assert len(figure.data[0].x) == 4
