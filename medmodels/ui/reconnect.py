"""Say what was lost when a page comes back to a server that no longer holds it.

Where the server was restarted, or a computer slept for longer than a closed page
is waited for, the browser connects again and gets a new, empty session, while the
page still shows what the old one held. Two things bring the truth to the page:

* A fragment that runs every few minutes and does nothing. A page that has one asks
  for a run as soon as it is connected again (Streamlit 1.67,
  ``handleConnectionStateChanged``: "autoRerunIntervals"); one without waits for a click.
* A text field that nobody sees and that names the kinds of what is open. The browser
  keeps it over the restart and sends it along. It holds no data of any upload, and
  ends with the page: nothing is written to the address or to the browser's storage.

A file that was still being read shows in what the browser says of its upload fields.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

#: What a session may hold, by its key in the session's state.
HELD = {
    "scan-case": "the open scan",
    "scans-together": "the scans that were read together",
    "ecg_case": "the open recording",
    "bases-case": "the open sequence",
    "worklist-work": "the worklist with its reviews",
}

_SENT = "the file that was being read"
_FIELD, _KNOWN, _LOST = "dia-open", "reconnect-known", "reconnect-lost"
_SECONDS = 600


def place_for_lost() -> DeltaGenerator:
    """Leave a place above the page; call `keep_track` with it once the page is drawn."""
    if not st.session_state.get(_KNOWN) and _files_sent():
        st.session_state[_LOST] = (_SENT,)
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
        if lost := tuple(words for kind, words in HELD.items() if kind in sent and kind not in now):
            st.session_state[_LOST] = lost
    if now:
        st.session_state.pop(_LOST, None)
        _listen()
    elif _LOST in st.session_state:
        place.warning(lost_sentence(st.session_state[_LOST]), icon=":material/cloud_off:")


def begin_anew() -> None:
    """Take the session as one that the browser knows, whatever it shows: it was emptied."""
    st.session_state[_KNOWN] = True


def held_kinds() -> tuple[str, ...]:
    """Return the keys of `HELD` under which this session holds something."""
    return tuple(key for key in HELD if st.session_state.get(key) is not None)


def _files_sent() -> bool:
    """Whether the browser shows files in an upload field; a new session never got them."""
    context = get_script_run_ctx()
    if context is None:
        return False
    sent = context.session_state._state._new_widget_state.states.values()
    protos = (getattr(state, "value", None) for state in sent)
    return any(
        len(proto.file_uploader_state_value.uploaded_file_info)
        for proto in protos
        if proto is not None and hasattr(proto, "file_uploader_state_value")
    )


def lost_sentence(lost: tuple[str, ...]) -> str:
    """Say what is gone, why, and what to do.

    Examples
    --------
    >>> print(lost_sentence((HELD["scan-case"], HELD["worklist-work"])))
    **The connection was lost, and with it what was open here:** the open scan and the worklist
    with its reviews. Diaphane was restarted, or this page was away for too long. Uploads are held
    in memory alone, so nothing of them is left: please open the files again, even where an upload
    field still shows a name. Reviews kept in a file of your own are still there.
    """
    words = " and ".join(lost)
    text = (
        f"**The connection was lost, and with it what was open here:** {words}. Diaphane was "
        "restarted, or this page was away for too long. Uploads are held in memory alone, so "
        "nothing of them is left: please open the files again, even where an upload field still "
        "shows a name."
    )
    if HELD["worklist-work"] in lost:
        text += " Reviews kept in a file of your own are still there."
    return text


@st.fragment(run_every=_SECONDS)
def _listen() -> None:
    """Draw nothing, now and then."""
