"""Blocks of a model report as semantic HTML; figures are left to the caller."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from medmodels.reports.model_blocks import (
    Block,
    Bullets,
    Figure,
    Heading,
    Paragraph,
    Side,
    Table,
)

# Both themes: the reader's own text colour, fainter for the rules.
TABLE_STYLE = """
.dia-scroll { overflow-x: auto; }
.dia-table { border-collapse: collapse; width: 100%; font-size: 0.875rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
.dia-table caption { text-align: left; font-weight: 600; padding: 0 0 0.4rem; }
.dia-table th, .dia-table td { text-align: left; vertical-align: top; padding: 0.35rem 0.7rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 22%, transparent);
  overflow-wrap: break-word; min-width: 4.5rem; }
.dia-table th:first-child, .dia-table td:first-child { padding-left: 0; }
.dia-table thead th { border-bottom-width: 2px; }
.dia-table tbody th { font-weight: 600; }
.dia-note { font-size: 0.875rem; margin: 0.35rem 0 0; }
"""


def block_html(block: Block, figure: Callable[[Figure], str]) -> str:
    """One block as HTML.

    Parameters
    ----------
    block : Block
    figure : callable
        How a figure is written.
    """
    if isinstance(block, Heading):
        return f"<h3>{text_html(block.text)}</h3>"
    if isinstance(block, Paragraph):
        inner = text_html(block.text)
        return f"<p><strong>{inner}</strong></p>" if block.strong else f"<p>{inner}</p>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{text_html(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, Table):
        return table_html(block)
    if isinstance(block, Side):
        inner = "\n".join(block_html(each, figure) for each in block.blocks)
        return f'<div class="side">{inner}</div>'
    return figure(block)


def table_html(table: Table) -> str:
    """A table with a caption and named rows and columns, for screen readers too."""
    head = "".join(_head_cell(cell) for cell in table.head)
    rows = "\n".join(
        f'<tr><th scope="row">{text_html(row[0])}</th>{_cells(row[1:])}</tr>' for row in table.rows
    )
    note = f'<p class="dia-note">{text_html(table.note)}</p>' if table.note else ""
    # What scrolls must be reachable with the keyboard.
    return (
        f'<div class="dia-scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}">'
        f'<table class="dia-table"><caption>{text_html(table.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}"
    )


def text_html(text: str) -> str:
    """Escaped text; what stands between backticks is code.

    Examples
    --------
    >>> text_html("a < b, see `run`")
    'a &lt; b, see <code>run</code>'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _head_cell(text: str) -> str:
    return f'<th scope="col">{text_html(text)}</th>' if text else "<td></td>"


def _cells(cells: Iterable[str]) -> str:
    return "".join(f"<td>{text_html(cell)}</td>" for cell in cells)
