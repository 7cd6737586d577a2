"""The viewer: the scan with window, inversion, zoom and a ruler."""

from __future__ import annotations

import streamlit as st

from medmodels.figures.scan_view import extent_of, scan_figure
from medmodels.inputs.scan import Scan, Window
from medmodels.ui.scan_case import ScanCase
from medmodels.ui.theme import palette, show_figure

_BY_HAND = "By hand"


@st.fragment
def show_viewer(case: ScanCase) -> None:
    """Draw the viewer; its controls redraw this part of the page only."""
    scan, key = case.scan, case.key
    names = [window.name for window in scan.windows]
    preset, centre, width = f"{key}-preset", f"{key}-centre", f"{key}-width"
    if centre not in st.session_state:
        _set_window(scan, key, scan.windows[0].name)

    shown = Window(_BY_HAND, st.session_state[centre], st.session_state[width])
    inverted = bool(st.session_state.get(f"{key}-invert", False))
    extent = extent_of(scan)
    show_figure(
        scan_figure(
            case.display, extent, shown, palette(), inverted=inverted, revision=f"view-{key}"
        ),
        key=f"{key}-view",
        alt=f"The scan, {scan.shape[1]} by {scan.shape[0]} pixels.",
        zoom=True,
        config={
            "displayModeBar": True,
            "modeBarButtonsToRemove": ["toImage", "autoScale2d", "select2d", "lasso2d"],
        },
    )
    st.caption(
        "Wheel: zoom. Drag: pan. Double click: whole scan. "
        + (
            ":material/straighten: *Draw line* in the toolbar measures in millimetres."
            if extent.unit == "mm"
            else "The file gives no pixel spacing, so lengths are in pixels."
        )
    )
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    controls.pills(
        "Window",
        names,
        key=preset,
        on_change=lambda: _set_window(scan, key, st.session_state[preset]),
        help="Presets for brightness and contrast. The answer does not depend on them: the "
        f"network always sees the first one, “{names[0]}”.",
    )
    controls.toggle("Invert", key=f"{key}-invert")
    lowest, highest = _limits(scan)
    span = highest - lowest
    unit = unit_of(scan)
    left, right = st.columns(2)
    step = 1.0 if span > 64 else span / 256
    number = "%.0f" if span > 64 else "%.3g"
    left.slider(
        f"Centre ({unit})", lowest, highest, step=step, format=number, key=centre,
        on_change=lambda: _by_hand(preset),
    )  # fmt: skip
    right.slider(
        f"Width ({unit})", step, 2 * span, step=step, format=number, key=width,
        on_change=lambda: _by_hand(preset),
    )  # fmt: skip


def unit_of(scan: Scan) -> str:
    """What the numbers of a scan are, for its sliders."""
    if scan.modality == "CT":
        return "HU"
    return "grey value" if scan.pixels.ndim == 2 else "red, green and blue, 0 to 255"


def _set_window(scan: Scan, key: str, name: str | None) -> None:
    """Put a preset's values into the sliders."""
    for window in scan.windows:
        if window.name == name:
            lowest, highest = _limits(scan)
            least = 1.0 if highest - lowest > 64 else (highest - lowest) / 256
            st.session_state[f"{key}-preset"] = name
            st.session_state[f"{key}-centre"] = float(min(max(window.centre, lowest), highest))
            st.session_state[f"{key}-width"] = min(max(window.width, least), 2 * (highest - lowest))


def _by_hand(preset: str) -> None:
    """No preset is shown as chosen once a slider has moved."""
    st.session_state[preset] = None


def _limits(scan: Scan) -> tuple[float, float]:
    """Reach of the centre slider: all values the scan can hold and all presets."""
    lowest = float(min(scan.value_range[0], *(window.centre for window in scan.windows)))
    highest = float(max(scan.value_range[1], *(window.centre for window in scan.windows)))
    return (lowest, highest) if highest > lowest else (lowest, lowest + 1)
