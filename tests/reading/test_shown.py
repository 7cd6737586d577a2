"""A reading keeps its scan as it was shown, small; many read together keep none."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.scan import Scan, Window
from medmodels.inputs.shown import LONGEST, shown_picture
from medmodels.reading import read
from medmodels.reading.read import scan_reader


def _scan(pixels, spacing=None):
    window = Window("Full range", 500.0, 1000.0)
    return Scan(
        np.asarray(pixels, np.float32), (0.0, 1000.0), (window,), "made", "0" * 64,
        spacing_mm=spacing,
    )  # fmt: skip


def test_it_is_what_was_shown_through_the_window(knows_ramps):
    pixels = np.linspace(-100, 1100, 40 * 30).reshape(40, 30)
    evidence = read(knows_ramps, _scan(pixels)).scan
    assert evidence.shown.dtype == np.uint8
    np.testing.assert_array_equal(
        evidence.shown, np.floor(np.clip(pixels / 1000, 0, 1) * 255 + 0.5).astype(np.uint8)
    )
    assert evidence.size_mm is None


def test_its_size_is_in_millimetres_where_the_file_tells(knows_ramps):
    evidence = read(knows_ramps, _scan(np.zeros((40, 30)), (0.5, 0.25))).scan
    assert evidence.size_mm == (20.0, 7.5)


@pytest.mark.parametrize("shape", [(3000, 1500), (1025, 8), (1024, 1024), (5, 2049, 3)])
def test_it_is_small_and_in_proportion(shape):
    display = np.full(shape, 0.5, np.float32)
    small = shown_picture(display)
    factor = -(-max(shape[:2]) // LONGEST)
    assert small.shape == (-(-shape[0] // factor), -(-shape[1] // factor), *shape[2:])
    assert max(small.shape[:2]) <= LONGEST
    assert (small == 128).all()


def test_of_many_scans_no_picture_is_kept(knows_ramps):
    reader = scan_reader(knows_ramps)
    ready = reader.prepare(_scan(np.zeros((400, 300))))
    assert ready.shown is None
    (reading,) = reader.tell_many(reader.ask_many([ready], reader.together([ready])))
    assert reading.scan.shown is None
