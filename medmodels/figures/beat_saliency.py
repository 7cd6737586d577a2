"""A saliency map drawn on the trace of the beat that it explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.beat_lines import beat_lines
from medmodels.figures.panels import in_panel, panel_axes
from medmodels.figures.theme import Palette, Settings, styled

Doubles = npt.NDArray[np.float64]

# Full colour, per unit of the map, is the same for every beat: noise must not
# look as hot as signal. Users move along this ladder when a map is weak.
SCALES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
USUAL_SCALE = {"logit": 0.1, "logit per QRS height": 0.2}
# Grey for "does not matter" that still shows as a line on light and on dark.
_NEUTRAL = "#8C9299"
_FINER = 3  # points drawn for each sample, so that the coloured line is closed


@dataclass(frozen=True)
class TracePiece:
    """A stretch of trace around a chosen beat, with the saliency of each moment.

    Parameters
    ----------
    times_s : ndarray, float64, shape (n_samples,)
        Seconds from the chosen beat's centre.
    values : ndarray, float64, shape (n_samples, n_leads)
        The trace, as the network read it; NaN where it read nothing.
    saliency : ndarray, float64, shape (n_samples, n_leads)
    """

    times_s: Doubles
    values: Doubles
    saliency: Doubles


def usual_scale(unit: str) -> float:
    """Where the colours are full for maps of a unit."""
    return USUAL_SCALE.get(unit, 1.0)


def beat_saliency(
    piece: TracePiece,
    beats: Sequence[tuple[float, str]],
    leads: Sequence[str],
    unit: str,
    scale: float,
    palette: Palette,
    *,
    y_title: str = "QRS heights",
) -> go.Figure:
    """Draw each lead's trace coloured by its saliency, and the saliency itself below.

    Parameters
    ----------
    piece : TracePiece
    beats : sequence of tuple
        Time and letter of every beat in the stretch; the chosen one is at 0.
    leads : sequence of str
        Names of the piece's leads.
    unit : str
        What a saliency of 1 means.
    scale : float
        Saliency at which the colour is full, above 0. Stronger values get
        no stronger colour, but their height below the trace is true.
    palette : Palette
    y_title : str
        Unit of the trace.

    Returns
    -------
    plotly Figure
        Saliency is told twice: by colour, and by height above or below zero.
    """
    traces = []
    up: list[Settings] = []
    highest = max(scale, float(np.nanmax(np.abs(piece.saliency), initial=0)))
    for k, lead in enumerate(leads):
        traces += _trace(piece, k, 2 * k, lead, unit, scale, palette)
        traces += _height(piece, k, 2 * k + 1, unit, palette)
        up += [
            {"title": {"text": f"<b>{lead}</b>, {y_title}"}, "nticks": 5},
            {
                "title": {"text": "saliency"},
                "range": [-1.08 * highest, 1.08 * highest],
                "nticks": 4,
                "zeroline": True,
                "zerolinecolor": palette.muted,
            },
        ]
    axes = panel_axes(
        [0.66, 0.34] * len(leads),
        0.025,
        {"zeroline": False, "showgrid": True},
        "seconds from the QRS of the chosen beat",
        up,
    )
    lines, letters = beat_lines(beats, len(up), palette)
    layout = axes | {
        "shapes": lines,
        "annotations": letters,
        "coloraxis": _colours(scale, unit, palette),
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "margin": {"l": 64, "r": 8, "t": 26, "b": 44},
    }
    return styled(go.Figure(traces), palette, height=250 * len(leads) + 90, layout=layout)


def _colours(scale: float, unit: str, palette: Palette) -> Settings:
    return {
        "colorscale": _scale(palette),
        "cmin": -scale,
        "cmax": scale,
        "colorbar": {
            "title": {"text": f"{unit}", "side": "right"},
            "thickness": 14,
            "len": 0.9,
            "tickvals": [-scale, -scale / 2, 0, scale / 2, scale],
            "outlinewidth": 0,
            "ticktext": [
                f"≤ −{scale:g} against",
                f"−{scale / 2:g}",
                "0",
                f"{scale / 2:g}",
                f"≥ {scale:g} for",
            ],
        },
    }


def _scale(palette: Palette) -> list[list[float | str]]:
    """Diverging scale whose hue shows early: half the strength has most of its colour."""
    return [
        [0.0, palette.against],
        [0.25, _blend(palette.against, _NEUTRAL, 0.75)],
        [0.45, _blend(palette.against, _NEUTRAL, 0.2)],
        [0.5, _NEUTRAL],
        [0.55, _blend(palette.towards, _NEUTRAL, 0.2)],
        [0.75, _blend(palette.towards, _NEUTRAL, 0.75)],
        [1.0, palette.towards],
    ]


def _blend(one: str, other: str, share: float) -> str:
    """Mix two ``#rrggbb`` colours, ``share`` of the first."""
    parts = (
        round(share * int(one[i : i + 2], 16) + (1 - share) * int(other[i : i + 2], 16))
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def _trace(
    piece: TracePiece, k: int, panel: int, lead: str, unit: str, scale: float, palette: Palette
) -> list[Settings]:
    """The lead's line, and over it dots in the colours of its saliency."""
    fine = np.linspace(piece.times_s[0], piece.times_s[-1], _FINER * (len(piece.times_s) - 1) + 1)
    values = np.interp(fine, piece.times_s, piece.values[:, k])
    saliency = np.interp(fine, piece.times_s, piece.saliency[:, k])
    known = np.isfinite(saliency)
    fine, values, saliency = fine[known], values[known], saliency[known]
    line = {
        "type": "scatter",
        "x": piece.times_s,
        "y": piece.values[:, k],
        "mode": "lines",
        "hoverinfo": "skip",
        "line": {"color": palette.muted, "width": 1},
        "connectgaps": False,
    }
    # Stronger is also thicker: the map can be read without its colours.
    share = np.minimum(np.abs(saliency) / scale, 1)
    dots = {
        "type": "scatter",
        "x": np.round(fine, 4),
        "y": np.round(values, 3),
        "mode": "markers",
        "customdata": np.round(saliency, 4),
        "marker": {
            "color": np.round(saliency, 5),
            "coloraxis": "coloraxis",
            "size": np.round(3.5 + 5 * share, 1),
            "line": {"width": 0},
        },
        "hovertemplate": f"{lead}, %{{x:.3f}} s: saliency %{{customdata:.3f}} {unit}"
        "<extra></extra>",
    }
    return [line | in_panel(panel), dots | in_panel(panel)]


def _height(piece: TracePiece, k: int, panel: int, unit: str, palette: Palette) -> list[Settings]:
    """The saliency as height above and below zero."""
    saliency = np.nan_to_num(piece.saliency[:, k])
    return [
        {
            "type": "scatter",
            "x": piece.times_s,
            "y": np.round(part, 5),
            "mode": "lines",
            "fill": "tozeroy",
            "fillcolor": colour,
            "line": {"color": colour, "width": 0.8},
            "opacity": 0.9,
            "hovertemplate": f"%{{x:.3f}} s: %{{y:.3f}} {unit}, {word}<extra></extra>",
        }
        | in_panel(panel)
        for part, colour, word in (
            (np.maximum(saliency, 0), palette.towards, "for"),
            (np.minimum(saliency, 0), palette.against, "against"),
        )
    ]
