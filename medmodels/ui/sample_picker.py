"""Sample cases: choose one on its page, or open one from another page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.samples import Sample, list_samples
from medmodels.ui.navigation import BY_KIND
from medmodels.ui.taken_over import holds_new, leave_new, unless_ended

_REQUESTED = "requested_sample"
_MOST_BUTTONS = 4


def open_sample(sample: Sample, kind: str) -> None:
    """Go to the page that reads a sample, with the sample loaded there.

    Parameters
    ----------
    sample : Sample
    kind : str
        "scan" or "signal", as on the card of the sample's task.
    """
    st.session_state[_REQUESTED] = sample
    st.switch_page(BY_KIND[kind].file)


def requested_task() -> str | None:
    """Task of the sample that was asked for and is not open yet."""
    sample: Sample | None = st.session_state.get(_REQUESTED)
    return sample.task if sample else None


@contextmanager
def opening_sample() -> Iterator[None]:
    """Open what `pick_sample` returned: it is not asked for again, whatever comes of it.

    Unless a click ends the run meanwhile.
    """
    with unless_ended(lambda: st.session_state.pop(_REQUESTED, None)):
        yield


def pick_sample(bundle: Bundle, *, key: str, uploader: str) -> Sample | None:
    """Offer the samples of a task: a few as buttons, more as a list.

    Parameters
    ----------
    bundle : Bundle
    key : str
        Prefix for the widgets' keys.
    uploader : str
        Key of the uploader beside them, which is drawn already.

    Returns
    -------
    Sample or None
        The one that was clicked, or that another page asked for, until it is open
        (`opening_sample`) or a file comes: what the visitor did last counts.
    """
    samples = list_samples(bundle.task)
    if not samples:
        st.caption("No sample cases came with this task.")
        return None
    if len(samples) > _MOST_BUTTONS:
        clicked = _pick_from_list(samples, key)
    else:
        clicked = show_sample_buttons(samples, key=key)
    if clicked is not None:
        leave_new(uploader)
        st.session_state[_REQUESTED] = clicked
    elif holds_new(uploader):
        st.session_state.pop(_REQUESTED, None)
    st.caption("Samples are synthetic and belong to no patient.")
    asked: Sample | None = st.session_state.get(_REQUESTED)
    return asked if asked is not None and asked.task == bundle.task else None


def show_sample_buttons(samples: Sequence[Sample], *, key: str) -> Sample | None:
    """Draw one button a sample, its description on hover; return the one clicked."""
    chosen = None
    with st.container(horizontal=True, gap="small"):
        for number, sample in enumerate(samples):
            if st.button(
                sample.title,
                key=f"{key}-{number}",
                help=sample.description,
                icon=":material/play_circle:",
            ):
                chosen = sample
    return chosen


def some_samples(task: str, most: int = _MOST_BUTTONS) -> tuple[Sample, ...]:
    """Return a few of a task's samples, spread over all of them."""
    samples = list_samples(task)
    n = len(samples)
    if n <= most:
        return samples
    return tuple(samples[round(i * (n - 1) / (most - 1))] for i in range(most))


def _pick_from_list(samples: Sequence[Sample], key: str) -> Sample | None:
    """Draw a list; return what was just chosen in it, once."""
    number = st.selectbox(
        "Sample case",
        range(len(samples)),
        index=None,
        format_func=lambda index: samples[index].title,
        placeholder="Choose a sample case",
        label_visibility="collapsed",
        key=f"{key}-list",
    )
    taken = f"{key}-taken"
    if number == st.session_state.get(taken):
        return None
    st.session_state[taken] = number
    return None if number is None else samples[number]
