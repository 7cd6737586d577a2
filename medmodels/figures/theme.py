"""Colours, type and layout that every figure shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

# Each figure would get a copy of plotly's own look, and then lose it.
pio.templates.default = None

FONT = '"Source Sans", "Source Sans 3", "Helvetica Neue", Arial, sans-serif'
FONT_SIZE = 14
SMALL_FONT_SIZE = 12

# Perceptually uniform and optimised for colour-vision deficiency (Nunez 2018).
SEQUENTIAL = "Cividis"

_AXIS = re.compile(r"[xy]axis\d*")

# Of a layout, an axis or a trace, in plotly's own words.
Settings = dict[str, Any]


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; all as ``#rrggbb``.

    Text and severity colours have a contrast of at least 4.5 to both
    backgrounds, and the severities stay apart for readers with protanopia,
    deuteranopia or tritanopia (a test computes both).

    Parameters
    ----------
    name : str
        "light" or "dark".
    background, panel : str
        The page's background and that of its panels.
    ink, muted : str
        Text, and text of lesser weight.
    grid : str
        Lines that carry no data.
    accent : str
        Links, buttons, the chosen item.
    severity : tuple of str
        Colours of severity 0 (none), 1 (watch) and 2 (needs attention).
    against, neutral, towards : str
        Signed saliency: speaks against the class, does not matter, speaks for it.
    """

    name: str
    background: str
    panel: str
    ink: str
    muted: str
    grid: str
    accent: str
    severity: tuple[str, str, str]
    against: str
    neutral: str
    towards: str


LIGHT = Palette(
    name="light",
    background="#FFFFFF",
    panel="#F2F5F7",
    ink="#16212B",
    muted="#51606C",
    grid="#D3DBE1",
    accent="#00629B",
    severity=("#00629B", "#9A5B00", "#8E0F4F"),
    against="#5E3C99",
    neutral="#F7F7F7",
    towards="#B35806",
)
DARK = Palette(
    name="dark",
    background="#0F1519",
    panel="#182127",
    ink="#E6EDF2",
    muted="#A3B1BC",
    grid="#33414B",
    accent="#5BB8F0",
    severity=("#5BB8F0", "#F0B33C", "#FF7AAE"),
    against="#B2ABD2",
    neutral="#202A31",
    towards="#FDB863",
)

# A severity is never told by its colour alone: this word and marker go with it.
SEVERITY_WORDS = ("nothing to report", "to watch", "needs attention")


def diverging(palette: Palette) -> list[list[float | str]]:
    """Return a plotly colour scale for signed values, neutral at its middle."""
    return [[0.0, palette.against], [0.5, palette.neutral], [1.0, palette.towards]]


def styled(
    figure: go.Figure,
    palette: Palette,
    *,
    height: int | None = None,
    layout: Settings | None = None,
) -> go.Figure:
    """Give a figure the shared look: transparent, small margins, legible in both themes.

    Parameters
    ----------
    figure : plotly Figure
        Changed in place.
    palette : Palette
    height : int, optional
        Pixels.
    layout : dict, optional
        The figure's own settings, laid over the shared look. Nested, one word a
        level (``{"title": {"text": "base"}}``). Each axis named here has the look, too,
        and so a line, since plotly draws one that has a colour.

    Returns
    -------
    plotly Figure
        The same figure.
    """
    own = layout or {}
    axis = {
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "zerolinecolor": palette.grid,
        "tickfont": {"color": palette.muted, "size": SMALL_FONT_SIZE},
        "title": {"font": {"color": palette.muted, "size": SMALL_FONT_SIZE}},
    }
    shared = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": FONT_SIZE, "color": palette.ink},
        "hoverlabel": {
            "bgcolor": palette.panel,
            "bordercolor": palette.grid,
            "font": {"family": FONT, "size": FONT_SIZE, "color": palette.ink},
        },
        "modebar": {
            "bgcolor": "rgba(0,0,0,0)",
            "color": palette.muted,
            "activecolor": palette.accent,
        },
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "height": height,
    }
    before = figure.layout.to_plotly_json()
    before.pop("template", None)
    axes = {name for name in before | own if _AXIS.fullmatch(name)} | {"xaxis", "yaxis"}
    look = merged(before, shared | dict.fromkeys(sorted(axes), axis))
    # At once: plotly takes ten times as long to look up each of these words by itself.
    figure.layout = merged(look, own)
    return figure


def merged(settings: Settings, more: Settings) -> Settings:
    """Settings with others laid over them, level by level.

    Examples
    --------
    >>> merged({"title": {"text": "s", "standoff": 4}}, {"title": {"text": "ms"}})
    {'title': {'text': 'ms', 'standoff': 4}}
    """
    laid = dict(settings)
    for name, value in more.items():
        under = laid.get(name)
        both = isinstance(under, dict) and isinstance(value, dict)
        laid[name] = merged(under, value) if both else value  # type: ignore[arg-type]
    return laid


def severity_colour(severity: int, *, dark: bool) -> str:
    """Colour of a severity (0 to 2) on a dark or a light screen."""
    return (DARK if dark else LIGHT).severity[severity]
