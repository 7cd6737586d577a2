"""What a browser left behind when it loaded a page anew: told from the server's memory alone.

A page that is loaded anew gets a new session, and the one before is kept for a minute. The two
are known to be of one browser by the token that Streamlit gives every browser against forged
requests (its XSRF cookie, kept until the browser is closed). It says when it was given, too: a
browser that has one from before this server started was here when another was running. Nothing
is written to the browser, neither to its storage nor to its address line.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection
from typing import Any, Final

import streamlit as st
from streamlit import runtime
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

_STARTED: Final = time.time()
# Browsers that have been told that the server is another, the first first.
_TOLD: dict[bytes, None] = {}
_MOST_TOLD: Final = 1000
_BROWSER: Final = "left-behind-browser"


def mark_browser() -> None:
    """Remember in this session which browser it is of: as a digest, for as long as it lasts."""
    token, _ = _token()
    if token is not None:
        st.session_state[_BROWSER] = hashlib.sha256(token).hexdigest()


def left_behind(keys: Collection[str]) -> tuple[str, ...]:
    """Return what sessions hold whose page this browser has closed or loaded anew just now.

    Parameters
    ----------
    keys : collection of str
        Of a session's state; call `mark_browser` before.

    Returns
    -------
    tuple of str
        Those of ``keys`` under which there is something, in their order.
    """
    mine = st.session_state.get(_BROWSER)
    if mine is None or not runtime.exists():
        return ()
    held: set[str] = set()
    kept_for_a_while = runtime.get_instance()._session_mgr._session_storage  # type: ignore[attr-defined]
    for kept in kept_for_a_while.list():
        state: dict[str, Any] = kept.session.session_state.filtered_state
        if state.get(_BROWSER) == mine:
            held |= {key for key in keys if state.get(key) is not None}
    return tuple(key for key in keys if key in held)


def older_than_server() -> bool:
    """Whether this browser was here before this server was started; true once for each."""
    token, given = _token()
    if token is None or given is None or given >= int(_STARTED) or token in _TOLD:
        return False
    _TOLD[token] = None
    while len(_TOLD) > _MOST_TOLD:
        del _TOLD[next(iter(_TOLD))]
    return True


def _token() -> tuple[bytes | None, int | None]:
    return decode_xsrf_token_string(st.context.cookies.get(XSRF_COOKIE_NAME, ""))
