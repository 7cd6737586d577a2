"""What a visitor draws on a scan, or types, as a mask and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.explain.regions import bounds, outline, rectangle
from medmodels.figures.scan_view import Extent

Bools = npt.NDArray[np.bool_]
Drawing = Mapping[str, Any]

_EDGES = ("Left edge", "Right edge", "Upper edge", "Lower edge")
_START = (0.4, 0.6, 0.4, 0.6)


def drawn_mask(drawing: Drawing, extent: Extent, shape: tuple[int, int]) -> Bools:
    """What was drawn, as a mask at the size that the network sees.

    Parameters
    ----------
    drawing : mapping
        Plotly's selection: ``box`` and ``lasso``, each a list of mappings with
        ``x`` and ``y`` in the extent's unit.
    extent : Extent
    shape : tuple of int
        Rows and columns.
    """
    mask = np.zeros(shape, dtype=np.bool_)
    for box in drawing.get("box", ()):
        (left, right), (top, bottom) = _shares(box, extent)
        mask |= rectangle(shape, left, top, right, bottom)
    for lasso in drawing.get("lasso", ()):
        mask |= outline(shape, [*zip(*_shares(lasso, extent), strict=True)])
    return mask


def _shares(part: Mapping[str, Any], extent: Extent) -> tuple[list[float], list[float]]:
    """Coordinates as shares of the width and of the height."""
    across = [float(x) / extent.width for x in part["x"]]
    return across, [float(y) / extent.height for y in part["y"]]


def say_drawing(drawing: Drawing) -> str:
    """What kind of drawing it is."""
    if drawing.get("typed"):
        return "Rectangle"
    return "Outline" if drawing.get("lasso") else "Box"


def say_where(mask: Bools, extent: Extent) -> str:
    """Where a mask that holds something lies, in millimetres where those are known.

    Examples
    --------
    >>> say_where(np.eye(4, dtype=bool)[:2], Extent(200, 100, "mm"))
    '0 to 50 mm from the left, 0 to 200 mm from the top'
    """
    left, top, right, bottom = bounds(mask)
    unit, width, height = _scale(extent)
    return (
        f"{left * width:.0f} to {right * width:.0f}{unit} from the left, "
        f"{top * height:.0f} to {bottom * height:.0f}{unit} from the top"
    )


def _scale(extent: Extent) -> tuple[str, float, float]:
    """Unit, width and height as a visitor reads them."""
    if extent.unit == "mm":
        return " mm", extent.width, extent.height
    return "%", 100.0, 100.0


def ask_rectangle(extent: Extent, *, key: str, place: str) -> None:
    """Let those who do not draw type a rectangle; it is kept as a drawing.

    Parameters
    ----------
    extent : Extent
    key : str
        Prefix of the widgets' keys, unique on the page.
    place : str
        Where in the session the drawing is put.
    """
    unit, width, height = _scale(extent)
    wholes = (width, width, height, height)
    with (
        st.expander("Without drawing: a rectangle by its edges", icon=":material/keyboard:"),
        st.form(f"{key}-edges", border=False),
    ):
        columns = st.columns(4)
        for n, name in enumerate(_EDGES):
            columns[n].number_input(
                f"{name},{unit}" if unit != "%" else f"{name}, %",
                0.0, float(wholes[n]), float(round(_START[n] * wholes[n])), 1.0,
                format="%.0f", key=f"{key}-{name}",
                help=f"From the {'left' if n < 2 else 'top'} of the scan.",
            )  # fmt: skip
        st.form_submit_button(
            "Hide this rectangle", icon=":material/visibility_off:",
            on_click=_keep_rectangle, args=(extent, key, place),
        )  # fmt: skip


def _keep_rectangle(extent: Extent, key: str, place: str) -> None:
    _, width, height = _scale(extent)
    left, right, top, bottom = (float(st.session_state[f"{key}-{name}"]) for name in _EDGES)
    across = [x / width * extent.width for x in (left, right)]
    down = [y / height * extent.height for y in (top, bottom)]
    st.session_state[place] = {"box": [{"x": across, "y": down}], "typed": True}
