"""Beats on a strip of paper: their letters, and what is tinted around them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from medmodels.figures.ecg_clock import clock
from medmodels.figures.ecg_colours import BeatMark
from medmodels.figures.ecg_sheet import Beats
from medmodels.figures.theme import Palette, Settings

# What is tinted around a beat that is not normal, seconds from its R peak.
_BEAT = (-0.22, 0.36)


def beat_letters(beats: Beats, marks: Sequence[BeatMark], shown: range, y: float) -> list[Settings]:
    """The letter of each shown beat, and a symbol with those that are not normal.

    Parameters
    ----------
    beats : Beats
        All beats of the recording.
    marks : sequence of BeatMark
        One for each class.
    shown : range
        Numbers of the beats on the strip.
    y : float
        Where they stand, millimetres of paper.

    Returns
    -------
    list of dict
        A trace for each class; a point's ``customdata[0]`` is the beat's number.
    """
    traces: list[Settings] = []
    for code, mark in enumerate(marks):
        of_class = _of_class(beats, code, shown)
        if not len(of_class):
            continue
        times = beats.times_s[of_class]
        places = [clock(time, 2) for time in times]
        seen = {"opacity": 1 if mark.abnormal else 0}
        traces.append(
            {
                "type": "scatter",
                "x": times,
                "y": np.full(len(times), y),
                "mode": "markers+text",
                "text": [f"<b>{mark.letter}</b>" if mark.abnormal else mark.letter] * len(times),
                "textposition": "top center" if mark.abnormal else "middle center",
                "textfont": {"size": 15 if mark.abnormal else 12, "color": mark.colour},
                "marker": {
                    "symbol": mark.symbol,
                    "size": 9 if mark.abnormal else 16,
                    "color": mark.colour,
                }
                | seen,
                "selected": {"marker": seen},
                "unselected": {"marker": seen, "textfont": {"color": mark.colour}},
                "customdata": [
                    [int(i), place, f"{p:.0%}"]
                    for i, place, p in zip(
                        of_class, places, beats.probabilities[of_class], strict=True
                    )
                ],
                "hovertemplate": f"<b>{mark.letter}</b> {mark.title}, "
                "probability %{customdata[2]}<br>%{customdata[1]}, click to look closer"
                "<extra></extra>",
            }
        )
    return traces


def beat_tints(
    beats: Beats,
    marks: Sequence[BeatMark],
    shown: range,
    total_mm: float,
    chosen: int | None,
    palette: Palette,
) -> list[Settings]:
    """A tint behind each shown beat that is not normal, and a frame around the chosen one.

    Parameters
    ----------
    beats, marks, shown
        As for `beat_letters`.
    total_mm : float
        Height of the paper, which they cover.
    chosen : int or None
        Beat that is framed.
    palette : Palette

    Returns
    -------
    list of dict
        Shapes of a layout.
    """

    def around(i: int) -> Settings:
        time = float(beats.times_s[i])
        across = {"x0": time + _BEAT[0], "x1": time + _BEAT[1]}
        return {"type": "rect", "y0": -total_mm, "y1": -0.5} | across

    shapes = [
        around(i)
        | {"layer": "below", "fillcolor": mark.colour, "opacity": 0.13, "line": {"width": 0}}
        for code, mark in enumerate(marks)
        if mark.abnormal
        for i in _of_class(beats, code, shown)
    ]
    if chosen is not None and chosen in shown:
        line = {"color": palette.ink, "width": 1.5}
        shapes.append(
            around(chosen) | {"layer": "above", "fillcolor": "rgba(0,0,0,0)", "line": line}
        )
    return shapes


def _of_class(beats: Beats, code: int, shown: range) -> npt.NDArray[np.int64]:
    """Numbers of the shown beats of a class."""
    return shown.start + np.flatnonzero(beats.labels[shown.start : shown.stop] == code)
