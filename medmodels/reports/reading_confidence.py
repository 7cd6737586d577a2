"""How sure the network is, drawn: each class with its interval, and where the answer turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from medmodels.figures.theme import SEVERITY_WORDS
from medmodels.reading import Reading
from medmodels.reading.sentences import percent
from medmodels.reports.reading_shapes import (
    SEVERITY,
    Drawing,
    Path,
    Rect,
    Shape,
    Text,
    marker,
    polyline,
)
from medmodels.reports.reading_type import width_mm

WIDTH = 180.0
_ROW, _HEAD, _FOOT = 7.5, 1.0, 6.0
_RIGHT = 138.0  # where a probability of 1 lies; 0 lies beside the longest title
_MARKS = ("circle", "diamond", "triangle-up")
_PALE = 0.45


def confidence_drawing(reading: Reading, row: int, about: str = "") -> Drawing:
    """Draw the probabilities of one answer.

    Parameters
    ----------
    reading : Reading
    row : int
        0 for a scan, the beat for a signal, the window for sequences.
    about : str
        What it is the answer about, where there are several: "beat 12, at 0:09.4".

    Returns
    -------
    Drawing
        One bar a class, its 95% interval as a whisker, the operating point as a line.
    """
    classes, label = reading.card.classes, int(reading.labels[row])
    left = 9 + max(width_mm(entry.title, 9, bold=True) for entry in classes)
    axis = _Axis(left, _RIGHT, _ROW + (1.0 if reading.operating_point.threshold else 0.0))
    height = _HEAD + axis.row * len(classes) + _FOOT
    shapes: list[Shape] = _grid(axis, height)
    for index in range(len(classes)):
        shapes += _bar(reading, axis, row, index, answered=index == label)
    shapes += _operating_point(reading, axis)
    told = ", ".join(f"{entry.title} {_number(reading, row, k)}" for k, entry in enumerate(classes))
    whiskers = "; whiskers: 95% intervals" if _interval(reading, row, 0) else ""
    return Drawing(
        key="confidence",
        title=f"How sure it is{f', {about}' if about else ''}",
        caption=f"Calibrated probability of each class{whiskers}. In bold: the class decided.",
        alt=f"Probabilities: {told}. Decided: {classes[label].title}.",
        width=WIDTH,
        height=height,
        shapes=tuple(shapes),
    )


@dataclass(frozen=True)
class _Axis:
    """Where probabilities 0 and 1 lie, and the height of a class's row, mm."""

    left: float
    right: float
    row: float

    def x(self, share: float) -> float:
        return self.left + (self.right - self.left) * share

    def middle(self, index: int) -> float:
        # A little below the middle: above it stands the operating point's name.
        return _HEAD + self.row * (index + 0.5) + (self.row - _ROW) / 2


def _grid(axis: _Axis, height: float) -> list[Shape]:
    bottom = height - _FOOT
    shapes: list[Shape] = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = axis.x(share)
        shapes.append(Path([polyline([x, x], [0, bottom])], stroke="grid", line=0.2))
        shapes.append(Text(x, height - 1.5, f"{share:.0%}", 7.5, "muted", "middle"))
    return shapes


def _bar(reading: Reading, axis: _Axis, row: int, index: int, *, answered: bool) -> list[Shape]:
    entry = reading.card.classes[index]
    probability = float(reading.probabilities[row, index])
    colour, middle = SEVERITY[entry.severity], axis.middle(index)
    mark = marker(_MARKS[entry.severity], 1.6, middle, 1.3)
    shapes: list[Shape] = [
        Path([mark], fill=colour),
        Text(4.6, middle - 0.15, entry.title, 9, "ink", bold=answered),
        Text(4.6, middle + 2.75, SEVERITY_WORDS[entry.severity], 6.5, "muted"),
        Rect(
            axis.left, middle - 2, max(axis.x(probability) - axis.left, 0.15), 4, fill=colour,
            opacity=1 if answered else _PALE,
        ),
        Text(_RIGHT + 4, middle + 1.1, _number(reading, row, index), 9, "ink", bold=answered),
    ]  # fmt: skip
    if ends := _interval(reading, row, index):
        low, high = (axis.x(end) for end in ends)
        shapes.append(
            Path(
                [
                    polyline([low, high], [middle, middle]),
                    polyline([low, low], [middle - 1.2, middle + 1.2]),
                    polyline([high, high], [middle - 1.2, middle + 1.2]),
                ],
                stroke="ink", line=0.4,
            )
        )  # fmt: skip
    return shapes


def _operating_point(reading: Reading, axis: _Axis) -> list[Shape]:
    point = reading.operating_point
    if point.positive is None or point.threshold is None:
        return []
    x, middle = axis.x(point.threshold), axis.middle(point.positive)
    anchor, step = ("start", 1.0) if point.threshold < 0.5 else ("end", -1.0)
    words = f"operating point {percent(point.threshold)}"
    return [
        Path([polyline([x, x], [middle - 4.4, middle + 2.8])], stroke="ink", line=0.6),
        Text(x + step, middle - 2.6, words, 6.5, "ink", anchor),
    ]


def _number(reading: Reading, row: int, index: int) -> str:
    value = percent(float(reading.probabilities[row, index]))
    ends = _interval(reading, row, index)
    return f"{value} ({percent(ends[0])} to {percent(ends[1])})" if ends else value


def _interval(reading: Reading, row: int, index: int) -> tuple[float, float] | None:
    if reading.trust is None or np.isnan(reading.trust.low[row]).any():
        return None
    return float(reading.trust.low[row, index]), float(reading.trust.high[row, index])
