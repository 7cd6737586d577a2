"""Icons can be counted, and the groups told apart without colour."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.figures.icon_array import IconNames, icon_array, icon_array_alt
from medmodels.figures.theme import DARK, LIGHT
from medmodels.trust.predictive_values import NaturalFrequencies

NAMES = IconNames("ill, found", "ill, missed", "well, alarmed", "well, left alone", "people")
THOUSAND = NaturalFrequencies(found=97, missed=3, alarmed=73, left_alone=827)
HUNDRED = NaturalFrequencies(found=9, missed=1, alarmed=0, left_alone=90)


def drawn(figure):
    return {trace.name: [x for x in trace.x if x is not None] for trace in figure.data}


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_person_is_one_icon_and_the_legend_counts_them(palette):
    assert {name: len(xs) for name, xs in drawn(icon_array(THOUSAND, NAMES, palette)).items()} == {
        "<b>3</b> ill, missed": 3,
        "<b>97</b> ill, found": 97,
        "<b>73</b> well, alarmed": 73,
        "<b>827</b> well, left alone": 827,
    }


def test_no_group_of_nobody_is_hidden():
    assert drawn(icon_array(HUNDRED, NAMES, LIGHT))["<b>0</b> well, alarmed"] == []


@pytest.mark.parametrize(("counts", "columns", "rows"), [(THOUSAND, 40, 25), (HUNDRED, 10, 10)])
def test_no_two_icons_share_a_place_in_the_grid(counts, columns, rows):
    figure = icon_array(counts, NAMES, LIGHT)
    places = {(x, y) for t in figure.data for x, y in zip(t.x, t.y, strict=True) if x is not None}
    assert len(places) == counts.people
    assert len({x for x, _ in places}) == columns
    assert len({y for _, y in places}) == rows


def test_groups_are_blocks_in_reading_order():
    figure = icon_array(THOUSAND, NAMES, LIGHT)
    order = np.concatenate([1000.0 * np.array(t.y) + np.array(t.x) for t in figure.data])
    assert (np.diff(order) > 0).all()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_groups_differ_in_shape_in_colour_and_three_fills(palette):
    markers = [trace.marker for trace in icon_array(THOUSAND, NAMES, palette).data]
    symbols = [marker.symbol for marker in markers]
    assert len({symbol.split("-")[0] for symbol in symbols}) == 4
    assert len({marker.color for marker in markers}) == 4
    assert ["open" in symbol for symbol in symbols] == [False, False, True, True]
    assert ["dot" in symbol for symbol in symbols] == [False, False, True, False]


def test_the_alternative_text_says_every_count():
    assert icon_array_alt(THOUSAND, NAMES) == (
        "1,000 icons, one for each of the people: 97 ill, found; 3 ill, missed; "
        "73 well, alarmed; 827 well, left alone."
    )


def test_other_numbers_of_people_are_refused():
    with pytest.raises(ValueError, match="100 or 1,000"):
        icon_array(NaturalFrequencies(1, 1, 1, 1), NAMES, LIGHT)
