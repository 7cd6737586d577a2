"""What a drawing in a report is made of: lines, areas, text and pictures, in millimetres.

A drawing knows nothing of PDF or HTML: `reading_canvas` and `reading_svg` draw the same shapes,
so both files show the same. A colour is a role such as "ink", so that each of them, and each
theme, gives it its own, or ``#rrggbb`` where it is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.figures.ecg_colours import paper_colours
from medmodels.figures.theme import Palette

Points = npt.NDArray[np.float64]
SEVERITY = ("severity0", "severity1", "severity2")


@dataclass(frozen=True)
class Rect:
    """A rectangle; ``x`` and ``y`` are its left and upper edge."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    line: float = 0.2
    opacity: float = 1.0


@dataclass(frozen=True)
class Path:
    """Lines through points, or areas within them.

    Parameters
    ----------
    parts : sequence of ndarray, shape (n, 2)
        Each x and y of its own run of points, mm.
    fill, stroke : str or None
        A filled part is closed.
    line : float
        Width, mm.
    dash : tuple of float
        Lengths on and off, mm; empty for a solid line.
    opacity : float
        Of the filling.
    """

    parts: Sequence[Points]
    fill: str | None = None
    stroke: str | None = None
    line: float = 0.25
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class Text:
    """One line of text; ``y`` is its base line, ``size`` in points.

    ``anchor`` is "start", "middle" or "end": which part of it lies at ``x``.
    """

    x: float
    y: float
    text: str
    size: float = 8.0
    colour: str = "ink"
    anchor: str = "start"
    bold: bool = False


@dataclass(frozen=True)
class Picture:
    """Pixels, uint8, shape (H, W) or (H, W, 3), stretched over a rectangle."""

    x: float
    y: float
    width: float
    height: float
    pixels: npt.NDArray[np.uint8]


Shape = Rect | Path | Text | Picture


@dataclass(frozen=True)
class Drawing:
    """A drawing with its words.

    Parameters
    ----------
    key : str
        Unique in the report.
    title : str
    caption : str
    alt : str
        What it shows, with its main numbers, for those who cannot see it.
    width, height : float
        Millimetres.
    shapes : tuple of Shape
        In the order in which they are drawn; y counts downwards.
    true_size : bool
        Whether a millimetre must stay one, as on ECG paper.
    """

    key: str
    title: str
    caption: str
    alt: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    true_size: bool = False


def polyline(x: npt.ArrayLike, y: npt.ArrayLike) -> Points:
    """Points from their coordinates, shape (n, 2)."""
    return np.stack([np.asarray(x, np.float64), np.asarray(y, np.float64)], axis=1)


def marker(kind: str, x: float, y: float, radius: float) -> Points:
    """Outline of a mark around a point, mm.

    Parameters
    ----------
    kind : str
        "circle", "diamond", "square", "triangle-up" or "triangle-down"; another one is
        drawn as a hexagon.
    x, y, radius : float
    """
    corners = {
        "circle": (24, 0.0), "diamond": (4, 90.0), "square": (4, 45.0), "triangle-up": (3, 90.0),
        "triangle-down": (3, -90.0),
    }  # fmt: skip
    count, first = corners.get(kind, (6, 0.0))
    angles = np.deg2rad(first + 360 / count * np.arange(count))
    return polyline(x + radius * np.cos(angles), y - radius * np.sin(angles))


def colours_of(palette: Palette) -> dict[str, str]:
    """The colour of each role in a theme, ``#rrggbb``."""
    paper = paper_colours(palette)
    return {
        "ink": palette.ink, "muted": palette.muted, "grid": palette.grid, "accent": palette.accent,
        "back": palette.background, "panel": palette.panel, "against": palette.against,
        "towards": palette.towards, "paper": paper.paper, "minor": paper.minor,
        "major": paper.major, "trace": paper.trace,
        **dict(zip(SEVERITY, palette.severity, strict=True)),
    }  # fmt: skip
