"""Take a worklist away as a table: answers and reviews, no pictures."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.worklist_work import Work
from medmodels.worklist.review import reviewed_csv, reviewed_rows, rows_json


def offer_to_keep(work: Work) -> None:
    """Offer what has been read and said so far as CSV and as JSON."""
    names = bool(st.session_state.get("worklist-names"))
    rows = reviewed_rows(work.lines, work.reviews, work.impressions, names=names)
    with st.container(horizontal=True, vertical_alignment="center"):
        for title, data, name, kind in (
            ("CSV", reviewed_csv(rows), "worklist.csv", "text/csv"),
            ("JSON", rows_json(rows), "worklist.json", "application/json"),
        ):
            st.download_button(
                f"Download as {title}", data, name, kind, key=f"worklist-{title}",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        st.caption(
            "With the files’ names." if names
            else "Without the files’ names; their SHA-256 digests tell which is which."
        )  # fmt: skip
