"""Lesson: learning, one step at a time, on a copy of the network's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from medmodels.ui.class_choice import choose_class
from medmodels.ui.lesson_learning_views import (
    Course,
    show_backward,
    show_change,
    show_curve,
    show_details,
    show_forward,
)
from medmodels.ui.lesson_scan import LessonScan
from medmodels.ui.lesson_steps import go_to_step, stepped, steps_control

if TYPE_CHECKING:
    from medmodels.lessons.learning import LearningCopy

_KEY = "lesson-learning"
_LAST, _BOTH = "Last layer", "Last layer and convolution"
_RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
_USUAL_RATE = 0.003
_MOST_STEPS = 200


@stepped(_KEY)
def show_learning(scan: LessonScan) -> None:
    """Draw the lesson; only the buttons that take a step run the copy."""
    st.html(
        '<p class="dia-lead">A network learns by being told the right answer, measuring how wrong '
        "it was, and moving every weight a little in the direction that would have been less "
        "wrong. Suppose an answer for this scan, and watch one step at a time.</p>"
    )
    copy = _copy(scan)
    if copy is None:
        return
    label = _choose_label(scan)
    course = _course(scan, copy, label)
    _show_controls(copy, course)
    at = steps_control(_KEY, len(course.passes), "Look at step", start=len(course.passes) - 1)
    now = course.passes[at]
    show_forward(scan, now, label)
    show_backward(scan, now)
    show_change(scan, copy, course, at, *_how_to_step(copy))
    show_curve(scan, course, at)
    show_details(copy)


def _copy(scan: LessonScan) -> LearningCopy | None:
    """The copy that learns, made once for a scan."""
    from medmodels.lessons.learning import LearningCopy

    if "copy" not in scan.kept:
        try:
            with st.spinner("Copying the end of the network …"):
                scan.kept["copy"] = LearningCopy(scan.bundle.network, scan.network_input)
        except ValueError:
            scan.kept["copy"] = None
    copy: LearningCopy | None = scan.kept["copy"]
    if copy is None:
        st.info(
            "This network does not end in a layer that this lesson can train.",
            icon=":material/info:",
        )
    return copy


def _choose_label(scan: LessonScan) -> int:
    """Ask what the scan should be; something else than the answer, to begin with."""
    others = [k for k in np.argsort(-scan.logits) if k != int(scan.logits.argmax())]
    label = choose_class(
        st.container(), "Suppose this scan were", dict(enumerate(scan.classes)),
        int(others[0]) if others else 0, key=f"{_KEY}-label-{scan.key}",
    )  # fmt: skip
    if label == int(scan.logits.argmax()):
        st.caption(
            "The network says so already: there is little to learn, and the steps are small."
        )
    return label


def _course(scan: LessonScan, copy: LearningCopy, label: int) -> Course:
    """What was learnt with this label; begins with the network's own weights."""
    course: Course | None = scan.kept.get("course")
    if course is None or course.label != label:
        course = Course(label, [copy.examine(copy.start, label)], [copy.start])
        scan.kept["course"] = course
        go_to_step(_KEY, 0)
    return course


def _show_controls(copy: LearningCopy, course: Course) -> None:
    """The learning rate, what learns, and the buttons."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row.container(width=360):
        st.select_slider(
            "Learning rate: how far a step goes", _RATES, value=_USUAL_RATE,
            format_func=lambda rate: f"{rate:g}", key=f"{_KEY}-rate",
        )  # fmt: skip
    if copy.last < len(copy.start):
        row.segmented_control(
            "What learns", [_LAST, _BOTH], default=_LAST, required=True, key=f"{_KEY}-scope"
        )
    full = len(course.passes) > _MOST_STEPS
    buttons = st.container(horizontal=True, gap="small")
    for text, count in (("Take one step", 1), ("Take ten steps", 10)):
        buttons.button(
            text, type="primary" if count == 1 else "secondary", icon=":material/footprint:",
            key=f"{_KEY}-take-{count}", disabled=full, on_click=_take, args=(copy, course, count),
        )  # fmt: skip
    buttons.button(
        "Back to the start", icon=":material/restart_alt:", key=f"{_KEY}-restart",
        disabled=len(course.passes) == 1, on_click=_restart, args=(course,),
    )  # fmt: skip
    if full:
        st.caption(f"{_MOST_STEPS} steps are enough to see; go back to the start for more.")


def _take(copy: LearningCopy, course: Course, count: int) -> None:
    """Take steps from where learning has come to, with the rate as it is set."""
    from medmodels.lessons.learning import stepped_weights

    for _ in range(count):
        weights = stepped_weights(
            course.weights[-1], course.passes[-1].gradients, *_how_to_step(copy)
        )
        course.weights.append(weights)
        course.passes.append(copy.examine(weights, course.label))
    go_to_step(_KEY, len(course.passes) - 1)


def _how_to_step(copy: LearningCopy) -> tuple[float, int]:
    """Learning rate, and how many arrays learn, as they are set."""
    state = st.session_state
    both = state.get(f"{_KEY}-scope") == _BOTH
    return float(state[f"{_KEY}-rate"]), len(copy.start) if both else copy.last


def _restart(course: Course) -> None:
    del course.passes[1:], course.weights[1:]
    go_to_step(_KEY, 0)
