"""Validation images under shifts that the training hospital does not show.

Validation is carved from training and agrees with it too well to choose by.
These fixed changes stand in for the unknown one: they rank candidates and
move the operating point before any test image is read. They are written with
Pillow and NumPy, apart from the augmentation, so that a network is not
judged by the code that trained it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter, ImageOps

Shift = Callable[[Image.Image, np.random.Generator], Image.Image]


def _power(exponent: float) -> Shift:
    table = [round(255 * (grey / 255) ** exponent) for grey in range(256)]
    return lambda image, _: image.point(table)


def _window(low: int, high: int) -> Shift:
    table = [min(255, max(0, round(255 * (grey - low) / (high - low)))) for grey in range(256)]
    return lambda image, _: image.point(table)


def _blur(radius: float) -> Shift:
    return lambda image, _: image.filter(ImageFilter.GaussianBlur(radius))


def _sharpen(percent: int) -> Shift:
    return lambda image, _: image.filter(ImageFilter.UnsharpMask(2, percent, 0))


def _equalise(image: Image.Image, _: np.random.Generator) -> Image.Image:
    return ImageOps.equalize(image)


def _noise(deviation: float) -> Shift:
    def apply(image: Image.Image, draw: np.random.Generator) -> Image.Image:
        grain = draw.normal(0.0, deviation, (image.height, image.width))
        return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))

    return apply


def _jpeg(quality: int) -> Shift:
    def apply(image: Image.Image, _: np.random.Generator) -> Image.Image:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        return Image.open(buffer).convert("L")

    return apply


def _turn(degrees: float) -> Shift:
    def apply(image: Image.Image, draw: np.random.Generator) -> Image.Image:
        angle = degrees * draw.choice([-1, 1])
        return image.rotate(angle, Image.Resampling.BILINEAR)

    return apply


def _crop(share: float) -> Shift:
    """Cut this share of the side away, at random places."""

    def apply(image: Image.Image, draw: np.random.Generator) -> Image.Image:
        side = image.width
        left, top = draw.uniform(0, share * side, 2)
        box = (left, top, left + (1 - share) * side, top + (1 - share) * side)
        return image.resize(image.size, Image.Resampling.BILINEAR, box=box)

    return apply


def _border(share: float) -> Shift:
    """Shrink into a black frame, off centre."""

    def apply(image: Image.Image, draw: np.random.Generator) -> Image.Image:
        side = round(image.width * (1 - share))
        left, top = draw.integers(0, image.width - side + 1, 2)
        canvas = Image.new("L", image.size)
        canvas.paste(image.resize((side, side), Image.Resampling.BILINEAR), (left, top))
        return canvas

    return apply


def _stretch(share: float) -> Shift:
    """Make the chest wider or narrower than the training's squashed square."""

    def apply(image: Image.Image, draw: np.random.Generator) -> Image.Image:
        side, cut = image.width, share * image.width / 2
        if draw.random() < 0.5:
            box = (cut, 0.0, side - cut, float(side))
        else:
            box = (0.0, cut, float(side), side - cut)
        return image.resize(image.size, Image.Resampling.BILINEAR, box=box)

    return apply


def _chain(*shifts: Shift) -> Shift:
    def apply(image: Image.Image, draw: np.random.Generator) -> Image.Image:
        for shift in shifts:
            image = shift(image, draw)
        return image

    return apply


SHIFTS: dict[str, Shift] = {
    "dark (gamma 1.8)": _power(1.8),
    "bright (gamma 0.55)": _power(0.55),
    "flat contrast": _window(-120, 330),
    "hard window": _window(50, 205),
    "histogram equalised": _equalise,
    "blurred (sigma 2 px)": _blur(2.0),
    "sharpened": _sharpen(250),
    "noise (sigma 15 of 255)": _noise(15.0),
    "JPEG quality 12": _jpeg(12),
    "turned 12 degrees": _turn(12.0),
    "cropped by a fifth": _crop(0.2),
    "shrunk into a border": _border(0.25),
    "stretched by a quarter": _stretch(0.25),
    "sharpened, bright, cropped": _chain(_sharpen(120), _power(0.7), _crop(0.12)),
    "blurred, dark, turned": _chain(_blur(1.2), _power(1.4), _turn(8.0)),
}


def shifted(
    images: npt.NDArray[np.float32], seed: int = 20
) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Yield the images under each shift in turn.

    Parameters
    ----------
    images : ndarray, float32, shape (N, side, side, 1)
        Grey values in 0 to 1.
    seed : int
        Of the shifts that draw places or grain.

    Yields
    ------
    name : str
    images : ndarray, float32, shape (N, side, side, 1)
    """
    grey = np.rint(images[..., 0] * 255.0).astype(np.uint8)
    for number, (name, shift) in enumerate(SHIFTS.items()):
        draw = np.random.default_rng([seed, number])
        changed = [np.asarray(shift(Image.fromarray(image), draw)) for image in grey]
        yield name, np.stack(changed)[..., np.newaxis].astype(np.float32) / np.float32(255.0)
