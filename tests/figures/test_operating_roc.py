"""The curve shows the point in use with its interval, on the test data and elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.evaluation.operating import JudgedScores
from medmodels.figures.operating_roc import RocCurve, operating_roc, operating_roc_alt
from medmodels.figures.theme import LIGHT

GENERATOR = np.random.default_rng(3)
TRUTH = np.arange(300) % 2 == 0
GROUPS = ("those with it", "those without it")


def judged(distance):
    logits = GENERATOR.normal(distance * TRUTH, 1.0)
    return JudgedScores(1 / (1 + np.exp(-logits)), TRUTH, np.arange(300) // 3)


@pytest.fixture(scope="module")
def parts():
    here, there = judged(3.0), judged(0.3)
    curves = [
        RocCurve(title, *scores.roc(), point=scores.at(0.7))
        for title, scores in (("Test", here), ("Elsewhere", there))
    ]
    presets = [(name, here.at(t)) for name, t in (("rule out", 0.5), ("rule in", 0.9))]
    return curves, presets


def trace(figure, name):
    return next(entry for entry in figure.data if entry.name == name)


def test_the_point_in_use_lies_at_its_rates_with_its_interval(parts):
    curves, presets = parts
    figure = operating_roc(curves, presets, GROUPS, LIGHT)
    for curve in curves:
        point = trace(figure, f"In use, {curve.title.lower()}")
        sensitivity, specificity = curve.point.sensitivity, curve.point.specificity
        assert (point.x[0], point.y[0]) == (1 - specificity.value, sensitivity.value)
        assert point.y[0] + point.error_y.array[0] == pytest.approx(sensitivity.high)
        assert point.y[0] - point.error_y.arrayminus[0] == pytest.approx(sensitivity.low)
        assert point.x[0] + point.error_x.array[0] == pytest.approx(1 - specificity.low)
        assert point.x[0] - point.error_x.arrayminus[0] == pytest.approx(1 - specificity.high)


def test_data_sets_and_presets_are_told_apart_without_colour(parts):
    figure = operating_roc(*parts, GROUPS, LIGHT)
    assert trace(figure, "Test").line.dash == "solid"
    assert trace(figure, "Elsewhere").line.dash == "dash"
    points = [entry for entry in figure.data if entry.mode == "markers"]
    assert len({entry.marker.symbol for entry in points}) == len(points) == 4
    assert figure.layout.xaxis.title.text == "false alarms among those without it"


def test_enlarging_keeps_every_point_of_the_test_data_in_sight(parts):
    curves, presets = parts
    figure = operating_roc(curves, presets, GROUPS, LIGHT, zoom=True)
    (left, right), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    assert right < 0.9
    for performance in (curves[0].point, *(performance for _, performance in presets)):
        assert left < 1 - performance.specificity.value < right
        assert low < performance.sensitivity.value < high


def test_the_alternative_text_says_the_rates(parts):
    curves, _ = parts
    text = operating_roc_alt(curves, GROUPS)
    for curve in curves:
        assert f"{curve.title}: finds {curve.point.sensitivity.value:.1%}" in text
