"""Trace, state and answer on one axis; marks; the fading of a memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medmodels.bundles import ClassCard
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.lesson_heat import HeatRows
from medmodels.figures.lesson_memory import FadingLine, fading
from medmodels.figures.lesson_recurrence import Unfolding, mark_step, unrolled
from medmodels.figures.theme import DARK, LIGHT

STEPS, UNITS = 4, 3
CLASSES = tuple(
    ClassCard(letter, title, letter, severity, "")
    for letter, title, severity in (("N", "Normal", 0), ("S", "Early", 1), ("V", "Wide", 2))
)


@pytest.fixture
def picture() -> Unfolding:
    rng = np.random.default_rng(0)
    return Unfolding(
        edges=np.array([-2.0, -1, 0, 1.5, 3]),
        times=np.linspace(-2, 3, 11),
        traces={"MLII": np.arange(11.0), "V1": np.zeros(11)},
        unit="mV",
        heat=[
            HeatRows("State", rng.uniform(-0.2, 0.2, (STEPS, UNITS)), True),
            HeatRows("Update gate", rng.uniform(0.4, 0.6, (STEPS, UNITS)), False),
        ],
        units=[2, 0, 1],
        answer_times=np.array([-1.5, -0.5, 0.7, 2.2]),
        answers=np.array([[np.nan] * 3, [np.nan] * 3, [0.9, 0.06, 0.04], [0.2, 0.1, 0.7]]),
        letters=[(0.7, "V")],
    )


@pytest.fixture
def marks():
    return beat_marks(CLASSES, LIGHT)


def heatmaps(figure):
    return [trace for trace in figure.data if trace.type == "heatmap"]


def lines_of_answers(figure):
    return {t.name: t for t in figure.data if t.type == "scatter" and t.yaxis == "y3"}


def shapes(figure, name):
    return [shape for shape in figure.layout.shapes if shape.name == name]


def test_a_small_state_looks_small(picture, marks):
    """The scales are the whole range of a state and of a gate, whatever the values."""
    state, gate = heatmaps(unrolled(picture, marks, LIGHT))
    assert (state.zmin, state.zmax) == (-1, 1)
    assert (gate.zmin, gate.zmax) == (0, 1)
    middle = [colour for at, colour in state.colorscale if at == 0.5]
    assert middle == [LIGHT.neutral]


def test_rows_are_the_units_in_the_order_asked_for(picture, marks):
    figure = unrolled(picture, marks, LIGHT)
    state = heatmaps(figure)[0]
    np.testing.assert_allclose(state.z, picture.heat[0].values[:, [2, 0, 1]].T, atol=1e-4)
    np.testing.assert_array_equal(state.customdata, [[3] * 4, [1] * 4, [2] * 4])
    assert list(figure.layout.yaxis2.ticktext) == ["3", "1", "2"]
    low, high = figure.layout.yaxis2.range
    assert low > high  # the first unit stands at the top
    np.testing.assert_allclose(state.x, picture.edges)


def test_all_rows_share_one_time_axis(picture, marks):
    figure = unrolled(picture, marks, LIGHT)
    axes = [axis for axis in figure.layout if axis.startswith("xaxis")]
    assert len(axes) == 4
    assert {tuple(figure.layout[axis].range) for axis in axes} == {(-2, 3)}


def test_answers_in_per_cent_and_nothing_where_there_is_none(picture, marks):
    lines = lines_of_answers(unrolled(picture, marks, LIGHT))
    assert list(lines) == ["N", "S", "V"]
    np.testing.assert_allclose(lines["V"].y, [np.nan, np.nan, 4, 70])
    # Told apart by more than the colour.
    assert len({line.marker.symbol for line in lines.values()}) == 3
    assert len({line.line.dash for line in lines.values()}) == 3


def test_the_time_before_the_beat_is_reached_is_shaded(picture, marks):
    (shade,) = shapes(unrolled(picture, marks, LIGHT), "unread")
    assert (shade.x0, shade.x1, shade.yref) == (-2, 0, "y3 domain")
    backwards = replace(picture, answers=picture.answers[::-1])
    (shade,) = shapes(unrolled(backwards, marks, LIGHT), "unread")
    assert (shade.x0, shade.x1) == (0, 3)
    whole = replace(picture, answers=np.full((4, 3), 1 / 3))
    assert not shapes(unrolled(whole, marks, LIGHT), "unread")


@pytest.mark.parametrize("ends", [(0.98, 0.01, 0.01), (0.0, 0.5, 0.5), (1.0, 1.0, 1.0)])
def test_names_of_classes_stand_apart_in_the_order_of_their_lines(picture, marks, ends):
    answers = np.tile(np.array(ends), (4, 1))
    figure = unrolled(replace(picture, answers=answers), marks, LIGHT)
    heights = [note.y for note in figure.layout.annotations if note.yref == "y3"]
    assert len(heights) == 3
    apart = np.diff(np.sort(heights))
    assert (apart >= 14.9).all()
    assert min(heights) >= 0
    assert max(heights) <= 100
    for one in range(3):
        for other in range(3):
            assert ends[one] <= ends[other] or heights[one] > heights[other]


def test_a_step_and_a_unit_are_marked_on_every_row_and_move(picture, marks):
    figure = unrolled(picture, marks, LIGHT)
    mark_step(figure, picture, 2, 0, LIGHT)
    mark_step(figure, picture, 3, 1, LIGHT)
    (step,) = shapes(figure, "step")
    assert (step.x0, step.x1, step.yref, step.y0, step.y1) == (1.5, 3, "paper", 0, 1)
    units = shapes(figure, "unit")
    assert [(unit.yref, unit.y0, unit.y1) for unit in units] == [("y2", 1.5, 2.5), ("y4", 1.5, 2.5)]
    assert len(shapes(figure, "unread")) == 1


def test_both_leads_and_the_letters_of_beats_are_named(picture, marks):
    figure = unrolled(picture, marks, DARK)
    texts = {note.text: note for note in figure.layout.annotations}
    assert texts["<b>V</b>"].x == 0.7
    assert "Trace, MLII (solid) and V1 (dashed)" in texts
    traces = [t for t in figure.data if t.type == "scatter" and t.yaxis == "y"]
    assert [trace.line.dash for trace in traces] == ["solid", "dash"]
    np.testing.assert_allclose(traces[0].y, np.arange(11.0))


def test_the_forward_memory_runs_to_the_right_and_the_backward_one_to_the_left():
    lines = [
        FadingLine(1, False, np.array([1.0, 0.5, 0.25])),
        FadingLine(1, True, np.array([1.0, 0.1])),
        FadingLine(2, False, np.array([1.0, 0.9, 0.8])),
    ]
    figure = fading(lines, 1, (0.5, 0.05), LIGHT)
    drawn = {trace.name: trace for trace in figure.data}
    np.testing.assert_allclose(drawn["member 1, forward"].x, [0, 1, 2])
    np.testing.assert_allclose(drawn["member 1, forward"].y, [100, 50, 25])
    np.testing.assert_allclose(drawn["member 1, backward"].x, [0, -1])
    # The chosen member is told by more than its colour, and drawn over the others.
    assert drawn["member 1, forward"].mode == "lines+markers"
    assert drawn["member 2, forward"].mode == "lines"
    assert figure.data[0].name == "member 2, forward"
    assert sorted(shape.y0 for shape in figure.layout.shapes) == [5, 50]
    assert list(figure.layout.yaxis.ticktext) == ["50%", "5%", "100%"]


def test_a_memory_that_grows_first_stays_in_the_picture():
    figure = fading([FadingLine(1, False, np.array([1.0, 1.6, 0.2]))], 1, (0.5,), LIGHT)
    assert figure.layout.yaxis.range[1] > 160
