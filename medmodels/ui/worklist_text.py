"""Text in the pixels of a worklist's scans: pointed out, and the way to hide it."""

from __future__ import annotations

import html

import streamlit as st

from medmodels.inputs.burned_in import SEEN, STATED
from medmodels.ui.airlock_mask import MASK_TOOL, how_often
from medmodels.worklist.line import UNREADABLE, Line

_IN_A_ROW = {
    (STATED,): "Text in the picture: the file says so",
    (SEEN,): "Something in the picture looks like text",
    (STATED, SEEN): "Text in the picture: the file says so, and it looks like it",
}
# A pencil, for those who see no colour; the words beside it are for everybody.
_MARK = "\u270e"


def flag_html(line: Line) -> str:
    """The flag in a case's row; empty for a scan without signs of text."""
    if not line.burned_in:
        return ""
    words = html.escape(_IN_A_ROW[line.burned_in])
    return (
        f'<br><span class="dia-small" style="font-weight:600">'
        f'<span aria-hidden="true">{_MARK}</span> {words}</span>'
    )


def warn_of_text(line: Line) -> None:
    """Say of the chosen case that it may name somebody, and where that can be hidden."""
    if not line.burned_in:
        return
    st.warning(
        f"{_IN_A_ROW[line.burned_in]}. It may name the patient. Open the case whole to look at "
        "it and to hide what names anybody: the tool for that will be ready.",
        icon=":material/visibility_lock:",
    )
    st.caption(how_often())


def whole_words(line: Line) -> str:
    """What the button says that opens a case whole."""
    if line.state == UNREADABLE:
        return "Open it where it can be looked into"
    return "Open it whole, and hide its text" if line.burned_in else "Open it whole, with its map"


def ready_mask_tool(line: Line) -> None:
    """Have the tool that hides parts of a scan open when the case is, where it has text."""
    if line.burned_in:
        st.session_state[f"{MASK_TOOL}-{line.input_digest[:12]}"] = True
