"""What one step of the lesson on learning shows: forward, backward, the change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from medmodels.figures.lesson_grid import say_number
from medmodels.figures.lesson_learning import (
    loss_figure,
    outer_product_figure,
    probability_figure,
)
from medmodels.lessons.average_head import average_head
from medmodels.ui.lesson_scan import LessonScan
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.lessons.learning import LearningCopy, Pass, Weights

_KEY = "lesson-learning"
_SHOWN = 6


@dataclass
class Course:
    """What has been learnt so far.

    Parameters
    ----------
    label : int
        What the scan is supposed to be.
    passes : list of Pass
        Before the first step and after every one.
    weights : list of tuple of ndarray
        The weights that each pass used.
    """

    label: int
    passes: list[Pass] = field(default_factory=list)
    weights: list[Weights] = field(default_factory=list)


def show_forward(scan: LessonScan, now: Pass, label: int) -> None:
    """Logits to softmax to loss."""
    st.subheader("Forward: how wrong is it?", anchor=False)
    st.dataframe(
        {
            "class": list(scan.classes),
            "logit z": [say_number(float(value)) for value in now.logits],
            "softmax p": [f"{float(value):.2%}" for value in now.probabilities],
            "supposed y": ["1" if k == label else "0" for k in range(len(scan.classes))],
            "p − y": [say_number(float(value)) for value in now.at_logits],
        },
        hide_index=True,
        width=620,
    )
    p = float(now.probabilities[label])
    softmax, loss = st.columns(2)
    softmax.latex(r"p_k=\frac{e^{z_k}}{\sum_m e^{z_m}}")
    title = scan.classes[label].replace("_", " ")
    loss.latex(r"L=-\ln p_{\text{" + title + r"}}=" + f"{now.loss:.4f}")
    st.markdown(
        f"The network gives “{scan.classes[label]}” a probability of **{p:.2%}** (before "
        f"calibration), so the loss is **{now.loss:.3f} nats**; it would be 0 at 100%."
    )


def show_backward(scan: LessonScan, now: Pass) -> None:
    """The gradient at the logits and at the last layer's weights."""
    st.subheader("Backward: which weights are to blame?", anchor=False)
    heaviest = _heaviest(now)
    averages = ": the averages of the last maps" if average_head(scan.bundle.network) else ""
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        show_figure(
            outer_product_figure(
                heaviest, now.features[heaviest], now.at_logits,
                [entry.letter for entry in scan.bundle.card.classes], palette(),
            ),
            key=f"{_KEY}-outer",
            alt="Features times p minus y is the gradient of the last layer's weights.",
        )  # fmt: skip
    with right:
        st.latex(r"\frac{\partial L}{\partial z_k}=p_k-y_k")
        st.latex(r"\frac{\partial L}{\partial w_{c,k}}=h_c\,(p_k-y_k)")
        st.markdown(
            "What the answer was off by (p − y), times how strongly each feature h spoke: a weight "
            "is to blame as far as its feature had a say. The features are what the last layer is "
            f"given{averages}; shown are the {len(heaviest)} strongest of {len(now.features)}."
        )


def _heaviest(now: Pass) -> list[int]:
    order = np.argsort(-np.abs(now.features), kind="stable")
    return [int(channel) for channel in order[:_SHOWN]]


def show_change(
    scan: LessonScan, copy: LearningCopy, course: Course, at: int, rate: float, learning: int
) -> None:
    """A handful of weights before and after the step that follows."""
    from medmodels.lessons.learning import stepped_weights

    st.subheader("The step: every weight moves a little", anchor=False)
    before, gradients = course.weights[at], course.passes[at].gradients
    taken = at + 1 < len(course.weights)
    after = course.weights[at + 1] if taken else stepped_weights(before, gradients, rate, learning)
    st.markdown(
        "Against the gradient, because that is where the loss is less. "
        + ("This is the step that was taken from here." if taken else
           f"This is what the next step **would** do, at a learning rate of {rate:g}.")
    )  # fmt: skip
    rows = _rows(scan, copy, course, at)
    st.dataframe(
        {
            "weight": [name for name, _, _ in rows],
            "before w": [_five(before[a][i]) for _, a, i in rows],
            "gradient": [_five(gradients[a][i]) for _, a, i in rows],
            "change": [_five(after[a][i] - before[a][i], "+") for _, a, i in rows],
            "after": [_five(after[a][i]) for _, a, i in rows],
        },
        hide_index=True,
        width=720,
    )
    st.latex(r"w\;\leftarrow\;w-\eta\,\frac{\partial L}{\partial w}")


def _rows(
    scan: LessonScan, copy: LearningCopy, course: Course, at: int
) -> list[tuple[str, int, tuple[int, ...]]]:
    """Which weights are shown: a name, the array, the place in it."""
    k, now = course.label, course.passes[at]
    letter = scan.bundle.card.classes[k].letter
    rows: list[tuple[str, int, tuple[int, ...]]] = [
        (f"h {c + 1} → {letter}", 0, (c, k)) for c in _heaviest(now)
    ]
    if copy.last > 1:
        rows.append((f"bias of {letter}", 1, (k,)))
    if len(copy.start) > copy.last:
        steepest = now.gradients[copy.last]
        place = np.unravel_index(int(np.abs(steepest).argmax()), steepest.shape)
        rows.append(("a convolution weight", copy.last, tuple(int(i) for i in place)))
    return rows


def _five(value: float, sign: str = "") -> str:
    return f"{float(value):{sign}.5f}".replace("-", "−")


def show_curve(scan: LessonScan, course: Course, at: int) -> None:
    """Loss and probability from step to step."""
    st.subheader("Step by step", anchor=False)
    losses = [one.loss for one in course.passes]
    probabilities = [float(one.probabilities[course.label]) for one in course.passes]
    title = scan.classes[course.label]
    curves = (
        ("Loss (nats)", loss_figure(losses, at, palette())),
        (f"Probability of {title}", probability_figure(probabilities, at, palette())),
    )
    for number, (place, (name, figure)) in enumerate(zip(st.columns(2), curves, strict=True)):
        with place:
            st.html(f'<p class="dia-figure-title">{name}</p>')
            show_figure(figure, key=f"{_KEY}-curve-{number}", alt=f"{name} after every step.")


def show_details(copy: LearningCopy) -> None:
    """What this is not, and what is copied."""
    st.caption(
        "All of this happens in a copy: the network that answers on the other pages is not "
        "changed. Learning from one example only makes the network believe it; real training "
        "goes over thousands of scans, many times, a few at a time."
    )
    with st.expander("For engineers: what is copied and what learns"):
        learning = sum(array.size for array in copy.start)
        st.markdown(
            f"Copied are the last convolution and the last layer, {learning:,} weights; the "
            f"{copy.frozen:,} before them stand still, and so does what they hand on. The loss is "
            "cross-entropy of one example, its gradient comes from the same backward pass that "
            "training uses (TensorFlow’s `GradientTape`), and a step is plain gradient descent "
            "without momentum or weight decay. Dropout is off."
        )
