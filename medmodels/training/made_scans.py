"""Pictures that are no chest radiograph, drawn by programs; seeded.

Families that train an out-of-distribution score and families that test it are
kept apart by name: what a score learned to refuse says little about what it
has never met.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = npt.NDArray[np.uint8]
Draw = Callable[[np.random.Generator], Picture]
_SIDE = 224


def spectrum(rng: np.random.Generator, exponent: float) -> Picture:
    """Noise whose power falls with frequency to ``exponent`` (0 white, 1 pink, 2 brown)."""
    frequency = np.hypot(np.fft.fftfreq(_SIDE)[:, None], np.fft.rfftfreq(_SIDE)[None])
    frequency[0, 0] = 1.0
    phase = rng.normal(size=frequency.shape) + 1j * rng.normal(size=frequency.shape)
    return _grey(np.fft.irfft2(phase / frequency**exponent, s=(_SIDE, _SIDE)))


def noise(rng: np.random.Generator) -> Picture:
    """White to pink noise, or salt and pepper."""
    if rng.random() < 0.2:
        return np.where(rng.random((_SIDE, _SIDE)) < rng.uniform(0.1, 0.9), 255, 0).astype(np.uint8)
    return spectrum(rng, rng.uniform(0, 1))


def clouds(rng: np.random.Generator) -> Picture:
    """Brown noise: soft blobs of every size."""
    return spectrum(rng, rng.uniform(1.3, 2.2))


def blank(rng: np.random.Generator) -> Picture:
    """One grey, a slope, or a vignette, with a little grain or none."""
    x, y = np.meshgrid(np.linspace(-1, 1, _SIDE), np.linspace(-1, 1, _SIDE))
    kind = rng.integers(3)
    base = [0 * x, x * rng.normal() + y * rng.normal(), -np.hypot(x, y)][kind]
    field = rng.uniform(0, 255) + rng.uniform(10, 90) * base * (kind > 0)
    field = field + rng.choice([0, 1, 4]) * rng.normal(size=x.shape)
    return np.clip(field, 0, 255).astype(np.uint8)


def stripes(rng: np.random.Generator) -> Picture:
    """Waves, rings, checkers and bars."""
    x, y = np.meshgrid(np.linspace(-1, 1, _SIDE), np.linspace(-1, 1, _SIDE))
    angle, count = rng.uniform(0, np.pi), rng.uniform(2, 30)
    along = [x * np.cos(angle) + y * np.sin(angle), np.hypot(x - rng.uniform(-1, 1), y)]
    wave = np.sin(count * np.pi * along[rng.integers(2)])
    if rng.random() < 0.3:
        wave = wave * np.sin(count * np.pi * y)
    return _grey(np.sign(wave) if rng.random() < 0.5 else wave)


def shapes(rng: np.random.Generator) -> Picture:
    """Discs, boxes and lines in greys."""
    image = Image.new("L", (_SIDE, _SIDE), int(rng.integers(256)))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(3, 40)):
        a, b = np.sort(rng.uniform(-20, _SIDE + 20, (2, 2)), axis=0)
        box, grey = [*a, *b], int(rng.integers(256))
        kind = rng.integers(3)
        if kind == 0:
            draw.ellipse(box, fill=grey)
        elif kind == 1:
            draw.rectangle(box, fill=grey)
        else:
            draw.line(box, fill=grey, width=int(rng.integers(1, 9)))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(float(rng.choice([0, 0, 1.5, 4])))))


def document(rng: np.random.Generator) -> Picture:
    """A page of lines of text, sometimes with a table or a heading."""
    paper, ink = (255, 10) if rng.random() < 0.8 else (15, 240)
    wide, tall = _SIDE * 2, int(_SIDE * 2 * rng.uniform(0.7, 1.5))
    image = Image.new("L", (wide, tall), paper)
    draw = ImageDraw.Draw(image)
    size = int(rng.integers(9, 26))
    font = ImageFont.load_default(size)
    letters = np.array(list("etaoinshrdlu ETA0123456789,.  "))
    for top in range(int(rng.integers(6, 40)), tall - size, round(size * rng.uniform(1.2, 1.9))):
        if rng.random() < 0.12:
            continue
        length = int((wide - 30) / (0.55 * size) * rng.uniform(0.3, 1))
        draw.text((15, top), "".join(rng.choice(letters, length)), fill=ink, font=font)
    if rng.random() < 0.4:
        for at in np.linspace(20, wide - 20, int(rng.integers(3, 7))):
            draw.line((at, tall * 0.3, at, tall * 0.7), fill=ink, width=2)
    return np.asarray(image)


def chart(rng: np.random.Generator) -> Picture:
    """A plot: curves, bars or points between axes."""
    image = Image.new("L", (_SIDE * 2, _SIDE * 2), 255 if rng.random() < 0.7 else 20)
    ink = 0 if image.getpixel((0, 0)) else 235
    draw, low, high = ImageDraw.Draw(image), 40, _SIDE * 2 - 30
    draw.line((low, 20, low, high, high, high), fill=ink, width=3)
    for _ in range(rng.integers(1, 4)):
        x = np.linspace(low, high, int(rng.integers(6, 80)))
        y = np.clip(_SIDE + np.cumsum(rng.normal(size=len(x))) * rng.uniform(5, 40), 20, high)
        kind, grey = rng.integers(3), int(rng.integers(60, 200))
        if kind == 0:
            draw.line(list(zip(x.tolist(), y.tolist(), strict=True)), fill=grey, width=3)
        for a, b in zip(x.tolist(), y.tolist(), strict=True):
            if kind == 1:
                draw.rectangle((a, b, a + 6, high), fill=grey)
            elif kind == 2:
                draw.ellipse((a - 3, b - 3, a + 3, b + 3), fill=grey)
    return np.asarray(image)


def landscape(rng: np.random.Generator) -> Picture:
    """Sky, sun, ridges and trees, in colour."""
    image = Image.new("RGB", (_SIDE, _SIDE))
    draw = ImageDraw.Draw(image)
    top, bottom = rng.integers(40, 256, (2, 3))
    for row in range(_SIDE):
        share = row / _SIDE
        draw.line(
            (0, row, _SIDE, row), fill=tuple(((1 - share) * top + share * bottom).astype(int))
        )
    sun = rng.uniform(20, _SIDE - 20, 2) * [1, 0.4]
    draw.ellipse((*(sun - 14), *(sun + 14)), fill=(255, 240, 180))
    for depth in range(rng.integers(2, 5)):
        ridge = _SIDE * (0.35 + 0.15 * depth) + np.cumsum(rng.normal(size=_SIDE)) * 2.0
        colour = tuple(int(v) for v in rng.integers(20, 170, 3))
        points = [(x, float(y)) for x, y in enumerate(ridge)]
        draw.polygon([*points, (_SIDE, _SIDE), (0, _SIDE)], fill=colour)
    for _ in range(rng.integers(0, 12)):
        x, y, h = rng.uniform(0, _SIDE), rng.uniform(_SIDE * 0.6, _SIDE), rng.uniform(10, 50)
        draw.polygon([(x, y - h), (x - h / 4, y), (x + h / 4, y)], fill=(20, 80, 30))
    grain = rng.normal(size=(_SIDE, _SIDE, 3)) * 8
    return np.clip(np.asarray(image.filter(ImageFilter.GaussianBlur(1))) + grain, 0, 255).astype(
        np.uint8
    )


def face(rng: np.random.Generator) -> Picture:
    """A drawn portrait, in colour."""
    image = Image.new("RGB", (_SIDE, _SIDE), tuple(int(v) for v in rng.integers(0, 256, 3)))
    draw, middle = ImageDraw.Draw(image), _SIDE / 2 + rng.normal(size=2) * 10
    skin = tuple(int(v) for v in np.array([230, 180, 150]) * rng.uniform(0.4, 1.1))
    wide, tall = rng.uniform(45, 75), rng.uniform(65, 95)

    def disc(dx: float, dy: float, a: float, b: float, fill: tuple[int, ...]) -> None:
        x, y = middle[0] + dx, middle[1] + dy
        draw.ellipse((x - a, y - b, x + a, y + b), fill=fill)

    disc(0, tall * 1.6, wide * 1.8, tall * 0.9, tuple(int(v) for v in rng.integers(0, 256, 3)))
    disc(0, -12, wide * 1.12, tall * 1.1, tuple(int(v) for v in rng.integers(0, 120, 3)))
    disc(0, 0, wide, tall, skin)
    for side in (-1, 1):
        disc(side * wide * 0.4, -tall * 0.15, 9, 6, (250, 250, 250))
        disc(side * wide * 0.4, -tall * 0.15, 4, 4, (30, 40, 60))
    disc(0, tall * 0.5, wide * 0.35, 6, (170, 60, 70))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2))))


def axial(rng: np.random.Generator) -> Picture:
    """A slice through a head or belly as CT or MR shows it: bright rim, soft inside."""
    x, y = np.meshgrid(np.linspace(-1, 1, _SIDE), np.linspace(-1, 1, _SIDE))
    wide, tall = rng.uniform(0.55, 0.9, 2)
    r = np.hypot(x / wide, y / tall)
    rim = rng.uniform(0.06, 0.16)
    field = np.where(r < 1, rng.uniform(0.4, 1), 0.0)
    inside = r < 1 - rim
    field[inside] = rng.uniform(0.2, 0.5)
    for _ in range(rng.integers(3, 14)):
        cx, cy = rng.uniform(-0.5, 0.5, 2) * [wide, tall]
        a, b = rng.uniform(0.04, 0.3, 2)
        blob = np.hypot((x - cx) / a, (y - cy) / b) < 1
        field[blob & inside] += rng.uniform(-0.25, 0.3)
    field += 0.03 * rng.normal(size=x.shape)
    image = Image.fromarray(np.clip(field * 255, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 2))))


def fan(rng: np.random.Generator) -> Picture:
    """A sector of speckle as ultrasound shows it."""
    x, y = np.meshgrid(np.linspace(-1, 1, _SIDE), np.linspace(0, 2, _SIDE))
    angle, depth = np.arctan2(x, y), np.hypot(x, y)
    grain = rng.rayleigh(0.3, (_SIDE, _SIDE))
    tissue = 0.7 + 0.5 * np.sin(depth * rng.uniform(4, 14) + rng.uniform(0, 6))
    for _ in range(rng.integers(1, 6)):
        cx, cy, a = rng.uniform(-0.5, 0.5), rng.uniform(0.4, 1.6), rng.uniform(0.08, 0.35)
        tissue = np.where(np.hypot(x - cx, y - cy) < a, rng.uniform(0, 1.4), tissue)
    inside = (np.abs(angle) < rng.uniform(0.4, 0.9)) & (depth > 0.1) & (depth < 1.9)
    image = Image.fromarray(np.clip(255 * grain * tissue * inside, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 1.5))))


def limb(rng: np.random.Generator) -> Picture:
    """Long bones in soft tissue, as a radiograph of an arm, a leg or a hand shows them."""
    image = Image.new("L", (_SIDE, _SIDE), int(rng.integers(0, 40)))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 6)):
        a, b = rng.uniform(0, _SIDE, (2, 2)) * [1, 0.3] + np.array([[0, -20], [0, _SIDE * 0.8]])
        width, grey = rng.uniform(12, 30), int(rng.integers(130, 240))
        draw.line((*a, *b), fill=grey // 2, width=int(width * 2.6))
        draw.line((*a, *b), fill=grey, width=int(width))
        draw.line((*a, *b), fill=int(grey * 0.75), width=int(width * 0.5))
        for end in (a, b):
            draw.ellipse((*(end - width), *(end + width)), fill=grey)
    field = np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(1, 3))), dtype=float)
    return np.clip(field + rng.normal(size=field.shape) * 4, 0, 255).astype(np.uint8)


def cells(rng: np.random.Generator) -> Picture:
    """Round cells on a light ground, in colour."""
    ground = rng.integers(190, 245, 3)
    image = Image.new("RGB", (_SIDE, _SIDE), tuple(int(v) for v in ground))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(4, 30)):
        x, y, a = *rng.uniform(0, _SIDE, 2), rng.uniform(10, 40)
        draw.ellipse((x - a, y - a, x + a, y + a), fill=(220, int(rng.integers(140, 190)), 180))
    x, y, a = *rng.uniform(70, 154, 2), rng.uniform(25, 55)
    draw.ellipse((x - a, y - a, x + a, y + a), fill=(150, 120, int(rng.integers(160, 220))))
    draw.ellipse((x - a / 2, y - a / 2, x + a / 2, y + a / 2), fill=(90, 40, 130))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2))))


# Which families teach a score and which only judge it; no family is in both.
TEACHING: dict[str, Draw] = {
    "noise": noise, "stripes": stripes, "shapes": shapes, "document": document,
    "axial": axial, "limb": limb, "landscape": landscape,
}  # fmt: skip
JUDGING: dict[str, Draw] = {
    "clouds": clouds, "blank": blank, "chart": chart, "face": face, "fan": fan, "cells": cells,
}  # fmt: skip


def made(draw: Draw, count: int, seed: int) -> list[Picture]:
    """Draw ``count`` pictures of one family; each from its own seed."""
    return [draw(np.random.default_rng([seed, number])) for number in range(count)]


def _grey(field: npt.NDArray[np.float64]) -> Picture:
    low, high = np.percentile(field, [0.5, 99.5])
    return (255 * np.clip((field - low) / max(high - low, 1e-9), 0, 1)).astype(np.uint8)
