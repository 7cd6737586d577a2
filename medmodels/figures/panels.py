"""Panels one above another that share their horizontal axis, in the words of a layout.

`plotly.subplots.make_subplots` makes the same; it takes some ten times as long, since it
looks up word after word in a figure that is there already.
"""

from __future__ import annotations

from collections.abc import Sequence

from medmodels.figures.theme import Settings


def panel_axes(
    heights: Sequence[float], gap: float, across: Settings, title: str, up: Sequence[Settings]
) -> Settings:
    """Axes of all panels; only the lowest has ticks and a title below.

    Parameters
    ----------
    heights : sequence of float
        Of the panels from top to bottom, in any unit.
    gap : float
        Between two panels, as a share of the figure's height.
    across : dict
        Settings of every horizontal axis.
    title : str
        Of the horizontal axis.
    up : sequence of dict
        Settings of each panel's vertical axis, from top to bottom.

    Returns
    -------
    dict
        For a layout: ``xaxis``, ``yaxis``, ``xaxis2``, ...

    Examples
    --------
    >>> axes = panel_axes([2, 1], 0.1, {}, "s", [{}, {}])
    >>> [[round(end, 2) for end in axes[name]["domain"]] for name in ("yaxis", "yaxis2")]
    [[0.4, 1.0], [0.0, 0.3]]
    """
    count, total = len(heights), float(sum(heights))
    shares = [(1 - gap * (count - 1)) * (height / total) for height in heights]
    axes: Settings = {}
    for k, settings in enumerate(up):
        below = count - 1 - k
        foot = sum(reversed(shares[k + 1 :])) + below * gap
        lowest = {"matches": f"x{count}", "showticklabels": False} if below else _titled(title)
        axes[f"xaxis{axis_number(k)}"] = (
            {"anchor": f"y{axis_number(k)}", "domain": [0.0, 1.0]} | across | lowest
        )
        axes[f"yaxis{axis_number(k)}"] = {
            "anchor": f"x{axis_number(k)}",
            "domain": [foot, foot + shares[k]],
        } | settings
    return axes


def axis_number(k: int) -> str:
    """How plotly numbers the axes of panel ``k``, from 0: the first has no number."""
    return str(k + 1) if k else ""


def in_panel(k: int) -> Settings:
    """Axes of a trace in the panel that is number ``k`` from the top, from 0."""
    return {"xaxis": f"x{axis_number(k)}", "yaxis": f"y{axis_number(k)}"}


def on_panel(k: int) -> Settings:
    """Axes of a shape or an annotation in the panel that is number ``k`` from the top, from 0."""
    return {"xref": f"x{axis_number(k)}", "yref": f"y{axis_number(k)}"}


def upright(x: float, line: Settings, k: int = 0) -> Settings:
    """A vertical line over the whole height of panel ``k``, as a layout's shape."""
    ends = {"x0": x, "x1": x, "y0": 0, "y1": 1}
    return (
        {"type": "line"} | ends | on_panel(k) | {"yref": f"y{axis_number(k)} domain", "line": line}
    )


def _titled(title: str) -> Settings:
    return {"title": {"text": title}}
