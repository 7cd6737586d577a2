"""The shifted validation images: fixed, in range, and really shifted."""

from __future__ import annotations

import numpy as np

from medmodels.training.chest_shifts import SHIFTS, shifted


def _scans() -> np.ndarray:
    draw = np.random.default_rng(0)
    ramp = np.linspace(0.1, 0.9, 64, dtype=np.float32)
    images = 0.7 * ramp[:, None] + 0.2 * ramp[None] + 0.05 * draw.random((3, 64, 64))
    return images[..., np.newaxis].astype(np.float32)


def test_every_shift_changes_images_and_keeps_range() -> None:
    scans = _scans()
    seen = dict(shifted(scans))
    assert list(seen) == list(SHIFTS)
    for name, images in seen.items():
        assert images.shape == scans.shape, name
        assert images.dtype == np.float32, name
        assert images.min() >= 0, name
        assert images.max() <= 1, name
        assert np.abs(images - scans).mean() > 0.005, name
        assert images.std() > 0.03, name


def test_shifts_are_the_same_every_time_and_follow_the_seed() -> None:
    scans = _scans()
    first, again, other = dict(shifted(scans)), dict(shifted(scans)), dict(shifted(scans, seed=1))
    for name, images in first.items():
        np.testing.assert_array_equal(images, again[name], err_msg=name)
    assert (first["noise (sigma 15 of 255)"] != other["noise (sigma 15 of 255)"]).any()


def test_gamma_by_hand() -> None:
    grey = np.full((1, 8, 8, 1), 128 / 255, np.float32)
    (dark,) = [images for name, images in shifted(grey) if name.startswith("dark")]
    # 255 * (128 / 255) ** 1.8 = 73.7
    assert np.all(np.rint(dark * 255) == 74)
