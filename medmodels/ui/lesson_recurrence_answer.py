"""The answer as it forms: asked of the network on shortened inputs, and put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.ui.lesson_recurrence_beat import LessonBeat
from medmodels.ui.lesson_recurrence_picture import edges_within

if TYPE_CHECKING:
    from medmodels.lessons.recurrence import Unrolled

Doubles = npt.NDArray[np.float64]

_STAND_INS = {"usual": "this recording’s usual beat", "flat": "a flat line"}
_NUMBERS = {True: "Its own", False: "The usual beat’s"}
# Of probability: less than that is no change worth a word.
_LITTLE = 0.05


@dataclass(frozen=True)
class Answers:
    """Answers after each step of reading.

    Parameters
    ----------
    beat : LessonBeat
    logits : ndarray, float32, shape (A, K)
        In the order of reading: one for each step, and for steps within a
        beat one more before the first; NaN where there is none.
    asked : str
        What stands in for what is not seen, in words; empty across beats.
    numbers : bool
        Whether the beat's own numbers were given.
    """

    beat: LessonBeat
    logits: npt.NDArray[Any] = field(repr=False)
    asked: str
    numbers: bool = True

    @property
    def probabilities(self) -> Doubles:
        """Calibrated probabilities, 0 to 1, shape (A, K)."""
        out = np.full(self.logits.shape, np.nan)
        known = np.isfinite(self.logits).all(axis=1)
        out[known] = self.beat.ecg.case.reading.operating_point.probabilities(self.logits[known])
        return out

    def label(self, row: int) -> int:
        """The class that the bundle's rule would decide for in a row that has an answer."""
        return int(self.beat.ecg.case.reading.operating_point.labels(self.logits[row]))

    def say(self, row: int) -> str:
        """The answer of one row in words, empty where there is none."""
        if np.isnan(self.logits[row]).any():
            return ""
        label = self.label(row)
        entry = self.beat.ecg.case.reading.card.classes[label]
        share = float(self.probabilities[row, label])
        return f"**{entry.title.lower()} ({entry.letter}), {share:.1%}**"


def ask_within(beat: LessonBeat, steps: int, direction: str) -> Answers:
    """Ask what stands in for the part that is not seen, and run the network on each cut.

    Parameters
    ----------
    beat : LessonBeat
    steps : int
    direction : str
    """
    has_numbers = beat.rhythm.shape[-1] > 0
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        stand_in = st.segmented_control(
            "In the place of what is not seen yet (asks the network anew)",
            list(_STAND_INS),
            default="usual",
            required=True,
            format_func=lambda name: _STAND_INS[name].capitalize(),
            key="lesson-recurrence-stand-in",
        )
        numbers = (
            st.segmented_control(
                f"The {beat.rhythm.shape[-1]} numbers beside its trace (asks the network anew)",
                list(_NUMBERS),
                default=True,
                required=True,
                format_func=lambda own: _NUMBERS[own],
                key="lesson-recurrence-numbers",
                help="The network reads more than the trace: how early the beat came and how its "
                "shape compares with the others, measured beforehand. With the usual beat’s "
                "numbers the trace has to speak for itself.",
            )
            if has_numbers
            else True
        )
    with st.spinner("Asking the network with every shorter trace …"):
        logits = beat.within(steps, direction, stand_in, numbers=bool(numbers))
    return Answers(beat, logits, _STAND_INS[stand_in], bool(numbers))


def say_step(answers: Answers, run: Unrolled, step: int) -> str:
    """What has been read after a step, and what the network would answer then.

    Parameters
    ----------
    answers : Answers
    run : Unrolled
    step : int
        Of reading, from 0.
    """
    count, beat = len(run.x), answers.beat
    if run.layer.level == "across":
        so_far = f"Read so far: {step + 1} of {count} beats."
        said = answers.say(step)
        if not said:
            return f"{so_far} The chosen beat is not among them yet, so there is no answer for it."
        beyond = abs(run.place(step) - beat.place)
        where = (
            "up to the chosen beat itself"
            if not beyond
            else f"the last of them {beyond} {'beat' if beyond == 1 else 'beats'} "
            f"{'after' if run.direction == 'forward' else 'before'} the chosen one"
        )
        return f"{so_far[:-1]}, {where}. Of the chosen beat the network would say: {said}."
    edges = edges_within(beat, count)
    edge = edges[run.place(step) + (run.direction == "forward")]
    place = f"{abs(edge):.2f} s {'before' if edge < 0 else 'after'} the QRS"
    way = "up to" if run.direction == "forward" else "from the end back to"
    return (
        f"Read so far: {step + 1} of {count} steps, {way} {place}. The network would say: "
        f"{answers.say(step + 1)}."
    )


def say_whole(answers: Answers, run: Unrolled) -> str:
    """How far the answer moved from the first to the last one, and what that means.

    Parameters
    ----------
    answers : Answers
    run : Unrolled
    """
    reading = answers.beat.ecg.case.reading
    known = np.flatnonzero(np.isfinite(answers.logits).all(axis=1))
    first, last = answers.probabilities[known[0]], answers.probabilities[known[-1]]
    moved = float(np.abs(last - first).max())
    start, end = answers.say(int(known[0])), answers.say(int(known[-1]))
    if run.layer.level == "across":
        side = "after" if run.direction == "forward" else "before"
        so = (
            f"the beats {side} it change little here"
            if moved < _LITTLE
            else f"the beats {side} it matter here"
        )
        return f"From {start} with no beat {side} it to {end} with all {len(run.x)} beats: {so}."
    if moved >= _LITTLE:
        beside = ", beside its numbers" if answers.numbers else ""
        so = f"the trace itself matters here{beside}"
    elif answers.numbers:
        so = (
            "its trace adds little to what the numbers beside it and the beats around it have "
            "said already"
        )
    elif answers.label(int(known[-1])) == int(reading.labels[answers.beat.beat]):
        so = "the usual beat in its place gets the same answer"
    else:
        read_as = reading.card.classes[int(reading.labels[answers.beat.beat])]
        so = (
            f"its trace alone does not make it {read_as.title.lower()} ({read_as.letter}); this "
            "network tells that by the numbers on its timing and shape"
        )
    return f"From {start} with nothing of the window seen to {end} with all of it: {so}."
