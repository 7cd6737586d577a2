"""A recording in a text file without the lines above its table that say who was recorded."""

from __future__ import annotations

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


def clean_table(data: bytes, notes: Notes) -> bytes:
    """Keep the table, its header, and what the lines above say of rate, unit, gain and lead.

    Parameters
    ----------
    data : bytes
        The whole file.
    notes : Notes
        Told what is dropped.

    Returns
    -------
    bytes
        `data` itself where no line had to go, and where the table would be read otherwise
        without them.
    """
    try:
        text = clean_text(data)
        layout = find_layout(text)
        clean = _without(text, layout)
        again = find_layout(clean)
    except InputError:
        return data
    if clean == text or _essence(again) != _essence(layout):
        return data
    notes.add(DROPPED)
    return clean


def _without(text: bytes, layout: Layout) -> bytes:
    """Put what a line hints at in its place; lines are counted as before."""
    above = set(layout.preamble)
    headers = _headers(layout)
    # Comments stand among the rows too; a line that the head's end cuts is left alone.
    head, cut, rest = _head(text)
    kept, offset = [], 0
    for row in head.split(b"\n"):
        line = row.decode("utf-8", errors="replace")
        drop = line in above and line not in headers
        drop = drop and (offset < layout.body or line.lstrip()[:1] in ("#", "%", "/", ";"))
        kept.append(bare_hints(line).encode() if drop else row)
        offset += len(row) + 1
    return b"\n".join(kept) + cut + rest


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
    return replace(layout, body=0, preamble=()), hints
