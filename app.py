"""Front door: the server and who may use it; the frame of every page, navigation.

``streamlit run app.py`` finds the server below and starts it; the server then
runs this same file once for every look at a page.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx
from streamlit.starlette import App

from medmodels.ui.answers_first import ANSWERS
from medmodels.ui.follow_theme import follow_theme
from medmodels.ui.keep_clicks import keep_clicks
from medmodels.ui.keep_downloads import keep_downloads, page_drawn
from medmodels.ui.keep_messages import keep_messages
from medmodels.ui.navigation import HOME, all_pages, open_front_door
from medmodels.ui.notice import show_notice
from medmodels.ui.reconnect import keep_track, place_for_lost
from medmodels.ui.server_callers import KnownCallers
from medmodels.ui.server_errors import log_without_data, plain_error, say_on_page
from medmodels.ui.server_headers import SafeHeaders
from medmodels.ui.server_memory import share_heaps
from medmodels.ui.server_page import OwnPage
from medmodels.ui.server_sessions import forget_closed_sessions
from medmodels.ui.server_uploads import keep_uploads_in_memory
from medmodels.ui.theme import apply_styles
from medmodels.ui.wipe_offer import show_wiped


def draw() -> None:
    """Draw the frame, and the page in it."""
    st.set_page_config(
        page_title="Diaphane",
        page_icon=str(Path(__file__).parent / "assets" / "icon.svg"),
        layout="wide",
    )
    entries = all_pages()
    pages = [
        st.Page(entry.file, title=entry.title, icon=entry.icon, default=entry is HOME)
        for entry in entries
    ]
    page = st.navigation(pages, position="top")
    keep_clicks()
    apply_styles()
    follow_theme()
    show_notice()
    show_wiped(at_home=page is pages[entries.index(HOME)])
    lost = place_for_lost()
    # A page that has said all it has to say may stop; the frame goes on.
    with suppress(StopException), ANSWERS.drawing():
        page.run()
    keep_track(lost)
    page_drawn()


if get_script_run_ctx(suppress_warning=True) is None:
    open_front_door()
    share_heaps()
    keep_messages()
    keep_downloads()
    keep_uploads_in_memory()
    log_without_data()
    app = App(
        __file__,
        middleware=[Middleware(KnownCallers), Middleware(SafeHeaders), Middleware(OwnPage)],
        lifespan=forget_closed_sessions,
        on_script_error=say_on_page,
        exception_handlers={Exception: plain_error},
    )
else:
    draw()
