"""The steps of one layer: trace, state and answer, played or scrubbed, one unit in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.lesson_recurrence import Unfolding, mark_step, unrolled
from medmodels.ui.lesson_recurrence_answer import Answers, ask_within, say_step, say_whole
from medmodels.ui.lesson_recurrence_beat import LessonBeat
from medmodels.ui.lesson_recurrence_picture import HEATS, edges_within, picture_of
from medmodels.ui.lesson_steps import stepped, steps_control
from medmodels.ui.lesson_unit import show_unit
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.lessons.recurrence import Unrolled
    from medmodels.lessons.recurrent_layers import RecurrentLayer

_ORDERS = {"moving": "By how much they move", "own": "As in the network"}


def show_steps(beat: LessonBeat, layer: RecurrentLayer, direction: str) -> None:
    """Draw one direction of a layer with its step control; plays without the rest of the page.

    Parameters
    ----------
    beat : LessonBeat
    layer : RecurrentLayer
    direction : str
    """
    digest = beat.ecg.case.reading.input_digest[:8]
    key = f"lesson-recurrence-{layer.level}-{direction}-{digest}-{beat.beat}"
    stepped(key)(_panel)(beat, layer, direction, key)


def _panel(beat: LessonBeat, layer: RecurrentLayer, direction: str, key: str) -> None:
    run = beat.unroll(layer, direction)
    within = layer.level == "within"
    if within:
        answers = ask_within(beat, len(run.x), direction)
    else:
        with st.spinner("Asking the network with every shorter stretch …"):
            answers = Answers(beat, beat.across(direction), "")
    step = steps_control(key, len(run.x), "Step", start=_telling_step(beat, run))
    st.markdown(say_step(answers, run, step))
    heats, units, unit = _choose_rows(run)
    figure, picture = _figure(beat, run, answers, heats, units)
    mark_step(figure, picture, run.place(step), unit, palette())
    show_figure(
        figure,
        key=f"lesson-recurrence-unrolled-{layer.level}-{len(heats)}",
        alt="Trace of the ECG; under it the state of every unit at every step, and the answer "
        f"that the network would give after each; step {step + 1} is marked.",
    )
    st.caption(_say_figure(beat, run, answers))
    st.markdown(say_whole(answers, run))
    show_unit(run, step, unit, key="lesson-recurrence")


def _choose_rows(run: Unrolled) -> tuple[list[str], list[int], int]:
    """Ask what else to draw, in which order the units stand, and which one to follow."""
    by_movement = np.argsort(-run.trace.movement, kind="stable").tolist()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        heats = st.segmented_control(
            "Draw as well",
            [name for name in HEATS if name != "State"],
            selection_mode="multi",
            key="lesson-recurrence-heats",
        )
        order = st.segmented_control(
            "Order of the units",
            list(_ORDERS),
            default="moving",
            required=True,
            format_func=lambda name: _ORDERS[name],
            key="lesson-recurrence-order",
        )
        unit = st.selectbox(
            "Unit to follow",
            by_movement,
            format_func=lambda k: f"unit {k + 1}, moves {run.trace.movement[k]:.2f} in all",
            key=f"lesson-recurrence-unit-{run.layer.name}-{run.direction}",
            width=230,
        )
    units = by_movement if order == "moving" else sorted(by_movement)
    return list(heats), units, int(unit)


def _figure(
    beat: LessonBeat, run: Unrolled, answers: Answers, heats: list[str], units: list[int]
) -> tuple[go.Figure, Unfolding]:
    """The figure without its marks, drawn once for all steps."""

    def draw() -> tuple[go.Figure, Unfolding]:
        picture = picture_of(beat, run, answers.probabilities, heats, units)
        marks = beat_marks(beat.ecg.case.reading.card.classes, palette())
        return unrolled(picture, marks, palette()), picture

    # By the answers themselves: whatever led to other ones leads to another figure.
    key = (
        "figure", run.layer.name, run.direction, tuple(heats), tuple(units),
        answers.logits.tobytes(), palette().name,
    )  # fmt: skip
    return cast("tuple[go.Figure, Unfolding]", beat.once(key, draw))


def _telling_step(beat: LessonBeat, run: Unrolled) -> int:
    """The step at which the chosen beat's QRS is read."""
    if run.layer.level == "across":
        return run.place(beat.place)
    edges = edges_within(beat, len(run.x))
    return run.place(int(np.clip(np.searchsorted(edges, 0.0, side="right") - 1, 0, len(run.x) - 1)))


def _say_figure(beat: LessonBeat, run: Unrolled, answers: Answers) -> str:
    letters = ", ".join(
        f"{entry.letter} {entry.title.lower()}" for entry in beat.ecg.case.reading.card.classes
    )
    if run.layer.level == "across":
        meaning = (
            "The answer so far: what the whole network says of the chosen beat when it is given "
            + ("the beats up to" if run.direction == "forward" else "the beats from")
            + " each moment "
            + ("and none after it" if run.direction == "forward" else "on and none before it")
            + " (in the shade it is not reached yet). Each beat brings its own numbers, among them "
            "the interval to the next one."
        )
    else:
        meaning = (
            "The answer so far: what the whole network says when only the window "
            + ("up to" if run.direction == "forward" else "from")
            + f" each moment{'' if run.direction == 'forward' else ' on'} is seen, and "
            f"{answers.asked} stands in for the rest"
            + ("." if answers.numbers else "; the numbers beside it are the usual beat’s.")
        )
    return (
        "The state is the network’s memory: each column is one moment, each row one thing that it "
        f"keeps in mind. The colours are the same for every ECG. {meaning} Letters: {letters}."
    )
