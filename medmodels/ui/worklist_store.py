"""Reviews that outlast the session: off until the reader switches it on."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.errors import InputError
from medmodels.ui.errors import show_input_error
from medmodels.ui.worklist_work import Work
from medmodels.worklist.review import rows_csv, rows_json
from medmodels.worklist.review_store import COLUMNS, ReviewStore, usual_path

_ON, _KEPT, _FAILED = "worklist-store", "worklist-store-kept", "worklist-store-failed"
_TOLD = "worklist-store-told"


def offer_store(bundle: Bundle, work: Work) -> None:
    """Draw the switch; where it is on, keep what was said and bring back what is known."""
    store = ReviewStore(usual_path())
    # A widget's value is forgotten while another page is shown; this one's is not.
    st.session_state.setdefault(_ON, st.session_state.get(_KEPT, False))
    with st.container(border=True):
        on = st.toggle(
            "Keep my reviews on this computer", key=_ON,
            help="In a file of your own: digests of case and network, the answer, your verdict "
            "and comment, and the time. No picture, no name.",
        )  # fmt: skip
        st.session_state[_KEPT] = on
        if (failed := st.session_state.pop(_FAILED, None)) is not None:
            show_input_error(failed, title="The reviews could not be deleted.")
        try:
            if on:
                found = _synchronise(bundle, work, store)
                st.caption(f"Kept in {_plain(store)}.")
                if found:
                    st.info(
                        f"{found:,} of these cases {'was' if found == 1 else 'were'} reviewed "
                        "before; what you said then is shown.", icon=":material/history:",
                    )  # fmt: skip
            if store.path.exists():
                _show_kept(work, store)
        except InputError as error:
            show_input_error(error, title="Reviews cannot be kept.")
            # Who goes through the cases by keys does not see what stands below the list.
            if on and not st.session_state.get(_TOLD):
                st.toast("Your reviews are not being kept: see below the list.",
                         icon=":material/error:", duration="long")  # fmt: skip
            st.session_state[_TOLD] = on
        else:
            st.session_state[_TOLD] = False


def _synchronise(bundle: Bundle, work: Work, store: ReviewStore) -> int:
    """Write what changed; return how many earlier reviews were brought back just now."""
    found = 0
    if work.looked_up < len(work.lines):
        known = store.of(bundle.digest)
        for number in range(work.looked_up, len(work.lines)):
            kept = known.get(work.lines[number].input_digest)
            if kept is not None and number not in work.reviews:
                work.reviews[number] = work.stored[number] = kept.review
                found += 1
        work.looked_up = len(work.lines)
    for number, review in list(work.reviews.items()):
        if work.stored.get(number) != review and work.lines[number].input_digest:
            store.keep(bundle.task, work.lines[number], review)
            work.stored[number] = review
    for number in set(work.stored) - set(work.reviews):
        store.take_back(work.lines[number])
        del work.stored[number]
    if found:
        # The list above was drawn without them.
        st.session_state["worklist-found"] = found
        st.rerun()
    return int(st.session_state.pop("worklist-found", 0))


def _show_kept(work: Work, store: ReviewStore) -> None:
    rows = store.rows()
    if not rows:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{len(rows):,} kept in all.")
        for title, data, name, kind in (
            ("CSV", rows_csv(rows, COLUMNS), "reviews.csv", "text/csv"),
            ("JSON", rows_json(rows), "reviews.json", "application/json"),
        ):
            st.download_button(
                f"All as {title}", data, name, kind, key=f"worklist-kept-{title}",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        with st.popover("Delete all", icon=":material/delete_forever:"):
            st.markdown(f"**Delete all {len(rows):,} reviews from this computer?**")
            st.button(
                "Delete them", key="worklist-kept-delete", on_click=_delete, args=(work, store),
                type="primary",
            )  # fmt: skip


def _delete(work: Work, store: ReviewStore) -> None:
    try:
        store.delete_all()
    except InputError as error:
        st.session_state[_FAILED] = error
        return
    work.stored.clear()
    st.session_state[_ON] = st.session_state[_KEPT] = False


def _plain(store: ReviewStore) -> str:
    """The file's path as text that Markdown leaves as it is."""
    return f"`{store.path.as_posix().replace('`', '')}`"
