"""From where on a scan's quality is unusual, and from where on it costs too much accuracy.

A warning begins where hardly any training image lies. An answer is withheld
from where a made disturbance of validation images costs the network a tenth
of its balanced accuracy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from medmodels.inputs.preparation import resize
from medmodels.trust.scan_quality import ScanQuality, measure_scan

Images = npt.NDArray[np.float32]
Answer = Callable[[Images], npt.NDArray[np.int64]]

_RARE = 0.005  # share of training images beyond a warning's threshold
_STEP = 1e-4  # beyond a limit that many images lie at
_LOSS = 0.10  # balanced accuracy, from which on an answer is withheld
_SEED = 7


def _fewer_pixels(image: Images, pixels: float) -> Images:
    return resize(resize(image, int(pixels)), image.shape[0])


def _blur(image: Images, sigma: float) -> Images:
    return np.asarray(gaussian_filter(image, (sigma, sigma, 0)), np.float32)


def _grain(image: Images, deviation: float) -> Images:
    grain = np.random.default_rng(_SEED).normal(0, deviation, image.shape)
    return np.clip(image + grain, 0, 1).astype(np.float32)


def _power(image: Images, exponent: float) -> Images:
    return _eight_bits(image**exponent)


def _flat(image: Images, share: float) -> Images:
    return _eight_bits(0.5 + share * (image - 0.5))


def _cut(image: Images, share: float) -> Images:
    return np.clip((image - share) / (1 - 2 * share), 0, 1).astype(np.float32)


def _border(image: Images, share: float) -> Images:
    side = max(8, round(image.shape[0] * (1 - share)))
    canvas = np.zeros_like(image)
    at = (image.shape[0] - side) // 2
    canvas[at : at + side, at : at + side] = resize(image, side)
    return canvas


def _eight_bits(image: Images) -> Images:
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.float32) / np.float32(255)


class _Trial:
    """A disturbance in rising strength, and the measure that shows it."""

    def __init__(
        self, measure: str, low: bool, change: Callable[[Images, float], Images],
        strengths: Sequence[float], words: str,
    ) -> None:  # fmt: skip
        self.measure, self.low, self.change = measure, low, change
        self.strengths, self.words = strengths, words


_TRIALS: Mapping[str, _Trial] = {
    "resolution": _Trial("resolution", True, _fewer_pixels, (128, 96, 64, 48, 32, 24, 16),
                         "seen through {0:g} pixels"),
    "blurred": _Trial("sharpness", True, _blur, (1, 2, 3, 4, 6, 8, 12), "blurred by {0:g} pixels"),
    "noisy": _Trial("sharpness", False, _grain, (0.05, 0.1, 0.15, 0.2, 0.3, 0.5),
                    "with grain of {0:g} of the grey scale"),
    "dark": _Trial("brightness", True, _power, (2, 3, 4, 6, 8, 12), "darkened by gamma {0:g}"),
    "bright": _Trial("brightness", False, _power, (0.5, 0.35, 0.25, 0.15, 0.1, 0.05),
                     "brightened by gamma {0:g}"),
    "flat": _Trial("contrast", True, _flat, (0.4, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01),
                   "with {0:.0%} of its contrast"),
    "clipped": _Trial("clipped", False, _cut, (0.1, 0.2, 0.3, 0.35, 0.4, 0.44, 0.47),
                      "with {0:.0%} cut off at each end"),
    "borders": _Trial("borders", False, _border, (0.25, 0.4, 0.5, 0.6, 0.7, 0.8),
                      "with a border of {0:.0%} of the side"),
}  # fmt: skip


def measure_thresholds(
    usual: npt.NDArray[np.float32],
    images: Images,
    labels: npt.NDArray[np.integer[Any]],
    answer: Answer,
    colour: npt.NDArray[np.float64] | None,
) -> dict[str, dict[str, Any]]:
    """Measure every threshold.

    Parameters
    ----------
    usual : ndarray, float32, shape (n, 7)
        Quality of training images, columns as the fields of `ScanQuality`.
    images : ndarray, float32, shape (m, size, size, C)
        Validation images, as the network sees them.
    labels : ndarray of int, shape (m,)
    answer : callable
        From images to class indices at the operating point.
    colour : ndarray, shape (c,), or None
        For a network that reads grey images: the measure "colour" of pictures
        in colour. None for one that reads colour, which warns of grey instead.

    Returns
    -------
    dict
        The table ``quality`` of ``trust.json``: for each check ``warn``,
        ``refuse`` (null where no strength cost that much) and ``why``.
    """
    fields = list(ScanQuality.__dataclass_fields__)
    clean = _balanced(answer(images), labels)
    table: dict[str, dict[str, Any]] = {}
    for code, trial in _TRIALS.items():
        column = usual[:, fields.index(trial.measure)]
        edge = float(np.quantile(column, _RARE if trial.low else 1 - _RARE))
        if np.mean(column == edge) > _RARE:
            # A value at a limit has crossed it, and this one is usual.
            edge += -_STEP if trial.low else _STEP
        warn, why = edge, f"{1 - _RARE:.1%} of {len(usual):,} training images lie within"
        if trial.measure == "resolution":
            # All training files have the same size: what the network sees is the limit.
            # Half a pixel less, for a file of just that size has enough.
            warn, why = images.shape[1] - 0.5, "the network sees this many pixels across"
        refuse, loss = _breaking_point(trial, images, labels, answer, clean)
        if refuse is not None and (refuse < warn if trial.low else refuse > warn):
            why += f"; {loss}"
        else:
            refuse = None
            why += "; no tried strength beyond it cost a tenth of the balanced accuracy"
        table[code] = {"warn": _round(warn), "refuse": refuse and _round(refuse), "why": why}
    if colour is None:
        return table | {"grey": _grey(usual[:, fields.index("colour")])}
    limit = float(np.quantile(colour, 0.01))
    table["colour"] = {
        "warn": _round(limit / 4), "refuse": _round(limit),
        "why": f"99% of {len(colour):,} pictures in colour lie above the second; a grey picture "
        "saved in colour has 0, and the first leaves room for a film's tint",
    }  # fmt: skip
    return table


def _breaking_point(
    trial: _Trial, images: Images, labels: npt.NDArray[Any], answer: Answer, clean: float
) -> tuple[float | None, str]:
    """The measure at the first strength that costs a tenth, and what that strength was."""
    for strength in trial.strengths:
        made = np.stack([trial.change(image, float(strength)) for image in images])
        if clean - _balanced(answer(made), labels) < _LOSS:
            continue
        if trial.measure == "resolution":
            value = float(strength)
        else:
            measured = [getattr(measure_scan(_display(m), m), trial.measure) for m in made]
            value = float(np.median(measured))
        return value, (
            f"{trial.words.format(strength)}, validation images lose "
            f"{clean - _balanced(answer(made), labels):.0%} of balanced accuracy"
        )
    return None, ""


def _display(image: Images) -> Images:
    """An image as a file would hold it: grey without an axis of channels."""
    return image[..., 0] if image.shape[2] == 1 else image


def _grey(usual: npt.NDArray[np.float32]) -> dict[str, Any]:
    """From where on a picture for a network of colours counts as grey."""
    palest = float(np.quantile(usual, _RARE))
    return {
        "warn": _round(palest), "refuse": _round(palest / 4),
        "why": f"{1 - _RARE:.1%} of {len(usual):,} training images have more colour than the "
        "first; a grey picture has 0, and the second leaves room for compression",
    }  # fmt: skip


def _balanced(predicted: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float:
    return float(np.mean([(predicted[labels == k] == k).mean() for k in np.unique(labels)]))


def _round(value: float) -> float:
    return float(f"{value:.4g}")
