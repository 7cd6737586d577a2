"""What was hidden is drawn where it was hidden, as the network is given it."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from medmodels.bundles import parse_card
from medmodels.figures.scan_view import Extent
from medmodels.figures.theme import DARK, LIGHT
from medmodels.figures.try_change import try_change
from medmodels.figures.try_scan import try_scan
from medmodels.figures.try_signal import Span, runs, try_signal
from medmodels.inputs.scan import Window
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint
from tests.bundles_fixture import SCAN_CARD

CARD = parse_card(SCAN_CARD)
EXTENT = Extent(100.0, 200.0, "mm")
WINDOW = Window("Whole", 0.5, 1.0)


def picture(figure) -> np.ndarray:
    content = figure.data[0].source.split(",")[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def canvas(hidden, changed=0.25, display=None, **more):
    hidden = np.asarray(hidden, dtype=np.float32)
    put = np.full((*hidden.shape, 1), changed, dtype=np.float32)
    shown = np.full((8, 8), 0.75, dtype=np.float32) if display is None else display
    return try_scan(shown, EXTENT, WINDOW, put, hidden, LIGHT, **more)


def test_hidden_points_show_what_the_network_is_given():
    shown = picture(canvas([[1, 0], [0, 0.5]]))
    # 0.25, 0.75 and half way between, of 255.
    assert (shown[:4, :4] == 64).all()
    assert (shown[:4, 4:] == 191).all()
    assert (shown[4:, 4:] == 128).all()


def test_a_scan_in_colour_keeps_its_colours():
    display = np.zeros((8, 8, 3), dtype=np.float32)
    display[..., 0] = 1
    shown = picture(canvas([[0, 1]], display=display))
    assert (shown[:, :4] == [255, 0, 0]).all()
    assert (shown[:, 4:] == 64).all()


def test_the_outline_is_that_of_what_is_hidden():
    lines = [trace for trace in canvas([[0, 1], [0, 0]]).data[1:] if trace.mode == "lines"]
    x = {value for value in lines[0].x if value is not None}
    y = {value for value in lines[0].y if value is not None}
    assert (x, y) == ({100.0, 200.0}, {0.0, 50.0})
    assert not any(trace.x for trace in canvas([[0, 0]]).data[1:] if trace.mode == "lines")


@pytest.mark.parametrize("tool", ["select", "lasso"])
def test_a_selection_always_holds_a_point_that_nobody_sees(tool):
    figure = canvas([[0, 0], [0, 0]], tool=tool)
    points = next(trace for trace in figure.data[1:] if trace.mode == "markers")
    assert figure.layout.dragmode == tool
    # A box of a twentieth of each side, anywhere, holds one.
    assert np.diff(np.unique(points.x)).max() <= EXTENT.width / 20
    assert np.diff(np.unique(points.y)).max() <= EXTENT.height / 20
    opacities = points.marker.opacity, points.selected.marker.opacity, points.unselected.marker
    assert (opacities[0], opacities[1], opacities[2].opacity) == (0, 0, 0)


def point(threshold=0.4) -> OperatingPoint:
    return OperatingPoint(Calibration("temperature"), 1, threshold, (0.0, 0.0), ".", ".")


def texts(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations if note.text]


def test_a_change_is_told_in_numbers_beside_every_class():
    figure = try_change(CARD, np.array([0.9, 0.1]), np.array([0.35, 0.65]), 1, point(), LIGHT)
    assert "90% → <b>35%</b>" in texts(figure)
    assert "10% → <b>65%</b>" in texts(figure)
    assert "<b>Finding</b>" in texts(figure)
    assert "Normal" in texts(figure)
    assert "operating point 40%" in texts(figure)
    before, after = figure.data
    assert (list(before.x), list(after.x)) == ([0.1, 0.9], [0.65, 0.35])
    # Told by shape as well as by colour.
    assert (before.marker.symbol, after.marker.symbol) == ("circle-open", "circle")


def test_an_arrow_goes_from_before_to_now_where_there_is_room():
    def arrows(before, after):
        figure = try_change(CARD, np.array(before), np.array(after), 0, point(), DARK)
        return [(a.ax, a.x) for a in figure.layout.annotations if a.showarrow]

    assert arrows([0.9, 0.1], [0.6, 0.4]) == [(0.1, 0.4), (0.9, 0.6)]
    assert arrows([0.9, 0.1], [0.89, 0.11]) == []


def test_the_trace_is_drawn_before_and_now_with_what_is_erased_shaded():
    times = np.arange(-20.0, 30, 10)
    before = np.arange(10.0).reshape(5, 2)
    after, erased = before.copy(), np.zeros((5, 2))
    after[1:3, 1] = 0
    erased[1:3, 1] = 1
    waves = [Span("QRS complex", -10, 10)]
    figure = try_signal(times, before, after, erased, ["I", "II"], waves, (-5, 15), LIGHT)
    names = {trace.name: trace for trace in figure.data}
    assert list(names["II as it came"].y) == [1, 3, 5, 7, 9]
    assert list(names["II now"].y) == [1, 0, 0, 7, 9]
    assert (names["II as it came"].line.dash, names["II now"].line.dash) == ("dot", "solid")
    shaded = [shape for shape in figure.layout.shapes if shape.fillcolor]
    assert [(shape.x0, shape.x1, shape.yref) for shape in shaded] == [(-15, 5, "y2 domain")]
    framed = [s for s in figure.layout.shapes if s.type == "rect" and not s.fillcolor]
    assert [(s.x0, s.x1) for s in framed] == [(-5, 15)] * 2
    assert texts(figure) == ["QRS"]
    assert figure.layout.selectdirection == "h"


def test_runs_of_what_is_held():
    assert runs(np.array([False, False])) == []
    assert runs(np.array([False, True, True])) == [(1, 2)]
