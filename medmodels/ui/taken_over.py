"""Which of the files that an uploader lists were taken over.

``<key>-listed`` and ``<key>-seen`` in the session hold their identifiers. A file is new
until it was taken over: whoever clicks while one is being opened ends the run that opens
it, and the next is given it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def unless_ended(then: Callable[[], object]) -> Iterator[None]:
    """Do what is in the block, and then something more whatever came of it.

    Unless a click ended the run meanwhile, which Streamlit does by what is no `Exception`.

    Parameters
    ----------
    then : callable
        Called once, also where the block fails.
    """
    try:
        yield
    except Exception:
        then()
        raise
    then()


@contextmanager
def taking(key: str) -> Iterator[None]:
    """Take over what an uploader gave: it is not given again, whatever comes of it.

    Unless a click ends the run meanwhile (`unless_ended`).

    Parameters
    ----------
    key : str
        Of the uploader.
    """
    seen, listed = f"{key}-seen", st.session_state[f"{key}-listed"]
    with unless_ended(lambda: st.session_state.update({seen: listed})):
        yield


def holds_new(key: str) -> bool:
    """Say whether an uploader lists a file that was not taken over yet.

    Parameters
    ----------
    key : str
        Of the uploader.
    """
    listed: frozenset[str] = st.session_state.get(f"{key}-listed", frozenset())
    return bool(listed - st.session_state.get(f"{key}-seen", frozenset()))


def leave_new(key: str) -> None:
    """Count what an uploader lists as taken over: the visitor has turned to something else.

    Parameters
    ----------
    key : str
        Of the uploader.
    """
    st.session_state[f"{key}-seen"] = st.session_state.get(f"{key}-listed", frozenset())
