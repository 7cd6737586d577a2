"""A WebP file without metadata: its chunks (RFC 9649, 2) are copied or left out."""

from __future__ import annotations

import struct

from medmodels.inputs.identifying_photo import Notes, exif_with, stated_orientation

_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"))
# Chunks that are kept; an animation has one for each picture.
_MOST = 100_000
_EXIF_FLAG, _XMP_FLAG, _ICC_FLAG = 0x08, 0x04, 0x20


def clean_webp(data: bytes, notes: Notes) -> bytes:
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
        `data` itself where it holds nothing else.
    """
    (size,) = struct.unpack_from("<I", data, 4)
    last = min(8 + size, len(data))
    chunks: list[tuple[bytes, bytes]] = []
    metadata: dict[str, bytes] = {}
    position = 12
    while position + 8 <= last and len(chunks) < _MOST:
        name, length = struct.unpack_from("<4sI", data, position)
        content = data[position + 8 : position + 8 + length]
        if name in _KEPT:
            chunks.append((name, content))
        else:
            _note(name, content, notes, metadata)
        position += 8 + length + length % 2
    if len(data) > last + 1:
        notes.add("data behind the picture")
    elif not notes.names():
        return data
    orientation = stated_orientation(metadata) if metadata else 1
    if orientation != 1:
        chunks.append((b"EXIF", exif_with(orientation)))
    body = b"".join(_chunk(name, _flags(name, content, orientation)) for name, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _flags(name: bytes, content: bytes, orientation: int) -> bytes:
    """State in the extended header (2.7.1) what is there still."""
    if name != b"VP8X" or not content:
        return content
    flags = content[0] & ~(_EXIF_FLAG | _XMP_FLAG | _ICC_FLAG)
    return bytes([flags | (_EXIF_FLAG if orientation != 1 else 0)]) + content[1:]


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _note(name: bytes, content: bytes, notes: Notes, metadata: dict[str, bytes]) -> None:
    if name == b"EXIF":
        metadata["exif"] = content
        notes.add_exif(content)
    elif name == b"XMP ":
        metadata["xmp"] = content
        notes.add("XMP metadata")
    else:
        notes.add("colour profile" if name == b"ICCP" else "data of unknown meaning")
