"""A JPEG file without metadata: its segments (ISO/IEC 10918-1, annex B) are copied or left out."""

from __future__ import annotations

import re
import struct

from medmodels.inputs.identifying_photo import Notes, exif_with, stated_orientation

_EOI, _SOS, _COM = 0xD9, 0xDA, 0xFE
# Segments that are looked at; a picture has dozens, a progressive one hundreds.
_MOST = 100_000
_MARKER = re.compile(rb"\xff[\x01-\xfe]")
# A marker among coded data: not a stuffed byte, a restart or a fill byte.
_NEXT = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_EXIF, _XMP, _MORE_XMP = b"Exif\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/"


def clean_jpeg(data: bytes, notes: Notes) -> bytes:
    """Keep how the picture is coded, and how it lies.

    Parameters
    ----------
    data : bytes
        The whole file.
    notes : Notes
        Told what is dropped.

    Returns
    -------
    bytes
        Up to the end of the image; the coded data are those of `data`.
    """
    parts = [data[:2]]
    metadata: dict[str, bytes] = {}
    position, count = 2, 0
    # Pillow passes over fill bytes and zeros between segments; so must we.
    while (found := _MARKER.search(data, position)) and count < _MOST:
        position, marker = found.start(), data[found.start() + 1]
        if marker == _EOI or position + 4 > len(data):
            break
        count += 1
        (length,) = struct.unpack_from(">H", data, position + 2)
        end = min(position + 2 + length, len(data))
        content = data[position + 4 : end]
        if 0xE0 <= marker <= 0xEF or marker == _COM:
            kept = _kept(marker, content)
            if kept is None:
                _note(marker, content, notes, metadata)
            elif kept:
                parts.append(struct.pack(">BBH", 0xFF, marker, len(kept) + 2) + kept)
        else:
            if marker == _SOS:
                following = _NEXT.search(data, end)
                end = following.start() if following else len(data)
            parts.append(data[position:end])
        position = end
    if position + 2 <= len(data):
        parts.append(b"\xff\xd9")
        if position + 2 < len(data):
            notes.add("data behind the picture")
    if metadata and (orientation := stated_orientation(metadata)) != 1:
        exif = exif_with(orientation)
        parts.insert(1, struct.pack(">BBH", 0xFF, 0xE1, len(exif) + 2) + exif)
    return b"".join(parts)


def _kept(marker: int, content: bytes) -> bytes | None:
    """What stays of an application segment: how pixels and colours are coded."""
    if marker == 0xE0 and content.startswith(b"JFIF\0"):
        # Version, density, and no small picture.
        return content[:12].ljust(12, b"\0") + b"\0\0" if any(content[12:]) else content[:14]
    if marker == 0xEE and content.startswith(b"Adobe"):
        return content[:12]
    return None


def _note(marker: int, content: bytes, notes: Notes, metadata: dict[str, bytes]) -> None:
    if marker == 0xE1 and content.startswith(_EXIF):
        notes.add_exif(content)
        # Long metadata go on in the next segment.
        metadata["exif"] = metadata["exif"] + content[6:] if "exif" in metadata else content
    elif marker == 0xE1 and content.startswith(_XMP):
        notes.add("XMP metadata")
        metadata["xmp"] = content[len(_XMP) :]
    elif marker == 0xE1 and content.startswith(_MORE_XMP):
        notes.add("XMP metadata")
    elif marker == 0xED:
        notes.add("IPTC and Photoshop metadata")
    elif marker == 0xE2 and content.startswith(b"ICC_PROFILE"):
        notes.add("colour profile")
    elif marker == _COM:
        notes.add("comment")
    elif marker == 0xE0:
        notes.add("embedded small picture")
    else:
        notes.add("data of a camera or a program")
