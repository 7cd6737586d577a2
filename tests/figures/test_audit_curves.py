"""Curves of a map beside those of maps that know nothing: told apart, labelled, in plain words."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.faithfulness import BLOB, EDGES, RANDOM, THE_MAP, Curve, Faithfulness
from medmodels.figures.audit_curves import curves_figure
from medmodels.figures.theme import DARK, LIGHT

SHARES = (np.arange(5) + 0.5) / 5


def make(whole=4.0, nothing=-2.0, *, flat=False) -> Faithfulness:
    fall = np.linspace(whole, nothing, 7)[1:-1]

    def curve(name, dip):
        bend = 0 if flat else dip * np.sin(np.pi * SHARES)
        deletion, insertion = fall - bend, fall[::-1] + bend
        return Curve(name, deletion, insertion, float(insertion.mean() - deletion.mean()))

    curves = (curve(THE_MAP, 1.5), curve(RANDOM, 0.0), curve(BLOB, 0.5), curve(EDGES, -0.4))
    return Faithfulness(
        shares=SHARES, curves=curves, random=np.array([0.5, -0.5, 0.2, -0.2]), margin=0.1,
        level=0.25, baseline="a blurred scan", whole=whole, nothing=nothing, alone=(True,),
    )  # fmt: skip


@pytest.mark.parametrize("which", ["deletion", "insertion"])
def test_every_curve_runs_from_one_end_to_the_other(which):
    found = make()
    figure = curves_figure(found, which, LIGHT)
    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert {trace.name for trace in lines} == {THE_MAP, RANDOM, BLOB, EDGES}
    begin, end = (4.0, -2.0) if which == "deletion" else (-2.0, 4.0)
    for trace in lines:
        assert (trace.x[0], trace.x[-1]) == (0.0, 1.0)
        assert (trace.y[0], trace.y[-1]) == (begin, end)
        curve = next(curve for curve in found.curves if curve.name == trace.name)
        assert list(trace.y[1:-1]) == list(getattr(curve, which))


def test_curves_differ_in_more_than_colour():
    lines = curves_figure(make(), "deletion", LIGHT).data
    assert len({(trace.line.dash, trace.marker.symbol) for trace in lines}) == len(lines)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("which", ["deletion", "insertion"])
def test_every_curve_has_its_name_beside_it_and_names_keep_apart(which, flat, palette):
    figure = curves_figure(make(flat=flat), which, palette)
    assert figure.layout.showlegend is False
    notes = figure.layout.annotations
    assert sorted(note.text for note in notes) == sorted([THE_MAP, RANDOM, BLOB, EDGES])
    low, high = figure.layout.yaxis.range
    places = [(note.ax, (note.ay - low) / (high - low)) for note in notes]
    for i, (x, y) in enumerate(places):
        assert 0 <= x <= 1
        assert 0 <= y <= 1
        assert all(abs(x - a) >= 0.2 or abs(y - b) >= 0.05 for a, b in places[:i])


def test_a_name_points_at_its_own_curve_where_that_is_apart():
    figure = curves_figure(make(), "deletion", LIGHT)
    for note in figure.layout.annotations:
        heights = {trace.name: float(np.interp(note.x, trace.x, trace.y)) for trace in figure.data}
        own = heights.pop(note.text)
        assert note.y == pytest.approx(own)
        assert min(abs(own - other) for other in heights.values()) > 0.2


def test_the_axis_speaks_of_probabilities_at_their_log_odds():
    axis = curves_figure(make(), "deletion", LIGHT).layout.yaxis
    assert axis.title.text == "probability of the answer"
    marks = dict(zip(axis.ticktext, axis.tickvals, strict=True))
    assert marks["50%"] == 0.0
    assert marks["90%"] == pytest.approx(np.log(9))
    assert marks["10%"] == pytest.approx(-np.log(9))


def test_a_narrow_axis_has_marks_too():
    axis = curves_figure(make(0.3, 0.1), "deletion", LIGHT).layout.yaxis
    assert len(axis.tickvals) == 2
    assert axis.range[0] < axis.tickvals[0] < axis.tickvals[1] < axis.range[1]


def test_a_band_of_random_maps_lies_under_the_curves():
    found = make()
    band = (found.curves[1].deletion - 1, found.curves[1].deletion + 1)
    figure = curves_figure(found, "deletion", LIGHT, band=band)
    assert figure.data[0].fill == "toself"
    assert len(figure.data) == 5
    assert max(figure.data[0].y) == pytest.approx(max(4.0, float(band[1].max())))


def test_the_hover_says_the_probability():
    trace = curves_figure(make(), "deletion", LIGHT).data[-1]
    assert trace.name == THE_MAP
    assert trace.customdata[0] == pytest.approx(100 / (1 + np.exp(-4.0)))
