"""What must stand on every page."""

from __future__ import annotations

import streamlit as st

from medmodels import NOTICE


def show_notice() -> None:
    """Say what this is not, and that nothing leaves the machine."""
    st.caption(
        f":material/science: **{NOTICE}** Files stay on this computer; nothing is sent anywhere."
    )
