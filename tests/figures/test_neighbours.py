"""The nearest cases as marks, the average beat, and the small traces."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import ClassCard
from medmodels.explain.neighbours import Nearest
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.neighbour_beats import BeatTrace, traces_figure, window_figure
from medmodels.figures.neighbours import neighbours_alt, neighbours_figure
from medmodels.figures.theme import DARK, LIGHT

CLASSES = (
    ClassCard("normal", "Normal", "N", 0, "."),
    ClassCard("ill", "Ill", "I", 2, "."),
    ClassCard("odd", "Odd", "O", 1, "."),
)
FOUND = Nearest(
    labels=np.array([1, 1, 0, 1]),
    distances=np.array([0.5, 0.75, 1.0, 2.0]),
    names=np.array(list("abcd")),
    groups=np.array(list("aabb")),
    clusters=np.array([0, 0, 1, 0]),
    shares=np.array([0.25, 0.75, 0.0]),
    usual=0.4,
)
USUAL = [(0.2, 0.8), (0.3, 0.9), (0.4, 1.0), (0.5, 1.1), (0.6, 1.2)]


def drawn(palette=LIGHT, usual=USUAL):
    return neighbours_figure(FOUND, usual, CLASSES, palette, unit="scan", compared="other scans")


def test_every_example_stands_at_its_rank_and_distance():
    _, *classes = drawn().data
    found = {
        (x, y): text
        for trace in classes
        for x, y, text in zip(trace.x, trace.y, trace.text, strict=True)
    }
    assert found == {
        (1, 0.5): "<b>I</b>", (2, 0.75): "<b>I</b>", (3, 1.0): "<b>N</b>", (4, 2.0): "<b>I</b>",
    }  # fmt: skip


def test_the_legend_counts_and_a_class_without_examples_is_not_in_it():
    assert [trace.name for trace in drawn().data] == [
        "usual: 90% of other scans", "N Normal: 1 of 4", "I Ill: 3 of 4"
    ]  # fmt: skip


def test_the_usual_range_is_drawn_for_the_ranks_there_are():
    band = drawn().data[0]
    assert list(zip(band.x, band.y, strict=True)) == [
        (1, 0.8), (2, 0.9), (3, 1.0), (4, 1.1), (4, 0.5), (3, 0.4), (2, 0.3), (1, 0.2)
    ]  # fmt: skip
    assert len(drawn(usual=[]).data) == 2


def test_the_scale_begins_at_zero_and_holds_everything():
    low, high = drawn().layout.yaxis.range
    assert low == 0
    assert high > 2.0


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_classes_differ_in_shape_and_letter_not_in_colour_alone(palette):
    _, *classes = drawn(palette).data
    assert len({trace.marker.symbol for trace in classes}) == 2
    assert classes[1].marker.color == palette.severity[2]


def test_the_alternative_text_says_every_example():
    assert neighbours_alt(FOUND, CLASSES) == (
        "Distance and class of the 4 nearest training examples: ill at 0.50, ill at 0.75, "
        "normal at 1.00, ill at 2.00."
    )


def test_the_beat_lies_over_the_average_lead_by_lead():
    own, average = np.arange(8.0).reshape(4, 2), np.zeros((4, 2))
    figure = window_figure(own, average, np.array([-0.02, -0.01, 0, 0.01]), ["II", "V1"], LIGHT)
    assert [trace.name for trace in figure.data] == [
        "average of the training beats", "this beat"
    ] * 2  # fmt: skip
    assert figure.data[1].x.tolist() == [-20, -10, 0, 10]
    assert figure.data[1].y.tolist() == [0, 2, 4, 6]
    assert figure.data[3].y.tolist() == [1, 3, 5, 7]
    assert figure.data[0].line.dash == "dash"
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert titles == ["II", "V1"]


def test_an_average_alone_can_be_drawn():
    figure = window_figure(None, np.zeros((4, 1)), np.zeros(4), ["II"], LIGHT)
    assert len(figure.data) == 1


def test_a_missing_recording_leaves_its_panel_empty_and_titled():
    marks = beat_marks(CLASSES, LIGHT)
    trace = BeatTrace(np.array([-10.0, 0.0]), np.array([0.1, 1.2]), "MLII")
    figure = traces_figure(
        [trace, None, trace, trace, trace, trace], [marks[i] for i in (0, 1, 2, 0, 0, 1)],
        [0.5, 0.6, 0.7, 0.8, 0.9, 1.0], LIGHT,
    )  # fmt: skip
    assert len(figure.data) == 5
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert titles[:2] == ["● <b>N</b> 0.50", "▲ <b>I</b> 0.60"]
    # The sixth stands first in the second row, and all share one scale of millivolts.
    assert figure.data[-1].yaxis == "y6"
    axes = [f"y{'' if i == 1 else i}" for i in range(1, 11)]
    linked = {axis: figure.layout[f"yaxis{axis[1:]}"].matches or axis for axis in axes}
    assert len(set(linked.values())) == 1
