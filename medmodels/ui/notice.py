"""What must stand on every page."""

from __future__ import annotations

import streamlit as st

from medmodels import NOTICE
from medmodels.ui.wipe_offer import offer_wipe


def show_notice() -> None:
    """Say what this is not, and that nothing leaves the machine; offer to wipe the session."""
    with st.container(horizontal=True, vertical_alignment="center", key="dia-notice-row"):
        st.caption(
            f":material/science: **{NOTICE}** Files stay on this computer; nothing is sent "
            "anywhere.",
            width="stretch",
        )
        offer_wipe()
