"""One beat in a report: what its answer rests on, drawn below its trace."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.figures.ecg_clock import clock
from medmodels.inputs.beat_rhythm import RHYTHM_NAMES
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.reading import BeatEvidence, Reading
from medmodels.reports.reading_map import ShownMap
from medmodels.reports.reading_shapes import Drawing, Path, Shape, Text, polyline

Doubles = npt.NDArray[np.float64]

WIDTH = 180.0
_GAP, _HEAD, _TRACE, _MAP, _FOOT = 8.0, 5.0, 20.0, 13.0, 8.0


def chosen_beat(reading: Reading) -> int:
    """The beat that a report looks at: the one explained last, else the surest of the gravest."""
    decided = [one for one in reading.explained if one.audit.class_index == reading.labels[one.row]]
    if decided:
        return decided[-1].row
    severity = np.array([entry.severity for entry in reading.card.classes])[reading.labels]
    rows = np.arange(len(reading.labels))
    sure = reading.probabilities[rows, reading.labels]
    return int(np.argmax(np.where(severity == severity.max(), sure, -1.0)))


def say_beat(beats: BeatEvidence, beat: int) -> str:
    """Name a beat: "beat 12, at 0:09.41", or "row 12" of a table."""
    if not beats.has_rhythm:
        return f"row {beat + 1:,}"
    return f"beat {beat + 1:,}, at {clock(float(beats.times_s[beat]), 2)}"


def beat_drawing(reading: Reading, beat: int, shown: ShownMap | None) -> Drawing:
    """Draw a beat as the network read it, with its map below each lead.

    Parameters
    ----------
    reading : Reading
        Of a signal.
    beat : int
    shown : ShownMap or None
        What is explained of it; only the trace is drawn where there is nothing.
    """
    assert reading.beats is not None
    inputs = reading.beats.inputs
    leads = [k for k, scale in enumerate(inputs.scale) if scale > 0] or [0]
    width = (WIDTH - _GAP * (len(leads) - 1)) / len(leads)
    height = _HEAD + _TRACE + (_MAP if shown else 0) + _FOOT
    shapes: list[Shape] = []
    for place, k in enumerate(leads):
        x = place * (width + _GAP) + width * _along(inputs.offsets_s)
        shapes += _trace(reading, x, inputs.windows[beat, :, k].astype(np.float64), k)
        if shown is not None:
            row = shown.map.values[beat - shown.first, :, k].astype(np.float64)
            middle = _HEAD + _TRACE + _MAP / 2
            shapes += _saliency(x, row, shown.scale.highest, middle)
        shapes += _time(inputs.offsets_s, x, height)
    name, words = say_beat(reading.beats, beat), ""
    if shown is not None:
        words = (
            f" Below the trace: {shown.map.method}, up where it speaks for the class and down "
            f"where it speaks against it; full height is {shown.scale.highest:g} {shown.map.unit} "
            "or more."
        )
    verdict = f": {shown.verdict}" if shown else ""
    return Drawing(
        key="beat", title=f"What the answer for {name} rests on{verdict}"
        if shown
        else f"{name[0].upper()}{name[1:]}",
        caption=f"The beat as the network read it, its baseline removed.{words}",
        alt=f"The trace of {name}"
        + (f" with {shown.map.method} below it, {shown.verdict}." if shown else "."),
        width=WIDTH, height=height, shapes=tuple(shapes),
    )  # fmt: skip


def shares_sentence(reading: Reading, shown: ShownMap) -> str:
    """What trace, timing and measured shape added to the class; empty for a map of the trace."""
    if shown.map.context is None:
        return ""
    names = BeatInputSpec.from_card(reading.card.input).rhythm
    timing = np.array([name in RHYTHM_NAMES for name in names])
    numbers = shown.map.context.sum(axis=0)
    trace, times = float(shown.map.values.sum()), float(numbers[timing].sum())
    shape = float(numbers[~timing].sum())
    return (
        f"{shown.map.method}, against {shown.map.baseline or 'the usual beat'}: the trace added "
        f"{trace:+.2f}, the timing {times:+.2f} and the measured shape {shape:+.2f} "
        f"{shown.map.unit.split(' ')[0]}."
    )


def _along(offsets: Doubles) -> Doubles:
    return (offsets - offsets[0]) / max(float(offsets[-1] - offsets[0]), 1e-9)


def _trace(reading: Reading, x: Doubles, values: Doubles, lead: int) -> list[Shape]:
    assert reading.beats is not None
    low, high = float(values.min()), float(values.max())
    y = _HEAD + (_TRACE - 1) * (high - values) / max(high - low, 1e-6)
    return [
        Text(float(x[0]), 3, _lead_name(reading.beats, lead), 8.5, "ink", bold=True),
        Path([polyline(x, y)], stroke="ink", line=0.4),
    ]


def _lead_name(beats: BeatEvidence, lead: int) -> str:
    column = beats.inputs.columns[lead]
    if beats.signal is None or column is None:
        return "the row"
    name = beats.signal.leads[column]
    return name if len(name) <= 12 else f"{name[:11]}…"


def _saliency(x: Doubles, values: Doubles, highest: float, middle: float) -> list[Shape]:
    """Areas above the line where it speaks for the class, below where against."""
    share = np.clip(values / highest, -1, 1) * (_MAP / 2 - 0.5)
    shapes: list[Shape] = [Path([polyline(x[[0, -1]], [middle, middle])], stroke="muted", line=0.2)]
    for part, colour in ((np.maximum(share, 0), "towards"), (np.minimum(share, 0), "against")):
        if part.any():
            area = polyline([x[0], *x, x[-1]], [middle, *(middle - part), middle])
            shapes.append(Path([area], fill=colour))
    return shapes


def _time(offsets: Doubles, x: Doubles, height: float) -> list[Shape]:
    shapes: list[Shape] = []
    for tick in np.arange(np.ceil(offsets[0] * 10), np.floor(offsets[-1] * 10) + 1):
        place = float(np.interp(tick / 10, offsets, x))
        shapes.append(
            Path([polyline([place, place], [height - _FOOT, height - _FOOT + 1])], stroke="muted")
        )
        number = f"{tick / 10:+.1f}".replace("-", "−") if tick else "0"
        shapes.append(Text(place, height - 3.8, number, 7, "muted", "middle"))
    middle = float((x[0] + x[-1]) / 2)
    words = "seconds from the middle of the QRS"
    return [*shapes, Text(middle, height - 0.6, words, 7, "muted", "middle")]
