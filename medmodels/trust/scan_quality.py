"""Is a scan good enough to be read? Measures of its quality, and what they mean.

The thresholds come from the bundle (``trust.json``, table ``quality``), where
each stands with its source or with the measurement it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.trust.checks import Check, judge
from medmodels.trust.findings import Finding, Thresholds

Floats = npt.NDArray[np.floating[Any]]

_MOST_SIDE = 512  # larger scans are looked at through every n-th pixel
_END = 1.5 / 255  # within this of black or white a pixel counts as cut off
_EVEN = 2.0 / 255  # a row whose grey varies less than this holds nothing
_ROWS_AT_ONCE = 16  # borders are narrow: most pictures show where theirs end in the first rows


@dataclass(frozen=True)
class ScanQuality:
    """What was measured.

    Parameters
    ----------
    resolution : float
        Shorter side of the file's picture, pixels.
    clipped : float
        Share of pixels at the very ends of the grey scale, the picture's even
        borders left out; 0 to 1.
    sharpness : float
        Deviation of the second difference over the deviation of the picture, as
        the network sees it.
    brightness : float
        Mean grey as the network sees it, 0 to 1.
    contrast : float
        Grey between the 5th and the 95th percentile, 0 to 1.
    borders : float
        Share of the picture's area in even rows and columns at its edges, 0 to 1.
    colour : float
        Mean distance of a pixel's colours from their grey, 0 to 1.
    """

    resolution: float
    clipped: float
    sharpness: float
    brightness: float
    contrast: float
    borders: float
    colour: float


def measure_scan(display: Floats, seen: Floats) -> ScanQuality:
    """Measure a scan.

    Parameters
    ----------
    display : ndarray, shape (H, W) or (H, W, 3)
        Through its default window, 0 to 1.
    seen : ndarray, shape (size, size, C)
        As the network sees it, 0 to 1.
    """
    step = max(1, -(-max(display.shape[:2]) // _MOST_SIDE))
    small = np.asarray(display[::step, ::step], dtype=np.float32)
    grey_small, grey_seen = _grey(small), _grey(np.asarray(seen, dtype=np.float32))
    low, high = np.percentile(grey_seen, [5, 95])
    return ScanQuality(
        resolution=float(min(display.shape[:2])),
        clipped=_clipped(grey_small),
        sharpness=_sharpness(grey_seen),
        brightness=float(grey_seen.mean()),
        contrast=float(high - low),
        borders=_borders(grey_seen),
        colour=float(np.abs(small - grey_small[..., np.newaxis]).mean())
        if small.ndim == 3
        else 0.0,
    )


CHECKS: Mapping[str, Check] = {
    "resolution": Check(
        "resolution", True,
        "The picture is only {value:.0f} pixels across; the network wants at least {usual:.0f}."
        " Use the original file.",
    ),
    "clipped": Check(
        "clipped", False,
        "{value:.0%} of the picture is pure black or pure white: detail is cut off there. "
        "Export it again with a wider window.",
    ),
    "blurred": Check(
        "sharpness", True,
        "The picture is blurred (sharpness {value:.3f}, usual from {usual:.3f}): fine "
        "markings are lost. Use the original file, or take the image again.",
    ),
    "noisy": Check(
        "sharpness", False,
        "The picture is grainy or over-sharpened (sharpness {value:.3f}, usual up to "
        "{usual:.3f}). Use the original file without added sharpening.",
    ),
    "dark": Check(
        "brightness", True,
        "The picture is very dark (mean brightness {value:.0%}, usual from {usual:.0%}). "
        "Widen or lower its window, or take it with more light.",
    ),
    "bright": Check(
        "brightness", False,
        "The picture is very bright (mean brightness {value:.0%}, usual up to {usual:.0%}). "
        "Widen or raise its window, or take it with less light.",
    ),
    "flat": Check(
        "contrast", True,
        "The picture has hardly any contrast ({value:.0%} of the range from black to white "
        "is used, usual from {usual:.0%}). Narrow its window.",
    ),
    "borders": Check(
        "borders", False,
        "{value:.0%} of the picture is empty border (usual up to {usual:.0%}). "
        "Crop it to what is to be read.",
    ),
    "colour": Check(
        "colour", False,
        "The picture is in colour, and the network reads grey pictures only. If it is a "
        "photograph of a film, export the original instead.",
    ),
    "grey": Check(
        "colour", True,
        "The picture is grey, and the network reads stained pictures in colour. If it was taken "
        "in colour, use the original.",
    ),
}  # fmt: skip


def judge_scan(quality: ScanQuality, thresholds: Thresholds) -> tuple[Finding, ...]:
    """Say what is wrong with a scan, the gravest first; see `medmodels.trust.checks.judge`."""
    return judge(quality, CHECKS, thresholds)


def _grey(image: Floats) -> Floats:
    """Mean over the channels, one plane added after the other: a mean along three is slow."""
    if image.ndim == 2:
        return image
    total = image[..., 0]
    for channel in range(1, image.shape[2]):
        total = total + image[..., channel]
    return np.asarray(total / np.float32(image.shape[2]))


def _clipped(grey: Floats) -> float:
    inside = _inside(grey)
    if not inside.size:
        return 1.0
    cut_off = np.count_nonzero(inside <= _END) + np.count_nonzero(inside >= 1 - _END)
    return cut_off / inside.size


def _sharpness(grey: Floats) -> float:
    second = (
        4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    )
    return float(second.std() / max(float(grey.std()), 1e-3))


def _borders(grey: Floats) -> float:
    return 1.0 - _inside(grey).size / grey.size


def _inside(grey: Floats) -> Floats:
    """A picture without its even borders; nothing where every row or every column is even."""
    return grey[_span(grey), _span(grey.T)]


def _span(rows: Floats) -> slice:
    """From the first to the last row that holds something, looked for from outside."""
    first = _first(rows)
    return slice(first, len(rows) - _first(rows[::-1])) if first < len(rows) else slice(0)


def _first(rows: Floats) -> int:
    """Index of the first row that holds something; how many there are where none does."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = np.flatnonzero(rows[start : start + _ROWS_AT_ONCE].std(axis=1) > _EVEN)
        if some.size:
            return start + int(some[0])
    return len(rows)
