"""Crops, histograms and local standardisation on arrays small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.training.external_ideas_augment import StrongAugmentation, locally_standardised
from medmodels.training.external_ideas_images import (
    LEAST_DEVIATION,
    centre_crop,
    five_crops,
    half_local,
    match_histogram,
    mean_histogram,
    standardise_locally,
)


def _one(rows: list[list[float]]) -> np.ndarray:
    return np.array(rows, np.float32)[np.newaxis, ..., np.newaxis]


def test_centre_crop_leaves_the_share_asked_for() -> None:
    plan = centre_crop(192, 1 / 8)
    assert plan.whole == 256
    assert plan.corners == ((32, 32),)
    image = _one([[10 * row + column for column in range(8)] for row in range(8)])
    (crop,) = centre_crop(6, 1 / 8).crops(image, 6)
    np.testing.assert_array_equal(crop[0, 0, :, 0], [11, 12, 13, 14, 15, 16])
    assert crop.shape == (1, 6, 6, 1)


def test_five_crops_reach_every_corner_once_and_the_centre() -> None:
    plan = five_crops(3, 0.25)
    assert plan.whole == 4
    image = _one([[10 * row + column for column in range(4)] for row in range(4)])
    corners = [float(crop[0, 0, 0, 0]) for crop in plan.crops(image, 3)]
    assert corners == [0, 1, 10, 11, 0]
    wide = five_crops(192, 0.08)
    assert wide.whole == 209
    assert all(0 <= edge <= 209 - 192 for corner in wide.corners for edge in corner)


def test_mean_histogram_counts_levels() -> None:
    shares = mean_histogram(_one([[0, 0], [1, 100 / 255]]))
    assert shares[0] == 0.5
    assert shares[100] == shares[255] == 0.25
    assert shares.sum() == pytest.approx(1)


def test_histogram_is_matched_rank_for_rank() -> None:
    # Four levels, a quarter each: mid-ranks 1/8, 3/8, 5/8, 7/8.
    image = _one([[0.1, 0.2], [0.3, 0.4]])
    wanted = np.zeros(256)
    wanted[[10, 50, 90, 200]] = 0.25
    matched = match_histogram(image, wanted)
    np.testing.assert_allclose(matched.ravel() * 255, [10, 50, 90, 200], atol=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_matching_keeps_the_order_and_ignores_exposure(seed: int) -> None:
    draw = np.random.default_rng(seed)
    levels = draw.integers(0, 120, (1, 12, 12, 1))
    wanted = draw.dirichlet(np.ones(256))
    image = (levels / 255).astype(np.float32)
    matched = match_histogram(image, wanted)
    order = np.argsort(image.ravel(), kind="stable")
    assert (np.diff(matched.ravel()[order]) >= 0).all()
    # Twice the exposure, the same ranks, so the same picture.
    np.testing.assert_allclose(match_histogram(image * 2, wanted), matched, atol=1e-6)


def test_local_standardisation_by_hand() -> None:
    image = _one([[0, 0, 0], [0, 0.9, 0], [0, 0, 0]])
    made = standardise_locally(image, 3)[0, ..., 0]
    # Middle: nine pixels, mean 0.1, variance 0.09 - 0.01.
    assert made[1, 1] == pytest.approx(0.8 / np.sqrt(0.08), rel=1e-5)
    # Corner: four pixels, mean 0.225, mean of squares 0.2025.
    assert made[0, 0] == pytest.approx(-0.225 / np.sqrt(0.2025 - 0.225**2), rel=1e-5)


def test_what_is_flat_stays_flat() -> None:
    flat = np.full((2, 60, 60, 1), 0.4, np.float32)
    np.testing.assert_allclose(standardise_locally(flat), 0, atol=1e-9)
    step = 1e-4 * np.indices((60, 60)).sum(axis=0)[np.newaxis, ..., np.newaxis]
    # Noise below the least deviation is not blown up to look like tissue.
    assert np.abs(standardise_locally(step.astype(np.float32))).max() < 0.006 / LEAST_DEVIATION


def test_exposure_does_not_reach_a_locally_standardised_image() -> None:
    scan = np.random.default_rng(3).random((1, 80, 80, 1)).astype(np.float32)
    np.testing.assert_allclose(
        standardise_locally(0.2 + 0.5 * scan), standardise_locally(scan), atol=1e-4
    )


def test_training_and_reading_standardise_alike() -> None:
    scan = np.random.default_rng(4).random((2, 96, 96, 1)).astype(np.float32)
    scan[:, :30] = 0
    np.testing.assert_allclose(
        locally_standardised(tf.constant(scan)).numpy(), standardise_locally(scan), atol=2e-3
    )


def test_half_local_is_half_of_each() -> None:
    scan = np.random.default_rng(5).random((1, 96, 96, 1)).astype(np.float32)
    local = standardise_locally(scan)
    whole = (scan - scan.mean()) / scan.std()
    local = (local - local.mean()) / local.std()
    np.testing.assert_allclose(half_local(scan), (whole + local) / 2, atol=1e-4)


def test_borrowed_brightness_and_curves_keep_values_in_range_and_detail_in_place() -> None:
    draw = np.random.default_rng(6)
    scans = (0.3 + 0.4 * draw.random((8, 64, 64, 1))).astype(np.float32)
    still = dict.fromkeys(
        ("rotation", "shift", "zoom", "aspect", "gamma", "curve", "blur", "sharpness", "noise"), 0.0
    )
    still |= {"resolution": 0.0, "erased": 0.0}
    plain = StrongAugmentation(**still, curves=0.0, borrowed=0.0)
    strong = StrongAugmentation(**still, curves=1.0, borrowed=0.6)
    seed = tf.constant([1, 2])
    before, after = (kind(tf.constant(scans), seed).numpy() for kind in (plain, strong))
    assert after.min() >= 0
    assert after.max() <= 1
    assert np.abs(after - before).mean() > 0.01
    for one, other in zip(before, after, strict=True):
        # Grey curves rise and what is exchanged is coarse: the grain is the same grain.
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9
