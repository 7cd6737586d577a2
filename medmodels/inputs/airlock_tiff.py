"""A TIFF file without metadata: tags are taken out of its directories, the rest is blanked.

Nothing is moved, so that all offsets stay right: the file keeps its length, and every byte
that no kept tag points to becomes zero.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from medmodels.inputs.airlock_streams import blank_metadata
from medmodels.inputs.identifying_photo import Notes, stated_orientation
from medmodels.inputs.limits import MAX_FRAMES

# How pixels are stored (TIFF 6.0; technical note 2 for JPEG): sizes, strips, tiles, colours.
_KEPT = frozenset(
    (254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 284, 290, 291,
     292, 293, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341,
     347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 32996, 32997, 34925)
)  # fmt: skip
# Entries of all directories together, and strips or tiles of one page, that are looked at:
# directories may overlap, so that a small file could hold endlessly many.
_MOST = 1_000_000
# Where coded data begin, and the tag that says how long they are.
_DATA = {273: 279, 324: 325, 513: 514}
# Old-style JPEG: where tables begin, with the most bytes that each can take.
_TABLES = {519: 64, 520: 16 + 17, 521: 16 + 256}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
          16: 8, 17: 8, 18: 8}  # fmt: skip
_FORMATS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_ORIENTATION, _XMP, _EXIF, _GPS = 274, 700, 34665, 34853
_POINTERS = {_EXIF: "Exif metadata", _GPS: "GPS position", 330: "further small pictures",
             33723: "IPTC and Photoshop metadata", 34377: "IPTC and Photoshop metadata",
             34675: "colour profile", _XMP: "XMP metadata"}  # fmt: skip
# Of the picture or the paper, not of a person.
_SILENT = frozenset((282, 283, 286, 287, 296, 297, 318, 319, 33550))


@dataclass(frozen=True)
class _Layout:
    """How this file writes numbers: byte order, and sizes of classic or big TIFF."""

    order: str
    big: bool

    @property
    def count(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.big else "H"))

    @property
    def entry(self) -> struct.Struct:
        return struct.Struct(self.order + ("HHQ8s" if self.big else "HHI4s"))

    @property
    def offset(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.big else "I"))

    @property
    def first(self) -> int:
        return 8 if self.big else 4


def clean_tiff(data: bytes, notes: Notes) -> bytes:
    """Keep how the pages are coded, and how they lie.

    Parameters
    ----------
    data : bytes
        The whole file.
    notes : Notes
        Told what is dropped.

    Returns
    -------
    bytes
        As long as `data`; `data` itself where its directories cannot be followed, in
        which case no reader can read it either.
    """
    layout = _Layout("<" if data[:2] == b"II" else ">", data[2:4] in (b"+\0", b"\0+"))
    clean = bytearray(len(data))
    head = layout.first + layout.offset.size
    clean[:head] = data[:head]
    try:
        (offset,) = layout.offset.unpack_from(data, layout.first)
        seen: set[int] = set()
        entries = 0
        while offset and offset not in seen and len(seen) < MAX_FRAMES:
            seen.add(offset)
            entries += layout.count.unpack_from(data, offset)[0]
            if entries > _MOST:
                break
            offset = _directory(data, clean, offset, layout, notes)
    except struct.error:
        # The reader walks the same chain and refuses the file.
        return bytes(clean)
    return bytes(clean)


def _directory(data: bytes, clean: bytearray, offset: int, layout: _Layout, notes: Notes) -> int:
    """Copy one directory without its other tags; return where the next one is."""
    (count,) = layout.count.unpack_from(data, offset)
    position = offset + layout.count.size
    size = layout.entry.size
    end = position + count * size
    (following,) = layout.offset.unpack_from(data, end)
    entries: dict[int, tuple[int, int, bytes]] = {}
    kept = []
    for at in range(position, end, size):
        tag, kind, number, value = layout.entry.unpack_from(data, at)
        entries.setdefault(tag, (kind, number, value))
        if tag in _KEPT:
            kept.append(data[at : at + size])
        elif tag not in _SILENT:
            _note(tag, notes)
    if _XMP in entries and _ORIENTATION not in entries:
        kept += _from_xmp(data, entries, layout)
    kept.sort(key=lambda entry: struct.unpack_from(layout.order + "H", entry)[0])
    written = layout.count.pack(len(kept)) + b"".join(kept) + layout.offset.pack(following)
    clean[offset : offset + len(written)] = written
    for tag, (kind, number, value) in entries.items():
        if tag in _KEPT:
            _copy_value(data, clean, kind, number, value, layout)
    for tag, length_tag in _DATA.items():
        if tag in entries:
            starts = _numbers(data, entries[tag], layout)
            lengths = _numbers(data, entries[length_tag], layout) if length_tag in entries else []
            _copy_data(data, clean, starts, lengths)
    for tag, most in _TABLES.items():
        for start in _numbers(data, entries[tag], layout) if tag in entries else ():
            clean[start : start + most] = data[start : start + most]
    return int(following)


def _copy_data(data: bytes, clean: bytearray, starts: list[int], lengths: list[int]) -> None:
    """Copy strips or tiles; without lengths, all that follows."""
    for number, start in enumerate(starts):
        end = start + lengths[number] if number < len(lengths) else len(data)
        end = min(end, len(data))
        if start < end:
            clean[start:end] = data[start:end]
            if clean[start : start + 2] == b"\xff\xd8":
                blank_metadata(clean, start, end)


def _copy_value(
    data: bytes, clean: bytearray, kind: int, number: int, value: bytes, layout: _Layout
) -> None:
    """Copy a value that stands outside of its entry."""
    size = _SIZES.get(kind, 1) * number
    if size > len(value):
        (start,) = layout.offset.unpack(value)
        clean[start : start + size] = data[start : start + size]


def _numbers(data: bytes, entry: tuple[int, int, bytes], layout: _Layout) -> list[int]:
    kind = entry[0]
    letter = _FORMATS.get(kind)
    if letter is None or entry[1] > _MOST:
        return []
    raw = _content(data, entry, layout)
    return list(struct.unpack_from(f"{layout.order}{len(raw) // _SIZES[kind]}{letter}", raw))


def _content(data: bytes, entry: tuple[int, int, bytes], layout: _Layout) -> bytes:
    kind, number, value = entry
    size = _SIZES.get(kind, 1) * number
    if size <= len(value):
        return value[:size]
    (start,) = layout.offset.unpack(value)
    return data[start : start + size]


def _from_xmp(data: bytes, entries: dict[int, Any], layout: _Layout) -> list[bytes]:
    """An orientation that only XMP states, as a tag: the place of XMP is free now."""
    orientation = stated_orientation({"xmp": _content(data, entries[_XMP], layout)})
    if orientation == 1:
        return []
    value = struct.pack(layout.order + "H", orientation).ljust(8 if layout.big else 4, b"\0")
    return [layout.entry.pack(_ORIENTATION, 3, 1, value)]


def _note(tag: int, notes: Notes) -> None:
    if tag in _POINTERS:
        notes.add(_POINTERS[tag])
    else:
        notes.add_tag(tag)
