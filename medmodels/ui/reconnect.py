"""Say what was lost when a page comes back to a server that no longer holds it.

Where the server was restarted, or a computer slept for longer than a closed page
is waited for, the browser connects again and gets a new, empty session, while the
page still shows what the old one held. A page that the visitor loads anew gets a new
session as well. Three things bring the truth to the page:

* A fragment that runs every few minutes and does nothing. A page that has one asks
  for a run as soon as it is connected again (Streamlit 1.67,
  ``handleConnectionStateChanged``: "autoRerunIntervals"); one without waits for a click.
* A text field that nobody sees and that names the kinds of what is open. The browser
  keeps it over the restart and sends it along. It holds no data of any upload, and
  ends with the page: nothing is written to the address or to the browser's storage.
* What a new session is first sent: a page that was there before sends where its controls
  stand, one that is loaded anew does not. What that had open is asked of `left_behind`.

A file that was still being read shows in what the browser says of its upload fields. Of
one that was still on its way it says nothing, so this is said to every page that comes back.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import get_script_run_ctx

from medmodels.ui.left_behind import left_behind, mark_browser, older_than_server

#: What a session may hold, by its key in the session's state.
HELD = {
    "scan-case": "the open scan",
    "scans-together": "the scans that were read together",
    "ecg_case": "the open recording",
    "bases-case": "the open sequence",
    "worklist-work": "the worklist with its reviews",
}

_SENT = "the file that was being read, which has no answer"
_FIELD, _KNOWN = "dia-open", "reconnect-known"
_LOST, _ANEW = "reconnect-lost", "reconnect-anew"
_SECONDS = 600


def place_for_lost() -> DeltaGenerator:
    """Leave a place above the page; call `keep_track` with it once the page is drawn."""
    if not st.session_state.get(_KNOWN):
        mark_browser()
        sent = _sent()
        st.session_state[_ANEW] = not sent
        if sent:
            st.session_state[_LOST] = (_SENT,) if _files_in(sent) else ()
        elif gone := left_behind(HELD):
            st.session_state[_LOST] = tuple(HELD[kind] for kind in gone)
        elif older_than_server():
            st.session_state[_LOST] = ()
    elif not st.session_state.get(_LOST):
        # Nobody is told twice that nothing was lost.
        st.session_state.pop(_LOST, None)
    return st.container(key="dia-lost")


def keep_track(place: DeltaGenerator) -> None:
    """Let the browser know what is open, and say what it knew of that is not.

    Parameters
    ----------
    place : DeltaGenerator
        From `place_for_lost`.
    """
    now = held_kinds()
    if st.session_state.get(_KNOWN):
        st.session_state[_FIELD] = ".".join(now)
    before = st.text_input("Kinds of what is open", key=_FIELD, label_visibility="collapsed")
    if not st.session_state.get(_KNOWN):
        st.session_state[_KNOWN] = True
        sent = before.split(".")
        if gone := tuple(words for kind, words in HELD.items() if kind in sent and kind not in now):
            st.session_state[_LOST] = gone
    _listen()
    if now:
        st.session_state.pop(_LOST, None)
    elif _LOST in st.session_state:
        lost = st.session_state[_LOST]
        say = place.warning if lost else place.info
        text = lost_sentence(lost, anew=st.session_state.get(_ANEW, False))
        say(text, icon=":material/cloud_off:")


def begin_anew() -> None:
    """Take the session as one that the browser knows, whatever it shows: it was emptied."""
    st.session_state[_KNOWN] = True
    mark_browser()


def held_kinds() -> tuple[str, ...]:
    """Return the keys of `HELD` under which this session holds something."""
    return tuple(key for key in HELD if st.session_state.get(key) is not None)


def _sent() -> list[WidgetState]:
    """Where the controls of a page stand that was there before; a page loaded anew has none."""
    context = get_script_run_ctx()
    if context is None:
        return []
    known = context.session_state._state._new_widget_state.states.values()
    # What the server itself has set meanwhile is there in another form.
    sent = (getattr(state, "value", None) for state in known)
    return [proto for proto in sent if isinstance(proto, WidgetState)]


def _files_in(sent: list[WidgetState]) -> bool:
    """Whether the browser shows files in an upload field; a new session never got them."""
    return any(len(proto.file_uploader_state_value.uploaded_file_info) for proto in sent)


def lost_sentence(lost: tuple[str, ...], *, anew: bool = False) -> str:
    """Say what is gone, why, and what to do.

    Parameters
    ----------
    lost : tuple of str
        Empty where nothing was open, as far as is known.
    anew : bool
        Whether the page was loaded anew.

    Examples
    --------
    >>> print(lost_sentence((HELD["scan-case"], HELD["worklist-work"])))
    **The connection was lost, and with it what was open here:** the open scan and the worklist
    with its reviews. Diaphane was restarted, or this page was away for too long. Uploads are held
    in memory alone, so nothing of them is left: please open the files again, even where an upload
    field still shows a name. Reviews kept in a file of your own are still there.
    >>> print(lost_sentence((HELD["scan-case"],), anew=True))
    **This page was loaded anew, and what was open before is not kept:** the open scan. Uploads are
    held in memory alone, and only for the page that opened them: please open the files again.
    >>> print(lost_sentence((), anew=True))
    **Diaphane was started anew since you were here.** Whatever was open then is not kept: please
    open the files again.
    >>> print(lost_sentence(()))
    **The connection was lost, and is there again.** Nothing was open here. A file that was on its
    way has not arrived, and was not read: please open it again.
    """
    if not lost and anew:
        return (
            "**Diaphane was started anew since you were here.** Whatever was open then is not "
            "kept: please open the files again."
        )
    if not lost:
        return (
            "**The connection was lost, and is there again.** Nothing was open here. A file that "
            "was on its way has not arrived, and was not read: please open it again."
        )
    words = " and ".join(lost)
    if anew:
        text = (
            f"**This page was loaded anew, and what was open before is not kept:** {words}. "
            "Uploads are held in memory alone, and only for the page that opened them: please "
            "open the files again."
        )
    else:
        text = (
            f"**The connection was lost, and with it what was open here:** {words}. Diaphane was "
            "restarted, or this page was away for too long. Uploads are held in memory alone, so "
            "nothing of them is left: please open the files again, even where an upload field "
            "still shows a name."
        )
    if HELD["worklist-work"] in lost:
        text += " Reviews kept in a file of your own are still there."
    return text


@st.fragment(run_every=_SECONDS)
def _listen() -> None:
    """Draw nothing, now and then."""
