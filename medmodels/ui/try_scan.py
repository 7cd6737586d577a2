"""Hide parts of the open scan by hand, and see what its answer becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.cells import scan_cells
from medmodels.explain.regions import bounds, outline, rectangle
from medmodels.explain.smallest_flip import Flip, smallest_flip
from medmodels.explain.tries import History
from medmodels.explain.what_if import SCAN_PUTS, Hidden, ScanWhatIf, covered
from medmodels.figures.scan_view import Extent, extent_of
from medmodels.figures.try_scan import try_scan as canvas_figure
from medmodels.reading.moved import moved
from medmodels.trust.operating_point import OperatingPoint
from medmodels.ui.loading import ensure_ready
from medmodels.ui.operating_point import chosen_threshold
from medmodels.ui.scan_case import ScanCase
from medmodels.ui.theme import palette
from medmodels.ui.try_record import (
    CAUTION,
    history_of,
    keep_history,
    show_change,
    show_record,
    show_steps,
)
from medmodels.ui.try_search import keep_note, offer_search, show_note

Bools = npt.NDArray[np.bool_]

_TOOLS: dict[Literal["select", "lasso"], str] = {"select": "Box", "lasso": "Outline"}
_SIDE = 12
_MOST = 0.5
_FOUND = "Smallest region found"


@st.fragment
def try_scan(bundle: Bundle, case: ScanCase) -> None:
    """Let the visitor hide parts of the scan; the network reads once for each try.

    Parameters
    ----------
    bundle : Bundle
        The one that read the case.
    case : ScanCase
    """
    key, extent = f"{case.key}-try", extent_of(case.scan)
    point = moved(case.reading, chosen_threshold(bundle)).operating_point
    _take_drawing(bundle, case, key)
    st.subheader("Try it yourself", anchor=False)
    st.markdown(
        "Draw over a part of the scan to hide it, and see what the answer becomes: if it hardly "
        f"moves, the network did not need that part. {CAUTION}"
    )
    left, right = st.columns([6, 5], gap="large")
    with left:
        put = _choose_put(key)
        _draw_canvas(bundle, case, key)
        _offer_numbers(bundle, case, key, put, extent)
    with right:
        _show_answer(bundle, case, key, point)
        searched, found = offer_search(
            "Find the smallest region that changes the answer",
            partial(_search, bundle, case, put, point),
            key=key,
            help=f"Hides squares of a {_SIDE} × {_SIDE} grid, up to half of the scan, in several "
            "hundred ways, and asks the network each time: some seconds. Starts from the scan as "
            "it came.",
        )  # fmt: skip
        if searched:
            _keep_found(bundle, case, key, put, found)
            st.rerun(scope="fragment")
        show_note(key)
    show_record(key, bundle.card, point, SCAN_PUTS, name=key)


def _choose_put(key: str) -> str:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        put = st.segmented_control(
            "What hides it", list(SCAN_PUTS), default=next(iter(SCAN_PUTS)), required=True,
            format_func=lambda name: SCAN_PUTS[name].capitalize(), key=f"{key}-put",
            help="Blurred: the scan itself without detail. Even grey: its mean brightness.",
        )  # fmt: skip
        st.segmented_control(
            "Draw", list(_TOOLS), default="select", required=True,
            format_func=lambda name: _TOOLS[name], key=f"{key}-tool",
        )  # fmt: skip
    return str(put)


def _draw_canvas(bundle: Bundle, case: ScanCase, key: str) -> None:
    """The scan as it is now; what is drawn on it comes back as a drawing to take."""
    what_if, parts = _what_if(bundle, case), _parts(key)
    figure = canvas_figure(
        case.display, extent_of(case.scan), case.scan.windows[0], what_if.shown(parts),
        covered(parts, what_if.shape), palette(), tool=st.session_state[f"{key}-tool"] or "select",
    )  # fmt: skip
    # A chart of a new name has no selection left on it.
    name = f"{key}-canvas-{st.session_state.get(f'{key}-drawn', 0)}"
    st.plotly_chart(
        figure, theme=None, key=name, width="stretch",
        on_select=partial(_keep_drawing, key, name), selection_mode=("box", "lasso"),
        alt="The scan, with what you have hidden outlined. Drag over it to hide a part.",
        config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False},
    )  # fmt: skip


def _keep_drawing(key: str, name: str) -> None:
    st.session_state[f"{key}-drawing"] = dict(st.session_state[name]["selection"])


def _take_drawing(bundle: Bundle, case: ScanCase, key: str) -> None:
    """Hide what was drawn last, once."""
    drawing = st.session_state.pop(f"{key}-drawing", None)
    if not drawing:
        return
    what_if = _what_if(bundle, case)
    mask = drawn_mask(drawing, extent_of(case.scan), what_if.shape)
    if not mask.any():
        return
    what = "Outline" if drawing.get("lasso") else "Box"
    put = st.session_state.get(f"{key}-put") or next(iter(SCAN_PUTS))
    _hide(bundle, case, key, _as_part(case, what, put, mask))
    st.session_state[f"{key}-drawn"] = 1 + st.session_state.get(f"{key}-drawn", 0)


def drawn_mask(drawing: Mapping[str, Any], extent: Extent, shape: tuple[int, int]) -> Bools:
    """What was drawn, as a mask at the size that the network sees.

    Parameters
    ----------
    drawing : mapping
        Plotly's selection: ``box`` and ``lasso``, each a list with ``x`` and
        ``y`` in the extent's unit.
    extent : Extent
    shape : tuple of int
        Rows and columns.
    """
    mask = np.zeros(shape, dtype=np.bool_)
    for box in drawing.get("box", ()):
        (x0, x1), (y0, y1) = box["x"], box["y"]
        w, h = extent.width, extent.height
        mask |= rectangle(shape, x0 / w, y0 / h, x1 / w, y1 / h)
    for lasso in drawing.get("lasso", ()):
        points = zip(lasso["x"], lasso["y"], strict=True)
        mask |= outline(shape, [(x / extent.width, y / extent.height) for x, y in points])
    return mask


def where_words(mask: Bools, extent: Extent) -> str:
    """Where a mask lies, in millimetres where those are known.

    Examples
    --------
    >>> where_words(np.eye(4, dtype=bool)[:2], Extent(200, 100, "mm"))
    '0 to 50 mm from the left, 0 to 200 mm from the top'
    """
    left, top, right, bottom = bounds(mask)
    known = extent.unit == "mm"
    width, height = (extent.width, extent.height) if known else (100.0, 100.0)
    unit = " mm" if known else "%"
    return (
        f"{left * width:.0f} to {right * width:.0f}{unit} from the left, "
        f"{top * height:.0f} to {bottom * height:.0f}{unit} from the top"
    )


def _offer_numbers(bundle: Bundle, case: ScanCase, key: str, put: str, extent: Extent) -> None:
    """A rectangle by its edges, for those who do not draw."""
    known = extent.unit == "mm"
    unit = "mm" if known else "%"
    reach = (extent.width, extent.height) if known else (100.0, 100.0)
    with st.expander("Without drawing: a rectangle by its edges", icon=":material/keyboard:"), st.form(
        f"{key}-edges", border=False
    ):  # fmt: skip
        columns = st.columns(4)
        names = ("Left edge", "Right edge", "Upper edge", "Lower edge")
        edges = [
            column.number_input(
                f"{name}, {unit}", 0.0, float(whole), round(share * whole), 1.0, format="%.0f",
                key=f"{key}-{name}",
                help=f"From the {'left' if n < 2 else 'top'} of the scan.",
            )
            for n, (column, name, whole, share) in enumerate(
                zip(columns, names, (reach[0],) * 2 + (reach[1],) * 2, (0.4, 0.6) * 2, strict=True)
            )
        ]  # fmt: skip
        if not st.form_submit_button("Hide this rectangle", icon=":material/visibility_off:"):
            return
    left, right, top, bottom = (
        edge / whole for edge, whole in zip(edges, (reach[0],) * 2 + (reach[1],) * 2, strict=True)
    )
    mask = rectangle(_what_if(bundle, case).shape, left, top, right, bottom)
    if not mask.any():
        st.warning("This rectangle is too small: nothing that the network sees lies in it.")
        return
    _hide(bundle, case, key, _as_part(case, "Rectangle", put, mask))
    st.rerun(scope="fragment")


def _show_answer(bundle: Bundle, case: ScanCase, key: str, point: OperatingPoint) -> None:
    history = history_of(key)
    before = case.reading.logits[0] if history is None else _first(history)
    now = before if history is None else history.now.logits
    show_change(bundle.card, point, before, now, key=key)
    if history is not None and history.now.parts:
        st.caption(
            f"{history.now.share:.0%} of the scan is hidden. “Start over” brings it all back."
        )
    else:
        st.caption("Nothing is hidden yet.")
    show_steps(key, name=key)


def _search(
    bundle: Bundle,
    case: ScanCase,
    put: str,
    point: OperatingPoint,
    progress: Callable[[float], None],
) -> Flip | None:
    ensure_ready(bundle)
    what_if = _what_if(bundle, case)
    cells = scan_cells(what_if.shape, _SIDE)
    return smallest_flip(what_if.masking(put), cells, point, most=_MOST, progress=progress)
