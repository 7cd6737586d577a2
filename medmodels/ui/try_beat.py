"""A beat of the open ECG as something to erase parts of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import beats_among
from medmodels.explain.beat_waves import beat_waves
from medmodels.explain.what_if import Hidden
from medmodels.explain.what_if_beat import BeatSurroundings
from medmodels.figures.try_signal import Span
from medmodels.inputs.beat_rhythm import RHYTHM_NAMES
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.reading.explained import given_with
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import lead_names
from medmodels.ui.ecg_words import intervals_around

Bools = npt.NDArray[np.bool_]

TIMING, SHAPE = "timing", "measured shape"
# Where rows without a beat are: so far away that they share no moment with one.
_NOWHERE_S = -1e6


def beat_around(case: Case, beat: int) -> BeatSurroundings:
    """A beat with those around it that the network is given along with it."""
    inputs = case.beats.inputs
    if "usual beat" not in case.shown:
        case.shown["usual beat"] = tuple(
            np.median(part, axis=0).astype(np.float32) for part in (inputs.windows, inputs.rhythm)
        )
    window, numbers = cast("tuple[npt.NDArray[np.float32], ...]", case.shown["usual beat"])
    windows, numbers_given, first = given_with(case.beats, beat)
    given = first + np.arange(len(windows))
    recorded = (given >= 0) & (given < len(inputs.windows))
    return BeatSurroundings(
        windows=windows,
        numbers=numbers_given,
        beat=beat - first,
        centres_s=np.where(recorded, inputs.centres_s[np.where(recorded, given, 0)], _NOWHERE_S),
        offsets_s=inputs.offsets_s,
        leads=tuple(lead for lead, scale in enumerate(inputs.scale) if scale > 0),
        usual=window,
        usual_numbers=numbers,
    )


def groups_of(case: Case, around: BeatSurroundings) -> dict[str, Bools]:
    """The numbers beside the trace that become usual together, (T, R) each, by name.

    A beat that comes early makes the intervals of the beats beside it unusual,
    too: their timing goes with its own. None for a table of beats, whose
    numbers are unknown.
    """
    if not case.beats.has_rhythm:
        return {}
    names = BeatInputSpec.from_card(case.reading.card.input).rhythm
    timing = np.array([name in RHYTHM_NAMES for name in names])
    place = np.arange(len(around.numbers)) - around.beat
    held = beats_among((around.windows, around.numbers))
    groups = {
        TIMING: (held & (np.abs(place) <= 1))[:, np.newaxis] & timing,
        SHAPE: (place == 0)[:, np.newaxis] & ~timing,
    }
    return {name: held for name, held in groups.items() if held.any()}


def waves_around(case: Case, beat: int) -> list[Span]:
    """The waves of a beat, milliseconds from its centre."""
    before, after = None, None
    if case.beats.has_rhythm:
        before, after, _ = intervals_around(case.beats.times_s, beat)
    inputs = case.beats.inputs
    step = float(np.median(np.diff(inputs.offsets_s)))
    return [
        Span(
            wave.name,
            1000 * float(inputs.offsets_s[wave.first]),
            1000 * (float(inputs.offsets_s[wave.last - 1]) + step),
        )
        for wave in beat_waves(
            inputs.windows[beat],
            inputs.offsets_s,
            None if before is None else before / 1000,
            None if after is None else after / 1000,
        )
    ]


def say_stretch(case: Case, start_ms: float, end_ms: float, leads: Sequence[int]) -> str:
    """A stretch of some leads in words: "−40 to 60 ms, MLII"."""
    times = f"{start_ms:.0f} to {end_ms:.0f} ms".replace("-", "−")
    return f"{times}, {' and '.join(lead_names(case, list(leads)))}"


def erased_stretch(
    case: Case, around: BeatSurroundings, what: str, put: str,
    start_ms: float, end_ms: float, leads: Sequence[int],
) -> Hidden:  # fmt: skip
    """A stretch of time of some leads, to be erased."""
    mask = around.stretch(start_ms / 1000, end_ms / 1000, leads)
    return Hidden(what, say_stretch(case, start_ms, end_ms, leads), put, mask)


def usual_group(case: Case, around: BeatSurroundings, beat: int, group: str) -> Hidden:
    """A group of numbers, to be made usual."""
    what = "As if it had come on time" if group == TIMING else "As if its measured shape were usual"
    where = "numbers beside the trace"
    before, after, usual = intervals_around(case.beats.times_s, beat)
    if group == TIMING:
        real = " and ".join(f"{rr:.0f} ms" for rr in (before, after) if rr is not None)
        where = f"intervals of {real} become the usual {usual:.0f} ms"
    nothing = np.zeros(around.windows.shape, dtype=np.float32)
    return Hidden(what, where, "usual", nothing, groups_of(case, around)[group])
