"""One beat's trace before and after parts of it were erased, to choose the next part on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from medmodels.figures.theme import Palette, styled

Doubles = npt.NDArray[np.float64]

_LEAD_HEIGHT = 190


@dataclass(frozen=True)
class Span:
    """A named stretch of a beat.

    Parameters
    ----------
    name : str
    start_ms, end_ms : float
        Milliseconds from the beat's centre.
    """

    name: str
    start_ms: float
    end_ms: float


def try_signal(
    times_ms: Doubles,
    before: Doubles,
    after: Doubles,
    erased: Doubles,
    leads: Sequence[str],
    waves: Sequence[Span],
    chosen: tuple[float, float] | None,
    palette: Palette,
    *,
    y_title: str = "mV",
) -> go.Figure:
    """Draw each lead as it came and as it is now.

    Parameters
    ----------
    times_ms : ndarray, float64, shape (L,)
        Milliseconds from the beat's centre.
    before, after : ndarray, float64, shape (L, leads)
    erased : ndarray, float64, shape (L, leads)
        How much of each sample is replaced, 0 to 1.
    leads : sequence of str
        Their names.
    waves : sequence of Span
        Named above the first lead.
    chosen : (float, float) or None
        A stretch that is about to be erased, milliseconds; framed.
    palette : Palette
    y_title : str
        Unit of the traces.

    Returns
    -------
    plotly Figure
        A box drawn across a lead selects that lead's stretch of time.
    """
    figure = make_subplots(rows=len(leads), cols=1, shared_xaxes=True, vertical_spacing=0.06)
    step = float(np.median(np.diff(times_ms)))
    for k, lead in enumerate(leads):
        row = k + 1
        for start, end in runs(erased[:, k] >= 0.5):
            figure.add_shape(
                type="rect", x0=times_ms[start] - step / 2, x1=times_ms[end] + step / 2,
                y0=0, y1=1, yref="y domain", row=row, col=1, layer="below",
                fillcolor=palette.accent, opacity=0.16, line={"width": 0},
            )  # fmt: skip
        _line(figure, row, times_ms, before[:, k], f"{lead} as it came", palette.muted, "dot")
        _line(figure, row, times_ms, after[:, k], f"{lead} now", palette.ink, "solid")
        if chosen is not None:
            figure.add_shape(
                type="rect", x0=chosen[0], x1=chosen[1], y0=0.02, y1=0.98, yref="y domain",
                row=row, col=1, line={"color": palette.accent, "width": 1.5, "dash": "dash"},
            )  # fmt: skip
        figure.update_yaxes(title={"text": f"<b>{lead}</b>, {y_title}"}, row=row, col=1)
    styled(figure, palette, height=_LEAD_HEIGHT * len(leads) + 70)
    _name_waves(figure, waves, palette)
    figure.update_xaxes(showgrid=True, zeroline=False, range=[times_ms[0], times_ms[-1]])
    figure.update_xaxes(
        title={"text": "milliseconds from the QRS of this beat"}, row=len(leads), col=1
    )
    figure.update_yaxes(nticks=5, fixedrange=True, zeroline=False)
    figure.update_layout(
        showlegend=False, dragmode="select", selectdirection="h", hovermode="closest",
        margin={"l": 64, "r": 8, "t": 30, "b": 44},
        newselection={"line": {"color": palette.accent, "width": 1.5, "dash": "dot"}},
    )  # fmt: skip
    return figure


def runs(held: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place of every run of True.

    Examples
    --------
    >>> runs(np.array([True, True, False, True]))
    [(0, 1), (3, 3)]
    """
    change = np.diff(np.concatenate([[0], held.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1) - 1
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def _line(
    figure: go.Figure, row: int, x: Doubles, y: Doubles, name: str, colour: str, dash: str
) -> None:
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=x, y=np.round(y, 4), name=name, row=row, col=1,
        # Lines cannot be selected, points that nobody sees can.
        mode="lines+markers", marker={"opacity": 0, "size": 5},
        selected=unseen, unselected=unseen,
        line={"color": colour, "width": 1.2 if dash == "dot" else 2, "dash": dash},
        hovertemplate=f"{name}: %{{y:.2f}}, %{{x:.0f}} ms<extra></extra>",
    )  # fmt: skip


def _name_waves(figure: go.Figure, waves: Sequence[Span], palette: Palette) -> None:
    for wave in waves:
        figure.add_annotation(
            x=(wave.start_ms + wave.end_ms) / 2, xref="x", y=1, yref="y domain", yanchor="bottom",
            text=wave.name.split()[0], showarrow=False, font={"color": palette.ink, "size": 13},
        )  # fmt: skip
        for edge in (wave.start_ms, wave.end_ms):
            figure.add_shape(
                type="line", x0=edge, x1=edge, y0=0, y1=1, yref="paper", layer="below",
                line={"color": palette.grid, "width": 1, "dash": "dot"},
            )  # fmt: skip
