"""Hide a part of the open scan, such as text that names a person, before it is read."""

from __future__ import annotations

from functools import partial
from typing import Final

import plotly.graph_objects as go
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.mask_scan import mask_figure
from medmodels.figures.scan_view import Extent, extent_of
from medmodels.inputs.burned_in import STATED_NOTE, Box
from medmodels.inputs.burned_in_final import keeps_all_frames
from medmodels.inputs.burned_in_mask import box_of
from medmodels.ui.airlock_final import make_final
from medmodels.ui.scan_case import ScanCase, reread
from medmodels.ui.theme import palette
from medmodels.ui.try_drawing import ask_rectangle

#: Begins the key under which the session keeps whether the tool is open for a scan.
MASK_TOOL: Final = "mask"
_LEFT: Final = "mask-left-behind"


def show_mask_tool(bundle: Bundle, case: ScanCase) -> None:
    """Say whether text is likely in the pixels, and let the visitor hide parts of them.

    Parameters
    ----------
    bundle : Bundle
        Reads the scan again.
    case : ScanCase
    """
    key = f"{case.key}-mask"
    _hide_what_was_drawn(bundle, case, key)
    stated = STATED_NOTE in case.scan.notes and not (case.masks or case.blanked)
    if stated or case.texts:
        st.warning(_words(stated, len(case.texts)), icon=":material/visibility_lock:")
    if case.texts:
        st.button(
            "Hide the text that was found", icon=":material/visibility_off:",
            key=f"{key}-found", on_click=_reread, args=(bundle, case, (*case.masks, *case.texts)),
        )  # fmt: skip
    # Another mask makes another case; the tool stays open.
    on = st.toggle(
        "Hide a part of the scan", key=f"{MASK_TOOL}-{case.scan.digest[:12]}",
        help="Text that names somebody, for example. What you hide becomes black before anything "
        "else sees it: the scan is read again, and reports and exports show it hidden.",
    )  # fmt: skip
    _say_what_is_final(case)
    _offer_undo(bundle, case, key)
    if on and case.lies:
        st.caption("You had this scan turned or inverted: undo that first, then hide.")
    elif on:
        _draw(case, key)
        ask_rectangle(extent_of(case.scan), key=key, place=_drawing(key))


def _words(stated: bool, lines: int) -> str:
    if stated and not lines:
        return "The file says that text is burned into it. Look at it, and hide what names anybody."
    found = "a line of text" if lines == 1 else f"{lines} lines of text"
    said = "The file says that text is burned into it, and it " if stated else "This scan "
    return f"{said}seems to have {found} in its pixels. Look at it, and hide what names anybody."


def _drawing(key: str) -> str:
    """Where in the session a rectangle waits until it is hidden."""
    return f"{key}-drawing"


def _draw(case: ScanCase, key: str) -> None:
    figure: go.Figure = mask_figure(
        case.display, extent_of(case.scan), case.scan.windows[0], case.texts, case.scan.shape,
        palette(),
    )  # fmt: skip
    name = f"{key}-canvas"
    st.plotly_chart(
        figure, theme=None, key=name, width="stretch", selection_mode="box",
        on_select=partial(_keep_drawing, key, name),
        alt="The scan, what looks like text outlined. Drag over a part to hide it.",
        config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False},
    )  # fmt: skip
    st.caption(
        "Drag over a part of the scan to hide it. What looks like text is outlined. " + how_often()
    )


def how_often() -> str:
    """How far to trust the outlines, from what was measured."""
    from medmodels.inputs.burned_in_measure import stored_shares

    shares = stored_shares()
    found, flagged = shares[max(shares)]
    small, _ = shares[min(shares)]
    return (
        f"Of 100 lines of text drawn into test radiographs {100 * found:.0f} were found, of those "
        f"10 pixels high {100 * small:.0f}; of 100 radiographs without, {100 * flagged:.0f} "
        f"{'was' if round(100 * flagged) == 1 else 'were'} flagged. Look yourself."
    )


def _keep_drawing(key: str, name: str) -> None:
    boxes = st.session_state[name]["selection"]["box"]
    if boxes:
        st.session_state[_drawing(key)] = {"box": boxes}


def _hide_what_was_drawn(bundle: Bundle, case: ScanCase, key: str) -> None:
    drawing = st.session_state.pop(_drawing(key), None)
    if drawing is None:
        return
    extent, shape = extent_of(case.scan), case.scan.shape
    boxes = tuple(_box(part["x"], part["y"], extent, shape) for part in drawing["box"])
    boxes = tuple(box for box in boxes if box.bottom > box.top and box.right > box.left)
    if not boxes:
        st.warning("That was too small: nothing of the scan lies in it.")
        return
    reread(bundle, case, masks=(*case.masks, *boxes))
    st.rerun()


def _box(x: list[float], y: list[float], extent: Extent, shape: tuple[int, int]) -> Box:
    """A rectangle in the extent's unit, as pixels of the scan."""
    down, across = shape[0] / extent.height, shape[1] / extent.width
    return box_of((y[0] * down, x[0] * across), (y[1] * down, x[1] * across), shape)


def _offer_undo(bundle: Bundle, case: ScanCase, key: str) -> None:
    if not case.masks:
        return
    count = len(case.masks)
    hidden = "One rectangle is hidden." if count == 1 else f"{count} rectangles are hidden."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{hidden}**")
        st.button(
            "Undo the last", icon=":material/undo:", key=f"{key}-undo", on_click=_reread,
            args=(bundle, case, case.masks[:-1]),
        )  # fmt: skip
        if count > 1:
            st.button(
                "Undo all", icon=":material/restart_alt:", key=f"{key}-undo-all",
                on_click=_reread, args=(bundle, case, ()),
            )  # fmt: skip
        _offer_end(case)


def _offer_end(case: ScanCase) -> None:
    """Offer to forget what lies under the rectangles, and say so when it is forgotten."""
    with st.popover("Make it final", icon=":material/ink_eraser:"):
        st.markdown(
            "**Forget what lies under it?** What you hid is still held, so that you can undo it. "
            "Made final, it is black in all that this session holds of the scan, and nobody can "
            "bring it back. Answer, maps and reports stay as they are. Your own file is not "
            "touched."
        )
        if not keeps_all_frames(case.scan):
            st.markdown(
                f"Of its {case.scan.frames:,} frames only the one you see is kept: all of them "
                "would take too much memory."
            )
        st.button(
            "Forget what lies under it", type="primary", key=f"{case.key}-mask-final",
            on_click=_make_final, args=(case,),
        )  # fmt: skip


def _make_final(case: ScanCase) -> None:
    st.session_state[_LEFT] = () if make_final(case) else (case.scan.digest,)


def _say_what_is_final(case: ScanCase) -> None:
    if not case.blanked:
        return
    count = len(case.blanked)
    hidden = "One rectangle is" if count == 1 else f"{count} rectangles are"
    st.markdown(
        f":material/ink_eraser: **{hidden} hidden for good.** What lay there is no longer held."
    )
    if case.scan.digest in st.session_state.get(_LEFT, ()):
        st.warning(
            "The archive in which this scan came was too large to be taken apart, and still holds "
            "it: close the worklist and take the archive out of its uploader, or wipe this "
            "session.", icon=":material/folder_zip:",
        )  # fmt: skip


def _reread(bundle: Bundle, case: ScanCase, masks: tuple[Box, ...]) -> None:
    reread(bundle, case, masks=masks)
