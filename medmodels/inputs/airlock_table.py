"""A recording in a text file without the words above and beside its numbers.

Lines above the table may say who was recorded; so may a column of words in it, which is never
read. A time of day is kept: what was recorded when tells the rate.
"""

from __future__ import annotations

import re
from dataclasses import replace

from medmodels.inputs.csv_hints import (
    bare_hints,
    stated_gain,
    stated_lead,
    stated_rate,
    stated_unit,
)
from medmodels.inputs.csv_layout import Layout, find_layout
from medmodels.inputs.csv_text import HEAD, clean_text
from medmodels.inputs.errors import InputError
from medmodels.inputs.identifying_photo import Notes

DROPPED = "lines above the table (name, date, remarks)"
WORDS = "columns of words beside the signal"
# A word for a word, so that the column is taken for what it was.
_WORD = b"x"
# What the reader of values passes over (`csv_values`).
_REMARK = re.compile(rb"(?m)^(#|%|//)[^\n]*")


def clean_table(data: bytes, notes: Notes) -> bytes:
    """Keep the table's numbers, its header, and what is said of rate, unit, gain and lead.

    Parameters
    ----------
    data : bytes
        The whole file.
    notes : Notes
        Told what is dropped.

    Returns
    -------
    bytes
        `data` itself where nothing had to go, and where the table would be read otherwise
        without it.
    """
    try:
        text = clean_text(data)
        layout = find_layout(text)
        numbers = _without_words(text, layout)
        for body in (numbers, text):
            clean = _without(body, layout)
            if _essence(find_layout(clean)) == _essence(layout):
                break
        else:
            return data
    except InputError:
        return data
    if body != text:
        notes.add(WORDS)
    if clean != body:
        notes.add(DROPPED)
    return data if clean == text else clean


def _without_words(text: bytes, layout: Layout) -> bytes:
    """Put one word in the place of each in the columns that hold words."""
    places = [i for i, kind in enumerate(layout.kinds) if kind == "text"]
    if not places or not layout.delimiter:
        return text
    mark, quote = re.escape(layout.delimiter.encode()), re.escape(layout.quote.encode())
    if layout.delimiter == " ":
        field, between, start = rb"[^ \t\n]+", rb"[ \t]+", rb"[ \t]*"
    else:
        field = rb"(?: *%b[^%b\n]*%b *|[^%b\n]*)" % (quote, quote, quote, mark)
        between, start = mark, b""
    above, body = text[: layout.body], text[layout.body :]
    for place in places:
        before = start + rb"(?:%b%b){%d}" % (field, between, place)
        body = re.sub(rb"(?m)^(?=[^\n#%%])(%b)%b" % (before, field), rb"\g<1>" + _WORD, body)
    return above + body


def _without(text: bytes, layout: Layout) -> bytes:
    """Put what a line hints at in its place; lines are counted as before."""
    above = set(layout.preamble)
    headers = _headers(layout)
    # Comments stand among the rows and below them too; of those that nobody looked at for the
    # layout nothing was understood, and nothing is kept.
    head, cut, rest = _head(text)
    kept, offset = [], 0
    for row in head.split(b"\n"):
        line = row.decode("utf-8", errors="replace")
        drop = line in above and line not in headers
        drop = drop and (offset < layout.body or line.lstrip()[:1] in ("#", "%", "/", ";"))
        if not drop and line not in above and offset >= layout.body:
            row = _REMARK.sub(rb"\1", row)
        kept.append(bare_hints(line).encode() if drop else row)
        offset += len(row) + 1
    return b"\n".join(kept) + cut + _REMARK.sub(rb"\1", rest)


def _head(text: bytes) -> tuple[bytes, bytes, bytes]:
    """What was looked at for the layout, up to its last line's end; that end; what follows."""
    if len(text) <= HEAD:
        return text, b"", b""
    end = text.rfind(b"\n", 0, HEAD)
    return text[:end], b"\n", text[end + 1 :]


def _headers(layout: Layout) -> frozenset[str]:
    """The last lines above the table that hold all names of its columns, or all their units."""
    found = []
    for words in (layout.names, layout.units):
        stated = [word for word in words if word]
        lines = [x for x in layout.preamble if stated and all(word in x for word in stated)]
        found += lines[-1:]
    return frozenset(found)


def _essence(layout: Layout) -> object:
    """All of a layout that decides how the table is read."""
    above = layout.preamble
    hints = (stated_rate(above), stated_unit(above), stated_gain(above), stated_lead(above))
    rows = tuple(
        tuple("" if kind == "text" else cell for cell, kind in zip(row, layout.kinds, strict=False))
        for row in layout.rows
    )
    return replace(layout, body=0, preamble=(), rows=rows), hints
