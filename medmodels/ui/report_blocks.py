"""Blocks of a model report on a page."""

from __future__ import annotations

from collections.abc import Iterable

import plotly.graph_objects as go
import streamlit as st

from medmodels.figures.theme import Palette
from medmodels.reports.model_blocks import Block, Bullets, Figure, Heading, Paragraph, Side, Table
from medmodels.reports.model_html import TABLE_STYLE, table_html, text_html
from medmodels.ui.theme import palette, show_figure


def show_blocks(blocks: Iterable[Block], *, digest: str) -> None:
    """Draw blocks from top to bottom, in the visitor's palette.

    Parameters
    ----------
    blocks : iterable of Block
    digest : str
        Of the bundle that they are about: its figures are built once.
    """
    for block in blocks:
        _show(block, digest)


def apply_table_style() -> None:
    """Add the style of report tables; call once a run."""
    st.html(f"<style>{TABLE_STYLE}</style>")


def plain_markdown(text: str) -> str:
    r"""Text that Streamlit's markdown leaves as it is, but for code in backticks.

    Examples
    --------
    >>> plain_markdown("5 * 3 costs $2, see `run`")
    '5 \\* 3 costs \\$2, see `run`'
    """
    for mark in "\\*_[]<>#$:|~":
        text = text.replace(mark, "\\" + mark)
    return text


def _show(block: Block, digest: str) -> None:
    if isinstance(block, Heading):
        st.subheader(plain_markdown(block.text), anchor=False)
    elif isinstance(block, Paragraph):
        text = plain_markdown(block.text)
        st.markdown(f"**{text}**" if block.strong else text)
    elif isinstance(block, Bullets):
        st.markdown("\n".join(f"- {plain_markdown(item)}" for item in block.items))
    elif isinstance(block, Table):
        st.html(table_html(block))
    elif isinstance(block, Side):
        _show_side(block, digest)
    else:
        _show_figure(block, digest)


def _show_side(side: Side, digest: str) -> None:
    """Two columns at most: figures need room."""
    for start in range(0, len(side.blocks), 2):
        pair = side.blocks[start : start + 2]
        # A lone figure keeps the width that its neighbours above have.
        for column, block in zip(st.columns(2, gap="medium"), pair, strict=False):
            with column:
                _show(block, digest)


def _show_figure(figure: Figure, digest: str) -> None:
    st.html(f'<p class="dia-figure-title">{text_html(figure.title)}</p>')
    drawn = _drawn(digest, figure.key, palette(), figure)
    show_figure(drawn, key=f"report-{figure.key}", alt=figure.alt)
    st.caption(plain_markdown(figure.caption))


# Shared by all visitors: it comes from a bundle, never from an upload.
@st.cache_resource(show_spinner=False, max_entries=256)
def _drawn(digest: str, key: str, colours: Palette, _figure: Figure) -> go.Figure:  # noqa: ARG001
    return _figure.draw(colours)
