"""Which of several networks of a page answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.ui.sample_picker import requested_task


def choose_task(bundles: Sequence[Bundle], words: Callable[[Bundle], str], *, key: str) -> Bundle:
    """Ask which network is to answer, where there are several.

    Parameters
    ----------
    bundles : sequence of Bundle
        At least one.
    words : callable
        What a bundle is called in the list.
    key : str
        Under which the choice is kept; a sample that was asked for decides it, too.

    Returns
    -------
    Bundle
    """
    by_task = {bundle.task: bundle for bundle in bundles}
    if requested_task() in by_task:
        st.session_state[key] = requested_task()
    if len(by_task) == 1:
        return bundles[0]
    # A widget's value is forgotten while another page is shown; this one's is not.
    kept = f"{key}-kept"
    if st.session_state.get(key) not in by_task:
        before = st.session_state.get(kept)
        st.session_state[key] = before if before in by_task else bundles[0].task
    task = st.segmented_control(
        "Question", list(by_task), required=True, format_func=lambda name: words(by_task[name]),
        key=key,
    )  # fmt: skip
    chosen = str(task)
    st.session_state[kept] = chosen
    return by_task[chosen]
