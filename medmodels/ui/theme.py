"""The page's look: palette of the visitor's theme, plotly on a page."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from medmodels.figures.theme import DARK, LIGHT, SEVERITY_WORDS, Palette

# Material icons come with Streamlit; severity is icon and word, never colour alone.
SEVERITY_ICONS = (
    ":material/check_circle:",
    ":material/visibility:",
    ":material/warning:",
)

# Streamlit writes white on the dark theme's light blue, a contrast of 2.2.
_DARK_STYLE = f"""
<style>
button[kind="primary"], button[kind="primary"] *, button[kind="primaryFormSubmit"],
button[kind="primaryFormSubmit"] * {{ color: {DARK.background} !important; }}
</style>
"""


def palette() -> Palette:
    """Colours of the theme that the visitor has chosen; light until the browser tells."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def apply_styles() -> None:
    """Add what the dark theme needs beside ``assets/style.css``; call it once a run."""
    if palette() is DARK:
        st.html(_DARK_STYLE)


def severity_text(severity: int) -> str:
    """Icon and word of a severity (0 to 2), as Streamlit's markdown."""
    return f"{SEVERITY_ICONS[severity]} {SEVERITY_WORDS[severity].capitalize()}"


def preload_figures() -> None:
    """Let the browser fetch and parse the plotting script while a visitor reads Home.

    Otherwise the first figure of the next page waits a second for it.
    """
    with st.container(key="dia-preload"):
        st.plotly_chart(go.Figure(layout={"height": 40}), key="dia-preload-figure")


def show_figure(
    figure: go.Figure,
    *,
    key: str,
    alt: str,
    zoom: bool = False,
    config: dict[str, Any] | None = None,
) -> None:
    """Draw a plotly figure that already has the shared look (`figures.theme.styled`).

    Parameters
    ----------
    figure : plotly Figure
    key : str
        Unique on the page; keeps zoom and position between runs.
    alt : str
        What the figure shows, for those who cannot see it.
    zoom : bool
        Whether wheel and drag move the view; otherwise the figure is still.
    config : dict, optional
        More of plotly's own settings.
    """
    settings: dict[str, Any] = {"displaylogo": False, "scrollZoom": zoom, "responsive": True}
    if not zoom:
        settings["displayModeBar"] = False
    st.plotly_chart(
        figure, theme=None, key=key, alt=alt, config=settings | (config or {}), width="stretch"
    )
