"""Lesson: pooling, block by block, and the averages that the answer is made of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.figures.lesson_grid import say_number
from medmodels.figures.lesson_maps import map_figure
from medmodels.figures.lesson_pooling import block_figure, lost_figure, sum_figure
from medmodels.lessons.average_head import AverageHead, as_sum, average_head
from medmodels.lessons.feature_maps import MapLayer, common_range, rank
from medmodels.lessons.pooling import WAYS, Pooled, busiest_block, pool
from medmodels.ui.class_choice import choose_class
from medmodels.ui.lesson_maps import choose_layer, chosen_map, keep_map
from medmodels.ui.lesson_place import place_control, start_at
from medmodels.ui.lesson_scan import LessonScan
from medmodels.ui.lesson_steps import stepped
from medmodels.ui.theme import palette, show_figure

Array = npt.NDArray[np.float32]

_KEY = "lesson-pooling"
_SIZES = (2, 3, 4)
_SHOWN = 10


def show_pooling(scan: LessonScan) -> None:
    """Draw the lesson; nothing in it runs the network."""
    _show_blocks(scan)
    st.divider()
    _show_average(scan)


@stepped(_KEY)
def _show_blocks(scan: LessonScan) -> None:
    """Pooling in blocks, on a map of the visitor's choice."""
    st.html(
        '<p class="dia-lead">Pooling keeps one number of every block: whether something was found, '
        "no longer exactly where. The map gets smaller, small shifts stop mattering, and detail "
        "is lost for good.</p>"
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer = choose_layer(scan)
        maps = scan.maps[layer.name]
        values = maps[..., _choose_channel(layer, maps)]
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    way = controls.segmented_control(
        "Keep of every block", list(WAYS), default="max", format_func=lambda w: WAYS[w],
        required=True, key=f"{_KEY}-way",
    )  # fmt: skip
    sizes = [size for size in _SIZES if size <= min(values.shape)]
    if not sizes:
        st.info("The maps of this layer are too small to pool.")
        return
    size = controls.segmented_control(
        "Block", sizes, default=sizes[0], format_func=lambda s: f"{s} × {s}",
        required=True, key=f"{_KEY}-size",
    )  # fmt: skip
    pooled = pool(values, size, way)
    telling = busiest_block(pooled)
    start_at(_KEY, (scan.key, layer.name, pooled.output.shape), *telling)
    shape = (pooled.output.shape[0], pooled.output.shape[1])
    row, column = place_control(_KEY, shape, telling, "Go to the block that loses most")
    limits = common_range(maps, layer)
    _show_pictures(pooled, row, column, limits)
    _show_block(pooled, row, column, limits)


def _choose_channel(layer: MapLayer, maps: Array) -> int:
    """Ask for a map of the layer; to begin with the one enlarged under "Feature maps"."""
    order = rank(maps, "varying").tolist()
    known = chosen_map(layer)
    channel: int = st.selectbox(
        "Map (the most varying first)", order, index=0 if known is None else order.index(known),
        format_func=lambda one: f"Map {one + 1} of {layer.channels}",
        key=f"{_KEY}-map-{layer.name}", width=260,
    )  # fmt: skip
    keep_map(layer, channel)
    return channel


def _show_pictures(pooled: Pooled, row: int, column: int, limits: tuple[float, float]) -> None:
    """The map, what pooling leaves of it, and what is lost."""
    size = pooled.size
    block = (column * size, row * size, size, size)
    result = (column, row, 1, 1)
    h, w = pooled.map.shape
    small = f"{pooled.output.shape[1]} × {pooled.output.shape[0]}"
    reach = max(float(np.quantile(np.abs(pooled.lost), 0.999)), 1e-6)
    figures = (
        (f"The map, {w} × {h} cells", map_figure(pooled.map, limits, palette(), window=block)),
        (
            f"Pooled, {small} cells",
            map_figure(pooled.output, limits, palette(), window=result, reached=(row, column)),
        ),
        ("Lost: the map minus what is left", lost_figure(pooled.lost, reach, palette())),
    )
    for number, (place, (title, figure)) in enumerate(zip(st.columns(3), figures, strict=True)):
        with place:
            st.html(f'<p class="dia-figure-title">{title}</p>')
            show_figure(figure, key=f"{_KEY}-{number}", alt=f"{title}.")


def _show_block(pooled: Pooled, row: int, column: int, limits: tuple[float, float]) -> None:
    """The numbers of one block, and what holds for the whole map."""
    block = pooled.block(row, column)
    inside = (block.largest[0] - block.top, block.largest[1] - block.left)
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    with left:
        show_figure(
            block_figure(
                block.values, block.result, inside if pooled.way == "max" else None, limits,
                palette(),
            ),
            key=f"{_KEY}-block",
            alt="The numbers of the block and the result.",
        )  # fmt: skip
    with right:
        if pooled.way == "max":
            words = (
                f"The largest of the {block.values.size} numbers goes on: "
                f"**{say_number(block.result)}**. It lay in row {block.largest[0] + 1}, column "
                f"{block.largest[1] + 1} of the map (framed); that is forgotten."
            )
        else:
            words = (
                f"The average of the {block.values.size} numbers goes on: "
                f"**{say_number(block.result)}**. Which of them were large is forgotten."
            )
        st.markdown(
            f"{words}\n\nOver the whole map, **{pooled.lost_share:.0%} of the variance** lies "
            f"within blocks of {pooled.size} × {pooled.size}; no single number for a block can "
            f"keep it. {pooled.output.size} numbers are left of {pooled.map.size}."
        )
        formula = (
            r"y(i,j)=\max_{0\le p,q<s}x(si+p,\;sj+q)"
            if pooled.way == "max"
            else r"y(i,j)=\frac{1}{s^2}\sum_{p=0}^{s-1}\sum_{q=0}^{s-1}x(si+p,\;sj+q)"
        )
        st.latex(formula)


@st.fragment
def _show_average(scan: LessonScan) -> None:
    """The network's own pooling: the average of every map, and the sum it goes into."""
    st.subheader("The network’s own pooling", anchor=False)
    head = average_head(scan.bundle.network)
    if head is None:
        st.info(
            "This network does not end in an average over its maps, so its answer is no plain sum "
            "of them.",
            icon=":material/info:",
        )
        return
    maps = scan.maps[head.maps]
    h, w, channels = maps.shape
    st.markdown(
        f"At its end the network pools each of its {channels} last maps ({w} × {h} cells) to a "
        "**single average**: how much of what this map looks for is there, wherever it is. The "
        "answer is then a plain sum: each average times a learnt weight."
    )
    sum_of, average = st.columns(2)
    sum_of.latex(r"\text{logit}_k=\sum_{c}w_{c,k}\,\bar{x}_c+b_k")
    average.latex(r"\bar{x}_c=\frac{1}{hw}\sum_{i,j}x_c(i,j)")
    class_index = choose_class(
        st.container(), "Logit of", dict(enumerate(scan.classes)), int(scan.logits.argmax()),
        key=f"{_KEY}-class-{scan.key}",
    )  # fmt: skip
    _show_sum(scan, head, maps, class_index)


def _show_sum(scan: LessonScan, head: AverageHead, maps: Array, class_index: int) -> None:
    found = as_sum(head, maps, class_index)
    shown = found.heaviest(_SHOWN)
    rest = float(found.terms.sum() - found.terms[shown].sum())
    bars, table = st.columns([3, 2], gap="large")
    with bars:
        show_figure(
            sum_figure(
                shown.tolist(), found.terms[shown], rest, found.bias, found.logit, palette()
            ),
            key=f"{_KEY}-sum",
            alt=f"The terms that add up to the logit of {scan.classes[class_index]}.",
        )
    with table:
        st.dataframe(
            {
                "map": [int(c) + 1 for c in shown],
                "average": [say_number(float(found.means[c])) for c in shown],
                "weight": [say_number(float(found.weights[c])) for c in shown],
                "term": [say_number(float(found.terms[c])) for c in shown],
            },
            hide_index=True,
            height="content",
        )
    st.caption(
        f":material/check: The {len(shown)} heaviest of {len(found.terms)} terms one by one, the "
        f"others together. Sum: {found.logit:.5f}; the network’s own logit for "
        f"{scan.classes[class_index]}: {float(scan.logits[class_index]):.5f}."
    )
