"""The control that empties the session, on every page."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.navigation import HOME
from medmodels.ui.reconnect import begin_anew
from medmodels.ui.wipe import Wiped, wipe_session

_DONE, _TIMES = "wiped", "wiped-times"


def offer_wipe() -> None:
    """Draw the button; it asks once, since what goes cannot be brought back.

    Call it before a page draws anything: the page is left when all is gone.
    """
    # Another key folds it away once it is done.
    times = st.session_state.get(_TIMES, 0)
    with st.popover("Wipe this session", icon=":material/delete_sweep:", key=f"wipe-offer-{times}"):
        st.markdown(
            "**Let go of everything that was opened here?** Uploaded files, answers, maps, "
            "worklists and what you said of them. Reviews that you chose to keep in a file of "
            "your own stay there."
        )
        # Not by a callback: emptied there, every other control would seem to have changed.
        if not st.button("Wipe now", key="wipe-now", type="primary"):
            return
    st.session_state[_DONE] = wipe_session()
    st.session_state[_TIMES] = times + 1
    # What the browser still shows was not lost.
    begin_anew()
    st.switch_page(HOME.file)


def show_wiped(at_home: bool) -> None:
    """Say what was wiped, until the visitor goes on to another page.

    Parameters
    ----------
    at_home : bool
        Whether the page that is drawn is Home.
    """
    done: Wiped | None = st.session_state.get(_DONE)
    if done is None:
        return
    if at_home:
        st.success(wiped_sentence(done), icon=":material/delete_sweep:")
    else:
        del st.session_state[_DONE]


def wiped_sentence(done: Wiped) -> str:
    """Say what is gone, and what is not yet.

    Examples
    --------
    >>> print(wiped_sentence(Wiped(files=2, size=3_250_000, entries=14, jobs=1)))
    This session is empty. Gone from the server’s memory: 2 uploaded files (3.2 MB), 14 entries of
    the session (open cases, answers, settings), 1 computation, stopped.
    >>> print(wiped_sentence(Wiped(jobs=2, ending=1)).split("stopped. ")[1])
    Not yet, but in a moment: 1 of them, at the last step.
    """
    files = f"{done.files:,} uploaded file{'s' * (done.files != 1)} ({done.size / 1e6:.1f} MB)"
    entries = (
        f"{done.entries:,} entr{'y' if done.entries == 1 else 'ies'} of the session "
        "(open cases, answers, settings)"
    )
    jobs = f"{done.jobs:,} computation{'s' * (done.jobs != 1)}, stopped"
    text = f"This session is empty. Gone from the server’s memory: {files}, {entries}, {jobs}."
    if done.ending:
        text += f" Not yet, but in a moment: {done.ending:,} of them, at the last step."
    return text
