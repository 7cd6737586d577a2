"""The letters of sequences as closed outlines, to be filled at any height.

Text cannot be stretched to a height that means something, so the letters of a sequence logo
(Schneider and Stephens 1990, Nucleic Acids Res 18:6097-6100) are drawn as shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Outline = npt.NDArray[np.float64]

_STEPS = 9


def _arc(
    start: float, end: float, radius_x: float, radius_y: float, centre: tuple[float, float]
) -> list[tuple[float, float]]:
    """Points on an ellipse from one angle to another, in degrees."""
    angles = np.deg2rad(np.linspace(start, end, _STEPS))
    x, y = centre
    return [(x + radius_x * float(np.cos(a)), y + radius_y * float(np.sin(a))) for a in angles]


def _open_ring(bar: bool) -> list[tuple[float, float]]:
    """C, or with its bar G."""
    middle = (0.5, 0.5)
    outer = _arc(42, 180, 0.5, 0.5, middle) + _arc(200, 318, 0.5, 0.5, middle)
    inner = _arc(318, 200, 0.29, 0.35, middle) + _arc(180, 42, 0.29, 0.35, middle)
    if not bar:
        return outer + inner
    edge = outer[-1][0]
    tongue = [(edge, 0.52), (0.52, 0.52), (0.52, 0.38), (edge - 0.2, 0.38)]
    return outer + tongue + [point for point in inner if point[0] < edge - 0.2 or point[1] > 0.6]


# A hole is reached over a cut without width and run round the other way, so that one closed
# outline fills right by either rule of filling.
_POINTS: Final[Mapping[str, list[tuple[float, float]]]] = {
    "A": [(0, 0), (0.4, 1), (0.6, 1), (1, 0), (0.78, 0), (0.703, 0.22), (0.5, 0.22), (0.5, 0.38),
          (0.647, 0.38), (0.5, 0.8), (0.353, 0.38), (0.5, 0.38), (0.5, 0.22), (0.297, 0.22),
          (0.22, 0)],
    "C": _open_ring(bar=False),
    "G": _open_ring(bar=True),
    "T": [(0.4, 0), (0.4, 0.83), (0, 0.83), (0, 1), (1, 1), (1, 0.83), (0.6, 0.83), (0.6, 0)],
    "U": [(0, 1), *_arc(180, 360, 0.5, 0.42, (0.5, 0.42)), (1, 1), (0.78, 1),
          *_arc(360, 180, 0.28, 0.26, (0.5, 0.42)), (0.22, 1)],
    "N": [(0, 0), (0, 1), (0.24, 1), (0.78, 0.3), (0.78, 1), (1, 1), (1, 0), (0.76, 0),
          (0.22, 0.7), (0.22, 0)],
    "R": [(0, 0), (0, 1), (0.75, 1), (1, 0.86), (1, 0.56), (0.75, 0.42), (1, 0), (0.76, 0),
          (0.52, 0.42), (0.22, 0.42), (0.22, 0.58), (0.7, 0.58), (0.78, 0.64), (0.78, 0.78),
          (0.7, 0.84), (0.22, 0.84), (0.22, 0.42), (0.22, 0)],
    "Y": [(0.4, 0), (0.4, 0.42), (0, 1), (0.24, 1), (0.5, 0.6), (0.76, 1), (1, 1), (0.6, 0.42),
          (0.6, 0)],
    "S": [(0, 0), (0, 0.17), (0.78, 0.17), (0.78, 0.415), (0, 0.415), (0, 1), (1, 1), (1, 0.83),
          (0.22, 0.83), (0.22, 0.585), (1, 0.585), (1, 0)],
    "W": [(0.17, 0), (0, 1), (0.18, 1), (0.28, 0.33), (0.42, 0.9), (0.58, 0.9), (0.72, 0.33),
          (0.82, 1), (1, 1), (0.83, 0), (0.65, 0), (0.5, 0.6), (0.35, 0)],
    "K": [(0, 0), (0, 1), (0.22, 1), (0.22, 0.58), (0.72, 1), (1, 1), (0.46, 0.56), (1, 0),
          (0.72, 0), (0.3, 0.43), (0.22, 0.36), (0.22, 0)],
    "M": [(0, 0), (0, 1), (0.24, 1), (0.5, 0.5), (0.76, 1), (1, 1), (1, 0), (0.79, 0),
          (0.79, 0.62), (0.5, 0.12), (0.21, 0.62), (0.21, 0)],
    "B": [(0, 0.5), (0, 1), (0.75, 1), (1, 0.88), (1, 0.62), (0.88, 0.5), (1, 0.38), (1, 0.12),
          (0.75, 0), (0, 0), (0, 0.5), (0.22, 0.42), (0.22, 0.16), (0.78, 0.16), (0.78, 0.42),
          (0.22, 0.42), (0, 0.5), (0.22, 0.58), (0.78, 0.58), (0.78, 0.84), (0.22, 0.84),
          (0.22, 0.58)],
    "D": [(0, 0.5), (0, 1), (0.6, 1), (1, 0.75), (1, 0.25), (0.6, 0), (0, 0), (0, 0.5),
          (0.22, 0.5), (0.22, 0.17), (0.52, 0.17), (0.78, 0.32), (0.78, 0.68), (0.52, 0.83),
          (0.22, 0.83), (0.22, 0.5)],
    "H": [(0, 0), (0, 1), (0.22, 1), (0.22, 0.6), (0.78, 0.6), (0.78, 1), (1, 1), (1, 0),
          (0.78, 0), (0.78, 0.42), (0.22, 0.42), (0.22, 0)],
    "V": [(0.38, 0), (0, 1), (0.24, 1), (0.5, 0.25), (0.76, 1), (1, 1), (0.62, 0)],
}  # fmt: skip


def _framed(points: list[tuple[float, float]]) -> Outline:
    """An outline stretched to fill the square from 0 to 1 exactly, and closed."""
    outline = np.array([*points, points[0]], dtype=np.float64)
    low = outline.min(axis=0)
    return np.asarray((outline - low) / (outline.max(axis=0) - low))


_OUTLINES: Final[Mapping[str, Outline]] = {
    letter: _framed(points) for letter, points in _POINTS.items()
}
#: The letters that have a shape: the IUPAC codes and U.
LETTERS: Final = "".join(_OUTLINES)


def glyph(letter: str, x: float, bottom: float, top: float, width: float = 0.9) -> Outline:
    """A letter's outline in a box.

    Parameters
    ----------
    letter : str
        One of `LETTERS`.
    x : float
        Middle of the box.
    bottom, top : float
        The letter stands upright between them and fills the box exactly.
    width : float

    Returns
    -------
    ndarray, float64, shape (n, 2)
        Closed: the last point is the first.

    Raises
    ------
    KeyError
        When the letter has no shape.

    Examples
    --------
    >>> shape = glyph("T", 3.0, 0.0, 2.0)
    >>> shape.min(axis=0).round(2).tolist(), shape.max(axis=0).round(2).tolist()
    ([2.55, 0.0], [3.45, 2.0])
    """
    outline = _OUTLINES[letter]
    return np.stack(
        [x + (outline[:, 0] - 0.5) * width, bottom + outline[:, 1] * (top - bottom)], axis=1
    )
