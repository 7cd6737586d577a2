"""Draw the page again where its reader's screen turns dark or light.

The browser recolours the page by itself, but not what the server has coloured:
figures kept their dark ink on a page that had turned dark (Streamlit 1.67 asks for
no run when the system's theme changes).
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from medmodels.ui.theme import palette
from medmodels.ui.watch import redraw

_DRAWN: Final = "theme-drawn"
# A look costs the server a few milliseconds, for each visitor.
_EVERY_SECONDS: Final = 10


def follow_theme() -> None:
    """Remember in which theme this run is drawn, and look now and then whether it still holds.

    Call once a run, on every page.
    """
    st.session_state[_DRAWN] = palette().name
    _look()


@st.fragment(run_every=_EVERY_SECONDS)
def _look() -> None:
    if palette().name != st.session_state.get(_DRAWN):
        redraw()
