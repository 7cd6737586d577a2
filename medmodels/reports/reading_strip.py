"""An ECG in a report: rows of paper at a true 25 mm/s and 10 mm/mV, every beat with its letter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.figures.ecg_clock import clock, clock_ticks
from medmodels.figures.ecg_colours import BeatMark, beat_marks
from medmodels.figures.ecg_envelope import thinned
from medmodels.figures.theme import LIGHT
from medmodels.inputs.signal import Signal
from medmodels.reading import Reading
from medmodels.reports.reading_shapes import (
    SEVERITY,
    Drawing,
    Path,
    Points,
    Rect,
    Shape,
    Text,
    marker,
    polyline,
)
from medmodels.reports.reading_stretch import worst_start

WIDTH = 180.0
SPEED, GAIN = 25.0, 10.0
_LEFT = 15.0  # for the calibration pulse and the lead's name
_MARKS, _FOOT = 10.0, 5.0  # above the leads for the letters, below them for the time
_TALLEST, _MOST_ROWS = 190.0, 4
_MOST_LEADS = 2
_REACH = (5.0, 25.0)  # least and most millimetres above and below a lead's middle
_BEAT = (-0.22, 0.36)  # tinted around a beat that is not normal, seconds from its R peak
_POINTS = 3000  # of a trace in a row
_SAME = "At the same scale."


@dataclass(frozen=True)
class _Lane:
    """A lead on paper: its column, the value in its middle, mm a unit, mm above and below."""

    column: int
    middle: float
    per_unit: float
    up: float
    down: float


def strip_drawings(reading: Reading, *, withheld: bool) -> list[Drawing]:
    """Draw the stretch with the gravest beats, in as many rows as a page holds.

    Each row is a drawing of its own: a page may end between two.

    Parameters
    ----------
    reading : Reading
        Of a signal.
    withheld : bool
        Whether beats must not be named; the recording's beginning is then drawn.

    Returns
    -------
    list of Drawing
        Empty where the input is no recording.
    """
    beats = reading.beats
    if beats is None or beats.signal is None:
        return []
    signal = beats.signal
    row_s = (WIDTH - _LEFT) / SPEED
    columns = [column for column in beats.inputs.columns if column is not None][:_MOST_LEADS]
    start = 0.0 if withheld else worst_start(reading, 2 * row_s)
    lanes = [_lane(signal, column, start, 2 * row_s) for column in columns]
    row_mm = _MARKS + sum(lane.up + lane.down for lane in lanes) + _FOOT
    rows = int(np.clip(_TALLEST // row_mm, 1, _MOST_ROWS))
    rows = min(rows, max(1, int(np.ceil((signal.seconds - start) / row_s))))
    return [
        _strip(reading, signal, lanes, start + k * row_s, row_mm, withheld=withheld, number=k)
        for k in range(rows)
    ]


def _strip(
    reading: Reading, signal: Signal, lanes: list[_Lane], start: float, height: float, *,
    withheld: bool, number: int,
) -> Drawing:  # fmt: skip
    """One row; the first says what holds for all."""
    end = start + (WIDTH - _LEFT) / SPEED
    shapes = [
        *_paper(height),
        *_row(reading, signal, lanes, (start, end), height, named=not withheld),
    ]
    end = min(end, signal.seconds)
    first, caption = ("It goes on", _SAME) if number else ("The recording", "")
    return Drawing(
        key=f"strip-{number}" if number else "strip",
        title=f"{first} from {clock(start, 1)} to {clock(end, 1)}",
        caption=caption or _caption(signal, withheld=withheld),
        alt=_alt(reading, start, end, withheld),
        width=WIDTH, height=height, shapes=tuple(shapes), true_size=True,
    )  # fmt: skip


def _lane(signal: Signal, column: int, start: float, seconds: float) -> _Lane:
    values = _values(signal, column, start, seconds)[1]
    known = values[np.isfinite(values)]
    if not len(known):
        return _Lane(column, 0.0, GAIN, *_REACH[:1], *_REACH[:1])
    low, middle, high = np.quantile(known, [0.0, 0.5, 1.0])
    per_unit = GAIN if signal.amplitude_known else GAIN / max(float(high - low), 1e-9)

    def reach(value: float) -> float:
        return float(np.clip(np.ceil(value * per_unit / 5) * 5, *_REACH))

    return _Lane(column, float(middle), per_unit, reach(high - middle), reach(middle - low))


def _values(
    signal: Signal, column: int, start: float, seconds: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times (seconds) and values of a stretch of a lead."""
    first = max(0, int(np.floor(start * signal.rate)))
    last = min(len(signal.samples), int(np.ceil((start + seconds) * signal.rate)) + 1)
    values = signal.samples[first:last, column].astype(np.float64)
    return (first + np.arange(len(values))) / signal.rate, values


def _paper(height: float) -> list[Shape]:
    """Lines every millimetre, stronger ones every five."""
    every = [
        *(polyline([x, x], [0, height]) for x in range(int(WIDTH) + 1)),
        *(polyline([0, WIDTH], [y, y]) for y in range(int(height) + 1)),
    ]
    strong = [
        *(polyline([x, x], [0, height]) for x in range(0, int(WIDTH) + 1, 5)),
        *(polyline([0, WIDTH], [y, y]) for y in range(0, int(height) + 1, 5)),
    ]
    return [
        Rect(0, 0, WIDTH, height, fill="paper"),
        Path(every, stroke="minor", line=0.1),
        Path(strong, stroke="major", line=0.15),
    ]


def _row(
    reading: Reading, signal: Signal, lanes: list[_Lane], span: tuple[float, float], height: float,
    *, named: bool,
) -> list[Shape]:  # fmt: skip
    shapes: list[Shape] = _beats(reading, span, height) if named else []
    y = _MARKS
    for lane in lanes:
        y += lane.up
        shapes += _pulse(signal, lane, y)
        runs = _trace(signal, lane, span, y, (1, height - 1))
        shapes.append(Path(runs, stroke="trace", line=0.3))
        y += lane.down
    for time, label in zip(*clock_ticks(*span, most=8), strict=True):
        x = _LEFT + (time - span[0]) * SPEED
        if _LEFT <= x <= WIDTH - 6 and time <= signal.seconds:
            shapes.append(Text(x, height - 1.2, label, 6.5, "muted", "middle"))
    return shapes


def _trace(
    signal: Signal, lane: _Lane, span: tuple[float, float], y: float, limits: tuple[float, float]
) -> list[Points]:
    """The pen's runs, interrupted where the source has gaps."""
    times, values = _values(signal, lane.column, span[0], span[1] - span[0])
    keep = thinned(values, _POINTS)
    keep = keep[(times[keep] >= span[0]) & (times[keep] <= span[1])]
    x = _LEFT + (times[keep] - span[0]) * SPEED
    height = np.clip(y - (values[keep] - lane.middle) * lane.per_unit, *limits)
    known = np.isfinite(values[keep])
    starts = np.flatnonzero(np.diff(known.astype(np.int8))) + 1
    runs = [run for run in np.split(np.arange(len(keep)), starts) if len(run) and known[run[0]]]
    return [polyline(x[run], height[run]) for run in runs]


def _pulse(signal: Signal, lane: _Lane, y: float) -> list[Shape]:
    """The lead's name and, where the amplitude is known, 1 mV high and 5 mm wide."""
    name = signal.leads[lane.column]
    label = Text(1.2, y + 4.2, name if len(name) <= 9 else f"{name[:8]}…", 8, "ink", bold=True)
    if not signal.amplitude_known:
        return [label]
    x = np.array([3.0, 4.5, 4.5, 9.5, 9.5, 11.0])
    pulse = polyline(x, y - GAIN * np.array([0, 0, 1, 1, 0, 0]))
    return [label, Path([pulse], stroke="trace", line=0.3)]


def _beats(reading: Reading, span: tuple[float, float], height: float) -> list[Shape]:
    assert reading.beats is not None
    times, marks = reading.beats.times_s, beat_marks(reading.card.classes, LIGHT)
    shapes: list[Shape] = []
    for beat in range(*np.searchsorted(times, span)):
        mark = marks[int(reading.labels[beat])]
        x = _LEFT + (float(times[beat]) - span[0]) * SPEED
        if mark.abnormal:
            left, right = (np.clip(x + step * SPEED, _LEFT, WIDTH) for step in _BEAT)
            shapes.append(
                Rect(
                    float(left), 0.5, float(right - left), height - 1,
                    fill=SEVERITY[mark.severity], opacity=0.12,
                )
            )  # fmt: skip
        shapes += _letter(mark, x)
    return shapes


def _letter(mark: BeatMark, x: float) -> list[Shape]:
    if not mark.abnormal:
        return [Text(x, 5, mark.letter, 8, "muted", "middle")]
    colour = SEVERITY[mark.severity]
    return [
        Text(x, 4.6, mark.letter, 10, colour, "middle", bold=True),
        Path([marker(mark.symbol, x, 7, 1.2)], fill=colour),
    ]


def _caption(signal: Signal, *, withheld: bool) -> str:
    letters = "" if withheld else " Each beat stands under the letter of its class."
    if not signal.amplitude_known:
        return (
            "25 mm/s where it is printed at 100%; the amplitude has no unit: the tallest beat is "
            f"drawn 10 mm high.{letters}"
        )
    return (
        "25 mm/s and 10 mm/mV where it is printed at 100%: a small square is 0.04 s by 0.1 mV. "
        f"At the left, 1 mV.{letters}"
    )


def _alt(reading: Reading, start: float, end: float, withheld: bool) -> str:
    words = f"{end - start:.0f} seconds of the ECG on paper, from {clock(start, 1)}"
    if withheld or reading.beats is None:
        return f"{words}."
    times = reading.beats.times_s
    shown = (times >= start) & (times < end)
    counts = [
        f"{count} {entry.title.lower()} ({entry.letter})"
        for k, entry in enumerate(reading.card.classes)
        if (count := int((reading.labels[shown] == k).sum()))
    ]
    return f"{words}, with {', '.join(counts) or 'no beat'}."
