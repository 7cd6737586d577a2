"""Disturbances: three kinds at three strengths, each stronger than the one before."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from medmodels.training.cell_disturbances import DISTURBANCES, disturbed


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """Noise on a coarse pattern: detail for blur and compression to take away."""
    draw = np.random.default_rng(0)
    coarse = np.kron(draw.integers(60, 200, (6, 8, 8, 3)), np.ones((1, 8, 8, 1)))
    return np.clip(coarse + draw.normal(0, 15, coarse.shape), 0, 255).astype(np.uint8)


def test_three_strengths_of_three_kinds_with_a_unit_each() -> None:
    kinds = [(kind, len(list(rows))) for kind, rows in groupby(DISTURBANCES, lambda d: d.kind)]
    assert kinds == [("stain", 3), ("blur", 3), ("JPEG", 3)]
    assert len({one.name for one in DISTURBANCES}) == 9
    assert all(one.unit for one in DISTURBANCES)


def test_each_is_stronger_than_the_one_before_and_repeats(pictures: np.ndarray) -> None:
    untouched = pictures.copy()
    made = dict(disturbed(pictures))
    again = dict(disturbed(pictures))
    np.testing.assert_array_equal(pictures, untouched)
    for _, rows in groupby(DISTURBANCES, lambda d: d.kind):
        changes = []
        for one in rows:
            assert made[one.name].dtype == np.uint8
            assert made[one.name].shape == pictures.shape
            np.testing.assert_array_equal(made[one.name], again[one.name])
            changes.append(np.abs(made[one.name].astype(int) - pictures).mean())
        assert changes[0] > 0.5
        assert changes == sorted(changes)


def test_blur_spreads_a_point_as_a_gaussian_of_the_stated_width() -> None:
    point = np.zeros((1, 33, 33, 3), np.uint8)
    point[0, 16, 16] = 255
    blur = next(one for one in DISTURBANCES if one.name == "blur, 1.5 px")
    spread = blur.apply(point)[0, :, :, 0].astype(float)
    rows = np.arange(33) - 16
    found = np.sqrt((spread.sum(axis=1) * rows**2).sum() / spread.sum())
    # Rounding to bytes cuts the tails off.
    assert found == pytest.approx(1.5, abs=0.1)
    # Colours are blurred each by itself.
    np.testing.assert_array_equal(blur.apply(point)[..., 0], blur.apply(point)[..., 2])
