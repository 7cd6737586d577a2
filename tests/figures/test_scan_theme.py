"""Colours are legible, and apart for readers who see fewer of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from medmodels.figures.theme import DARK, LIGHT, severity_colour

# Machado, Oliveira and Fernandes 2009, severity 1.0, linear RGB.
VISION = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


def _linear(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted(float(_linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def _lab(linear: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(linear, 0, 1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_measure_of_contrast_is_that_of_the_standard():
    assert _contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert _contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
def test_text_and_severities_pass_contrast_on_both_backgrounds(palette):
    for colour in (palette.ink, palette.muted, palette.accent, *palette.severity):
        for background in (palette.background, palette.panel):
            assert _contrast(colour, background) >= 4.5, (colour, background)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
@pytest.mark.parametrize("vision", VISION)
def test_severities_stay_apart_for_colour_blind_readers(palette, vision):
    matrix = np.array(VISION[vision])
    seen = [_lab(matrix @ _linear(colour)) for colour in palette.severity]
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(one - other) >= 20


def test_a_severity_has_the_colour_of_the_theme():
    assert severity_colour(2, dark=False) == LIGHT.severity[2]
    assert severity_colour(2, dark=True) == DARK.severity[2]
