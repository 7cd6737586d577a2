"""Front door: page config, the frame of every page, navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from medmodels.ui.keep_clicks import keep_clicks
from medmodels.ui.navigation import HOME, all_pages
from medmodels.ui.notice import show_notice
from medmodels.ui.theme import apply_styles

st.set_page_config(
    page_title="Diaphane",
    page_icon=str(Path(__file__).parent / "assets" / "icon.svg"),
    layout="wide",
)
page = st.navigation(
    [
        st.Page(entry.file, title=entry.title, icon=entry.icon, default=entry is HOME)
        for entry in all_pages()
    ],
    position="top",
)
keep_clicks()
apply_styles()
show_notice()
page.run()
