"""What one step of the lesson on learning shows: forward, backward, the change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from medmodels.figures.lesson_grid import say_number
from medmodels.figures.lesson_learning import learning_figure, outer_product_figure
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
    st.latex(
        r"p_k=\frac{e^{z_k}}{\sum_m e^{z_m}},\qquad L=-\ln p_{\text{"
        + scan.classes[label].replace("_", " ") + r"}}=" + f"{now.loss:.4f}"
    )  # fmt: skip
    st.markdown(
        f"The network gives “{scan.classes[label]}” a probability of **{p:.2%}** (before "
        f"calibration), so the loss is **{now.loss:.3f} nats**; it would be 0 at 100%."
    )


def show_backward(scan: LessonScan, now: Pass) -> None:
    """The gradient at the logits and at the last layer's weights."""
    st.subheader("Backward: which weights are to blame?", anchor=False)
    heaviest = _heaviest(now)
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
        st.latex(
            r"\frac{\partial L}{\partial z_k}=p_k-y_k\qquad"
            r"\frac{\partial L}{\partial w_{c,k}}=h_c\,(p_k-y_k)"
        )
        st.markdown(
            "What the answer was off by (p − y), times how strongly each feature h spoke: a weight "
            "is to blame as far as its feature had a say. The features are what the last layer is "
            f"given; shown are the {len(heaviest)} strongest of {len(now.features)}."
        )


def _heaviest(now: Pass) -> list[int]:
    order = np.argsort(-np.abs(now.features), kind="stable")
    return [int(channel) for channel in order[:_SHOWN]]


def show_change(scan: LessonScan, copy: LearningCopy, course: Course, at: int) -> None:
    """A handful of weights before and after."""
    if len(course.weights) == 1:
        st.info("Take one step to see the weights move.", icon=":material/footprint:")
        return
    st.subheader("The step: every weight moves a little", anchor=False)
    before = course.weights[max(at - 1, 0)]
    after, gradients = course.weights[max(at, 1)], course.passes[max(at - 1, 0)].gradients
    k = course.label
    letter = scan.bundle.card.classes[k].letter
    rows: list[tuple[str, int, tuple[int, ...]]] = [
        (f"map {c + 1}", 0, (c, k)) for c in _heaviest(course.passes[0])
    ]
    rows.append((f"bias, for {letter}", 1, (k,)))
    if len(copy.start) > copy.last:
        place = np.unravel_index(
            int(np.abs(gradients[copy.last]).argmax()), before[copy.last].shape
        )
        rows.append(("a convolution weight", copy.last, tuple(int(i) for i in place)))
    rows = [row for row in rows if row[1] < len(before)]
    st.dataframe(
        {
            "weight": [name for name, _, _ in rows],
            "before": [f"{float(before[a][i]):.5f}" for _, a, i in rows],
            "gradient": [f"{float(gradients[a][i]):.5f}" for _, a, i in rows],
            "change": [f"{float(after[a][i] - before[a][i]):+.5f}" for _, a, i in rows],
            "after": [f"{float(after[a][i]):.5f}" for _, a, i in rows],
        },
        hide_index=True,
        width=720,
    )
    st.latex(r"w\;\leftarrow\;w-\eta\,\frac{\partial L}{\partial w}")


def show_curve(scan: LessonScan, course: Course, at: int) -> None:
    """Loss and probability from step to step."""
    st.subheader("Step by step", anchor=False)
    label = course.label
    show_figure(
        learning_figure(
            [one.loss for one in course.passes],
            [float(one.probabilities[label]) for one in course.passes],
            at, scan.classes[label], palette(),
        ),
        key=f"{_KEY}-curve",
        alt="Loss and probability of the supposed label after every step.",
    )  # fmt: skip


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
