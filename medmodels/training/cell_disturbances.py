"""What another laboratory, microscope or disk does to a picture, at stated strengths.

They measure robustness on test pictures, once, and rank candidates on
validation pictures. Written with NumPy, SciPy and Pillow, apart from the
augmentation, so that a network is not judged by the code that trained it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.ndimage import gaussian_filter

from medmodels.training.stain import STAIN_SHIFTS, StainShift, shift_stain

Bytes = npt.NDArray[np.uint8]
STAIN_SEED = 33


@dataclass(frozen=True)
class Disturbance:
    """One change at one strength.

    Parameters
    ----------
    name : str
        As in tables.
    kind : str
        "stain", "blur" or "JPEG".
    strength : float
        Share of each dye, standard deviation in pixels, or JPEG quality.
    unit : str
        What the strength counts, in words.
    apply : callable
        From pictures, uint8 (N, H, W, 3), to pictures of the same shape.
    """

    name: str
    kind: str
    strength: float
    unit: str
    apply: Callable[[Bytes], Bytes]


def _stained(name: str, shift: StainShift) -> Disturbance:
    return Disturbance(
        f"stain, {name}",
        "stain",
        shift.amount,
        "share by which each dye is more or less; its colour and the lamp move too",
        lambda pictures: shift_stain(pictures, shift, STAIN_SEED),
    )


def _blurred(sigma: float) -> Disturbance:
    def apply(pictures: Bytes) -> Bytes:
        # One by one: the whole set in floats would take gigabytes.
        soft = [gaussian_filter(one.astype(np.float32), (sigma, sigma, 0)) for one in pictures]
        return np.round(np.clip(soft, 0, 255)).astype(np.uint8)

    unit = "standard deviation of a Gaussian, pixels of a field 128 wide"
    return Disturbance(f"blur, {sigma:g} px", "blur", sigma, unit, apply)


def _compressed(quality: int) -> Disturbance:
    def through(picture: npt.NDArray[np.uint8]) -> Bytes:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
        with Image.open(buffer) as file:
            return np.asarray(file.convert("RGB"))

    return Disturbance(
        f"JPEG, quality {quality}",
        "JPEG",
        quality,
        "quality of 1 to 95, on top of the compression the files had",
        lambda pictures: np.stack([through(one) for one in pictures]),
    )


DISTURBANCES: tuple[Disturbance, ...] = (
    *(_stained(name, shift) for name, shift in STAIN_SHIFTS.items()),
    *map(_blurred, (0.75, 1.5, 2.5)),
    *map(_compressed, (60, 30, 15)),
)


def disturbed(pictures: Bytes) -> Iterator[tuple[str, Bytes]]:
    """Each disturbance's name with the pictures changed by it.

    Parameters
    ----------
    pictures : ndarray, uint8, shape (N, H, W, 3)

    Yields
    ------
    name : str
    ndarray, uint8, shape (N, H, W, 3)
    """
    for disturbance in DISTURBANCES:
        yield disturbance.name, disturbance.apply(pictures)
