"""Shortcuts: drawn bodies, drawn letters, and maps that lie on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from medmodels.explain.body_mask import body, marks, otsu
from medmodels.explain.shortcut import PARTS, parts_of, shortcut, usual_shares

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
SIDE = 192
CORNERS = {"upper left": (6, 8), "upper right": (170, 8), "lower left": (6, 172),
           "lower right": (170, 172)}  # fmt: skip


def a_chest(name="chest-normal-1", letter=None, at=(0, 0), height=14) -> np.ndarray:
    """A sample at the network's size, with text drawn on it in white."""
    with Image.open(SAMPLES / f"{name}.png") as file:
        picture = file.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    if letter:
        font = ImageFont.load_default(height)
        ImageDraw.Draw(picture).text(at, letter, fill=255, font=font)
    return np.asarray(picture, np.float32) / 255


def a_body(lungs=True) -> np.ndarray:
    """A grey trunk on black, with two dark but not black lungs."""
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    scan = np.full((SIDE, SIDE), 0.02)
    scan[(np.abs(x - 0.5) < 0.35) & (y > 0.08)] = 0.7
    if lungs:
        for middle in (0.35, 0.65):
            scan[((x - middle) / 0.1) ** 2 + ((y - 0.45) / 0.25) ** 2 < 1] = 0.12
    return scan


def test_otsu_parts_two_levels():
    values = np.array([0.1] * 70 + [0.11] * 10 + [0.8] * 15 + [0.9] * 5)
    assert 0.11 < otsu(values) < 0.8
    assert otsu(np.full(10, 0.4)) == 0.4


@pytest.mark.parametrize("lungs", [True, False])
def test_the_body_is_found_with_its_lungs(lungs):
    scan = a_body(lungs)
    truth = a_body(lungs=False) > 0.5
    found = body(scan)
    assert (found & truth).sum() / (found | truth).sum() > 0.95


def test_a_letter_in_the_background_is_no_body():
    scan = a_body()
    scan[10:24, 6:9] = 1.0
    assert not body(scan)[10:24, 6:9].any()


def test_a_scan_without_background_is_body_from_edge_to_edge(random):
    assert body(0.5 + 0.1 * random.random((SIDE, SIDE))).mean() > 0.99
    assert body(np.full((SIDE, SIDE), 0.3)).all()


@pytest.mark.parametrize("letter", ["R", "L"])
@pytest.mark.parametrize("corner", CORNERS)
def test_a_letter_is_found_where_it_was_drawn(letter, corner):
    scan = a_chest(letter=letter, at=CORNERS[corner])
    written = scan - a_chest() > 0.3
    found = marks(scan) > 0
    assert found[written].mean() > 0.9
    # A mark with its halo is no larger than a letter with some room.
    assert found.sum() < 20 * 22


def test_a_word_is_one_mark():
    scan = a_chest(letter="AP", at=(150, 6), height=12)
    assert marks(scan).max() - marks(a_chest()).max() == 1


@pytest.mark.parametrize("name", ["chest-normal-1", "chest-normal-2", "chest-pneumonia-1"])
def test_bones_are_no_marks(name):
    assert not marks(a_chest(name)).any()


def test_what_lies_in_the_middle_is_no_mark():
    assert not marks(a_chest(letter="R", at=(90, 90))).any()


def test_a_bright_field_is_no_mark():
    scan = a_body()
    scan[:60, :60] = 1.0
    assert not marks(scan).any()


@pytest.mark.parametrize("corner", CORNERS)
def test_a_map_on_a_letter_is_named_with_its_place(corner):
    scan = a_chest(letter="R", at=CORNERS[corner])
    x, y = CORNERS[corner]
    values = np.full((SIDE, SIDE), 1e-3)
    values[y : y + 16, x : x + 12] = 1.0
    found = shortcut(scan, values)
    assert found.markers > 0.5
    assert found.expected["markers"] < 0.02
    assert f"on the mark at the {corner} (a letter, perhaps)" in found.warning
    assert found.warning.startswith(f"{found.markers:.0%} of the map")


def test_an_even_map_lies_everywhere_as_expected():
    scan = a_chest(letter="R", at=(6, 8))
    found = shortcut(scan, np.full((SIDE, SIDE), 0.7))
    for name in PARTS:
        assert getattr(found, name) == pytest.approx(found.expected[name])
    assert found.warning is None


def test_border_and_corners_by_hand():
    parts = parts_of(np.ones((100, 200)), np.zeros((100, 200), bool))
    # Five rows of 200 and ten columns of 90, twice.
    assert parts["border"].sum() == 2 * (5 * 200 + 10 * 90)
    assert parts["corners"].sum() == 4 * 15 * 30


def test_the_magnitude_of_a_signed_map_counts(random):
    scan, values = a_chest(letter="R", at=(6, 8)), random.standard_normal((SIDE, SIDE))
    assert shortcut(scan, values).markers == pytest.approx(shortcut(scan, -values).markers)


def test_an_empty_map_lies_nowhere():
    found = shortcut(a_chest(), np.zeros((SIDE, SIDE)))
    assert (found.outside, found.border, found.corners, found.markers) == (0, 0, 0, 0)
    assert found.warning is None


def test_a_share_must_exceed_what_is_usual_and_twice_the_area():
    scan = a_body()
    background = ~body(scan)
    values = np.where(background, 0.0, 1.0)
    values[background] = values.sum() / background.sum()  # half of the map lies outside
    share = shortcut(scan, values).outside
    assert share == pytest.approx(0.5)
    area = float(background.mean())
    usual = dict.fromkeys(PARTS, 1.0)
    warned = shortcut(scan, values, usual | {"outside": 0.45}).warning
    assert (warned is not None) == (share > 2 * area)
    assert shortcut(scan, values, usual | {"outside": 0.55}).warning is None


def test_a_map_off_the_body_is_named():
    scan = a_body()
    values = np.zeros((SIDE, SIDE))
    values[60:130, :24] = 1.0
    found = shortcut(scan, values)
    assert found.outside > 0.9
    assert "outside the body" in found.warning
    assert "made instead of on the patient" in found.warning


def test_what_is_usual_is_a_quantile():
    scan = a_body()
    maps = []
    for share in np.linspace(0, 1, 101):
        values = np.zeros((SIDE, SIDE))
        values[100, 96], values[100, 2] = 1 - share, share
        maps.append((scan, values))
    assert usual_shares(maps, 0.99)["outside"] == pytest.approx(0.99)
    assert usual_shares(maps, 0.5)["border"] == pytest.approx(0.5)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, SIDE - 1), st.integers(0, SIDE - 1))
def test_shares_are_shares(row, column):
    values = np.full((SIDE, SIDE), 1e-6)
    values[row, column] = 1
    found = shortcut(a_body(), values)
    for name in PARTS:
        assert 0 <= getattr(found, name) <= 1


def test_scan_and_map_must_be_of_one_size():
    with pytest.raises(ValueError, match="shape"):
        shortcut(np.zeros((4, 4)), np.zeros((4, 5)))
