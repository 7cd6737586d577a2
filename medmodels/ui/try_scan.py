"""Hide parts of the open scan by hand, and see what its answer becomes."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.cells import scan_cells
from medmodels.explain.smallest_flip import Flip, smallest_flip
from medmodels.explain.what_if import SCAN_PUTS, Hidden, ScanWhatIf, changed_scan, covered
from medmodels.figures.scan_view import extent_of
from medmodels.figures.try_scan import try_scan as canvas_figure
from medmodels.reading.moved import moved
from medmodels.trust.operating_point import OperatingPoint
from medmodels.ui.loading import ensure_explains
from medmodels.ui.operating_point import chosen_threshold
from medmodels.ui.scan_case import ScanCase
from medmodels.ui.theme import palette
from medmodels.ui.try_answer import CAUTION, show_now
from medmodels.ui.try_drawing import ask_rectangle, drawn_mask, say_drawing, say_where
from medmodels.ui.try_record import add_try, parts_of, show_record, show_steps
from medmodels.ui.try_search import Progress, keep_note, offer_search, show_note

_TOOLS: dict[Literal["select", "lasso"], str] = {"select": "Box", "lasso": "Outline"}
_SIDE = 12
_MOST = 0.5


@st.fragment
def try_scan(bundle: Bundle, case: ScanCase) -> None:
    """Let the visitor hide parts of the scan; the network reads once for each try.

    Parameters
    ----------
    bundle : Bundle
        The one that read the case.
    case : ScanCase
    """
    key = f"{case.key}-try"
    point = moved(case.reading, chosen_threshold(bundle)).operating_point
    st.subheader("Try it yourself", anchor=False)
    st.markdown(
        "Draw over a part of the scan to hide it, and see what the answer becomes: if it hardly "
        f"moves, the network did not need that part. {CAUTION}"
    )
    left, right = st.columns([6, 5], gap="large")
    with left:
        put = _ask_how(key)
        canvas = st.container()
    with right:
        answer = st.container()
        _offer_search(bundle, case, key, put, point)
    # What is drawn below shows what was hidden just now.
    with canvas:
        _take_drawing(bundle, case, key, put)
        _draw_canvas(case, key)
        ask_rectangle(extent_of(case.scan), key=key, place=_drawing(key))
    with answer:
        show_now(key, bundle.card, point, case.reading.logits[0], whole="the scan", name=key)
        show_steps(key, name=key)
    show_record(key, bundle.card, point, SCAN_PUTS, name=key)


def _ask_how(key: str) -> str:
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


def _what_if(bundle: Bundle, case: ScanCase) -> ScanWhatIf:
    assert case.reading.scan is not None
    return ScanWhatIf(bundle.network, case.reading.scan.network_input)


def _drawing(key: str) -> str:
    """Where in the session a drawing waits until it is hidden."""
    return f"{key}-drawing"


def _draw_canvas(case: ScanCase, key: str) -> None:
    assert case.reading.scan is not None
    seen, parts = case.reading.scan.network_input, parts_of(key)
    figure = canvas_figure(
        case.display, extent_of(case.scan), case.scan.windows[0], changed_scan(seen, parts),
        covered(parts, seen.shape[:2]), palette(), tool=st.session_state[f"{key}-tool"],
    )  # fmt: skip
    # A chart of a new name has no selection left on it.
    name = f"{key}-canvas-{st.session_state.get(f'{key}-drawn', 0)}"
    st.plotly_chart(
        figure, theme=None, key=name, width="stretch",
        on_select=partial(_keep_drawing, key, name), selection_mode=("box", "lasso"),
        alt="The scan, what you have hidden outlined. Drag over it to hide a part.",
        config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False},
    )  # fmt: skip
    st.caption("Drag over the scan. What is outlined is hidden, as the network now gets it.")


def _keep_drawing(key: str, name: str) -> None:
    selection = st.session_state[name]["selection"]
    if selection["box"] or selection["lasso"]:
        st.session_state[_drawing(key)] = {kind: selection[kind] for kind in ("box", "lasso")}


def _take_drawing(bundle: Bundle, case: ScanCase, key: str, put: str) -> None:
    """Hide what was drawn last, once."""
    drawing = st.session_state.pop(_drawing(key), None)
    if drawing is None:
        return
    st.session_state[f"{key}-drawn"] = 1 + st.session_state.get(f"{key}-drawn", 0)
    assert case.reading.scan is not None
    extent = extent_of(case.scan)
    mask = drawn_mask(drawing, extent, case.reading.scan.network_input.shape[:2])
    if not mask.any():
        st.warning("That was too small: nothing that the network sees lies in it.")
        return
    ensure_explains(bundle)
    part = Hidden(say_drawing(drawing), say_where(mask, extent), put, mask.astype(np.float32))
    with st.spinner("Reading the changed scan …"):
        add_try(key, _what_if(bundle, case).attempt, part)


def _offer_search(
    bundle: Bundle, case: ScanCase, key: str, put: str, point: OperatingPoint
) -> None:
    searched, found = offer_search(
        "Find the smallest region that changes the answer",
        partial(_search, bundle, case, put, point),
        key=key,
        help=f"Hides squares of a {_SIDE} × {_SIDE} grid, up to half of the scan as it came, in "
        "several hundred ways, and asks the network each time. This takes some seconds.",
    )
    if searched and found is None:
        keep_note(key, _nothing_words(bundle, case, put, point))
    elif found is not None:
        where = say_where(found.mask, extent_of(case.scan))
        part = Hidden("Smallest region found", where, put, found.mask.astype(np.float32))
        add_try(key, _what_if(bundle, case).attempt, part, alone=True)
        keep_note(key, found_words(found))
    show_note(key)


def _search(
    bundle: Bundle,
    case: ScanCase,
    put: str,
    point: OperatingPoint,
    progress: Progress,
) -> Flip | None:
    ensure_explains(bundle)
    what_if = _what_if(bundle, case)
    cells = scan_cells(what_if.shape, _SIDE)
    return smallest_flip(what_if.masking(put), cells, point, most=_MOST, progress=progress)


def found_words(found: Flip) -> str:
    """What a search found, and what it is not."""
    squares = int(found.hidden.sum())
    if squares == 1:
        size = "One square"
    else:
        size = f"{squares} squares, {'in one piece' if found.connected else 'in several pieces'}"
    return (
        f"{size}, {found.share:.0%} of the scan: with this hidden the answer is another one, and "
        f"no square of it can be spared. {found.passes:,} changed scans were read to find it; "
        "there may be a smaller one."
    )


def _nothing_words(bundle: Bundle, case: ScanCase, put: str, point: OperatingPoint) -> str:
    """Say that nothing was found, and what all of the scan hidden gives."""
    what_if = _what_if(bundle, case)
    everything = Hidden("", "", put, np.ones(what_if.shape, np.float32))
    label = int(point.labels(what_if.logits((everything,))))
    answer = bundle.card.classes[label].title.lower()
    return (
        f"Nothing up to half of the scan that was tried changes the answer. With all of it "
        f"{SCAN_PUTS[put]} the answer is {answer}."
    )
