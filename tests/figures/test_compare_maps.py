"""Maps of different methods on one scale: where their mass lies, or what they share a unit for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.compare_maps import (
    DENSITY_UNIT,
    TOP,
    density,
    scale_bar,
    shared_scale,
    shared_units,
    small_map,
)
from medmodels.figures.compare_strips import Strip, strip_density, strips_figure
from medmodels.figures.region_outlines import add_outlines, border
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.scan_view import Extent
from medmodels.figures.theme import DARK, LIGHT
from medmodels.inputs.scan import Window


def a_map(values, *, unit="logit", signed=True) -> SaliencyMap:
    values = np.asarray(values, dtype=np.float32)
    return SaliencyMap(values, values.shape, signed, "M", 0, unit)


def test_all_in_one_of_four_cells_is_four_times_its_even_share():
    values = np.zeros((8, 8))
    values[:4, :4] = -3.0
    found = density(a_map(values), side=2)
    assert found.values[0, 0] == 4.0
    assert not found.values[4:].any()
    assert (found.signed, found.unit, found.grid) == (False, DENSITY_UNIT, (2, 2))


def test_cells_of_unequal_size_have_the_density_of_their_points():
    """Five points in two cells, all alike: each cell holds its even share."""
    assert density(a_map(np.ones((5, 5))), side=2).values == pytest.approx(1.0)


def test_an_empty_map_stays_empty():
    assert not density(a_map(np.zeros((4, 4)))).values.any()


@settings(deadline=None)
@given(
    arrays(np.float32, (12, 9), elements=st.floats(-8, 8, width=32)),
    st.floats(0.125, 1000, width=32),
)
def test_a_density_averages_one_and_knows_no_unit(values, factor):
    if np.abs(values).max() < 1e-3:
        return
    found = density(a_map(values), side=3)
    assert float(found.values.mean()) == pytest.approx(1.0, rel=1e-4)
    assert density(a_map(values * factor), side=3).values == pytest.approx(found.values, rel=1e-3)


def test_only_methods_that_share_a_unit_are_compared_in_strength():
    maps = {
        "a": a_map([[1]], unit="logit"),
        "b": a_map([[1]], unit="probability"),
        "c": a_map([[1]], unit="logit"),
    }
    assert shared_units(maps) == {"logit": ["a", "c"]}


def test_the_common_scale_is_the_widest_and_only_as_comparable_as_the_least():
    scales = [SaliencyScale(0.2, True), SaliencyScale(0.5, False)]
    assert shared_scale(scales) == SaliencyScale(0.5, False)
    assert shared_scale(scales[:1]) == SaliencyScale(0.2, True)


@pytest.mark.parametrize("signed", [True, False])
def test_the_bar_runs_over_the_scale(signed):
    figure = scale_bar(SaliencyScale(TOP, True), signed, DENSITY_UNIT, LIGHT)
    low = -TOP if signed else 0.0
    assert list(figure.layout.xaxis.range) == [low, TOP]
    assert figure.layout.xaxis.ticktext[-1] == f"≥ {TOP:g}"
    assert (figure.data[0].x[0], figure.data[0].x[-1]) == (low, TOP)
    assert figure.layout.xaxis.title.text == DENSITY_UNIT


def small(saliency, **settings):
    display = np.zeros((16, 20), np.float32)
    return small_map(
        display, Extent(200, 100, "mm"), Window("Full range", 127.5, 255), saliency,
        SaliencyScale(TOP, True), DARK, **settings,
    )  # fmt: skip


def test_a_small_map_has_the_common_scale_and_no_bar_of_its_own():
    figure = small(density(a_map(np.eye(8))), width=280)
    assert [trace.type for trace in figure.data] == ["image", "heatmap"]
    assert (figure.data[1].zmin, figure.data[1].zmax) == (0.0, TOP)
    # Cells are shown as they are: a smooth picture would promise more than was computed.
    assert figure.data[1].zsmooth is False
    assert figure.layout.height == 380


# -- strips of a beat -------------------------------------------------------------------------


def test_a_stretch_holds_its_share_of_what_is_known():
    saliency = np.array([[1.0, np.nan], [0.0, np.nan], [-3.0, 0.0], [0.0, 0.0]])
    found = strip_density(saliency, 2)
    # 4 over 6 known moments: 2/3 on average; 0.5 and 1.5 in the first lead's stretches.
    assert found[:, 0] == pytest.approx([0.75, 0.75, 2.25, 2.25])
    assert np.isnan(found[:2, 1]).all()
    assert found[2:, 1] == pytest.approx([0, 0])


@pytest.mark.parametrize("saliency", [np.zeros((4, 1)), np.full((4, 1), np.nan)])
def test_an_empty_strip_is_no_error(saliency):
    assert not np.nan_to_num(strip_density(saliency, 2)).any()


def drawn(leads, *, signed=False, n=3):
    times = np.arange(8) / 100
    values = np.ones((8, len(leads)))
    strips = [Strip(f"<b>Method {i}</b>", values * i) for i in range(n)]
    return strips_figure(
        times, values, leads, [(-0.03, "N"), (0.0, "V")], strips, 2.0, LIGHT,
        signed=signed, unit="u", y_title="mV",
    )  # fmt: skip


@pytest.mark.parametrize("leads", [["II"], ["II", "V1"]])
def test_every_method_has_its_strip_on_the_same_scale_and_time(leads):
    figure = drawn(leads)
    heat = [trace for trace in figure.data if trace.type == "heatmap"]
    assert len(heat) == 3
    assert {trace.coloraxis for trace in heat} == {"coloraxis"}
    assert all(np.shape(trace.z) == (len(leads), 8) for trace in heat)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 2)
    texts = [note.text for note in figure.layout.annotations]
    assert [f"<b>Method {i}</b>" in texts for i in range(3)] == [True] * 3
    assert "<b>V</b>" in texts
    assert "N" in texts


def test_signed_strips_say_which_side_is_which():
    axis = drawn(["II"], signed=True).layout.coloraxis
    assert (axis.cmin, axis.cmax) == (-2, 2)
    assert axis.colorbar.ticktext[0] == "≤ -2 against"
    assert axis.colorbar.ticktext[-1] == "≥ 2 for"


def test_strips_do_not_overlap():
    figure = drawn(["II", "V1"])
    rows = np.concatenate([trace.y for trace in figure.data if trace.type == "heatmap"])
    assert (np.diff(rows) >= 13).all()


# -- outlines ---------------------------------------------------------------------------------


def test_the_border_of_one_cell_is_its_four_sides():
    x, y = border(np.array([[False, False], [False, True]]), 10, 5)
    sides = {
        tuple(sorted([(x[i], y[i]), (x[i + 1], y[i + 1])])) for i in range(0, len(x), 3)
    }  # fmt: skip
    assert sides == {
        ((10, 5), (20, 5)), ((10, 10), (20, 10)), ((10, 5), (10, 10)), ((20, 5), (20, 10)),
    }  # fmt: skip
    assert x[2::3] == y[2::3] == [None] * 4


@settings(deadline=None)
@given(arrays(np.bool_, (5, 4)))
def test_sides_between_cells_of_a_region_are_left_out(region):
    x, _ = border(region, 1, 1)
    inner = (region[1:] & region[:-1]).sum() + (region[:, 1:] & region[:, :-1]).sum()
    assert len(x) / 3 == 4 * region.sum() - 2 * inner


def test_regions_are_numbered_where_they_are():
    figure = small(density(a_map(np.eye(8))), width=280)
    regions = [np.eye(4, dtype=bool)[[i]].repeat(4, axis=0) & np.eye(4, dtype=bool) for i in (0, 3)]
    add_outlines(figure, Extent(200, 100, "mm"), regions)
    notes = [note for note in figure.layout.annotations if note.text in ("<b>1</b>", "<b>2</b>")]
    assert [(note.x, note.y) for note in notes] == [(12.5, 25.0), (87.5, 175.0)]
