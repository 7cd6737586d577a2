"""Errors as a clinician reads them: found, expected, what to do."""

from __future__ import annotations

import streamlit as st

from medmodels.inputs.errors import InputError


def show_input_error(
    error: InputError, *, kept: bool = False, title: str = "This file cannot be read."
) -> None:
    """Show why an input cannot be read.

    Parameters
    ----------
    error : InputError
    kept : bool
        Whether the result of an earlier input is still shown below.
    title : str
        What went wrong.
    """
    rest = "\n\nThe previous result is still shown below." if kept else ""
    st.error(
        f"**{title}**\n\n"
        f"**Found:** {_plain(error.found)}\n\n"
        f"**Expected:** {_plain(error.expected)}\n\n"
        f"**What to do:** {_plain(error.action)}{rest}",
        icon=":material/block:",
    )


def show_bundle_error(message: str) -> None:
    """Show that a network may not be used, and why."""
    st.error(
        f"**A network is not used.** {_plain(message)}\n\n"
        "Put the published bundle back, or train it again with `python -m medmodels train`.",
        icon=":material/gpp_bad:",
    )


def _plain(text: str) -> str:
    """Text that markdown leaves as it is; a file's content must not format the page."""
    for mark in "\\`*_[]<>#$:|~":
        text = text.replace(mark, "\\" + mark)
    return text[:1].upper() + text[1:]
