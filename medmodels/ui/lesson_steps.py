"""Play, pause and scrub through the steps of a calculation; shared by the lessons.

A lesson's panel is decorated with `stepped` in the place of ``st.fragment``, and
asks `steps_control` inside which step to draw::

    @stepped("pooling")
    def show_windows(maps):
        at = steps_control("pooling", len(maps), "Window")
        ...

Streamlit reruns a fragment by itself only when it was declared so. `stepped`
declares it anew, as one that runs by itself while playing and as a still one
otherwise: nothing runs on a page where nothing plays.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

# Seconds a step; the fastest leaves two cores time to draw a figure.
SPEEDS = {"Slow": 1.6, "Usual": 0.8, "Fast": 0.4}
_USUAL = "Usual"
# A panel that was out of sight for so long does not go on by itself.
_FORGOTTEN_SECONDS = 15.0

P = ParamSpec("P")


def stepped(key: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a panel a fragment that reruns by itself while its steps play.

    Parameters
    ----------
    key : str
        The same as for `steps_control` inside the panel.

    Returns
    -------
    callable
        A decorator for a function that draws and returns nothing.
    """

    def decorate(panel: Callable[P, None]) -> Callable[P, None]:
        @wraps(panel)
        def show(*args: P.args, **kwargs: P.kwargs) -> None:
            last = st.session_state.get(_name(key, "drawn"), 0.0)
            if time.monotonic() - last > _FORGOTTEN_SECONDS:
                st.session_state[_name(key, "playing")] = False
            interval = _interval(key)
            st.session_state[_name(key, "declared")] = interval
            st.fragment(panel, run_every=interval)(*args, **kwargs)

        return show

    return decorate


def steps_control(key: str, n: int, label: str, *, start: int = 0, stride: int = 1) -> int:
    """Draw the control and return the step to show.

    Every part of it is reached with the Tab key; arrow keys move the slider.

    Parameters
    ----------
    key : str
        Unique on the page; the position is kept under it while the session
        lasts, so a new input wants a new key if it should begin anew.
    n : int
        How many steps there are, at least 1.
    label : str
        What a step is ("Time step", "Column"); the slider counts from 1.
    start : int
        The step to begin with, 0 to n - 1.
    stride : int
        Steps that playing moves on at a time.

    Returns
    -------
    int
        0 to n - 1.

    Raises
    ------
    ValueError
        When there is no step.
    """
    if n < 1:
        raise ValueError("there is no step to show")
    state = st.session_state
    at_name, slider_name = _name(key, "at"), _name(key, "slider")
    state[at_name] = min(max(state.get(at_name, start), 0), n - 1)
    state[_name(key, "drawn")] = time.monotonic()
    if n == 1:
        return 0
    _advance(key, n, stride)
    if _interval(key) != state.get(_name(key, "declared"), _interval(key)):
        st.rerun()
    at = int(state[at_name])
    playing = bool(state.get(_name(key, "playing")))
    state[slider_name] = at + 1
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"{key}-bar"):
        if _name(key, "declared") in state:
            st.button(
                "Pause" if playing else "Play",
                icon=":material/pause:" if playing else ":material/play_arrow:",
                type="secondary" if playing else "primary",
                key=_name(key, "play"),
                on_click=_play,
                args=(key, n, not playing),
            )
        st.button(
            "Previous", icon=":material/chevron_left:", key=_name(key, "previous"),
            disabled=at == 0, on_click=_move, args=(key, n, -1),
        )  # fmt: skip
        st.button(
            "Next", icon=":material/chevron_right:", key=_name(key, "next"),
            disabled=at == n - 1, on_click=_move, args=(key, n, 1),
        )  # fmt: skip
        with st.container(width=320):
            st.slider(
                f"{label} (1 to {n})", 1, n, key=slider_name,
                on_change=lambda: state.update({at_name: state[slider_name] - 1}),
            )  # fmt: skip
        if _name(key, "declared") in state:
            st.selectbox(
                "Speed",
                list(SPEEDS),
                index=list(SPEEDS).index(_USUAL),
                format_func=lambda name: f"{name} ({SPEEDS[name]:g} s a step)",
                key=_name(key, "speed"),
                width=190,
            )
    return at


def go_to_step(key: str, step: int) -> None:
    """Move a control before it is drawn, for a lesson that starts at a telling place."""
    st.session_state[_name(key, "at")] = step


def _name(key: str, what: str) -> str:
    return f"{key}-steps-{what}"


def _interval(key: str) -> float | None:
    """Seconds between steps while playing, otherwise None."""
    if not st.session_state.get(_name(key, "playing")):
        return None
    return SPEEDS[st.session_state.get(_name(key, "speed")) or _USUAL]


def _play(key: str, n: int, playing: bool) -> None:
    """Start or stop; from the last step it starts over."""
    state = st.session_state
    state[_name(key, "playing")] = playing
    state[_name(key, "moved")] = time.monotonic()
    if playing and state[_name(key, "at")] >= n - 1:
        state[_name(key, "at")] = 0


def _move(key: str, n: int, direction: int) -> None:
    """One step by hand, which also stops playing."""
    state = st.session_state
    state[_name(key, "playing")] = False
    state[_name(key, "at")] = min(max(state[_name(key, "at")] + direction, 0), n - 1)


def _advance(key: str, n: int, stride: int) -> None:
    """While playing, move on when it is time; other widgets rerun the panel, too."""
    state, interval = st.session_state, _interval(key)
    if interval is None:
        return
    now = time.monotonic()
    if now - state.get(_name(key, "moved"), 0.0) < 0.8 * interval:
        return
    state[_name(key, "moved")] = now
    state[_name(key, "at")] = min(state[_name(key, "at")] + stride, n - 1)
    if state[_name(key, "at")] == n - 1:
        state[_name(key, "playing")] = False
