"""All that the lesson on recurrence works out for one beat, each thing once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from medmodels.ui.lesson_recurrence_case import LessonEcg

if TYPE_CHECKING:
    from medmodels.lessons.recurrence import LaidOpen, Unrolled
    from medmodels.lessons.recurrence_memory import Fading
    from medmodels.lessons.recurrent_layers import RecurrentLayer

Floats = npt.NDArray[np.float32]

_MOST_BEATS = 8
# Beats on either side that the lesson gives the network: as many as can be drawn.
_REACH = 24


@dataclass(frozen=True)
class LessonBeat:
    """One beat and the stretch around it that the network is given.

    Parameters
    ----------
    ecg : LessonEcg
    beat : int
        Its number in the recording.
    first : int
        Number of the first beat of the stretch.
    windows : ndarray, float32, shape (T, L, leads)
    rhythm : ndarray, float32, shape (T, R)
    opened : LaidOpen
    """

    ecg: LessonEcg
    beat: int
    first: int
    windows: Floats = field(repr=False)
    rhythm: Floats = field(repr=False)
    opened: LaidOpen = field(repr=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> int:
        """The beat's place in the stretch."""
        return self.beat - self.first

    @property
    def usual(self) -> tuple[Floats, Floats]:
        """The recording's usual beat: the median over all beats, trace and numbers."""
        inputs = self.ecg.case.beats.inputs
        return cast(
            "tuple[Floats, Floats]",
            self.once("usual", lambda: (
                np.median(inputs.windows, axis=0), np.median(inputs.rhythm, axis=0),
            )),
        )  # fmt: skip

    def unroll(self, layer: RecurrentLayer, direction: str) -> Unrolled:
        """One direction of a layer, step by step: along the beat, or along the stretch."""
        given = self.once(
            "given", lambda: self.opened([self.windows[np.newaxis], self.rhythm[np.newaxis]])[1]
        )
        rows = given[layer.name]
        x = rows[self.place] if layer.level == "within" else rows[0]
        return cast(
            "Unrolled",
            self.once(
                ("unrolled", layer.name, direction),
                lambda: self.opened.unroll(layer, direction, x),
            ),
        )

    def across(self, direction: str) -> Floats:
        """Logits (T, K) in the order of reading, as the stretch grows."""
        from medmodels.lessons.recurrence_answers import answers_across

        return cast(
            Floats,
            self.once(
                ("across", direction),
                lambda: answers_across(
                    self.opened, (self.windows, self.rhythm), self.place, direction
                ),
            ),
        )

    def within(self, steps: int, direction: str, baseline: str, *, numbers: bool) -> Floats:
        """Logits (steps + 1, K) in the order of reading, as the window is uncovered.

        Parameters
        ----------
        steps : int
        direction : str
        baseline : str
            Name of what stands in for the part that is not seen.
        numbers : bool
            Whether the beat's own numbers are given beside its trace.
        """
        from medmodels.explain.baselines import beat_baseline
        from medmodels.lessons.recurrence_answers import answers_within

        def run() -> Floats:
            stand_in, _ = beat_baseline(self.windows, baseline, self.usual[0])
            return answers_within(
                self.ecg.bundle.network, (self.windows, self.rhythm), self.place, steps,
                direction, stand_in, usual_numbers=None if numbers else self.usual[1],
            )  # fmt: skip

        return cast(Floats, self.once(("within", steps, direction, baseline, numbers), run))

    def memory(self) -> tuple[Fading, ...]:
        """How every direction of every layer that reads across beats forgets this beat."""
        from medmodels.lessons.recurrence_memory import memory_of

        return cast(
            "tuple[Fading, ...]",
            self.once(
                "memory",
                lambda: memory_of(self.opened, (self.windows, self.rhythm), self.place, self.usual),
            ),
        )

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` returns, made once for this beat."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


def lesson_beat(ecg: LessonEcg, beat: int) -> LessonBeat:
    """Return the lesson's view of a beat; the last few stay with the case.

    Parameters
    ----------
    ecg : LessonEcg
        Its network is loaded when it is not yet.
    beat : int
        Its number in the recording.
    """
    from medmodels.lessons.recurrence import laid_open

    shown = ecg.case.shown
    key = ("lesson-recurrence", beat)
    if key not in shown:
        inputs = ecg.case.beats.inputs
        reach = _REACH if ecg.case.beats.has_rhythm else 0
        first, last = max(beat - reach, 0), min(beat + reach + 1, len(inputs.windows))
        shown[key] = LessonBeat(
            ecg, beat, first, inputs.windows[first:last], inputs.rhythm[first:last],
            laid_open(ecg.bundle.network),
        )  # fmt: skip
        kept = [k for k in shown if isinstance(k, tuple) and k[0] == "lesson-recurrence"]
        for old in kept[:-_MOST_BEATS]:
            del shown[old]
    return cast(LessonBeat, shown[key])
