"""Figures of sequences of bases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.bundles import parse_card
from medmodels.figures.bases_along import along_figure, thinned
from medmodels.figures.bases_mutations import mutations_figure, position_of
from medmodels.figures.theme import DARK, LIGHT
from tests.bundles_fixture import SEQUENCE_CARD

CLASSES = parse_card(SEQUENCE_CARD).classes


@given(st.lists(st.floats(0, 1), min_size=1, max_size=400), st.integers(1, 50))
def test_the_highest_of_each_stretch_stays_at_its_place(values, points):
    given_values = np.array(values)
    places, highest = thinned(given_values, points)
    assert len(places) <= points
    assert highest.max() == given_values.max()
    np.testing.assert_array_equal(given_values[places], highest)
    assert (np.diff(places) > 0).all()


def test_lines_stand_at_the_base_before_the_junction_and_sites_on_them():
    probabilities = np.array([[0.1, 0.2, 0.7], [0.9, 0.05, 0.05], [0.2, 0.3, 0.5]])
    drawn = [(k, entry) for k, entry in enumerate(CLASSES) if entry.severity > 0]
    figure = along_figure(probabilities, 30, drawn, [(31, 0, 0.9)], LIGHT)
    line, marks, other, _ = figure.data
    assert list(line.x) == [30, 31, 32]
    assert list(line.y) == [0.1, 0.9, 0.2]
    assert (list(marks.x), list(marks.y)) == ([31], [0.9])
    # Two classes differ in more than colour.
    assert line.line.dash != other.line.dash


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_change_is_a_square_that_knows_its_place(palette):
    changes = np.arange(24, dtype=float).reshape(6, 4) - 12
    figure = mutations_figure("ACGTNA", changes, changes.mean(axis=1), 4.0, "log-odds", palette)
    squares, bars = figure.data
    assert len(squares.x) == 24
    assert list(squares.customdata[9]) == [2, 1]
    assert squares.marker.color[9] == changes[2, 1]
    # The base that stands in a place is framed; an unknown one has no frame.
    framed = [tuple(squares.customdata[i]) for i, w in enumerate(squares.marker.line.width) if w]
    assert framed == [(0, 0), (1, 1), (2, 2), (3, 3), (5, 0)]
    assert list(bars.text) == list("ACGTNA")
    assert "-1 G to C" in squares.hovertext[9]


def test_positions_count_from_the_junction_and_skip_zero():
    assert [position_of(i, 6) for i in range(6)] == [-3, -2, -1, 1, 2, 3]
