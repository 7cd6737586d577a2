"""Enlarging keeps values and places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from medmodels.explain.enlarge import enlarge


def test_two_cells_to_four_pixels_by_hand():
    grid = np.array([[0.0, 4.0]], dtype=np.float32)
    # Cell centres lie at 0.5 and 2.5 pixel lengths from the pixel centres' zero.
    np.testing.assert_allclose(enlarge(grid, (1, 4)), [[0.0, 1.0, 3.0, 4.0]])


def test_same_as_pillow(random):
    grid = random.random((7, 5), dtype=np.float32)
    expected = np.asarray(Image.fromarray(grid).resize((40, 33), Image.Resampling.BILINEAR))
    np.testing.assert_allclose(enlarge(grid, (33, 40)), expected, atol=1e-6)


def test_every_map_of_a_batch_is_enlarged_alone(random):
    grids = random.random((2, 3, 4, 4), dtype=np.float32)
    whole = enlarge(grids, (9, 9))
    assert whole.shape == (2, 3, 9, 9)
    np.testing.assert_array_equal(whole[1, 2], enlarge(grids[1, 2], (9, 9)))


@given(
    st.integers(1, 12),
    st.integers(0, 40),
    st.floats(-100, 100, width=32, allow_subnormal=False),
)
def test_an_even_map_stays_even(cells, more, value):
    grid = np.full((cells, cells), value, dtype=np.float32)
    np.testing.assert_allclose(enlarge(grid, (cells + more, cells + more)), value, rtol=1e-5)


@pytest.mark.parametrize("size", [(6, 6), (7, 13)])
def test_never_beyond_the_grids_own_values(random, size):
    grid = random.random((6, 6), dtype=np.float32)
    large = enlarge(grid, size)
    assert grid.min() - 1e-6 <= large.min()
    assert large.max() <= grid.max() + 1e-6
