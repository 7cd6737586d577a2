"""Lesson: a kernel slides over the scan, and every number of it can be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.figures.lesson_convolution import (
    arithmetic_figure,
    close_up_figure,
    output_figure,
    scan_figure,
)
from medmodels.figures.lesson_grid import say_number
from medmodels.lessons.convolution import Convolved, Kernel, Window, convolve, telling_place
from medmodels.lessons.feature_maps import input_name
from medmodels.lessons.kernels import (
    CLASSICS,
    LIKE,
    by_hand,
    classic,
    first_convolution,
    likest_question,
    own_kernels,
)
from medmodels.ui.lesson_place import place_control, start_at
from medmodels.ui.lesson_scan import LessonScan
from medmodels.ui.lesson_steps import stepped
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    import keras

Array = npt.NDArray[np.float32]

_KEY = "lesson-convolution"
_OWN, _CLASSIC, _HAND = "The network’s own", "Classic", "Your own"
_SAYS = {"linear": "", "relu": "what is below 0 becomes 0", "relu6": "kept between 0 and 6"}


@stepped(_KEY)
def show_convolution(scan: LessonScan) -> None:
    """Draw the lesson; nothing in it runs the network."""
    words, formula = st.columns([3, 2], vertical_alignment="center")
    words.html(
        '<p class="dia-lead">A kernel asks the same small question everywhere on the scan: it is '
        "laid on the pixels, each pixel is multiplied by the number on it, and the products are "
        "added up. Every layer that sees shapes is built from this.</p>"
    )
    formula.latex(r"y(i,j)=\sum_{p}\sum_{q}x(i+p,\;j+q)\,f(p,q)")
    layer = first_convolution(scan.bundle.network)
    image = _image(scan, layer)
    kernel, number = _choose_kernel(scan, layer, image.shape[2])
    convolved = convolve(image, kernel)
    telling = telling_place(convolved)
    start_at(_KEY, (scan.key, convolved.output.shape), *telling)
    shape = (convolved.output.shape[0], convolved.output.shape[1])
    row, column = place_control(_KEY, shape, telling, "Go to the strongest answer")
    window = convolved.window(row, column)
    _show_pictures(image, convolved, window, row, column)
    own = None
    if layer is not None and number is not None:
        own = float(scan.maps[layer.name][row, column, number])
    _show_arithmetic(image, kernel, window, row, column, own)
    _show_details(convolved, image)


def _image(scan: LessonScan, layer: keras.layers.Layer | None) -> Array:
    """What the first convolution is given; the scan itself where there is none to follow."""
    return scan.network_input if layer is None else scan.maps[input_name(layer)]


def _choose_kernel(
    scan: LessonScan, layer: keras.layers.Layer | None, channels: int
) -> tuple[Kernel, int | None]:
    """Ask for a kernel; the number is that of the layer's map, None for other kernels."""
    sources = [_CLASSIC, _HAND] if layer is None else [_OWN, _CLASSIC, _HAND]
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    source = controls.segmented_control(
        "Kernel", sources, default=sources[0], required=True, key=f"{_KEY}-source"
    )
    if source == _CLASSIC:
        place = controls.selectbox(
            "Which",
            range(len(CLASSICS)),
            format_func=lambda index: CLASSICS[index].title,
            key=f"{_KEY}-classic",
            width=420,
        )
        st.markdown(f"This kernel asks everywhere: **{CLASSICS[place].asks}**")
        return classic(CLASSICS[place], channels), None
    if source == _HAND or layer is None:
        return by_hand(_drawn(), channels), None
    kernels = own_kernels(layer)
    asks = [likest_question(kernel) for kernel in kernels]
    first = _first_kernel(scan.maps[layer.name], [likeness for _, likeness in asks])
    number = controls.selectbox(
        f"Which of the {len(kernels)} that the network learnt",
        range(len(kernels)),
        index=first,
        format_func=lambda k: f"{k + 1}: {_ask(*asks[k])}",
        key=f"{_KEY}-own-{scan.key}",
        width=420,
    )
    question, likeness = asks[number]
    if likeness >= LIKE:
        st.markdown(
            f"Nobody wrote this kernel; the network learnt it. It comes closest to asking "
            f"everywhere: **{question}** :small[(likeness {likeness:.2f} of 1)]"
        )
    else:
        st.markdown(
            "Nobody wrote this kernel; the network learnt it. It asks no question that plain words "
            f"have for it: the closest is “{question}” :small[(likeness {likeness:.2f} of 1)]"
            if question
            else "Nobody wrote this kernel; the network learnt it."
        )
    return kernels[number], number


def _first_kernel(maps: Array, likeness: list[float]) -> int:
    """To begin with: of the maps that vary over this scan, the one with the plainest question."""
    spread = maps.std(axis=(0, 1))
    return int(np.where(spread >= np.median(spread), likeness, 0.0).argmax())


def _ask(question: str, likeness: float) -> str:
    return question if likeness >= LIKE else "a question of its own"


def _drawn() -> Array:
    """Ask for nine numbers."""
    st.markdown("Type your own nine numbers, from −9 to 9; an empty cell counts as 0.")
    start = {str(c + 1): [float(v) for v in CLASSICS[0].weights[:, c]] for c in range(3)}
    column = st.column_config.NumberColumn(min_value=-9.0, max_value=9.0, width="small")
    edited = st.data_editor(
        start,
        column_config=dict.fromkeys(start, column),
        hide_index=True,
        num_rows="fixed",
        width=260,
        key=f"{_KEY}-hand",
    )
    grid = [[edited[name][row] for name in start] for row in range(3)]
    return np.nan_to_num(np.array(grid, dtype=np.float32), posinf=0.0, neginf=0.0)


def _show_pictures(
    image: Array, convolved: Convolved, window: Window, row: int, column: int
) -> None:
    """The scan, the window on it, and the map so far."""
    grey, size = image.mean(axis=2), convolved.kernel.weights.shape[:2]
    limits = _limits(convolved)
    plain = convolved.kernel.activation == "linear" and not convolved.kernel.bias
    unit = "y(i, j)" if plain else "y(i, j) with bias, after the activation"
    figures = (
        ("On the scan", scan_figure(grey, window.top, window.left, size, palette())),
        ("Close up", close_up_figure(grey, window.top, window.left, size, palette())),
        ("The map so far", output_figure(convolved.output, row, column, limits, palette(), unit)),
    )
    for place, (title, figure) in zip(st.columns(3), figures, strict=True):
        with place:
            st.html(f'<p class="dia-figure-title">{title}</p>')
            show_figure(
                figure, key=f"{_KEY}-{title}", alt=f"{title}: row {row + 1}, column {column + 1}."
            )


def _limits(convolved: Convolved) -> tuple[float, float]:
    """Scale of the map: from 0 after a rectifier, else symmetric; fixed for a kernel."""
    signed = convolved.kernel.activation == "linear"
    # A few strong edges must not take all the colours.
    reach = float(np.quantile(np.abs(convolved.output), 0.99 if signed else 0.999)) or 1.0
    return (-reach if signed else 0.0), reach


def _show_arithmetic(
    image: Array, kernel: Kernel, window: Window, row: int, column: int, own: float | None
) -> None:
    """Every product, their sum, the bias, the activation."""
    channels, channel = image.shape[2], 0
    if channels > 1:
        channel = st.segmented_control(
            "Channel whose numbers are shown", range(channels), default=0, required=True,
            format_func=lambda c: str(c + 1), key=f"{_KEY}-channel",
        )  # fmt: skip
    numbers, words = st.columns([3, 2], gap="large", vertical_alignment="center")
    with numbers:
        show_figure(
            arithmetic_figure(
                window.values[..., channel], kernel.weights[..., channel],
                float(np.abs(image).max()), palette(),
            ),
            key=f"{_KEY}-numbers",
            alt="The window, the kernel and their products.",
        )  # fmt: skip
    with words:
        all_of = f"all {channels} channels" if channels > 1 else "all products"
        lines = [f"Sum of {all_of}: **y({row + 1}, {column + 1}) = {say_number(window.total)}**"]
        if kernel.bias:
            lines.append(
                f"Plus the bias {say_number(kernel.bias)}: **{say_number(window.biased)}**"
            )
        if kernel.activation != "linear":
            name = "ReLU6" if kernel.activation == "relu6" else "ReLU"
            lines.append(f"{name} ({_SAYS[kernel.activation]}): **{say_number(window.output)}**")
        lines.append("That is the framed cell of the map.")
        st.markdown("\n\n".join(lines))
        if own is not None:
            st.caption(
                f":material/check: The network’s own layer gave {own:.6g} here; worked out by "
                f"hand it is {window.output:.6g}."
            )


def _show_details(convolved: Convolved, image: Array) -> None:
    """For an engineer."""
    kernel = convolved.kernel
    kh, kw, channels = kernel.weights.shape
    with st.expander("For engineers: shapes, stride and padding"):
        st.latex(
            r"y(i,j)=g\Big(b+\sum_{c}\sum_{p=0}^{" + str(kh - 1) + r"}\sum_{q=0}^{" + str(kw - 1)
            + r"}x_c(" + _index("i", "p", kernel.stride, convolved.before[0]) + ","
            + r"\;" + _index("j", "q", kernel.stride, convolved.before[1]) + r")\,f_c(p,q)\Big)"
        )  # fmt: skip
        st.markdown(
            f"Input {image.shape[0]} × {image.shape[1]} × {channels}, kernel {kh} × {kw} × "
            f"{channels}, stride {kernel.stride}, padding “{'same' if kernel.same else 'valid'}” "
            f"with {convolved.before[0]} rows and {convolved.before[1]} columns of zeros before, "
            f"output {convolved.output.shape[0]} × {convolved.output.shape[1]}; g is "
            f"{kernel.activation}. Here i, j count from 0, on the sliders from 1. The input is "
            "what the layer is given: the scan after the network’s own standardisation (mean 0, "
            "variance 1), where it has one. The kernel is not turned round, so mathematicians "
            "call this a cross-correlation."
        )


def _index(place: str, inside: str, stride: int, before: int) -> str:
    """Which row or column of the image a product takes, as in the formula."""
    text = f"{stride}{place}" if stride > 1 else place
    return f"{text}+{inside}" + (f"-{before}" if before else "")
