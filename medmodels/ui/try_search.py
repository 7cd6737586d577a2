"""The search for the smallest region that changes the answer: a button, progress, a stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from medmodels.ui.ecg_words import say_left

_EVERY_SECONDS = 0.2
_NOTES = "try-notes"

Found = TypeVar("Found")
Progress = Callable[[float], None]


def offer_search(
    label: str,
    search: Callable[[Progress], Found | None],
    *,
    key: str,
    help: str,
) -> tuple[bool, Found | None]:
    """Offer a search, and run it when asked.

    Parameters
    ----------
    label : str
        What the button does.
    search : callable
        Runs it; is given a function that wants to know the share done.
    key : str
        Unique on the page.
    help : str
        What it costs and what it finds.

    Returns
    -------
    searched : bool
        Whether a search ran to its end just now.
    found : Found or None
        What it found.
    """
    asked = st.button(label, key=f"{key}-search", icon=":material/search:", help=help)
    if not asked:
        return False, None
    keep_note(key, "")
    bar, stop = st.empty(), st.empty()
    stop.button(
        "Stop", key=f"{key}-stop", icon=":material/stop:",
        on_click=keep_note, args=(key, "The search was stopped; nothing was added."),
    )  # fmt: skip
    found = search(_Bar(bar.progress))
    bar.empty()
    stop.empty()
    return True, found


def keep_note(key: Hashable, note: str) -> None:
    """Keep what there is to say of the last search."""
    st.session_state.setdefault(_NOTES, {})[key] = note


def show_note(key: Hashable) -> None:
    """Say what came of the last search, if there was one."""
    note = st.session_state.get(_NOTES, {}).get(key)
    if note:
        st.info(note, icon=":material/search:")


class _Bar:
    """Moves the bar; a click on any other widget ends the search at the next move."""

    def __init__(self, show: Callable[[float, str], object]) -> None:
        self._show, self._start = show, time.monotonic()
        self._last = 0.0
        self(0.0)

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now - self._last < _EVERY_SECONDS:
            return
        self._last = now
        spent = now - self._start
        left = f", {say_left(spent / share * (1 - share))}" if share > 0.1 else ""
        self._show(min(share, 1.0), f"Hiding parts and asking again: {share:.0%}{left}")
