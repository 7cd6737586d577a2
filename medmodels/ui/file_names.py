"""Names of files, which are often names of people: not shown unless somebody asks for them."""

from __future__ import annotations

import streamlit as st

#: Whether names are shown, as the visitor said; the worklist asks under a key of its own.
_ON, _WORKLIST = "file-names", "worklist-names"

# Streamlit (1.67) writes the name into a chip, and once more into what the pointer is told.
_HIDDEN = """
<style>
[data-testid="stFileChipName"] { visibility: hidden; font-size: 0; }
[data-testid="stFileChipName"]::after { visibility: visible; content: "Your file";
  font-size: 0.875rem; pointer-events: none; }
</style>
"""


def hide_file_names() -> None:
    """Let every uploader on the page say "Your file" in the place of a name."""
    if not (st.session_state.get(_ON) or st.session_state.get(_WORKLIST)):
        st.html(_HIDDEN)


def offer_file_names() -> None:
    """Draw the switch that shows names, where several files must be told apart."""
    st.toggle(
        "Show file names", key=_ON, help="File names are often people’s names, so they are hidden."
    )
