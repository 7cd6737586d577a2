"""The composite cells: whole, labelled, nobody's, and like nobody's; on made pictures."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medmodels import samples
from medmodels.training import cell_patchwork, cell_samples
from medmodels.training.cell_images import CLASSES, Cells
from medmodels.training.cell_patchwork import (
    SIDE,
    Array,
    all_turns,
    coarse_middle,
    join,
    match_colours,
)
from medmodels.training.cell_sample_files import CATALOGUE, SampleCell, write_samples
from medmodels.training.cell_samples import (
    between_pictures,
    make,
    nearest_however_turned,
    patchwork_like,
    prepare,
)
from medmodels.training.cell_shapes import in_new_shape
from medmodels.training.sample_likeness import Gallery, Likeness

EASY = Likeness(1.1, 1.1, 1.1)
COUNT = 40
PIECES = 36


def made_up(count: int = COUNT) -> Cells:
    """A violet disc of a new size in the middle and a red one somewhere, on grain: no cell."""
    rng = np.random.default_rng(1)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2
    pictures = np.full((count, SIDE, SIDE, 3), (230, 215, 200), np.float64)
    for picture in pictures:
        y, x, radius = *rng.uniform(-50, 50, 2), rng.uniform(20, 32)
        picture[(rows - y) ** 2 + (columns - x) ** 2 < 14**2] = (200, 120, 120)
        picture[rows**2 + columns**2 < radius**2] = (110, 60, 150)
        picture += rng.normal(0, 4, (SIDE, SIDE, 1))
    return Cells(
        np.clip(pictures, 0, 255).astype(np.uint8), np.full(count, 5, np.int8),
        np.array([""] * count), np.array([f"IG_{k}" for k in range(count)]),
    )  # fmt: skip


@pytest.fixture(scope="module")
def known() -> tuple[Array, Gallery]:
    return prepare(made_up(), CLASSES[5])


@pytest.fixture(scope="module")
def one(known) -> SampleCell:
    return make(CLASSES[5], *known, EASY)


def test_turns_are_the_eight_of_a_square():
    picture = np.arange(12, dtype=np.float32).reshape(1, 2, 2, 3)
    turned = all_turns(picture)[0]
    assert len({one.tobytes() for one in turned}) == 8
    np.testing.assert_array_equal(turned[0], picture[0])
    # Mirrored left to right; a quarter turn brings the upper right corner to the upper left.
    np.testing.assert_array_equal(turned[1], picture[0, :, ::-1])
    np.testing.assert_array_equal(turned[2][0, 0], picture[0, 0, 1])


def test_from_afar_the_middle_counts_most():
    ground = np.zeros((SIDE, SIDE, 3), np.float32)
    middle, corner = ground.copy(), ground.copy()
    middle[56:72, 56:72], corner[:16, :16] = 1, 1
    first, second = (np.square(coarse_middle(one)).sum() for one in (middle, corner))
    assert first > 100 * second > 0


def test_colours_are_matched_to_the_median_picture():
    rng = np.random.default_rng(0)
    tints = np.array([[0.3, 0.4, 0.5], [0.4, 0.5, 0.6], [0.5, 0.6, 0.7]])[:, None, None]
    pictures = (tints + rng.normal(0, 0.05, (3, 40, 40, 3))).astype(np.float32)
    matched = match_colours(pictures)
    for picture in matched:
        np.testing.assert_allclose(picture.mean(axis=(0, 1)), (0.4, 0.5, 0.6), atol=0.01)


def test_a_patchwork_is_of_pieces_of_36_pictures_and_as_sharp_as_these(one, known):
    pictures, _ = known
    assert one.made.picture.shape == (SIDE, SIDE, 3)
    assert len(one.made.lenders) == len(set(one.made.lenders)) == PIECES
    assert one.made.largest_share == pytest.approx(28 * 28 / 128**2)
    steps = [np.abs(np.diff(some, axis=1)).mean() for some in (one.made.picture, *pictures)]
    mean = np.abs(np.diff(pictures.mean(axis=0), axis=1)).mean()
    assert steps[0] > 0.7 * np.median(steps[1:]) > 1.5 * mean
    # The plan is followed: violet in the middle, pale at the corners.
    middle, corner = one.made.picture[54:74, 54:74], one.made.picture[:12, :12]
    assert middle.mean() < corner.mean() - 0.15
    assert middle[..., 2].mean() > middle[..., 1].mean() + 0.2


def test_the_picture_that_was_drawn_lends_nothing(known, monkeypatch):
    pictures, _ = known
    pools = []

    def seen(pool, plan):
        pools.append(pool)
        return cell_patchwork.Patchwork(plan, ())

    monkeypatch.setattr(cell_samples, "match_colours", lambda pictures: pictures)
    monkeypatch.setattr(cell_samples, "join", seen)
    features = coarse_middle(all_turns(pictures))
    made = patchwork_like(pictures, features, 7, np.random.default_rng(0))
    (pool,) = pools
    assert len(pool) == len(pictures) - 1
    assert not any(np.array_equal(one, pictures[7]) for one in pool[:, 0])
    # A mean of ten has less grain than any of them.
    middle = np.s_[54:74, 54:74, 2]
    assert made.picture[middle].std() < 0.6 * min(one[middle].std() for one in pool[:10, 0])


def test_a_new_shape_is_another_one_and_keeps_the_colours(known):
    picture = known[0][0]
    first, second = (in_new_shape(picture, np.random.default_rng(seed)) for seed in (0, 1))
    again = in_new_shape(picture, np.random.default_rng(0))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - picture).mean() > 0.02 < np.abs(first - second).mean()
    for quantile in (0.03, 0.5):
        for shape in (first, second):
            before, after = (np.quantile(one, quantile, axis=(0, 1)) for one in (picture, shape))
            np.testing.assert_allclose(before, after, atol=0.05)
    # What is even stays even: nothing comes in from beyond the border.
    np.testing.assert_allclose(
        in_new_shape(np.full_like(picture, 0.4), np.random.default_rng(2)), 0.4, atol=1e-5
    )


def test_too_few_pictures_cannot_make_one():
    with pytest.raises(ValueError, match="35 pictures cannot lend 36 pieces"):
        join(np.zeros((35, 8, SIDE, SIDE, 3), np.float32), np.zeros((SIDE, SIDE, 3), np.float32))


def test_a_copy_is_found_however_it_is_turned(known):
    pictures, gallery = known
    for turned in all_turns(pictures[3:4])[0]:
        found = nearest_however_turned(turned, gallery, closely=3)
        assert found.correlation == pytest.approx(1, abs=1e-4)
        assert found.structural_similarity == pytest.approx(1, abs=1e-4)
    assert between_pictures(pictures, gallery, 6).is_below(found)


def test_what_is_too_like_a_training_picture_is_never_kept(known, monkeypatch):
    pictures, gallery = known
    copies = []

    def copied(pictures, features, drawn, rng):
        copies.append(drawn)
        return cell_patchwork.Patchwork(pictures[drawn], ())

    monkeypatch.setattr(cell_samples, "patchwork_like", copied)
    monkeypatch.setattr(cell_samples, "in_new_shape", lambda picture, _: picture)
    compared = {}

    def compared_once(picture, *rest, **settings):
        # All shapes of a copy are the copy: each is judged, none is compared again.
        key = picture.tobytes(), repr(settings)
        if key not in compared:
            compared[key] = nearest_however_turned(picture, *rest, **settings)
        return compared[key]

    yardstick = between_pictures(pictures, gallery, 6)
    monkeypatch.setattr(cell_samples, "nearest_however_turned", compared_once)
    with pytest.raises(RuntimeError, match="too like a training picture"):
        make(CLASSES[5], pictures, gallery, yardstick)
    assert len(set(copies)) == len(copies) == 12
    assert {picture for picture, _ in compared} == {pictures[k].tobytes() for k in copies}


def test_the_same_seed_makes_the_same_picture(one, known):
    again = make(CLASSES[5], *known, EASY)
    np.testing.assert_array_equal(again.made.picture, one.made.picture)


def test_every_file_is_listed_as_what_it_is(one, tmp_path: Path, monkeypatch):
    made = [SampleCell(label, one.made, one.likeness, EASY) for label in CLASSES]
    write_samples(made, tmp_path)
    entries = tomllib.loads((tmp_path / CATALOGUE).read_text())["samples"]
    assert [entry["class"] for entry in entries] == list(CLASSES)
    assert {entry["file"] for entry in entries} == {path.name for path in tmp_path.glob("*.png")}
    for entry in entries:
        assert "composite" in entry["title"]
        assert "belongs to nobody" in entry["description"]
        assert "36 training pictures, at most about 5% of it from any one" in entry["description"]
        assert entry["synthetic"] is True
        assert entry["made_from"] == PIECES
        with Image.open(tmp_path / entry["file"]) as picture:
            shown = np.asarray(picture)
        assert shown.shape == (SIDE, SIDE, 3)
        assert np.abs(shown / 255 - one.made.picture).max() < 0.51 / 255
    # As the app lists them.
    monkeypatch.setattr(samples, "SAMPLES", tmp_path)
    assert len(samples.list_samples("blood-cells")) == len(CLASSES)
