"""What is drawn by hand becomes the right points, and words for where it lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.explain.cells import Cells, frontier, pieces, scan_cells
from medmodels.explain.regions import bounds, outline, rectangle

EDGES = st.floats(-0.2, 1.2)


def test_a_rectangle_holds_the_points_whose_middle_it_holds():
    # Middles across at 0.125, 0.375, 0.625, 0.875; down at 0.25 and 0.75.
    found = rectangle((2, 4), 0.3, 0.3, 0.9, 0.8)
    assert found.astype(int).tolist() == [[0, 0, 0, 0], [0, 1, 1, 1]]


@given(EDGES, EDGES, EDGES, EDGES)
def test_a_rectangle_may_be_drawn_from_any_corner(left, top, right, bottom):
    one = rectangle((7, 5), left, top, right, bottom)
    assert np.array_equal(one, rectangle((7, 5), right, bottom, left, top))


@given(*(st.integers(0, 8) for _ in range(4)))
def test_an_outline_along_whole_points_is_the_rectangle(left, top, right, bottom):
    left, right = sorted((left / 8, right / 8))
    top, bottom = sorted((top / 8, bottom / 8))
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    assert np.array_equal(outline((8, 8), corners), rectangle((8, 8), left, top, right, bottom))


def test_an_outline_around_a_half_is_that_triangle():
    below = outline((40, 40), [(0, 0), (1, 1), (0, 1)])
    rows, columns = np.indices((40, 40))
    assert below[rows > columns].all()
    assert not below[rows < columns].any()


def test_a_circle_has_the_area_of_a_circle():
    angles = np.linspace(0, 2 * np.pi, 90)
    points = [(0.5 + 0.3 * np.cos(a), 0.4 + 0.3 * np.sin(a)) for a in angles]
    assert outline((192, 192), points).mean() == pytest.approx(np.pi * 0.09, rel=0.01)


def test_what_is_drawn_beyond_the_edge_is_cut_off():
    assert outline((4, 4), [(-1, -1), (2, -1), (2, 2), (-1, 2)]).all()
    assert not outline((4, 4), [(0.1, 0.1), (0.9, 0.9)]).any()


def test_the_bounds_of_a_mask():
    mask = np.zeros((10, 4), dtype=bool)
    mask[2:5, 1] = True
    assert bounds(mask) == (0.25, 0.2, 0.5, 0.5)
    with pytest.raises(ValueError, match="nothing"):
        bounds(mask & False)


def test_cells_share_a_scan_out_evenly():
    cells = scan_cells((24, 36), side=12)
    assert (np.bincount(cells.of.ravel()) == 6).all()
    assert scan_cells((5, 3), side=12).grid == (5, 3)


def test_a_hidden_cell_covers_its_numbers_and_no_other():
    cells = Cells((1, 2), np.array([[0, 1, -1]]))
    hidden = np.array([[[True, False]], [[True, True]]])
    assert cells.covered(hidden).astype(int).tolist() == [[[1, 0, 0]], [[1, 1, 0]]]


def test_neighbours_share_an_edge():
    region = np.zeros((3, 3), dtype=bool)
    region[1, 1] = True
    assert frontier(region).astype(int).tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    assert pieces(np.eye(3, dtype=bool)) == 3
