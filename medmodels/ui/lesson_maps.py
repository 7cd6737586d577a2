"""Lesson: the maps that every layer makes of the scan."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.figures.lesson_maps import map_figure, picture_figure, wall_figure
from medmodels.lessons.feature_maps import (
    ORDERS,
    MapLayer,
    at_ceiling_share,
    common_range,
    map_layers,
    rank,
    silent_share,
)
from medmodels.ui.ecg_position import clicked
from medmodels.ui.lesson_scan import LessonScan
from medmodels.ui.theme import palette, show_figure

Array = npt.NDArray[np.float32]

_KEY = "lesson-maps"
_COUNTS = (12, 18, 24)


@st.fragment
def show_maps(scan: LessonScan) -> None:
    """Draw the lesson; nothing in it runs the network."""
    st.html(
        '<p class="dia-lead">Every kernel leaves a map behind: bright where it found what it asks '
        "for. The first layers keep the shape of the scan and know edges; the last ones are coarse "
        "and know parts. Look at how the picture turns into evidence.</p>"
    )
    layer = choose_layer(scan)
    maps = scan.maps[layer.name]
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    order = controls.segmented_control(
        "Show first", list(ORDERS), default="varying", format_func=ORDERS.__getitem__,
        required=True, key=f"{_KEY}-order",
    )  # fmt: skip
    count = controls.segmented_control(
        "How many", _COUNTS, default=_COUNTS[0], required=True, key=f"{_KEY}-count"
    )
    shown = rank(maps, order)[:count].tolist()
    chosen = _choose_map(layer, shown)
    limits = common_range(maps, layer)
    wall, large, picture = st.columns([5, 3, 3], gap="medium")
    with wall:
        _show_wall(maps, shown, chosen, limits, layer)
    with large:
        _show_one(scan, layer, chosen, limits)
    with picture:
        st.html('<p class="dia-figure-title">For comparison, the scan</p>')
        show_figure(
            picture_figure(scan.network_input.mean(axis=2), palette()),
            key=f"{_KEY}-scan",
            alt="The scan as the network saw it.",
        )
    _show_shares(maps, layer)


def choose_layer(scan: LessonScan) -> MapLayer:
    """Ask for a layer, for this lesson and for pooling alike."""
    layers = {layer.name: layer for layer in map_layers(scan.bundle.network)}
    kept = f"{_KEY}-layer-kept"
    explained = scan.bundle.card.network.get("explained_layer")
    first = st.session_state.get(kept)
    if first not in layers:
        first = next(
            (name for name, layer in layers.items() if layer.rectified), next(iter(layers))
        )
    names = list(layers)
    name = st.selectbox(
        f"Layer ({len(layers)} of them make maps)",
        names,
        index=names.index(first),
        format_func=lambda one: (
            layers[one].title + (" (Grad-CAM looks here)" if one == explained else "")
        ),
        key=f"{_KEY}-layer-{scan.bundle.digest[:8]}",
        width=640,
    )
    st.session_state[kept] = name
    return layers[name]


def chosen_map(layer: MapLayer) -> int | None:
    """The map that was chosen last in a layer."""
    kept: int | None = st.session_state.get(f"{_KEY}-map-{layer.name}")
    return kept if kept is not None and kept < layer.channels else None


def keep_map(layer: MapLayer, channel: int) -> None:
    """Remember a choice."""
    st.session_state[f"{_KEY}-map-{layer.name}"] = channel


def _choose_map(layer: MapLayer, shown: list[int]) -> int:
    """Ask by number; a click on the wall answers, too."""
    chosen = chosen_map(layer)
    if chosen not in shown:
        chosen = shown[0]
    picker = f"{_KEY}-picker-{layer.name}"
    st.session_state[picker] = chosen
    channel = st.selectbox(
        "Map to enlarge (or click one)",
        shown,
        format_func=lambda one: f"Map {one + 1} of {layer.channels}",
        key=picker,
        on_change=lambda: keep_map(layer, st.session_state[picker]),
        width=320,
    )
    keep_map(layer, channel)
    return channel


def _show_wall(
    maps: Array, shown: list[int], chosen: int, limits: tuple[float, float], layer: MapLayer
) -> None:
    st.html(
        f'<p class="dia-figure-title">{len(shown)} of {layer.channels} maps, one scale for all</p>'
    )
    key = f"{_KEY}-wall-{layer.name}"
    st.plotly_chart(
        wall_figure(maps, shown, limits, palette(), chosen=chosen),
        theme=None,
        key=key,
        config={"displaylogo": False, "displayModeBar": False, "responsive": True},
        on_select=lambda: _pick(layer, key),
        selection_mode="points",
        alt=f"{len(shown)} feature maps of the layer {layer.name}, the chosen one framed.",
        width="stretch",
    )


def _pick(layer: MapLayer, key: str) -> None:
    data = clicked(key)
    if data:
        keep_map(layer, int(data[0]))


def _show_one(scan: LessonScan, layer: MapLayer, chosen: int, limits: tuple[float, float]) -> None:
    """One map, with what can be counted on it."""
    values = scan.maps[layer.name][..., chosen]
    st.html(f'<p class="dia-figure-title">Map {chosen + 1}</p>')
    show_figure(
        map_figure(values, limits, palette()),
        key=f"{_KEY}-one",
        alt=f"Map {chosen + 1} of the layer {layer.name}.",
    )
    reach = float(np.abs(values).max()) / limits[1]
    text = f"It reaches {min(reach, 1):.0%} of the scale. "
    if layer.rectified:
        text += f"**{silent_share(values):.0%} of its cells are exactly 0**: nothing found there. "
    if layer.ceiling is not None:
        text += f"{at_ceiling_share(values, layer.ceiling):.1%} are cut off at {layer.ceiling:g}. "
    height, width = scan.network_input.shape[:2]
    text += (
        f"One cell stands for {width / layer.width:g} × {height / layer.height:g} pixels of what "
        "the network saw, and looks at more than that around it."
    )
    st.markdown(text)


def _show_shares(maps: Array, layer: MapLayer) -> None:
    """What holds for the whole layer."""
    numbers = f"{maps.size:,} numbers".replace(",", " ")
    text = f"The layer as a whole: {layer.channels} maps, {numbers}. "
    if layer.rectified:
        dead = int((maps == 0).all(axis=(0, 1)).sum())
        text += (
            f"Its rectifier (ReLU) sets what is below 0 to 0: **{silent_share(maps):.0%} of all "
            f"cells are 0** on this scan, and {dead} of the maps are 0 everywhere. "
        )
    else:
        below = float(np.mean(maps < 0))
        text += (
            f"It has no rectifier, so its values have both signs; {below:.0%} lie below 0, and "
            "the middle of the scale is 0. "
        )
    st.markdown(text)
    with st.expander("For engineers: the layer and the scale"):
        st.markdown(
            f"Layer `{layer.name}`, output (1, {layer.height}, {layer.width}, {layer.channels}). "
            "The scale ends at what one cell in a thousand of the layer exceeds in size, all maps "
            "together; no map is stretched to its own range, so a dark map is a weak one. “Most "
            "varying” is by the standard deviation over the cells, “most active” by the mean size."
        )
