"""Text in pixels: found, measured, hidden."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from medmodels.inputs.airlock import admit
from medmodels.inputs.burned_in import Box, find_text
from medmodels.inputs.burned_in_mask import box_of, masked
from medmodels.inputs.burned_in_measure import (
    PART,
    SIZES,
    STORED,
    files_of,
    measure,
    stored_shares,
    with_text,
)
from medmodels.inputs.open_scan import open_scan
from tests.inputs.scan_files import dicom, picture, ramp

DATA = Path(os.environ.get("DIAPHANE_DATA", "/nowhere"))


def ground(rows: int = 400, columns: int = 500) -> np.ndarray:
    """A soft ground, as anatomy is, with noise."""
    y, x = np.mgrid[0:rows, 0:columns]
    soft = 110 + 60 * np.sin(x / 60) * np.cos(y / 45)
    return (soft + np.random.default_rng(3).normal(0, 3, (rows, columns))).astype(np.uint8)


def drawn(text: str, at=(12, 12), size: int = 18, fill: int = 255, picture=None) -> np.ndarray:
    image = Image.fromarray(ground() if picture is None else picture)
    ImageDraw.Draw(image).text(at, text, fill=fill, font=ImageFont.load_default(size))
    return np.asarray(image).astype(np.float32)


def test_nothing_is_found_where_there_is_nothing():
    assert find_text(ground().astype(np.float32)) == ()
    assert find_text(np.zeros((64, 64), np.float32)) == ()


@pytest.mark.parametrize("marker", ["R", "L", "AP", "A-P"])
def test_side_markers_are_no_text(marker):
    assert find_text(drawn(marker, size=30)) == ()


@pytest.mark.parametrize("size", [12, 18, 30, 44])
@pytest.mark.parametrize("fill", [255, 0])
def test_a_name_is_found_where_it_stands(size, fill):
    (box,) = find_text(drawn("DOE^JANE 1931", at=(20, 300), size=size, fill=fill))
    assert box.left <= 22
    assert box.top <= 300 + size
    assert box.bottom >= 300 + size // 2
    assert 4 * size < box.right - box.left < 12 * size


def test_two_lines_are_two_boxes_from_top_to_bottom():
    once = drawn("ID 4711 0815", at=(300, 350)).astype(np.uint8)
    both = drawn("DOE^JANE", picture=once)
    first, second = find_text(both)
    assert first.bottom < second.top


def test_of_12_bits_and_of_a_large_scan_it_is_found_too():
    large = np.kron(ground(), np.ones((5, 5), np.uint8))
    pixels = drawn("DOE^JANE", at=(100, 100), size=60, picture=large) * 16
    (box,) = find_text(pixels)
    assert box.left <= 105
    assert box.bottom <= 200


def test_colours_are_not_looked_at():
    assert find_text(np.repeat(drawn("DOE^JANE")[..., None], 3, axis=2)) == ()


def test_the_stored_numbers_are_what_they_say():
    stored = json.loads(STORED.read_text())
    for size in SIZES:
        counts = stored["sizes"][str(size)]
        assert sum(counts["drawn"].values()) == counts["scans"] == 624
        assert all(counts["found"][style] <= n for style, n in counts["drawn"].items())
    large = stored["sizes"]["896"]
    found, flagged = stored_shares()[896]
    assert found == sum(large["found"].values()) / 624
    assert flagged == large["flagged"] / 624


@pytest.mark.skipif(not DATA.is_dir(), reason="DIAPHANE_DATA names no folder")
def test_the_command_makes_the_same_numbers_again():
    few = files_of(DATA, "test")[:PART]
    stored = json.loads(STORED.read_text())["part"]
    for size in SIZES:
        assert measure(few, size) == stored[str(size)]


def test_text_for_measuring_is_the_same_every_time():
    one, how = with_text(ground(), np.random.default_rng(1))
    two, again = with_text(ground(), np.random.default_rng(1))
    np.testing.assert_array_equal(one, two)
    assert how == again


def test_what_is_hidden_is_black_and_the_rest_as_it_was():
    scan = open_scan(dicom(ramp(top=4095), bits=12, WindowCenter=2000, WindowWidth=1000))
    hidden = masked(scan, [Box(2, 3, 10, 20), Box(-5, 45, 4, 999)])
    expected = scan.pixels.copy()
    expected[2:10, 3:20] = expected[0:4, 45:] = 0
    np.testing.assert_array_equal(hidden.pixels, expected)
    assert hidden.windows[0] == scan.windows[0]
    assert hidden.digest == scan.digest
    assert hidden.notes[-1] == "2 rectangles were hidden at the reader’s request, 7.8% of the scan."


def test_nothing_hidden_is_the_same_scan():
    scan = open_scan(picture(ramp(), "PNG"))
    assert masked(scan, []) is scan
    assert masked(scan, [Box(50, 60, 70, 80)]) is scan


def test_a_window_fitted_to_the_text_is_fitted_anew():
    pixels = (ground() * 4.0).astype(np.uint16)
    pixels[:40] = 4095
    scan = open_scan(dicom(pixels, bits=12))
    assert scan.windows[0].name == "Fitted to the image"
    again = masked(scan, [Box(0, 0, 40, 500)])
    assert again.windows[0].centre + again.windows[0].width / 2 < 1000


def test_text_of_a_file_is_gone_once_it_is_hidden():
    scan = open_scan(admit(picture(drawn("DOE^JANE 1931").astype(np.uint8), "PNG")))
    hidden = masked(scan, find_text(scan.pixels))
    assert find_text(hidden.pixels) == ()


def test_corners_become_a_rectangle_inside_of_the_scan():
    assert box_of((90.5, 30), (10.2, 5.1), (100, 40)) == Box(10, 5, 91, 30)
    assert box_of((-10, -10), (500, 500), (100, 40)) == Box(0, 0, 100, 40)
    assert box_of((120, 50), (130, 60), (100, 40)).bottom <= 100
