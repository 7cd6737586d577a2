"""Numbered outlines of regions over a scan: what colour says, said without colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.scan_view import Extent

Bools = npt.NDArray[np.bool_]

# On a scan that may be black or white: a light line with a dark edge.
_LINE, _EDGE = "#FFFFFF", "#000000"


def add_outlines(figure: go.Figure, extent: Extent, regions: Sequence[Bools]) -> None:
    """Draw the border of each region, and its number, counted from 1.

    Parameters
    ----------
    figure : plotly Figure
        Over a scan; changed in place.
    extent : Extent
        Of the scan.
    regions : sequence of ndarray, bool, shape (rows, columns)
        As cells of a grid over the whole scan.
    """
    lines, numbers = [], []
    for number, region in enumerate(regions, 1):
        rows, columns = region.shape
        x, y = border(region, extent.width / columns, extent.height / rows)
        lines += [
            {
                "type": "scatter", "x": x, "y": y, "mode": "lines",
                "line": {"color": colour, "width": width}, "hoverinfo": "skip",
                "showlegend": False,
            }
            for colour, width in ((_EDGE, 4), (_LINE, 2))
        ]  # fmt: skip
        down, across = np.nonzero(region)
        numbers.append({
            "x": (across.mean() + 0.5) * extent.width / columns,
            "y": (down.mean() + 0.5) * extent.height / rows,
            "text": f"<b>{number}</b>", "showarrow": False, "bgcolor": _EDGE, "borderpad": 2,
            "opacity": 0.9, "font": {"color": _LINE, "size": 14},
        })  # fmt: skip
    figure.add_traces(lines)
    figure.layout.annotations = [*figure.layout.annotations, *numbers]


def border(region: Bools, dx: float, dy: float) -> tuple[list[float | None], list[float | None]]:
    """The sides of a region's cells that no other of its cells shares, as one broken line.

    Parameters
    ----------
    region : ndarray, bool, shape (rows, columns)
    dx, dy : float
        Size of a cell.

    Returns
    -------
    x, y : list
        Two ends of each side, then None.
    """
    padded = np.pad(region, 1).astype(np.int8)
    x: list[float | None] = []
    y: list[float | None] = []
    for i, j in np.argwhere(np.diff(padded[:, 1:-1], axis=0)):
        x += [float(j * dx), float((j + 1) * dx), None]
        y += [float(i * dy), float(i * dy), None]
    for i, j in np.argwhere(np.diff(padded[1:-1], axis=1)):
        x += [float(j * dx), float(j * dx), None]
        y += [float(i * dy), float((i + 1) * dy), None]
    return x, y
