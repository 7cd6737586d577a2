"""From a beat's unrolled layer to what the figure draws: one time axis for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.figures.lesson_heat import HeatRows
from medmodels.figures.lesson_recurrence import Unfolding
from medmodels.inputs.signal import Signal
from medmodels.ui.ecg_saliency import lead_names
from medmodels.ui.lesson_recurrence_beat import LessonBeat

if TYPE_CHECKING:
    from medmodels.lessons.recurrence import Unrolled

Doubles = npt.NDArray[np.float64]

# What can be drawn as a heatmap: name of the array, title, signed.
HEATS = {
    "State": ("h", "State h: what it keeps in mind", True),
    "Candidate": ("candidate", "Candidate n: what it would write", True),
    "Update gate": ("z", "Update gate z: share of the old that stays", False),
    "Reset gate": ("r", "Reset gate r: share of the memory that is listened to", False),
}

# Windows that end this close to each other are drawn as one line.
_GAP_SECONDS = 0.03


def picture_of(
    beat: LessonBeat,
    unrolled: Unrolled,
    probabilities: Doubles,
    heats: Sequence[str],
    units: Sequence[int],
) -> Unfolding:
    """Lay trace, states and answers of one direction of a layer on one time axis.

    Parameters
    ----------
    beat : LessonBeat
    unrolled : Unrolled
    probabilities : ndarray, float64, shape (A, K)
        In the order of reading: one for each step, and for steps within a beat
        one more before the first.
    heats : sequence of str
        Out of `HEATS`, after the state, which is always drawn.
    units : sequence of int
        From the top.

    Returns
    -------
    Unfolding
    """
    within = unrolled.layer.level == "within"
    steps = len(unrolled.x)
    edges = edges_within(beat, steps) if within else edges_across(beat)
    times, traces = _trace_within(beat) if within else _trace_across(beat)
    shown = ["State", *(name for name in heats if name != "State")]
    rows = [
        HeatRows(title, unrolled.in_time(getattr(unrolled.trace, name)), signed)
        for name, title, signed in (HEATS[key] for key in shown)
    ]
    physical = isinstance(beat.ecg.case.item, Signal) and beat.ecg.case.item.amplitude_known
    return Unfolding(
        edges=edges,
        times=times,
        traces=traces,
        unit="mV" if physical else "no unit",
        heat=rows,
        units=units,
        answer_times=edges if within else beat_times(beat),
        answers=unrolled.in_time(probabilities),
        letters=_letters(beat, within=within),
        x_title="seconds from the QRS of the chosen beat",
    )


def beat_times(beat: LessonBeat) -> Doubles:
    """Time of each beat of the stretch from the chosen one, seconds, shape (T,)."""
    centres = beat.ecg.case.beats.inputs.centres_s
    return np.asarray(
        centres[beat.first : beat.first + len(beat.windows)] - centres[beat.beat], np.float64
    )


def edges_across(beat: LessonBeat) -> Doubles:
    """Midway between the beats, and as far again at both ends; seconds, shape (T + 1,)."""
    times = beat_times(beat)
    if len(times) == 1:
        return times[0] + np.array([-0.5, 0.5])
    middles = (times[1:] + times[:-1]) / 2
    return np.r_[2 * times[0] - middles[0], middles, 2 * times[-1] - middles[-1]]


def edges_within(beat: LessonBeat, steps: int) -> Doubles:
    """Edges of the steps within the chosen beat, seconds from its centre, shape (steps + 1,)."""
    from medmodels.lessons.recurrence import times_of_windows

    return times_of_windows(beat.ecg.case.beats.inputs.offsets_s, steps)


def _leads(beat: LessonBeat) -> tuple[list[int], Mapping[int, str]]:
    leads = [k for k, scale in enumerate(beat.ecg.case.beats.inputs.scale) if scale > 0]
    names = lead_names(beat.ecg.case, leads)
    return leads, dict(zip(leads, names, strict=True))


def _trace_within(beat: LessonBeat) -> tuple[Doubles, dict[str, Doubles]]:
    inputs = beat.ecg.case.beats.inputs
    leads, names = _leads(beat)
    window = beat.windows[beat.place].astype(np.float64)
    return inputs.offsets_s, {names[k]: window[:, k] * inputs.scale[k] for k in leads}


def _trace_across(beat: LessonBeat) -> tuple[Doubles, dict[str, Doubles]]:
    """The first lead, each beat's window up to midway to its neighbours."""
    inputs = beat.ecg.case.beats.inputs
    leads, names = _leads(beat)
    lead, edges = leads[0], edges_across(beat)
    times, values = np.zeros(0), np.zeros(0)
    for place, middle in enumerate(beat_times(beat)):
        at = middle + inputs.offsets_s
        inside = (at >= edges[place]) & (at < edges[place + 1])
        piece = beat.windows[place][inside, lead] * inputs.scale[lead]
        if len(times) and inside.any() and at[inside][0] - times[-1] > _GAP_SECONDS:
            times, values = np.r_[times, times[-1]], np.r_[values, np.nan]  # no window reaches
        times, values = np.r_[times, at[inside]], np.r_[values, piece]
    return times, {names[lead]: values.astype(np.float64)}


def _letters(beat: LessonBeat, *, within: bool) -> list[tuple[float, str]]:
    """The chosen beat's letter, and on a long stretch those of the beats that stand out."""
    reading = beat.ecg.case.reading
    letters = [entry.letter for entry in reading.card.classes]
    if within:
        return [(0.0, letters[int(reading.labels[beat.beat])])]
    grave = set(beat.ecg.case.abnormal.tolist()) | {beat.beat}
    return [
        (float(time), letters[int(reading.labels[number])])
        for number, time in enumerate(beat_times(beat), start=beat.first)
        if number in grave
    ]
