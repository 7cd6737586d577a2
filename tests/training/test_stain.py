"""Stain changes in optical density: Beer-Lambert by hand, stated strengths, twice the same."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from medmodels.training.stain import (
    STAIN_SHIFTS,
    STAINS,
    StainJitter,
    StainShift,
    from_density,
    shift_stain,
    stain_amounts,
    to_density,
)

SEED = tf.constant([3, 5])


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """Blue and pink dye of known amounts on glass, twelve times."""
    amounts = np.zeros((12, 24, 24, 3))
    amounts[:, 4:12, 4:12, 0] = 0.6
    amounts[:, 12:20, 12:20, 1] = 0.4
    return np.round(255 * from_density(amounts @ STAINS + 0.03)).astype(np.uint8)


def test_a_tenth_of_the_light_is_a_density_of_one() -> None:
    np.testing.assert_allclose(to_density(np.array([1.0, 0.1, 0.01])), [0, 1, 2], atol=1e-12)
    np.testing.assert_allclose(from_density(np.array([0.0, 1.0, -1.0])), [1, 0.1, 1])


def test_black_has_a_density_that_can_be_counted_with() -> None:
    assert to_density(np.array([0.0]))[0] == pytest.approx(np.log10(255))


@given(
    st.floats(0.0, 0.9),
    st.floats(0.0, 0.9),
)
def test_amounts_of_two_dyes_that_lie_on_each_other_are_found_again(
    blue: float, pink: float
) -> None:
    light = from_density(np.array([blue, pink, 0.0]) @ STAINS)
    np.testing.assert_allclose(stain_amounts(light), [blue, pink, 0.0], atol=1e-9)


def test_dyes_have_unit_length_and_the_rest_is_across_both() -> None:
    np.testing.assert_allclose(np.linalg.norm(STAINS, axis=1), 1.0)
    np.testing.assert_allclose(STAINS[:2] @ STAINS[2], 0.0, atol=1e-12)


def test_amount_alone_weighs_each_dye_by_just_that_much(pictures: np.ndarray) -> None:
    made = shift_stain(pictures, StainShift(0.3, 0.0, 0.0), seed=1)
    blue = stain_amounts(made[:, 8, 8] / 255) / stain_amounts(pictures[:, 8, 8] / 255)
    factors = blue[:, 0]
    near = np.minimum(np.abs(factors - 1.3), np.abs(factors - 0.7))
    assert near.max() < 0.02
    # Each picture draws its own direction.
    assert (factors > 1).any()
    assert (factors < 1).any()


def test_tint_alone_adds_the_same_density_everywhere(pictures: np.ndarray) -> None:
    before = to_density(pictures / 255)
    after = to_density(shift_stain(pictures, StainShift(0.0, 0.0, 0.05), seed=2) / 255)
    moved = after - before
    # Glass that would become brighter than white stays white.
    assert np.abs(np.abs(moved[before > 0.1]) - 0.05).max() < 0.02


def test_no_strength_no_change(pictures: np.ndarray) -> None:
    made = shift_stain(pictures, StainShift(0.0, 0.0, 0.0), seed=3)
    assert np.abs(made.astype(int) - pictures).max() <= 1


def test_stated_strengths_grow_and_repeat(pictures: np.ndarray) -> None:
    moved = []
    for shift in STAIN_SHIFTS.values():
        made = shift_stain(pictures, shift, seed=4)
        np.testing.assert_array_equal(made, shift_stain(pictures, shift, seed=4))
        moved.append(np.abs(made.astype(int) - pictures).mean())
    assert moved == sorted(moved)
    assert moved[0] > 1


def test_jitter_stays_in_range_and_draws_for_each_picture(pictures: np.ndarray) -> None:
    floats = pictures.astype(np.float32) / 255
    made = StainJitter()(tf.constant(floats), SEED).numpy()
    assert made.dtype == np.float32
    assert made.shape == floats.shape
    assert made.min() >= 0
    assert made.max() <= 1
    assert len({one.tobytes() for one in made}) == len(made)
    np.testing.assert_array_equal(made, StainJitter()(tf.constant(floats), SEED).numpy())
    assert np.abs(made - StainJitter()(tf.constant(floats), SEED + 1).numpy()).mean() > 0.01


def test_jitter_of_nothing_changes_nothing(pictures: np.ndarray) -> None:
    floats = np.maximum(pictures.astype(np.float32) / 255, 1 / 255)
    made = StainJitter(0.0, 0.0, 0.0)(tf.constant(floats), SEED).numpy()
    np.testing.assert_allclose(made, floats, atol=1e-5)


def test_jitter_of_amounts_keeps_within_its_limit(pictures: np.ndarray) -> None:
    floats = pictures.astype(np.float32) / 255
    made = StainJitter(amount=0.4, tilt=0.0, tint=0.0)(tf.constant(floats), SEED).numpy()
    factors = stain_amounts(made[:, 8, 8])[:, 0] / stain_amounts(floats[:, 8, 8])[:, 0]
    assert factors.min() >= 0.6 - 1e-4
    assert factors.max() <= 1.4 + 1e-4
    assert np.ptp(factors) > 0.2
