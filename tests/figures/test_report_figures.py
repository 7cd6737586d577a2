"""The model report's figures show the stored numbers, in both palettes."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.evaluation.curves import curves_of
from medmodels.evaluation.histograms import histogram_of
from medmodels.evaluation.reliability import reliability_curve
from medmodels.evaluation.selective import selective_of
from medmodels.figures.report_confusion import confusion_figure, row_rates
from medmodels.figures.report_curves import pr_figure, roc_figure
from medmodels.figures.report_histogram import histogram_figure
from medmodels.figures.report_reliability import reliability_figure
from medmodels.figures.report_selective import selective_figure
from medmodels.figures.report_style import split_style
from medmodels.figures.report_trust import coverage_figure, foreign_figure
from medmodels.figures.theme import DARK, LIGHT
from tests.report_fixture import trust_table

N = 80
POSITIVE = np.arange(N) % 2 == 0
SCORES = np.clip(np.random.default_rng(0).normal(0.3 + 0.4 * POSITIVE, 0.2), 0, 1)
GROUPS = np.array([f"p{i // 2}" for i in range(N)])
CURVES = curves_of(POSITIVE, SCORES, SCORES >= 0.5, GROUPS)


def _named(figure, name):
    (trace,) = [trace for trace in figure.data if trace.name == name]
    return trace


@pytest.fixture(params=[LIGHT, DARK], ids=lambda p: p.name)
def palette(request):
    return request.param


def test_the_data_sets_differ_by_more_than_colour(palette):
    test, external = split_style("test", palette), split_style("external", palette)
    assert test.dash != external.dash
    assert test.symbol != external.symbol
    assert test.colour != external.colour


def test_roc_starts_at_nothing_and_marks_what_is_used(palette):
    roc = CURVES["roc"]
    figure = roc_figure({"test": roc, "external": roc}, palette)
    line = _named(figure, "Test")
    assert (line.x[0], line.y[0]) == (0, 0)
    assert list(line.y[1:]) == roc["sensitivity"]
    assert _named(figure, "Elsewhere").line.dash == "dash"
    marker = _named(figure, "Test: as used")
    assert (marker.x[0], marker.y[0]) == (roc["chosen"]["fpr"], roc["chosen"]["sensitivity"])


def test_pr_shows_the_share_that_guessing_reaches(palette):
    figure = pr_figure({"test": CURVES["pr"]}, palette)
    assert list(_named(figure, "Test").y) == CURVES["pr"]["precision"]
    assert any(list(trace.y) == [0.5, 0.5] for trace in figure.data)


def test_pr_without_any_answer_of_the_class_has_no_marker(palette):
    curves = curves_of(POSITIVE, SCORES, np.zeros(N, bool), GROUPS)
    names = [trace.name for trace in pr_figure({"test": curves["pr"]}, palette).data]
    assert "Test: as used" not in names


def test_confusion_says_counts_and_rates_and_survives_an_absent_class(palette):
    counts = [[3, 1], [0, 0]]
    assert row_rates(counts) == [[0.75, 0.25], [None, None]]
    figure = confusion_figure(counts, ["a", "b"], ["A", "B"], palette)
    assert list(figure.data[1].text) == ["<b>3</b><br>75.0%", "<b>1</b><br>25.0%", "0", "0"]
    assert figure.data[0].zmin == 0
    assert figure.data[0].zmax == 1


def test_reliability_draws_every_bin_and_leaves_out_unknown_intervals(palette):
    bins = reliability_curve(SCORES, POSITIVE, GROUPS)
    trace = _named(reliability_figure({"test": bins}, palette), "Test")
    assert list(trace.y) == [entry["observed"]["value"] for entry in bins]
    for length, entry in zip(trace.error_y.array, bins, strict=True):
        high = entry["observed"]["high"]
        expected = 0 if high is None else high - entry["observed"]["value"]
        assert length == pytest.approx(expected)


def test_selective_draws_the_stored_curve(palette):
    curve = selective_of(np.abs(SCORES - 0.5) + 0.5, (SCORES >= 0.5) == POSITIVE, GROUPS)
    trace = _named(selective_figure({"external": curve}, palette), "Elsewhere")
    assert list(trace.y) == curve["risk"]


def test_histogram_bars_add_up_to_their_groups(palette):
    histogram = histogram_of(SCORES, POSITIVE)
    figure = histogram_figure(histogram, "Finding", palette, threshold=0.4)
    up, down = figure.data
    assert sum(up.y) == pytest.approx(1)
    assert sum(down.y) == pytest.approx(-1)
    assert up.name == "True: Finding (n = 40)"
    assert figure.layout.shapes[0].x0 == 0.4


def test_coverage_and_foreign_inputs_show_every_row(palette):
    trust = trust_table()
    sets = trust["prediction_sets"]["splits"]
    figure = coverage_figure(sets, {"normal": "Normal", "finding": "Finding"}, palette)
    trace = _named(figure, "Test")
    assert list(trace.y[:3]) == ["90%: all", "90%: Normal", "90%: Finding"]
    assert list(trace.x[:3]) == [0.911, 0.922, 0.899]
    figure = foreign_figure(trust["out_of_distribution"]["kinds"], palette)
    assert list(figure.data[0].y) == ["Cats (n = 17)"]
    assert list(figure.data[0].x) == [0.944]
