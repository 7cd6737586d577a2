"""One beat's answer and its saliency on the trace."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.figures.beat_answers import beat_answers
from medmodels.figures.beat_row import beat_row
from medmodels.figures.beat_saliency import TracePiece, beat_saliency, usual_scale
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.theme import DARK, LIGHT
from medmodels.inputs.signal import BeatTable
from tests.bundles_fixture import SIGNAL_CARD

CLASSES = parse_card(SIGNAL_CARD).classes
MARKS = beat_marks(CLASSES, LIGHT)


def _piece(strength: float) -> TracePiece:
    times = np.linspace(-0.3, 0.5, 81)
    values = np.stack([np.exp(-((times / 0.03) ** 2)), np.zeros(81)], axis=1)
    saliency = strength * np.stack([np.sin(9 * times), np.cos(9 * times)], axis=1)
    return TracePiece(times, values, saliency)


def _coloured(figure):
    return [trace for trace in figure.data if trace.marker.coloraxis]


@pytest.mark.parametrize("strength", [0.01, 1.0, 30.0])
def test_the_scale_does_not_follow_the_map(strength):
    figure = beat_saliency(_piece(strength), [(0.0, "V")], ["II", "V1"], "logit", 0.2, LIGHT)
    axis = figure.layout.coloraxis
    assert (axis.cmin, axis.cmax) == (-0.2, 0.2)
    assert "logit" in axis.colorbar.title.text
    assert max(np.abs(t.marker.color).max() for t in _coloured(figure)) == pytest.approx(
        strength, rel=0.05
    )


def test_saliency_is_told_by_height_and_thickness_too():
    piece = _piece(1.0)
    figure = beat_saliency(piece, [(0.0, "V")], ["II", "V1"], "logit", 0.5, DARK)
    filled = [trace for trace in figure.data if trace.fill == "tozeroy"]
    assert len(filled) == 4
    assert np.asarray(filled[0].y) + np.asarray(filled[1].y) == pytest.approx(
        piece.saliency[:, 0], abs=1e-4
    )
    marker = _coloured(figure)[0].marker
    sizes, strengths = np.asarray(marker.size), np.asarray(marker.color)
    assert sizes[np.abs(strengths).argmax()] == sizes.max() > sizes.min()


def test_what_no_window_covers_is_left_out():
    piece = _piece(1.0)
    piece.saliency[30:40] = np.nan
    piece.values[30:40] = np.nan
    figure = beat_saliency(piece, [(0.0, "V"), (0.4, "N")], ["II", "V1"], "logit", 0.5, LIGHT)
    for trace in _coloured(figure):
        assert np.isfinite(np.asarray(trace.marker.size)).all()
        assert np.isfinite(np.asarray(trace.y)).all()


def test_an_unknown_unit_has_a_scale():
    assert usual_scale("something else") > 0


def test_every_class_has_its_share_and_the_decided_one_is_named():
    figure = beat_answers(np.array([0.5, 0.3, 0.15, 0.05]), 2, MARKS, LIGHT)
    (bars,) = figure.data
    assert list(bars.x) == pytest.approx([50, 30, 15, 5])
    assert [("decided" in text) for text in bars.text] == [False, False, True, False]
    assert [entry.title in word for entry, word in zip(CLASSES, bars.y, strict=True)] == [True] * 4


def test_classes_differ_by_shape_as_well_as_colour():
    abnormal = [mark for mark in MARKS if mark.abnormal]
    assert len({mark.symbol for mark in abnormal}) == len(abnormal) == 3
    assert MARKS[2].symbol == "triangle-up"
    assert MARKS[0].colour == LIGHT.muted


def test_a_row_is_drawn_whole():
    table = BeatTable(np.tile(np.linspace(0, 1, 187, dtype=np.float32), (3, 1)), 125.0, None, "0")
    figure = beat_row(table, 1, MARKS[2], LIGHT)
    assert figure.data[0].x[-1] == pytest.approx(186 * 8)
    assert MARKS[2].letter in figure.layout.annotations[0].text
