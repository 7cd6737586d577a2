"""Rows and columns of small panels on one scale, in the words of a layout."""

from __future__ import annotations

from collections.abc import Sequence

from medmodels.figures.panels import axis_number
from medmodels.figures.theme import Settings

_HIDDEN = {"showticklabels": False}


def grid_axes(
    rows: int,
    columns: int,
    gaps: tuple[float, float],
    across: Settings,
    up: Settings,
    *,
    own_x: bool = False,
) -> Settings:
    """Axes of all panels, row by row; ticks stand at the left and below only.

    Parameters
    ----------
    rows, columns : int
    gaps : tuple of float
        Between two columns, as a share of the figure's width, and between two
        rows, as a share of its height.
    across, up : dict
        Settings of every horizontal and of every vertical axis.
    own_x : bool
        Whether every panel has its own horizontal axis, with ticks.

    Returns
    -------
    dict
        For a layout: ``xaxis``, ``yaxis``, ``xaxis2``, ...
    """
    wide, high = (1 - gaps[0] * (columns - 1)) / columns, (1 - gaps[1] * (rows - 1)) / rows
    # All follow the panel that is lowest on the left.
    first = (rows - 1) * columns
    axes: Settings = {}
    for k in range(rows * columns):
        row, column = divmod(k, columns)
        left, foot = column * (wide + gaps[0]), (rows - 1 - row) * (high + gaps[1])
        x: Settings = {"anchor": f"y{axis_number(k)}", "domain": [left, left + wide]}
        y: Settings = {"anchor": f"x{axis_number(k)}", "domain": [foot, foot + high]}
        if k != first:
            y["matches"] = f"y{axis_number(first)}"
            if not own_x:
                x["matches"] = f"x{axis_number(first)}"
        if column:
            y |= _HIDDEN
        if row < rows - 1 and not own_x:
            x |= _HIDDEN
        axes[f"xaxis{axis_number(k)}"] = x | across
        axes[f"yaxis{axis_number(k)}"] = y | up
    return axes


def panel_titles(
    axes: Settings, titles: Sequence[str], fonts: Sequence[Settings]
) -> list[Settings]:
    """What stands above each panel, as a layout's annotations.

    Parameters
    ----------
    axes : dict
        From `grid_axes`.
    titles : sequence of str
        For the first panels.
    fonts : sequence of dict
        One for each title.
    """
    return [
        {
            "x": sum(axes[f"xaxis{axis_number(k)}"]["domain"]) / 2,
            "y": axes[f"yaxis{axis_number(k)}"]["domain"][1],
            "xref": "paper",
            "yref": "paper",
            "xanchor": "center",
            "yanchor": "bottom",
            "showarrow": False,
            "text": title,
            "font": font,
        }
        for k, (title, font) in enumerate(zip(titles, fonts, strict=True))
    ]
