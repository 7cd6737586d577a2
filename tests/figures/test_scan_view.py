"""The viewer shows the scan's own values, to scale."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from medmodels.figures.scan_view import extent_of, scan_figure, shrink, to_png_uri
from medmodels.figures.theme import LIGHT
from medmodels.inputs.scan import Scan, Window


def _scan(pixels, spacing=None):
    return Scan(
        pixels=np.asarray(pixels, np.float32),
        value_range=(0.0, 4095.0),
        windows=(Window("Full range", 2047.5, 4095.0),),
        source="PNG, 16-bit grey",
        digest="0" * 64,
        spacing_mm=spacing,
    )


def _picture(uri):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))))


def test_extent_is_in_millimetres_where_the_spacing_is_known():
    extent = extent_of(_scan(np.zeros((100, 200)), spacing=(0.2, 0.1)))
    assert (extent.height, extent.width, extent.unit) == (
        pytest.approx(20),
        pytest.approx(20),
        "mm",
    )
    assert extent_of(_scan(np.zeros((100, 200)))).unit == "px"


def test_blocks_are_averaged_by_hand():
    pixels = np.array([[0, 2, 4, 6], [2, 4, 6, 8]], np.float32)
    assert shrink(pixels, 2).tolist() == [[2, 6]]
    assert shrink(pixels, 4) is pixels


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 90), columns=st.integers(1, 90), limit=st.integers(8, 64),
    colour=st.booleans(),
)  # fmt: skip
def test_a_shrunken_scan_fits_and_keeps_its_unit(rows, columns, limit, colour):
    shape = (rows, columns, 3) if colour else (rows, columns)
    pixels = np.random.default_rng(0).uniform(-1000, 3000, shape).astype(np.float32)
    small = shrink(pixels, limit)
    assert max(small.shape[:2]) <= limit
    assert small.ndim == pixels.ndim
    assert pixels.min() - 0.1 <= small.min() <= small.max() <= pixels.max() + 0.1


def test_a_picture_is_black_at_zero_and_white_at_one():
    shown = np.array([[0.0, 0.5, 1.0]], np.float32)
    assert _picture(to_png_uri(shown)).tolist() == [[0, 128, 255]]


def test_sixteen_bits_reach_the_window_before_they_become_eight():
    # Two values that eight bits of the full range could not tell apart.
    scan = _scan([[1000.0, 1004.0]])
    figure = scan_figure(scan.pixels, extent_of(scan), Window("narrow", 1002, 4), LIGHT)
    assert _picture(figure.data[0].source).tolist() == [[0, 255]]
    inverted = scan_figure(
        scan.pixels, extent_of(scan), Window("narrow", 1002, 4), LIGHT, inverted=True
    )
    assert _picture(inverted.data[0].source).tolist() == [[255, 0]]


def test_pixels_that_are_not_square_keep_their_true_proportions():
    scan = _scan(np.zeros((50, 100)), spacing=(0.4, 0.2))
    figure = scan_figure(scan.pixels, extent_of(scan), scan.windows[0], LIGHT)
    assert (figure.data[0].dx, figure.data[0].dy) == (pytest.approx(0.2), pytest.approx(0.4))
    assert figure.layout.yaxis.scaleanchor == "x"
    assert "mm" in figure.layout.newshape.label.texttemplate


def test_a_scale_bar_is_drawn_only_where_millimetres_are_known():
    known = _scan(np.zeros((100, 100)), spacing=(2.5, 2.5))
    figure = scan_figure(known.pixels, extent_of(known), known.windows[0], LIGHT)
    (bar,) = figure.layout.shapes
    assert bar.x1 - bar.x0 == pytest.approx(50)
    assert figure.layout.annotations[0].text == "5 cm"
    unknown = _scan(np.zeros((100, 100)))
    bare = scan_figure(unknown.pixels, extent_of(unknown), unknown.windows[0], LIGHT)
    assert not bare.layout.shapes
    assert "px" in bare.layout.newshape.label.texttemplate


def test_only_a_picture_in_colour_says_its_colour_where_one_points():
    window = Window("Full range", 127.5, 255.0)
    for shape, told in (((4, 4), False), ((4, 4, 3), True)):
        scan = _scan(np.zeros(shape))
        (image,) = scan_figure(scan.pixels, extent_of(scan), window, LIGHT).data
        assert "px from the left" in image.hovertemplate
        found = [f"{name} %{{color[{k}]}}" in image.hovertemplate
                 for k, name in enumerate(("red", "green", "blue"))]  # fmt: skip
        assert found == [told] * 3
