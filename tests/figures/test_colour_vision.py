"""What is told by colour is told to readers with protanopia, deuteranopia and tritanopia, too.

Colours of one meaning each must differ, as such readers see them, or go with a
shape or a letter of their own; text and marks must stand out from what they lie on.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import plotly.colors
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.figures.ecg_colours import beat_marks, paper_colours
from medmodels.figures.theme import DARK, LIGHT, SEQUENTIAL, SEVERITY_WORDS, diverging
from medmodels.ui.theme import SEVERITY_ICONS
from tests.figures.colour_difference import ciede2000, lab, linear
from tests.figures.test_scan_theme import VISION, _contrast

#: CIEDE2000. A difference of 1 is just to be seen side by side; of 10 at a glance.
APART = 10.0
#: Steps of a scale of ten, next to each other.
STEP = 1.5
THEMES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
SEERS = pytest.mark.parametrize("vision", VISION)

# Sharma, Wu and Dalal 2005, table 1: pairs that faulty programs get wrong.
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (58, 24, 15), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.441), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


def _seen(colour: str, vision: str) -> np.ndarray:
    return lab(np.asarray(VISION[vision]) @ linear(colour))


def _apart(one: str, other: str, vision: str) -> float:
    return ciede2000(_seen(one, vision), _seen(other, vision))


@pytest.mark.parametrize(("one", "other", "published"), PUBLISHED)
def test_the_difference_is_the_published_one(one, other, published):
    for pair in ((one, other), (other, one)):
        assert ciede2000(*map(np.array, pair)) == pytest.approx(published, abs=1e-4)


@THEMES
@SEERS
def test_severities_are_apart(palette, vision):
    for one, other in itertools.combinations(palette.severity, 2):
        assert _apart(one, other, vision) >= APART, (one, other)


def test_severities_have_words_and_icons_of_their_own():
    assert len(set(SEVERITY_WORDS)) == len(set(SEVERITY_ICONS)) == 3


@THEMES
@SEERS
def test_for_and_against_are_apart_and_from_what_does_not_matter(palette, vision):
    for one, other in itertools.combinations(
        (palette.against, palette.neutral, palette.towards), 2
    ):
        assert _apart(one, other, vision) >= APART, (one, other)


@SEERS
def test_steps_of_the_scale_of_maps_are_told_apart_and_grow_lighter(vision):
    scale = plotly.colors.get_colorscale(SEQUENTIAL)
    steps = plotly.colors.sample_colorscale(scale, np.linspace(0, 1, 11), colortype="tuple")
    seen = [lab(np.asarray(VISION[vision]) @ linear(_hex(step))) for step in steps]
    assert all(ciede2000(a, b) >= STEP for a, b in itertools.pairwise(seen))
    assert all(b[0] > a[0] for a, b in itertools.pairwise(seen))


@THEMES
@SEERS
def test_steps_of_the_signed_scale_lead_away_from_its_middle(palette, vision):
    steps = plotly.colors.sample_colorscale(
        diverging(palette), np.linspace(0, 1, 11), colortype="tuple"
    )
    middle = _seen(palette.neutral, vision)
    away = [ciede2000(_seen(_hex(step), vision), middle) for step in steps]
    assert away[:6] == sorted(away[:6], reverse=True)
    assert away[5:] == sorted(away[5:])
    assert all(abs(a - b) >= STEP for a, b in itertools.pairwise(away))


def _hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgb)


@THEMES
@SEERS
@pytest.mark.parametrize("task", list_tasks())
def test_classes_differ_in_colour_or_in_shape_and_in_letter(task, palette, vision):
    classes = load_bundle(task).card.classes
    marks = beat_marks(classes, palette)
    for one, other in itertools.combinations(marks, 2):
        assert one.letter != other.letter
        told = one.symbol != other.symbol or _apart(one.colour, other.colour, vision) >= APART
        # Classes with nothing to report are drawn as dots; their letter is beside each.
        assert told or one.severity == other.severity == 0, (one.title, other.title)


def test_more_classes_than_shapes_are_told_by_their_letters():
    card = load_bundle(list_tasks()[0]).card
    many = tuple(
        replace(card.classes[0], name=letter, letter=letter, severity=2) for letter in "ABCDEFGH"
    )
    assert len({mark.letter for mark in beat_marks(many, LIGHT)}) == 8


@THEMES
def test_marks_stand_out_from_what_they_lie_on(palette):
    paper = paper_colours(palette)
    for ground in (palette.background, palette.panel, paper.paper):
        # WCAG 2, 1.4.11: 3 to 1 for what must be seen to understand.
        for mark in (palette.accent, *palette.severity, palette.muted, palette.ink):
            assert _contrast(mark, ground) >= 3, (mark, ground)
        for sign in (palette.against, palette.towards):
            assert _contrast(sign, ground) >= 3, (sign, ground)
    assert _contrast(paper.trace, paper.paper) >= 7
    # The lines of the paper must not take the trace's place.
    assert _contrast(paper.trace, paper.major) >= 4.5


@THEMES
def test_text_is_legible_on_the_paper_too(palette):
    paper = paper_colours(palette)
    for text in (palette.ink, palette.muted, *palette.severity):
        assert _contrast(text, paper.paper) >= 4.5, text


@pytest.mark.parametrize("line", ["#FFD23F", "#FFFFFF"])
def test_outlines_on_a_scan_have_an_edge_that_stands_out_where_they_do_not(line):
    """Yellow or white, edged with black: on any grey one of the two is seen."""
    for grey in range(0, 256, 5):
        ground = f"#{grey:02x}{grey:02x}{grey:02x}"
        assert max(_contrast(line, ground), _contrast("#000000", ground)) >= 3
