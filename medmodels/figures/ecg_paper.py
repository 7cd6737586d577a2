"""An ECG on paper: true squares, calibration pulse, every beat with its letter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from medmodels.figures.ecg_clock import clock_ticks
from medmodels.figures.ecg_colours import BeatMark, PaperColours, paper_colours
from medmodels.figures.ecg_envelope import thinned
from medmodels.figures.ecg_paper_beats import beat_letters, beat_tints
from medmodels.figures.ecg_sheet import Beats, Lane, PaperSettings
from medmodels.figures.theme import Palette, Settings, styled
from medmodels.inputs.signal import Signal

_MARGIN_MM = 13.0  # left of the strip, for the calibration pulse
_MARKS_MM = 10.0  # above the first lead, for the letters
_FOOT_MM = 5.0  # below the last, for what reaches lower than its lead's usual
_FINEST_PX = 2.6  # one-millimetre lines closer than this blur into a tint
_MOST_POINTS = 6000


def ecg_paper(
    signal: Signal,
    lanes: Sequence[Lane],
    beats: Beats,
    marks: Sequence[BeatMark],
    start_s: float,
    settings: PaperSettings,
    palette: Palette,
    *,
    chosen: int | None = None,
    measuring: bool = False,
    width_px: int = 1176,
) -> go.Figure:
    """Draw one strip.

    Parameters
    ----------
    signal : Signal
        The whole recording; only the strip's samples go into the figure.
    lanes : sequence of Lane
        From `lanes_of`.
    beats : Beats
        All beats of the recording.
    marks : sequence of BeatMark
        One for each class.
    start_s : float
        Left end of the strip, seconds.
    settings : PaperSettings
    palette : Palette
    chosen : int or None
        Beat that is framed.
    measuring : bool
        Whether dragging draws a box to measure with; beats are clicked otherwise.
    width_px : int
        Width that the height is computed for. On a narrower screen the squares
        stay square and more paper shows above and below.

    Returns
    -------
    plotly Figure
        x in seconds, y in millimetres of paper. Points of the beats carry the
        beat's number as ``customdata[0]``.
    """
    colours = paper_colours(palette)
    end_s = start_s + settings.seconds
    left_s = start_s - _MARGIN_MM / settings.speed
    heights = [
        (np.ceil(lane.up * settings.gain / 5) * 5, np.ceil(lane.down * settings.gain / 5) * 5)
        for lane in lanes
    ]
    total_mm = float(sum(up + down for up, down in heights)) + _MARKS_MM + _FOOT_MM
    traces, names = [], []
    y = -_MARKS_MM
    for k, (lane, (up, down)) in enumerate(zip(lanes, heights, strict=True)):
        y -= up
        traces += _lead(signal, k, lane, y, start_s, settings, colours)
        name_at = y + max(up - 3, settings.gain + 3 if signal.amplitude_known else 3)
        names.append(
            {
                "x": left_s + 1.5 / settings.speed,
                "y": min(name_at, y + up + 3),
                "text": f"<b>{signal.leads[k]}</b>",
                "showarrow": False,
                "xanchor": "left",
                "font": {"size": 14, "color": palette.ink},
            }
        )
        y -= down
    shown = range(*np.searchsorted(beats.times_s, (start_s, end_s)).tolist())
    traces += beat_letters(beats, marks, shown, -0.75 * _MARKS_MM)
    per_mm = width_px / (settings.width_mm + _MARGIN_MM)
    layout = _paper(settings, (left_s, end_s), total_mm, per_mm, palette, measuring) | {
        "annotations": names,
        "shapes": beat_tints(beats, marks, shown, total_mm, chosen, palette),
    }
    return styled(go.Figure(traces), palette, layout=layout)


def _lead(
    signal: Signal,
    k: int,
    lane: Lane,
    y: float,
    start_s: float,
    settings: PaperSettings,
    colours: PaperColours,
) -> list[Settings]:
    """One lead's trace, and its calibration pulse where its millivolts are known."""
    first = max(0, int(np.floor(start_s * signal.rate)))
    last = min(len(signal.samples), int(np.ceil((start_s + settings.seconds) * signal.rate)) + 1)
    values = signal.samples[first:last, k].astype(np.float64)
    per_unit = settings.gain / lane.usual
    known = values[np.isfinite(values)]
    # The lead's middle moves by whole squares only, so that the paper stays readable.
    square = 5 / per_unit
    middle = np.round(np.median(known) / square) * square if len(known) else 0.0
    keep = thinned(values, _MOST_POINTS)
    unit = " mV" if signal.amplitude_known else " (no unit)"
    trace = {
        "type": "scatter",
        "x": np.round((first + keep) / signal.rate, 4),
        "y": np.round((values[keep] - middle) * per_unit + y, 3),
        "customdata": np.round(values[keep], 3),
        "mode": "lines",
        "connectgaps": False,
        "line": {"color": colours.trace, "width": 1.4},
        "name": signal.leads[k],
        "hovertemplate": f"{signal.leads[k]}: %{{customdata:.2f}}{unit}, %{{x:.3f}} s"
        "<extra></extra>",
    }
    if not signal.amplitude_known:
        return [trace]
    # Standard 1 mV, 5 mm wide.
    pulse_mm = np.array([-11.0, -9.5, -9.5, -4.5, -4.5, -3.0])
    pulse = {
        "type": "scatter",
        "x": start_s + pulse_mm / settings.speed,
        "y": y + settings.gain * np.array([0, 0, 1, 1, 0, 0]),
        "mode": "lines",
        "line": {"color": colours.trace, "width": 1.4, "shape": "linear"},
        "hovertemplate": "calibration: 1 mV high, 5 mm wide<extra></extra>",
    }
    return [trace, pulse]


def _paper(
    settings: PaperSettings,
    span: tuple[float, float],
    total_mm: float,
    per_mm: float,
    palette: Palette,
    measuring: bool,
) -> Settings:
    """The grid and its axes, as a layout."""
    colours = paper_colours(palette)
    big = 5 / settings.speed
    labelled = dict(zip(*clock_ticks(max(span[0], 0.0), span[1], most=13), strict=True))
    first, last = int(np.ceil(span[0] / big - 1e-6)), int(np.floor(span[1] / big + 1e-6))
    ticks = {round(i * big, 3): "" for i in range(first, last + 1)} | labelled
    fine = per_mm >= _FINEST_PX
    minor = {"showgrid": fine, "gridcolor": colours.minor, "gridwidth": 0.6}
    axis = {
        "showgrid": True,
        "gridcolor": colours.major,
        "gridwidth": 1,
        "zeroline": False,
        "ticks": "",
        "showline": True,
        "mirror": True,
        "linecolor": colours.major,
        "constrain": "domain",
    }
    return {
        "xaxis": axis
        | {
            "range": list(span),
            "tickmode": "array",
            "tickvals": list(ticks),
            "ticktext": list(ticks.values()),
            "minor": minor | {"dtick": 1 / settings.speed, "tick0": 0},
            "tickfont": {"color": palette.muted},
        },
        "yaxis": axis
        | {
            "range": [-total_mm, 0],
            "scaleanchor": "x",
            "scaleratio": 1 / settings.speed,
            "constrain": "range",
            "constraintoward": "top",
            "dtick": 5,
            "tick0": 0,
            "minor": minor | {"dtick": 1, "tick0": 0},
            "showticklabels": False,
        },
        "height": round(total_mm * per_mm) + 34,
        "margin": {"l": 4, "r": 4, "t": 6, "b": 28},
        "plot_bgcolor": colours.paper,
        "showlegend": False,
        "dragmode": "select" if measuring else False,
        "hovermode": "closest",
        "newselection": {"line": {"color": palette.ink, "width": 1, "dash": "dot"}},
    }
