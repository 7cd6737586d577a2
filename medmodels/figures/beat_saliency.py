"""A saliency map drawn on the trace of the beat that it explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from medmodels.figures.theme import Palette, styled

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
    rows = 2 * len(leads)
    figure = make_subplots(
        rows=rows,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.025,
        row_heights=[0.66, 0.34] * len(leads),
    )
    highest = max(scale, float(np.nanmax(np.abs(piece.saliency), initial=0)))
    for k, lead in enumerate(leads):
        _draw_trace(figure, piece, k, 2 * k + 1, lead, unit, scale, palette)
        _draw_height(figure, piece, k, 2 * k + 2, unit, palette)
    styled(figure, palette, height=250 * len(leads) + 90)
    for k, lead in enumerate(leads):
        figure.update_yaxes(
            title={"text": f"<b>{lead}</b>, {y_title}"}, nticks=5, row=2 * k + 1, col=1
        )
        figure.update_yaxes(
            title={"text": "saliency"},
            range=[-1.08 * highest, 1.08 * highest],
            nticks=4,
            zeroline=True,
            zerolinecolor=palette.muted,
            row=2 * k + 2,
            col=1,
        )
    figure.update_xaxes(zeroline=False, showgrid=True)
    figure.update_xaxes(title={"text": "seconds from the QRS of the chosen beat"}, row=rows, col=1)
    for time, letter in beats:
        figure.add_vline(x=time, line={"color": palette.muted, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=time,
            y=1,
            yref="y domain",
            yanchor="bottom",
            text=f"<b>{letter}</b>" if time == 0 else letter,
            showarrow=False,
            font={"color": palette.ink if time == 0 else palette.muted, "size": 15},
        )
    figure.update_layout(
        coloraxis={
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
        },
        showlegend=False,
        dragmode=False,
        hovermode="closest",
        margin={"l": 64, "r": 8, "t": 26, "b": 44},
    )
    return figure


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


def _draw_trace(
    figure: go.Figure,
    piece: TracePiece,
    k: int,
    row: int,
    lead: str,
    unit: str,
    scale: float,
    palette: Palette,
) -> None:
    fine = np.linspace(piece.times_s[0], piece.times_s[-1], _FINER * (len(piece.times_s) - 1) + 1)
    values = np.interp(fine, piece.times_s, piece.values[:, k])
    saliency = np.interp(fine, piece.times_s, piece.saliency[:, k])
    known = np.isfinite(saliency)
    fine, values, saliency = fine[known], values[known], saliency[known]
    figure.add_scatter(
        x=piece.times_s,
        y=piece.values[:, k],
        mode="lines",
        hoverinfo="skip",
        line={"color": palette.muted, "width": 1},
        connectgaps=False,
        row=row,
        col=1,
    )
    # Stronger is also thicker: the map can be read without its colours.
    share = np.minimum(np.abs(saliency) / scale, 1)
    figure.add_scatter(
        x=np.round(fine, 4),
        y=np.round(values, 3),
        mode="markers",
        customdata=np.round(saliency, 4),
        marker={
            "color": np.round(saliency, 5),
            "coloraxis": "coloraxis",
            "size": np.round(3.5 + 5 * share, 1),
            "line": {"width": 0},
        },
        hovertemplate=f"{lead}, %{{x:.3f}} s: saliency %{{customdata:.3f}} {unit}<extra></extra>",
        row=row,
        col=1,
    )


def _draw_height(
    figure: go.Figure, piece: TracePiece, k: int, row: int, unit: str, palette: Palette
) -> None:
    for part, colour, word in (
        (np.maximum(np.nan_to_num(piece.saliency[:, k]), 0), palette.towards, "for"),
        (np.minimum(np.nan_to_num(piece.saliency[:, k]), 0), palette.against, "against"),
    ):
        figure.add_scatter(
            x=piece.times_s,
            y=np.round(part, 5),
            mode="lines",
            fill="tozeroy",
            fillcolor=colour,
            line={"color": colour, "width": 0.8},
            opacity=0.9,
            hovertemplate=f"%{{x:.3f}} s: %{{y:.3f}} {unit}, {word}<extra></extra>",
            row=row,
            col=1,
        )
