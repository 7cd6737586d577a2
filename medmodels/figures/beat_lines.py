"""Where beats lie on panels that share their time axis: a dotted line and a letter each."""

from __future__ import annotations

from collections.abc import Sequence

from medmodels.figures.panels import upright
from medmodels.figures.theme import Palette, Settings


def beat_lines(
    beats: Sequence[tuple[float, str]], panels: int, palette: Palette
) -> tuple[list[Settings], list[Settings]]:
    """Draw each beat's line through all panels, its letter above the first.

    Parameters
    ----------
    beats : sequence of tuple
        Time and letter of every beat; the chosen one is at 0, its letter bold.
    panels : int
        How many there are.
    palette : Palette

    Returns
    -------
    shapes, annotations : list of dict
        Of a layout.
    """
    dotted = {"color": palette.muted, "width": 1, "dash": "dot"}
    lines = [upright(time, dotted, k) for time, _ in beats for k in range(panels)]
    letters = [
        {
            "x": time,
            "y": 1,
            "yref": "y domain",
            "yanchor": "bottom",
            "text": f"<b>{letter}</b>" if time == 0 else letter,
            "showarrow": False,
            "font": {"color": palette.ink if time == 0 else palette.muted, "size": 15},
        }
        for time, letter in beats
    ]
    return lines, letters
