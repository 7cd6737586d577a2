"""Turning and inverting, and back again."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.correction import CORRECTIONS, corrected
from medmodels.inputs.scan import Scan, Window, apply_window

PIXELS = np.arange(6, dtype=np.float32).reshape(2, 3)


def scan(pixels=PIXELS) -> Scan:
    return Scan(
        pixels, (0.0, 10.0), (Window("From the file", 4.0, 6.0),), "made", "d",
        spacing_mm=(0.5, 0.2), notes=("first",),
    )  # fmt: skip


def test_a_quarter_to_the_left_by_hand():
    # Rows 0 1 2 / 3 4 5 turned to the left: the last column becomes the first row.
    made = corrected(scan(), "turned_right")
    assert made.pixels.tolist() == [[2, 5], [1, 4], [0, 3]]
    assert made.spacing_mm == (0.2, 0.5)
    assert made.notes == ("first", "Turned a quarter to the left at the reader’s request.")


def test_what_was_turned_one_way_is_put_right_by_its_own_name():
    for lies, quarters in (("turned_left", 1), ("turned_right", -1), ("upside_down", 2)):
        lying = scan(np.ascontiguousarray(np.rot90(PIXELS, quarters)))
        assert corrected(lying, lies).pixels.tolist() == PIXELS.tolist()


def test_inverted_is_shown_as_the_negative_through_the_same_window():
    made = corrected(scan(), "inverted")
    before = apply_window(PIXELS, scan().windows[0])
    np.testing.assert_allclose(apply_window(made.pixels, made.windows[0]), 1 - before, atol=1e-6)
    assert corrected(made, "inverted").pixels.tolist() == PIXELS.tolist()


@pytest.mark.parametrize("lies", CORRECTIONS)
def test_the_file_stays_the_same_file(lies):
    made = corrected(scan(), lies)
    assert (made.digest, made.source) == ("d", "made")
    assert len(made.notes) == 2


def test_colour_is_turned_too():
    colour = np.stack([PIXELS] * 3, axis=2)
    assert corrected(scan(colour), "turned_left").pixels.shape == (3, 2, 3)
