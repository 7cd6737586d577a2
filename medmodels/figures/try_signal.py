"""One beat's trace before and after parts of it were erased, to choose the next part on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.panels import in_panel, panel_axes, upright
from medmodels.figures.theme import Palette, Settings, styled

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
    traces, shapes = [], []
    step = float(np.median(np.diff(times_ms)))
    for k, lead in enumerate(leads):
        spans = [
            (times_ms[start] - step / 2, times_ms[end] + step / 2)
            for start, end in runs(erased[:, k] >= 0.5)
        ]
        shapes += [_shade(*span, k, palette) for span in spans]
        traces += [
            _line(k, times_ms, before[:, k], f"{lead} as it came", palette.muted, "dot"),
            _line(k, times_ms, after[:, k], f"{lead} now", palette.ink, "solid"),
        ]
        if chosen is not None:
            shapes.append(_frame(*chosen, k, palette))
    names, edges = _waves(waves, palette)
    axes = panel_axes(
        [1] * len(leads), 0.06,
        {"showgrid": True, "zeroline": False, "range": [times_ms[0], times_ms[-1]]},
        "milliseconds from the QRS of this beat",
        [
            {"title": {"text": f"<b>{lead}</b>, {y_title}"}, "nticks": 5, "fixedrange": True,
             "zeroline": False}
            for lead in leads
        ],
    )  # fmt: skip
    layout = axes | {
        "shapes": shapes + edges, "annotations": names,
        "showlegend": False, "dragmode": "select", "selectdirection": "h", "hovermode": "closest",
        "margin": {"l": 64, "r": 8, "t": 30, "b": 44},
        "newselection": {"line": {"color": palette.accent, "width": 1.5, "dash": "dot"}},
    }  # fmt: skip
    return styled(go.Figure(traces), palette, height=_LEAD_HEIGHT * len(leads) + 70, layout=layout)


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


def _line(k: int, x: Doubles, y: Doubles, name: str, colour: str, dash: str) -> Settings:
    unseen = {"marker": {"opacity": 0}}
    return {
        "type": "scatter", "x": x, "y": np.round(y, 4), "name": name,
        # Lines cannot be selected, points that nobody sees can.
        "mode": "lines+markers", "marker": {"opacity": 0, "size": 5},
        "selected": unseen, "unselected": unseen,
        "line": {"color": colour, "width": 1.2 if dash == "dot" else 2, "dash": dash},
        "hovertemplate": f"{name}: %{{y:.2f}}, %{{x:.0f}} ms<extra></extra>",
    } | in_panel(k)  # fmt: skip


def _shade(start: float, end: float, k: int, palette: Palette) -> Settings:
    """What is erased of a lead."""
    return upright(start, {"width": 0}, k) | {
        "type": "rect", "x1": end, "layer": "below", "fillcolor": palette.accent, "opacity": 0.16,
    }  # fmt: skip


def _frame(start: float, end: float, k: int, palette: Palette) -> Settings:
    """What is about to be erased of a lead."""
    line = {"color": palette.accent, "width": 1.5, "dash": "dash"}
    return upright(start, line, k) | {"type": "rect", "x1": end, "y0": 0.02, "y1": 0.98}


def _waves(waves: Sequence[Span], palette: Palette) -> tuple[list[Settings], list[Settings]]:
    """Names above the first lead, and lines where waves begin and end."""
    names = [
        {
            "x": (wave.start_ms + wave.end_ms) / 2, "xref": "x", "y": 1, "yref": "y domain",
            "yanchor": "bottom", "text": wave.name.split()[0], "showarrow": False,
            "font": {"color": palette.ink, "size": 13},
        }
        for wave in waves
    ]  # fmt: skip
    edges = [
        {
            "type": "line", "x0": edge, "x1": edge, "y0": 0, "y1": 1, "yref": "paper",
            "layer": "below", "line": {"color": palette.grid, "width": 1, "dash": "dot"},
        }
        for wave in waves
        for edge in (wave.start_ms, wave.end_ms)
    ]  # fmt: skip
    return names, edges
