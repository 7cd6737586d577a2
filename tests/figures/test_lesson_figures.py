"""Figures of the lessons: the numbers in them, one scale, frames where they belong."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from plotly.colors import sample_colorscale

from medmodels.figures.lesson_convolution import (
    CLOSE_UP,
    arithmetic_figure,
    close_up_figure,
    output_figure,
    scan_figure,
)
from medmodels.figures.lesson_grid import NumberGrid, grid_figure, say_number
from medmodels.figures.lesson_learning import (
    loss_figure,
    outer_product_figure,
    probability_figure,
)
from medmodels.figures.lesson_maps import coloured, map_figure, wall_figure
from medmodels.figures.lesson_pooling import block_figure, lost_figure, sum_figure
from medmodels.figures.theme import DARK, LIGHT


def _texts(figure):
    written = [trace for trace in figure.data if getattr(trace, "mode", "") == "text"]
    return [text for trace in written for text in trace.text]


def _frames(figure):
    """Left, top, right and bottom of each frame; a frame is drawn twice."""
    found = {(s.x0, s.y0, s.x1, s.y1) for s in figure.layout.shapes if s.line.width}
    return sorted(found)


def _picture(figure):
    (image,) = [trace for trace in figure.data if trace.type == "image"]
    content = base64.b64decode(image.source.split(",")[1])
    return np.asarray(Image.open(io.BytesIO(content)))


@given(st.floats(-1e6, 1e6))
def test_numbers_are_short_and_keep_two_digits(value):
    text = say_number(value)
    assert "-" not in text
    assert len(text) <= 9
    assert float(text.replace("−", "-")) == pytest.approx(value, rel=0.0501)


def test_a_window_is_multiplied_number_by_number():
    values = np.float32([[1, 2], [3, -4]])
    weights = np.float32([[0.5, 0], [-1, 2]])
    figure = arithmetic_figure(values, weights, 4.0, LIGHT)
    assert _texts(figure)[8:] == ["0.50", "0", "−3.00", "−8.00"]
    signs = [a.text for a in figure.layout.annotations]
    assert signs.index("×") < signs.index("=")
    # Grey means the same at every place: it is set by the image, not by the window.
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-4, 4)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
def test_numbers_can_be_read_on_every_colour(palette):
    values = np.linspace(-1, 1, 9).reshape(3, 3)
    figure = grid_figure([NumberGrid("a", values, 1.0, colours="map", low=-1)], palette)
    heatmap, text = figure.data
    scale = [list(stop) for stop in heatmap.colorscale]
    backgrounds = sample_colorscale(scale, np.linspace(0, 1, 9).tolist(), colortype="tuple")
    for ink, background in zip(text.textfont.color, backgrounds, strict=True):
        light = _luminance(background)
        ratio = 1.05 / (light + 0.05) if ink == "#FFFFFF" else (light + 0.05) / 0.05
        assert ratio >= 4.5


def _luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_the_window_is_framed_on_the_scan_and_close_up():
    image = np.random.default_rng(0).random((60, 40)).astype(np.float32)
    assert _frames(scan_figure(image, 30, 20, (3, 3), LIGHT)) == [(20, 30, 23, 33)]
    assert _frames(close_up_figure(image, 30, 20, (3, 3), LIGHT)) == [
        (CLOSE_UP, CLOSE_UP, CLOSE_UP + 3, CLOSE_UP + 3)
    ]
    # At the corner the part shown stays within the image, the window may hang over.
    assert _frames(close_up_figure(image, -1, -1, (3, 3), LIGHT)) == [(-1, -1, 2, 2)]
    shown = _picture(close_up_figure(image, 30, 20, (3, 3), LIGHT))
    assert shown.shape[:2] == (2 * CLOSE_UP + 3, 2 * CLOSE_UP + 3)


def test_what_has_not_been_worked_out_is_veiled():
    output = np.zeros((5, 8), np.float32)
    figure = output_figure(output, 2, 3, (0, 1), LIGHT)
    assert _frames(figure) == [(3, 2, 4, 3)]
    veils = [(s.x0, s.y0, s.x1, s.y1) for s in figure.layout.shapes if not s.line.width]
    # The rest of row 2, and rows 3 to 4.
    assert veils == [(4, 2, 8, 3), (0, 3, 8, 5)]


def test_a_map_keeps_the_scale_that_it_is_given():
    weak = map_figure(np.full((3, 3), 0.01, np.float32), (0.0, 6.0), LIGHT)
    assert (weak.data[0].zmin, weak.data[0].zmax) == (0, 6)
    assert list(weak.data[0].colorbar.ticktext) == ["0", "1.50", "3.00", "4.50", "6.00"]


def test_colours_are_those_of_the_scale_and_stay_at_its_ends():
    colours = coloured(np.float32([-1, 0, 3, 6, 60]), (0.0, 6.0))
    assert colours[0].tolist() == colours[1].tolist()
    assert colours[3].tolist() == colours[4].tolist()
    # Cividis gets lighter from end to end.
    assert colours[1].sum() < colours[2].sum() < colours[3].sum()


def test_the_wall_shows_a_value_alike_on_every_map_and_knows_which_was_clicked():
    maps = np.zeros((4, 4, 5), np.float32)
    maps[..., 1], maps[..., 3] = 2.0, 2.0
    maps[0, 0, 3] = 6.0
    figure = wall_figure(maps, [3, 1, 0], (0.0, 6.0), LIGHT, chosen=1, columns=2)
    wall = _picture(figure)
    points = figure.data[-1]
    assert [list(data) for data in points.customdata] == [[3], [1], [0]]
    centres = [(int(y), int(x)) for x, y in zip(points.x, points.y, strict=True)]
    colours = [wall[centre][:3].tolist() for centre in centres]
    assert colours[0] == colours[1] != colours[2]
    (frame,) = _frames(figure)
    x, y = points.x[1], points.y[1]
    assert frame == (x - 2, y - 2, x + 2, y + 2)
    assert "<b>▸ 2</b>" in _texts(figure)


@pytest.mark.parametrize("rows", [1, 6])
def test_all_maps_have_room_on_the_wall(rows):
    maps = np.ones((7, 7, 24), np.float32)
    figure = wall_figure(maps, list(range(4 * rows)), (0.0, 1.0), LIGHT, chosen=99)
    height, width = _picture(figure).shape[:2]
    assert max(figure.data[-1].x) + 3.5 <= width
    assert max(figure.data[-1].y) + 3.5 <= height
    assert not _frames(figure)


def test_a_block_shows_its_result_and_where_it_came_from():
    block = np.float32([[1, 2], [9, 0]])
    figure = block_figure(block, 9.0, (1, 0), (0.0, 9.0), LIGHT)
    assert _texts(figure) == ["1.00", "2.00", "9.00", "0", "9.00"]
    assert _frames(figure) == [(0, 1, 1, 2)]
    assert not _frames(block_figure(block, 3.0, None, (0.0, 9.0), LIGHT))


def test_what_is_lost_has_a_scale_with_its_middle_at_zero():
    (heatmap,) = lost_figure(np.float32([[-1, 3]]), 3.0, LIGHT).data
    assert (heatmap.zmin, heatmap.zmax) == (-3, 3)


def test_the_bars_of_a_sum_add_up_to_the_logit():
    figure = sum_figure([4, 0], np.array([1.5, -0.5]), 0.25, -0.25, 1.0, LIGHT)
    (bars,) = figure.data
    assert list(bars.y) == ["map 5", "map 1", "all other maps", "bias", "<b>logit</b>"]
    assert sum(bars.x[:-1]) == pytest.approx(bars.x[-1])
    colours = bars.marker.color
    assert colours[0] == LIGHT.towards
    assert colours[1] == LIGHT.against
    low, high = figure.layout.xaxis.range
    assert low < -0.5
    assert high > 1.5


def test_curves_mark_the_step_that_is_looked_at():
    losses, probabilities = [2.0, 1.0, 0.5], [0.13, 0.37, 0.6]
    loss = loss_figure(losses, 1, LIGHT)
    assert (list(loss.data[0].y), loss.data[1].x[0], loss.data[1].y[0]) == (losses, 1, 1.0)
    assert loss.layout.yaxis.range[0] == 0
    probability = probability_figure(probabilities, 2, LIGHT)
    assert probability.data[1].y[0] == 0.6
    assert probability.layout.yaxis.range[1] >= 1
    assert loss_figure([0.0], 0, LIGHT).layout.yaxis.range[1] > 0


def test_the_outer_product_is_that():
    figure = outer_product_figure(
        [7, 2], np.float32([2, 0.5]), np.float32([0.5, -0.5]), ["N", "P"], LIGHT
    )
    assert _texts(figure)[-4:] == ["1.00", "−1.00", "0.25", "−0.25"]
    names = [a.text for a in figure.layout.annotations]
    assert {"h 8", "h 3", "N", "P"} <= set(names)
