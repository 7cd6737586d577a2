"""Worklist: many cases of one task, in the order in which they want to be looked at."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.ui.errors import show_bundle_error
from medmodels.ui.loading import shelf, warm_soon
from medmodels.ui.navigation import enter_by_front_door
from medmodels.ui.taken_over import taking
from medmodels.ui.task_choice import choose_task
from medmodels.ui.upload import empty_uploader, take_many
from medmodels.ui.worklist_airlock import show_what_was_said
from medmodels.ui.worklist_case import show_case, show_way_to_case
from medmodels.ui.worklist_first import reads_first, show_summary
from medmodels.ui.worklist_keep import offer_to_keep
from medmodels.ui.worklist_list import in_order, show_controls, show_list
from medmodels.ui.worklist_progress import show_progress
from medmodels.ui.worklist_store import offer_store
from medmodels.ui.worklist_work import (
    Work,
    begin_work,
    current_work,
    end_work,
    open_elsewhere,
    uploader_key,
)


def _take_files(bundle: Bundle) -> None:
    """Begin with what the visitor drops; it takes the place of what was there."""
    accepted = ", ".join(ending.upper() for ending in bundle.card.accepts)
    key = uploader_key(bundle)
    files = take_many(
        f"Drop many files at once, or a ZIP archive ({accepted})",
        key=key,
        help="They stay on this computer and in this session. The files of a WFDB record belong "
        "together.",
        expected=bundle.card.kind,
    )
    if files:
        with taking(key):
            begin_work(bundle, files)
        # The worklist holds them now.
        empty_uploader(key)
        st.rerun()


def _show_empty(bundle: Bundle) -> None:
    """Say what will be here, before anything is."""
    with st.container(border=True):
        st.subheader("Many cases, the pressing ones first", anchor=False)
        st.markdown(
            "Drop a folder’s worth of files, and this page\n\n"
            "1. **reads them behind the page**, with pause and stop; a file that cannot be read "
            "is a line with its reason, never the end of the others;\n"
            "2. **puts them in order**: by how pressing they are, by how unsure the network is, or "
            "what has no answer first;\n"
            "3. **lets you judge them** with the keys ←, →, A and D, and keeps what you said "
            "as a table that you can download;\n"
            "4. **lets you read first**, if you like: an answer is hidden until you have committed "
            "to yours, and at the end you see whom you followed."
        )
        st.caption(f"{bundle.card.intended_use} {bundle.card.not_for}")


def _show_work(bundle: Bundle, work: Work) -> None:
    show_progress(bundle, work)
    show_what_was_said(work)
    show_controls(bundle, work)
    numbers = in_order(work)
    with st.container(key="worklist-columns"):
        cases, chosen = st.columns([3, 2], gap="large")
    with chosen:
        show_case(bundle, work, numbers)
    with cases:
        show_list(bundle, work, numbers)
        show_way_to_case(work)
        # Below the list, not below both: the chosen case stays in sight down to the page's end.
        show_summary(bundle, work)
        if work.lines and not reads_first():
            offer_to_keep(work)
        offer_store(bundle, work)
        st.button(
            "Close and forget", icon=":material/delete:", on_click=end_work,
            help="Lets go of the files, the answers and what you said of them.",
        )  # fmt: skip


enter_by_front_door()
st.title("Worklist", anchor=False)
for message in shelf().refused:
    show_bundle_error(message)
available = shelf().bundles
if not available:
    st.info(
        "No trained network is installed. `python -m medmodels train` makes one.",
        icon=":material/inventory_2:",
    )
    st.stop()
chosen_bundle = choose_task(available, lambda bundle: bundle.card.title, key="worklist-task")
if (open_work := current_work(chosen_bundle)) is None:
    if open_elsewhere(chosen_bundle):
        st.caption(
            "A worklist of another question is open. Files that you drop here take its place."
        )
    _take_files(chosen_bundle)
    _show_empty(chosen_bundle)
else:
    with st.expander("Open other files", icon=":material/upload:"):
        st.caption("They take the place of these cases, and of what you said of them.")
        _take_files(chosen_bundle)
    _show_work(chosen_bundle, open_work)
warm_soon((chosen_bundle,))
