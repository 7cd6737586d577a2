"""Colours of a map mean the same on every scan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.explain.place import Place
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_overlay import overlay_figure
from medmodels.figures.saliency_scale import (
    SaliencyScale,
    round_up,
    saliency_scale,
    typical_logit,
)
from medmodels.figures.scan_view import Extent
from medmodels.figures.theme import LIGHT
from medmodels.inputs.scan import Window
from medmodels.ui.scan_explanation import grid_sentence

EXTENT, WINDOW = Extent(160, 160, "px"), Window("Full range", 127.5, 255)


def _map(highest, *, method="Grad-CAM", signed=False, grid=(4, 5)):
    values = np.zeros((16, 20), np.float32)
    values[:4, :4] = highest
    return SaliencyMap(values, grid, signed, method, 1, "logit")


def _overlay(saliency, scale, **settings):
    display = np.zeros((16, 20), np.float32)
    figure = overlay_figure(display, EXTENT, WINDOW, saliency, scale, LIGHT, **settings)
    return figure, next(trace for trace in figure.data if trace.type == "heatmap")


def test_a_scale_in_the_bundle_is_taken_as_it_is():
    scale = saliency_scale({"saliency_scale": {"Grad-CAM": 0.37}}, _map(9), 1.0)
    assert scale == SaliencyScale(0.37, True)


def test_grad_cam_without_one_is_scaled_by_the_share_of_a_cell():
    # A typical logit of 3 over 4 x 5 cells is 0.15 a cell, three times that 0.45,
    # and the next round number 0.48.
    assert saliency_scale({}, _map(9), 3.0) == SaliencyScale(0.48, True)


def test_the_scale_of_grad_cam_does_not_depend_on_the_map():
    assert saliency_scale({}, _map(1e-6), 2.0) == saliency_scale({}, _map(100), 2.0)


def test_other_methods_are_scaled_by_reference_scans_or_say_that_they_are_not():
    saliency = _map(7.0, method="SmoothGrad")
    references = [_map(size, method="SmoothGrad") for size in (1.0, 2.0, 90.0)]
    assert saliency_scale({}, saliency, 1.0, references) == SaliencyScale(2.0, True)
    assert saliency_scale({}, saliency, 1.0) == SaliencyScale(8.0, False)
    assert not saliency_scale({}, _map(0.0, method="SmoothGrad"), 1.0).comparable


@given(st.floats(1e-9, 1e9))
def test_rounding_goes_up_and_not_far(value):
    assert value * 0.99999 <= round_up(value) <= 1.5 * value


def test_typical_logit_by_hand():
    assert typical_logit(np.array([[1.0, -2.0], [5.0, 4.0], [0.0, 3.0]])) == 3.0


def test_noise_is_not_as_hot_as_signal():
    scale = SaliencyScale(1.0, True)
    _, noise = _overlay(_map(0.01), scale)
    _, signal = _overlay(_map(0.9), scale)
    assert (noise.zmin, noise.zmax) == (signal.zmin, signal.zmax) == (0.0, 1.0)
    assert np.max(noise.z) == pytest.approx(0.01)
    # No value, no colour: the scan is seen as it is.
    assert noise.colorscale[0][1].endswith(",0.000)")


def test_the_bar_has_the_unit_and_the_ends_of_the_scale():
    figure, _ = _overlay(_map(0.5), SaliencyScale(0.4, True))
    (bar,) = [trace.marker.colorbar for trace in figure.data if trace.type == "scatter"]
    assert bar.title.text == "Grad-CAM: logit"
    assert bar.ticktext[0] == "0"
    assert bar.ticktext[-1] == "≥ 0.4"


def test_a_signed_map_is_neutral_in_the_middle():
    figure, heat = _overlay(_map(-0.5, signed=True, method="SmoothGrad"), SaliencyScale(0.4, True))
    assert (heat.zmin, heat.zmax) == (-0.4, 0.4)
    middle = heat.colorscale[len(heat.colorscale) // 2]
    assert middle[0] == 0.5
    assert middle[1].endswith(",0.000)")
    assert figure.data[-1].marker.colorbar.ticktext[0] == "≤ -0.4"


def test_the_map_covers_the_whole_field_and_its_cells_are_drawn_where_they_are():
    figure, heat = _overlay(_map(1.0), SaliencyScale(1.0, True), cells=True, opacity=0.3)
    assert heat.opacity == 0.3
    assert (heat.x0 - heat.dx / 2, heat.x0 + 19.5 * heat.dx) == (0, pytest.approx(160))
    assert (heat.y0 - heat.dy / 2, heat.y0 + 15.5 * heat.dy) == (0, pytest.approx(160))
    lines = figure.data[-1]
    assert set(lines.x) - {None} == {0, 160, 32, 64, 96, 128}
    assert set(lines.y) - {None} == {0, 160, 40, 80, 120}


def test_the_cells_of_a_place_are_drawn_within_it_with_its_border():
    saliency = replace(_map(1.0, grid=(2, 2)), place=Place(4, 5, 8, 10))
    figure, _ = _overlay(saliency, SaliencyScale(1.0, True), cells=True)
    lines = figure.data[-1]
    # One pixel of the map is 8 across and 10 down of the field.
    assert set(lines.x) - {None} == {40, 80, 120}
    assert set(lines.y) - {None} == {40, 80, 120}


def test_a_map_says_how_coarse_it_is_and_what_it_knows_nothing_of():
    assert grid_sentence(_map(1.0), EXTENT).startswith(
        "This map has 5 × 4 fields; one covers 20% of the width and 25% of the height"
    )
    saliency = replace(_map(1.0, grid=(2, 2)), place=Place(4, 5, 8, 10))
    said = grid_sentence(saliency, EXTENT)
    assert "2 × 2 fields over the square around what is asked about" in said
    assert "25% of the width and 25% of the height" in said
    assert "says nothing of it" in said
