"""Where bases are changed to see what the answer becomes: on the page that reads them."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.ui.navigation import BY_KIND


def try_bases(bundle: Bundle) -> None:
    """Point to the window on its own page, which shows the chosen answer there."""
    page = BY_KIND[bundle.card.kind]
    st.subheader("Change a base and watch the answer", anchor=False)
    st.markdown(
        f"Every single change of this window, and changes of your own with a way back, are on the "
        f"{page.title} page, at the very answer chosen here."
    )
    if st.button(f"Open it on the {page.title} page", icon=page.icon, key="try-bases"):
        # Several tasks can share the page: it opens with this one.
        st.session_state[f"{page.title.lower()}-task"] = bundle.task
        st.switch_page(page.file)
