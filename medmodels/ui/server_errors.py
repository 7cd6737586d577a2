"""What becomes of a failure that nothing foresaw: said on the page and in the log, without data.

The text of an exception may quote what was being read: a file's name, a tag, a
line of a table. A log outlives every session, so neither it nor the page gets
that text. Kind and place are enough to find the fault.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from streamlit import error_util

from medmodels.ui.server_headers import headers_for

_MOST_PLACES = 12


async def plain_error(request: Request, error: Exception) -> PlainTextResponse:  # noqa: ARG001
    """Answer without a word of what went wrong; for `st.App`'s ``exception_handlers``."""
    return PlainTextResponse("Something went wrong.", 500, headers_for(request.url.path))


def say_on_page(error: Exception) -> bool:
    """Say that the page failed, and what can be done; for `st.App`'s ``on_script_error``."""
    st.error(
        f"**This page could not be drawn.** The fault is the program’s ({type(error).__name__}), "
        "not yours. What was opened before is still there: choose another page, or wipe this "
        "session and open the file again.",
        icon=":material/error:",
    )
    return True


def log_without_data() -> None:
    """Let Streamlit log an exception of a page by `kind_and_place` alone."""
    # 1.67 logs before it asks anybody (error_util.handle_user_script_exception).
    error_util._log_uncaught_app_exception = _log


def kind_and_place(error: BaseException) -> str:
    """Return an exception's kind and the lines that it passed, without its text.

    Parameters
    ----------
    error : exception

    Returns
    -------
    str
        One line; the innermost place last. Files by name, not by folder.
    """
    found = traceback.extract_tb(error.__traceback__)[-_MOST_PLACES:]
    places = " > ".join(f"{Path(at.filename).name}:{at.lineno} {at.name}" for at in found)
    return f"{type(error).__name__} at {places or 'an unknown place'}"


def _log(ex: BaseException) -> None:
    logging.getLogger(__name__).error("a page failed: %s", kind_and_place(ex))
