"""The page's look: palette of the visitor's theme, shared styles, plotly on a page."""

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

_STYLE = """
<style>
.stMainBlockContainer { max-width: 84rem; padding-top: 4.25rem; padding-bottom: 3rem; }
/* Streamlit fades captions to a contrast of 4.35; readers need 4.5 (WCAG 1.4.3). */
[data-testid="stCaptionContainer"] { opacity: 0.75; }
.st-key-dia-notice-row button { min-height: 1.75rem; padding: 0 0.5rem; }
.dia-notice { font-size: 0.875rem; opacity: 0.85; margin: 0; }
.dia-answer { border-left: 0.375rem solid var(--dia-colour); padding: 0.25rem 0 0.25rem 1rem;
  font-size: 1.625rem; font-weight: 600; line-height: 1.25; margin: 0; text-wrap: balance; }
.dia-word { color: var(--dia-colour); font-size: 1rem; font-weight: 600; display: block; }
.dia-lead { font-size: 1.125rem; line-height: 1.5; max-width: 46rem; margin: 0; text-wrap: pretty; }
.dia-small { font-size: 0.875rem; line-height: 1.45; margin: 0; opacity: 0.85; }
/* Streamlit indents lists and their items. */
ul.dia-lights { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none;
  margin: 0.25rem 0 !important; padding: 0 !important; }
ul.dia-lights > li { margin: 0 !important; }
.dia-light { display: flex; gap: 0.5rem; align-items: center; flex: 1 1 9.5rem; margin: 0;
  padding: 0.375rem 0.625rem; border: 1px solid var(--dia-colour); border-radius: 0.5rem;
  line-height: 1.2; font-size: 0.9375rem; }
.dia-mark { flex: none; width: 1.5rem; height: 1.5rem; border-radius: 50%; text-align: center;
  line-height: 1.4rem; font-weight: 700; border: 2px solid var(--dia-colour);
  color: var(--dia-colour); }
.dia-thumbnail { position: relative; flex: none; width: 56px; height: 56px; }
.dia-thumbnail img { border-radius: 0.25rem; display: block; }
.dia-over { position: absolute; inset: 0; }
.dia-thumbnail:hover .dia-over { opacity: 0; }
/* What takes the focus, or is scrolled to, must not end under the bar on top (WCAG 2.4.11). */
.stMain { scroll-padding-top: 4.5rem; }
/* Streamlit takes the ring of focus from links and from the page itself (WCAG 2.4.7). */
a:focus-visible, main:focus-visible, summary:focus-visible {
  outline: 2px solid currentColor !important; outline-offset: -2px; }
/* Slanted letters stand out by two pixels, which made formulas scroll (WCAG 2.1.1). */
.katex-display { padding: 0.375rem; }
.st-key-dia-preload, .st-key-dia-open { display: none; }
.dia-figure-title { font-size: 1rem; font-weight: 600; margin: 0; }
/* The chosen case stays beside a list that is longer than the window; below 640 pixels Streamlit
   puts columns one below the other: then the case stands first, and its list after it. */
@media (min-width: 641px) {
  .st-key-worklist-columns > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] >
    .stColumn:last-child > * { position: sticky; top: 4.5rem; height: fit-content; flex: none;
    max-height: calc(100vh - 5.5rem); overflow-y: auto; padding: 0.25rem; }
}
@media (max-width: 640px) {
  .st-key-worklist-columns > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
    flex-direction: column-reverse; }
}
@media (max-width: 1000px) {
  .dia-answer { font-size: 1.375rem; }
  /* Answer first, then the scan, one below the other. */
  .st-key-scan-columns > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
    flex-direction: column-reverse; }
  .st-key-scan-columns > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] >
    .stColumn { width: 100%; flex: 1 1 100%; }
}
</style>
"""

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
    """Add the styles that pages share; call once a run, before anything is drawn."""
    st.html(_STYLE + (_DARK_STYLE if palette() is DARK else ""))


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
