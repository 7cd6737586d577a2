"""Every beat is answered for by exactly one stretch, with its margin around it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from medmodels.networks.beat_stretch import CORE, LENGTH, MARGIN, cut, stretch_of


@given(st.integers(1, 600), st.data())
def test_a_stretch_holds_its_beat_and_the_margin_around_it(n, data):
    beat = data.draw(st.integers(0, n - 1))
    first = stretch_of(beat)
    assert MARGIN <= beat - first < MARGIN + CORE
    rows = cut(np.arange(1, n + 1), first)
    assert rows.shape == (LENGTH,)
    assert rows[beat - first] == beat + 1
    numbers = first + np.arange(LENGTH)
    inside = (numbers >= 0) & (numbers < n)
    np.testing.assert_array_equal(rows, np.where(inside, numbers + 1, 0))


def test_rows_keep_their_shape_and_type():
    found = cut(np.ones((3, 4, 2), np.float32), -MARGIN)
    assert found.shape == (LENGTH, 4, 2)
    assert found.dtype == np.float32
    assert found.sum() == 3 * 4 * 2
