"""The synthetic radiographs: whole, labelled, nobody's, and like nobody's."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.ndimage import gaussian_filter

from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.preparation import to_display
from medmodels.reading import reading_json
from medmodels.samples import SAMPLES, list_samples
from medmodels.training.chest_images import Radiographs
from medmodels.training.sample_composite import (
    FEWEST_MEMBERS,
    HEAVIEST_WEIGHT,
    capped_weights,
    draw_shape,
    find_flows,
    warp,
)
from medmodels.training.sample_likeness import SIDE, Gallery, Likeness, structural_similarity
from medmodels.training.sample_picture import Recipe, choose_members, make, resample
from medmodels.training.sample_scan_files import ENTRIES, change, write_samples
from medmodels.training.sample_scans import RECIPES, measure_between_patients, prepare

LISTED: list[dict[str, Any]] = tomllib.loads((SAMPLES / "scans.toml").read_text())["samples"]
EASY = Likeness(1.1, 1.1, 1.1)


def made_up(count: int, side: int = 56) -> Radiographs:
    """Two dark discs on a bright ground, of a new place and size each time: no patient."""
    rng = np.random.default_rng(1)
    rows, columns = np.mgrid[0:side, 0:side] / side
    images = []
    for _ in range(count):
        down, out, size = rng.normal((0.5, 0.22, 0.16), 0.02)
        image = np.full((side, side), 0.8)
        for across in (0.5 - out, 0.5 + out):
            image -= 0.5 * ((rows - down) ** 2 / 2 + (columns - across) ** 2 < size**2)
        images.append(gaussian_filter(image, 1) + 0.02 * rng.standard_normal((side, side)))
    return Radiographs(
        np.stack(images).astype(np.float32)[..., np.newaxis],
        np.zeros(count, np.int8),
        np.array([f"patient-{i // 2}" for i in range(count)]),
        np.array(["normal"] * count),
    )


def gallery_of(training: Radiographs) -> Gallery:
    images = np.stack([resample(image, SIDE, SIDE) for image in training.images[..., 0]])
    return Gallery(images, training.groups)


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    assert {one["file"] for one in LISTED} == {entry.file for entry in ENTRIES}
    assert {path.name for path in SAMPLES.glob("chest-*")} == {one["file"] for one in LISTED}
    assert {sample.file for sample in list_samples("chest-xray")} == {one["file"] for one in LISTED}


def test_the_list_names_both_classes_and_known_pictures() -> None:
    assert {one["class"] for one in LISTED} == {"normal", "pneumonia"}
    assert {entry.picture for entry in ENTRIES} == {recipe.name for recipe in RECIPES}


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one["file"])
def test_a_sample_says_what_it_is(one: dict[str, Any]) -> None:
    assert "synthetic" in one["title"]
    assert "belongs to no patient" in one["description"]
    assert one["synthetic"] is True
    assert one["made_from"] >= FEWEST_MEMBERS


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one["file"])
def test_a_sample_is_less_like_any_training_image_than_patients_are(one: dict[str, Any]) -> None:
    assert Likeness(**one["nearest"]).is_below(Likeness(**one["between_patients"]))


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one["file"])
def test_a_sample_opens_at_its_stated_size(one: dict[str, Any]) -> None:
    scan = open_scan((SAMPLES / one["file"]).read_bytes())
    assert scan.shape == (one["height"], one["width"])
    assert scan.pixels.ndim == 2
    assert np.ptp(to_display(scan)) > 0.7


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("chest-*.png")), ids=lambda path: path.name)
def test_a_png_is_small_grey_and_carries_nothing_but_pixels(path: Path) -> None:
    assert path.stat().st_size < 150_000
    with Image.open(path) as image:
        assert image.mode == "L"
        assert not image.info
        assert not image.getexif()


def test_the_dicom_names_nobody() -> None:
    path = SAMPLES / "chest-pneumonia-2.dcm"
    assert path.read_bytes()[:128] == bytes(128)
    dataset = pydicom.dcmread(path)
    assert dataset.PatientName == "SYNTHETIC^DIAPHANE"
    assert dataset.PatientID == "SYNTHETIC"
    assert "no patient" in dataset.ImageComments
    assert dataset.BurnedInAnnotation == "NO"
    dates = [e for e in dataset.iterall() if e.VR in ("DA", "DT", "TM", "AS") and e.value]
    assert dates == []
    named = [e for e in dataset.iterall() if e.VR == "PN" and e.value]
    assert [e.keyword for e in named] == ["PatientName"]
    assert not [e for e in dataset.iterall() if e.tag.is_private]


def test_the_dicom_is_a_computed_radiograph_of_12_bits() -> None:
    dataset = pydicom.dcmread(SAMPLES / "chest-pneumonia-2.dcm")
    assert (dataset.Modality, dataset.PhotometricInterpretation) == ("CR", "MONOCHROME2")
    assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit) == (16, 12, 11)
    pixels = dataset.pixel_array
    assert pixels.shape == (dataset.Rows, dataset.Columns)
    assert pixels.max() < 2**12
    assert len(np.unique(pixels)) > 256


def test_the_dicom_shows_the_same_picture_as_its_png() -> None:
    shown = [
        to_display(open_scan((SAMPLES / f"chest-pneumonia-2.{ending}").read_bytes()))
        for ending in ("png", "dcm")
    ]
    np.testing.assert_allclose(shown[0], shown[1], atol=0.6 / 255)


def test_near_misses() -> None:
    grey = np.array([[0.1, 0.6], [1.0, 0.2]], np.float32)
    np.testing.assert_allclose(change(grey, "over-exposed"), [[0, 0.5**1.8], [1, 0]], atol=1e-6)
    np.testing.assert_array_equal(
        change(grey, "turned"), grey[[0, 1, 0, 1], [1, 1, 0, 0]].reshape(2, 2)
    )
    assert change(grey, "") is grey


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1e-6, 1e6), min_size=FEWEST_MEMBERS, max_size=20))
def test_no_member_weighs_more_than_a_sixth(strengths: list[float]) -> None:
    weights = capped_weights(np.array(strengths, np.float32)[:, np.newaxis, np.newaxis])
    assert weights.sum() == pytest.approx(1.0, abs=1e-5)
    assert weights.min() >= 0
    assert weights.max() <= HEAVIEST_WEIGHT + 1e-5


def test_equal_strengths_weigh_the_same() -> None:
    np.testing.assert_allclose(capped_weights(np.ones((16, 2, 3), np.float32)), 1 / 16, rtol=1e-6)


def test_eleven_images_are_too_few() -> None:
    with pytest.raises(ValueError, match="at least 12"):
        find_flows(np.zeros((11, 16, 16), np.float32))


def test_alignment_brings_shapes_together() -> None:
    images = made_up(14).images[..., 0]
    flows = find_flows(images)
    assert np.abs(flows.mean(axis=1)).max() < 1e-3
    before, after = (
        # Smoothed, because grain cannot be aligned.
        gaussian_filter(some, (0, 2, 2)).std(axis=0).mean()
        for some in (images, warp(images, flows))
    )
    assert after < 0.75 * before


def test_shapes_are_drawn_from_the_members_own_spread() -> None:
    flows = np.random.default_rng(0).standard_normal((2, 14, 4, 4)).astype(np.float32)
    flows -= flows.mean(axis=1, keepdims=True)
    rng = np.random.default_rng(0)
    drawn = np.stack([draw_shape(flows, rng, 1.0)[:, 0] for _ in range(4000)])
    np.testing.assert_allclose(drawn.std(axis=0), flows.std(axis=1), rtol=0.08)


def test_a_copy_is_found_and_refused() -> None:
    training = made_up(16)
    gallery = gallery_of(training)
    copied = gallery.nearest(gallery.images[3])
    assert copied.correlation == pytest.approx(1, abs=1e-4)
    assert copied.local_correlation == pytest.approx(1, abs=1e-4)
    assert copied.structural_similarity == pytest.approx(1, abs=1e-4)
    others = gallery.nearest(gallery.images[3], other_than=str(training.groups[3]))
    assert others.is_below(copied)
    assert not copied.is_below(others)
    with pytest.raises(RuntimeError, match="too like"):
        make(Recipe("a", "normal", 0), made_up(30), gallery, Likeness(-1, -1, -1))


def test_structural_similarity_falls_with_noise() -> None:
    rng = np.random.default_rng(0)
    image = gaussian_filter(rng.standard_normal((64, 64)), 3).astype(np.float32) + 0.5
    noisy = [
        image + s * rng.standard_normal(image.shape).astype(np.float32) for s in (0, 0.05, 0.5)
    ]
    same, near, far = structural_similarity(image, np.stack(noisy))
    assert same == pytest.approx(1, abs=1e-4)
    assert same > near > far


def test_members_are_of_fourteen_patients() -> None:
    training = made_up(40)
    chosen = choose_members(training, "normal", np.random.default_rng(0))
    assert len(set(training.groups[chosen])) == len(chosen) == 14


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    training = made_up(30)
    gallery = gallery_of(training)
    for folder in ("first", "second"):
        picture = make(Recipe("a", "normal", 5), training, gallery, EASY)
        write_samples({recipe.name: picture for recipe in RECIPES}, tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert len(names) == len(ENTRIES) + 1
    for name in names:
        first, second = ((tmp_path / f / name).read_bytes() for f in ("first", "second"))
        assert first == second, name


@pytest.fixture(scope="module")
def real(shared_data: Path) -> tuple[Radiographs, Gallery]:
    return prepare(shared_data)


def test_shipped_pictures_against_all_training_images(real: tuple[Radiographs, Gallery]) -> None:
    between = measure_between_patients(*real, compared=60)
    for one in LISTED:
        if one["change"] or not one["file"].endswith(".png"):
            continue
        with Image.open(SAMPLES / one["file"]) as image:
            grey = (np.asarray(image) / 255).astype(np.float32)
        found = real[1].nearest(resample(grey, SIDE, SIDE), closely=30)
        assert found.is_below(between[one["subtype"]])
        assert found.local_correlation == pytest.approx(
            one["nearest"]["local_correlation"], abs=0.01
        )
        assert found.correlation == pytest.approx(one["nearest"]["correlation"], abs=0.01)


def test_a_shipped_picture_is_made_again(real: tuple[Radiographs, Gallery]) -> None:
    recipe = RECIPES[0]
    stated = next(one for one in LISTED if one["file"] == f"chest-{recipe.name}.png")
    again = make(recipe, *real, Likeness(**stated["between_patients"]))
    with Image.open(SAMPLES / stated["file"]) as image:
        shipped = np.asarray(image, np.float32)
    # Another release of a numerical library may round differently.
    np.testing.assert_allclose(again.grey * 255, shipped, atol=1.5)


def test_the_network_reads_the_samples_as_they_were_made() -> None:
    from medmodels.bundles import list_tasks, load_bundle
    from medmodels.reading.read import read

    if "chest-xray" not in list_tasks():
        pytest.skip("there is no chest-xray bundle yet")
    bundle = load_bundle("chest-xray")
    for one in LISTED:
        if not one["change"]:
            reading = read(bundle, open_scan((SAMPLES / one["file"]).read_bytes()))
            assert reading_json(reading)["answer"] == one["class"], one["file"]
