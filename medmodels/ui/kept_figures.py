"""Figures that hang on a network and on controls alone: drawn once for all visitors."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from medmodels.ui.theme import palette

#: What such a figure shows: its name, the bundle's digest, the values of controls.
Shown = tuple[str | int | float | bool | None, ...]


def kept_figure(shown: Shown, build: Callable[[], go.Figure]) -> go.Figure:
    """A figure that was drawn before, in this theme, or is drawn now.

    Building a figure takes most of the time of a page that is drawn again after a click.

    Parameters
    ----------
    shown : tuple
        All that the figure hangs on but the theme. Never anything of an upload: what is
        kept outlasts the session.
    build : callable
        Draws it.

    Returns
    -------
    plotly Figure
        The same object for all who ask: not to be changed.
    """
    return _kept((*shown, palette().name), build)


@st.cache_resource(show_spinner=False, max_entries=128)
def _kept(shown: Shown, _build: Callable[[], go.Figure]) -> go.Figure:  # noqa: ARG001 - the key
    return _build()
