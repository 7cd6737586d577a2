"""The square around a stained cell, and a place cut into cells."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.cut import Cut
from medmodels.explain.place import STAINED_CELL, Place, place_of, stained_cell

SIDE = 128
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE]
GROUND, RED_CELL, CYTOPLASM, NUCLEUS = (
    (1.0, 0.9, 0.8), (0.85, 0.6, 0.55), (0.6, 0.55, 0.75), (0.3, 0.15, 0.45),
)  # fmt: skip


def disc(picture, row, column, radius, colour):
    picture[np.hypot(ROWS - row, COLUMNS - column) < radius] = colour


def smear(row=64, column=64, radius=24, red_cells=True):
    """A nucleus in pale cytoplasm among red cells."""
    picture = np.full((SIDE, SIDE, 3), GROUND)
    if red_cells:
        for at in ((20, 20), (24, 100), (100, 30), (105, 105), (64, 110)):
            disc(picture, *at, 15, RED_CELL)
    disc(picture, row, column, radius, CYTOPLASM)
    disc(picture, row, column, radius * 0.6, NUCLEUS)
    return picture


@pytest.mark.parametrize(("row", "column", "radius"), [(64, 64, 24), (58, 70, 30), (66, 62, 8)])
def test_the_square_holds_the_cell_with_its_cytoplasm_and_little_more(row, column, radius):
    found = stained_cell(smear(row, column, radius))
    assert found.height == found.width
    assert found.top <= row - radius + 2
    assert found.left <= column - radius + 2
    assert found.top + found.height >= row + radius - 1
    assert found.left + found.width >= column + radius - 1
    assert found.width <= 2 * radius * 1.45


def test_a_red_cell_that_touches_and_another_white_cell_at_the_rim_are_left_out():
    picture = smear()
    disc(picture, 64, 100, 13, RED_CELL)
    disc(picture, 10, 64, 14, NUCLEUS)
    found = stained_cell(picture)
    assert found.top > 24
    assert found.left + found.width < 100


def test_a_place_never_leaves_the_picture_and_an_even_picture_is_all_of_it():
    corner = stained_cell(smear(100, 110, 30, red_cells=False))
    assert corner.top + corner.height <= SIDE
    assert corner.left + corner.width <= SIDE
    assert stained_cell(np.full((SIDE, SIDE, 3), 0.5)) == Place.all_of((SIDE, SIDE))
    noise = np.random.default_rng(0).random((SIDE, SIDE, 3))
    assert stained_cell(noise).height <= SIDE


def test_the_card_says_what_is_looked_for():
    picture = smear()
    assert place_of({}, picture) is None
    assert place_of({"place": STAINED_CELL}, picture) == stained_cell(picture)
    with pytest.raises(ValueError, match='place is "heart", expected "stained cell"'):
        place_of({"place": "heart"}, picture)


CUT = Cut((8, 10), Place(2, 3, 4, 6), 2)


def test_totals_and_spreads_by_hand():
    values = np.zeros((8, 10))
    values[2:4, 3:6] = 1  # the first cell, 2 by 3
    values[5, 8] = 7  # in the last one
    values[0, 0] = 99  # around the place
    np.testing.assert_array_equal(CUT.total(values), [6, 0, 0, 7])
    spread = CUT.spread(np.array([1.0, 2, 3, 4]))
    expected = np.zeros((8, 10))
    expected[2:4, 3:6], expected[2:4, 6:9], expected[4:6, 3:6], expected[4:6, 6:9] = 1, 2, 3, 4
    np.testing.assert_array_equal(spread, expected)
    np.testing.assert_array_equal(CUT.total(spread), np.array([1, 2, 3, 4]) * 6)


def test_masks_leave_what_lies_around_the_place():
    padded = CUT.padded(np.array([[True, False, False, False]]))
    mask = CUT.rows @ padded[0] @ CUT.columns.T
    assert mask.shape == (8, 10)
    assert mask[0, 0] == pytest.approx(1, abs=0.02)
    assert mask[2, 4] > 0.7
    assert mask[4:6, 4:8].max() < 0.5
    np.testing.assert_allclose(
        CUT.rows @ CUT.padded(np.ones((1, 4), bool))[0] @ CUT.columns.T, 1, atol=1e-6
    )


def test_a_whole_scan_is_cut_evenly():
    cut = Cut((6, 4), Place.all_of((6, 4)), 2)
    np.testing.assert_array_equal(
        cut.total(np.arange(24.0).reshape(6, 4)),
        np.arange(24.0).reshape(2, 3, 2, 2).sum(axis=(1, 3)).ravel(),
    )
