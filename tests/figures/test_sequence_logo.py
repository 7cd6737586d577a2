"""Logos of bases: every letter a shape, exactly as high as its value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.figures.letter_glyphs import LETTERS, glyph
from medmodels.figures.motif_logo import consensus_figure, information, stacked, weights_figure
from medmodels.figures.sequence_logo import logo_figure
from medmodels.figures.theme import DARK, LIGHT
from medmodels.inputs.bases import MIXTURES


def winding(outline: np.ndarray, x: float, y: float) -> int:
    """How often an outline runs round a point."""
    angles = np.unwrap(np.arctan2(outline[:, 1] - y, outline[:, 0] - x))
    return round(float(angles[-1] - angles[0]) / (2 * np.pi))


def boxes(trace) -> list[tuple[float, float, float]]:
    """Middle, bottom and top of each letter of a trace."""
    x = np.array([np.nan if v is None else v for v in trace.x], float)
    y = np.array([np.nan if v is None else v for v in trace.y], float)
    cuts = np.flatnonzero(np.isnan(x))
    found, start = [], 0
    for cut in cuts:
        part = slice(start, cut)
        found.append((round((x[part].min() + x[part].max()) / 2, 9), y[part].min(), y[part].max()))
        start = cut + 1
    return found


def test_every_code_has_a_shape():
    assert set(MIXTURES) | {"U"} == set(LETTERS)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_fills_its_box_and_is_closed(letter):
    shape = glyph(letter, 5, -2, 1, width=0.8)
    np.testing.assert_allclose(shape.min(axis=0), [4.6, -2])
    np.testing.assert_allclose(shape.max(axis=0), [5.4, 1])
    np.testing.assert_array_equal(shape[0], shape[-1])


def test_letters_differ_by_their_shape_alone():
    points = np.stack(np.meshgrid(np.linspace(0.04, 0.96, 9), np.linspace(0.04, 0.96, 9)), -1)
    filled = {
        letter: tuple(winding(glyph(letter, 0.5, 0, 1, 1), x, y) != 0
                      for x, y in points.reshape(-1, 2))
        for letter in LETTERS
    }  # fmt: skip
    assert len(set(filled.values())) == len(LETTERS)
    # Ink, and not a box nor a line.
    assert all(0.15 < np.mean(ink) < 0.75 for ink in filled.values())


def test_holes_are_holes_and_legs_are_legs():
    a = glyph("A", 0.5, 0, 1, 1)
    assert winding(a, 0.5, 0.5) == 0
    assert winding(a, 0.5, 0.1) == 0
    assert winding(a, 0.15, 0.1) != 0
    assert winding(a, 0.5, 0.3) != 0


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_letter_is_as_high_as_its_weight_and_hangs_where_it_speaks_against(palette):
    figure = logo_figure("GATG", np.array([2.0, -1.0, 0.5, -0.25]), "logit", palette)
    *letters, words = figure.data
    assert [(one.name, one.fillcolor) for one in letters] == [
        ("A", palette.against), ("G", palette.towards), ("G", palette.against),
        ("T", palette.towards),
    ]  # fmt: skip
    assert [boxes(one) for one in letters] == [
        [(1, -1.0, 0.0)], [(0, 0.0, 2.0)], [(3, -0.25, 0.0)], [(2, 0.0, 0.5)],
    ]  # fmt: skip
    assert all(one.fill == "toself" for one in letters)
    assert list(words.hovertext) == [
        "-2 G: +2.00 logit, speaks for it", "-1 A: -1.00 logit, speaks against it",
        "+1 T: +0.50 logit, speaks for it", "+2 G: -0.25 logit, speaks against it",
    ]  # fmt: skip
    assert list(words.y) == [2.0, -1.0, 0.5, -0.25]


def test_the_junction_is_dotted_in_the_middle_and_places_count_from_it():
    figure = logo_figure("ACGTAC", np.ones(6), "logit", LIGHT)
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1, line.line.dash) == (2.5, 2.5, "dot")
    assert list(figure.layout.xaxis.tickvals) == [2, 3]
    assert list(figure.layout.xaxis.ticktext) == ["-1", "+1"]


def test_a_weak_map_looks_weak_where_the_usual_height_is_known():
    weights = np.full(4, 0.1)
    own = logo_figure("ACGT", weights, "logit", LIGHT).layout.yaxis.range
    told = logo_figure("ACGT", weights, "logit", LIGHT, highest=2.0).layout.yaxis.range
    assert own[1] == pytest.approx(0.108)
    assert told[1] == pytest.approx(2.16)
    strong = logo_figure("ACGT", 50 * weights, "logit", LIGHT, highest=2.0).layout.yaxis.range
    assert strong[1] == pytest.approx(5.4)


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=12))
def test_every_letter_of_any_map_is_on_the_axis(values):
    figure = logo_figure("N" * len(values), np.array(values), "logit", LIGHT)
    low, high = figure.layout.yaxis.range
    assert low < 0 < high
    assert low <= min(values)
    assert max(values) <= high
    assert sum(len(boxes(one)) for one in figure.data[:-1]) == len(values)


def test_bits_by_hand():
    shares = np.array([[1, 0, 0, 0], [0.5, 0, 0.5, 0], [0.25] * 4])
    np.testing.assert_allclose(information(shares), [2, 1, 0])
    # Of 100 windows 3 / (2 * 100 * ln 2) bits are chance; information is never below 0.
    np.testing.assert_allclose(information(shares, 100), [2 - 0.0216404, 1 - 0.0216404, 0], 1e-5)


@given(st.lists(st.floats(0.01, 1), min_size=4, max_size=4))
def test_bits_lie_between_nothing_and_two(values):
    shares = np.array([values]) / sum(values)
    assert 0 <= information(shares)[0] <= 2


def test_letters_are_stacked_the_most_frequent_on_top():
    shares = np.array([[0.75, 0.25, 0, 0], [0, 0, 0, 1]])
    *letters, words = consensus_figure(shares, LIGHT).data
    bits = 2 - (0.75 * np.log2(4 / 3) + 0.25 * 2)
    found = {one.name: boxes(one)[0] for one in letters}
    assert set(found) == {"A", "C", "T"}
    assert found["C"] == pytest.approx((0, 0, 0.25 * bits))
    assert found["A"] == pytest.approx((0, 0.25 * bits, bits))
    assert found["T"] == pytest.approx((1, 0, 2))
    colours = {one.name: one.fillcolor for one in letters}
    assert colours["A"] != colours["C"] == colours["T"]
    assert words.hovertext[1] == "+1: 2.00 bits, T 100%, A 0%, C 0%, G 0%"


def test_weights_stand_up_and_hang_down():
    weights = np.array([[0.5, -0.25, 1.0, -0.75], [0, 0, 0, 0.125]])
    *letters, _ = weights_figure(weights, "logit", LIGHT).data
    found = {one.name + ("+" if one.fillcolor == LIGHT.towards else "-"): boxes(one)[0]
             for one in letters}  # fmt: skip
    assert found == {
        "A+": (0, 0, 0.5), "G+": (0, 0.5, 1.5), "C-": (0, -0.25, 0), "T-": (0, -1, -0.25),
        "T+": (1, 0, 0.125),
    }  # fmt: skip


def test_what_weighs_nothing_is_not_drawn():
    assert stacked(np.zeros((2, 4)), [["c"] * 4] * 2) == []
