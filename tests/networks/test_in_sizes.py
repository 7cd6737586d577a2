"""Rows cut into pieces of a few sizes."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.networks.in_sizes import in_sizes


@pytest.mark.parametrize(
    ("rows", "pieces"),
    [
        (1, [(2, 1)]),
        (2, [(2, 2)]),
        (3, [(5, 3)]),
        (5, [(5, 5)]),
        (6, [(5, 5), (2, 1)]),
        (13, [(5, 5), (5, 5), (5, 3)]),
        (0, []),
    ],
)
def test_pieces_have_one_of_the_sizes_and_hold_all_rows(rows, pieces):
    given = np.arange(1.0, 3 * rows + 1).reshape(rows, 3)
    found = list(in_sizes(given, (2, 5)))
    assert [(len(piece), inside) for piece, inside in found] == pieces
    for piece, inside in found:
        assert (piece[inside:] == 0).all()
    held = [piece[:inside] for piece, inside in found]
    assert np.array_equal(np.concatenate([*held, np.zeros((0, 3))]), given)
