"""Whether a map lies where no finding can be: off the body, at the frame, on letters.

Networks have learned from side letters and frames who took a picture, and from
that who is ill (Zech et al. 2018, PLoS Medicine 15:e1002683; DeGrave, Janizek
and Lee 2021, Nature Machine Intelligence 3:610). A map shows it, where the map
can be trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import center_of_mass

from medmodels.explain.body_mask import body, marks

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating]

_BORDER = 0.05
_CORNER = 0.15
# A share is high when it exceeds its part of the area by this factor, and the usual share.
_TIMES = 2.0
# Where nobody has measured what is usual.
_USUAL = 0.1
PARTS = ("markers", "outside", "corners", "border")
_PLACES = {
    "outside": "outside the body",
    "corners": "in the corners of the picture",
    "border": "along the border of the picture",
}
_WHY = "the answer may rest on how the picture was made instead of on the patient."


@dataclass(frozen=True)
class Shortcut:
    """How much of a map lies where no finding can be.

    Parameters
    ----------
    outside : float
        Share of the map's total magnitude outside the body, 0 to 1.
    border : float
        The same in the outer 5% on each side.
    corners : float
        The same in the four corners, 15% of the sides each.
    markers : float
        The same on burned-in marks and close around them.
    expected : mapping of float
        Each part's share of the scan's area, by the names above: what an even
        map would give.
    warning : str or None
        One sentence where a share is high, the worst first.
    """

    outside: float
    border: float
    corners: float
    markers: float
    expected: Mapping[str, float]
    warning: str | None

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self) | {"expected": dict(self.expected)}


def shortcut(scan: Floats, values: Floats, usual: Mapping[str, float] | None = None) -> Shortcut:
    """Measure where a map lies.

    Parameters
    ----------
    scan : ndarray, shape (H, W)
        A radiograph as the network sees it, 0 to 1.
    values : ndarray, shape (H, W)
        A map of it; of a signed one the magnitude counts, for evidence against
        an answer can rest on a letter, too.
    usual : mapping of float, optional
        Highest usual share of each part, see `usual_shares`; a tenth if not
        given.

    Returns
    -------
    Shortcut

    Raises
    ------
    ValueError
        When scan and map differ in shape.
    """
    if scan.shape != values.shape or scan.ndim != 2:
        raise ValueError(f"a scan of shape {scan.shape} and a map of shape {values.shape}")
    numbered = marks(scan)
    parts = parts_of(scan, numbered > 0)
    weight = np.abs(values.astype(np.float64))
    total = float(weight.sum())
    shares = {
        name: float(weight[part].sum()) / total if total > 0 else 0.0
        for name, part in parts.items()
    }
    expected = {name: float(part.mean()) for name, part in parts.items()}
    highest = usual or dict.fromkeys(PARTS, _USUAL)
    high = [
        name for name in PARTS
        if shares[name] > max(highest.get(name, _USUAL), _TIMES * expected[name])
    ]  # fmt: skip
    place = _PLACES | {"markers": _mark_words(numbered, weight)}
    warning = (
        f"{_percent(shares[high[0]])} of the map lies {place[high[0]]}, which is"
        f" {_percent(expected[high[0]])} of the picture: {_WHY}"
        if high
        else None
    )
    return Shortcut(**shares, expected=expected, warning=warning)


def usual_shares(
    pairs: Iterable[tuple[Floats, Floats]], quantile: float = 0.99
) -> dict[str, float]:
    """How high each share is at most for nearly all of a bundle's validation maps.

    Parameters
    ----------
    pairs : iterable of (scan, map)
        As for `shortcut`; at least one.
    quantile : float
        0 to 1.
    """
    found = [shortcut(scan, values) for scan, values in pairs]
    return {
        name: float(np.quantile([getattr(one, name) for one in found], quantile)) for name in PARTS
    }


def parts_of(scan: Floats, marked: Bools) -> dict[str, Bools]:
    """The parts of a scan where no finding can be, by name."""
    height, width = scan.shape
    y = np.minimum(np.arange(height), np.arange(height)[::-1])[:, np.newaxis] / height
    x = np.minimum(np.arange(width), np.arange(width)[::-1])[np.newaxis] / width
    return {
        "outside": ~body(scan),
        "border": (y < _BORDER) | (x < _BORDER),
        "corners": (y < _CORNER) & (x < _CORNER),
        "markers": marked,
    }


def _mark_words(numbered: npt.NDArray[np.int64], weight: npt.NDArray[np.float64]) -> str:
    """Where the mark is that the map lies on most."""
    if not numbered.any():
        return ""
    most = 1 + int(np.argmax(np.bincount(numbered.ravel(), weight.ravel())[1:]))
    y, x = center_of_mass(numbered == most)
    third = [int(3 * at / size) for at, size in zip((y, x), numbered.shape, strict=True)]
    words = [("upper", "middle", "lower")[third[0]], ("left", "middle", "right")[third[1]]]
    return f"on the mark at the {' '.join(dict.fromkeys(words))} (a letter, perhaps)"


def _percent(share: float) -> str:
    return "less than 1%" if 0 < share < 0.005 else f"{share:.0%}"
