"""A PNG file without metadata: its chunks (PNG, third edition, 11) are copied or left out."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import PngImagePlugin

from medmodels.inputs.identifying_photo import Notes, exif_with, stated_orientation

_START = b"\x89PNG\r\n\x1a\n"
# Chunks that are looked at; 256 MB in chunks of 8 kB have a third as many.
_MOST = 100_000
# What pixels are made of; of an animation all pictures, for the reader counts them.
_KEPT = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"))
# Of the picture, not of a person: dropped without a word.
_TECHNICAL = frozenset((b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"cICP"))
_TEXTS = frozenset((b"tEXt", b"zTXt", b"iTXt"))
# Keywords that the standard names (11.3.3.1); another one could itself be a name.
_KEYWORDS = frozenset(
    ("title", "author", "description", "copyright", "creation time", "software", "disclaimer",
     "warning", "source", "comment", "collection")
)  # fmt: skip
_XMP = b"XML:com.adobe.xmp"


def clean_png(data: bytes, notes: Notes) -> bytes:
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
    parts, metadata = [_START], []
    position, name = len(_START), b""
    for _ in range(_MOST):
        if position + 8 > len(data) or name == b"IEND":
            break
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        whole = data[position:end]
        if name in _KEPT:
            parts.append(whole)
        elif name not in _TECHNICAL:
            _note(name, whole[8 : 8 + length], notes)
            metadata.append(whole)
        position = end
    if position < len(data) and name == b"IEND":
        notes.add("data behind the picture")
    if metadata and (orientation := _orientation(metadata)) != 1:
        # Pillow wants the header first.
        parts.insert(2, chunk(b"eXIf", exif_with(orientation).removeprefix(b"Exif\0\0")))
    return b"".join(parts)


def chunk(name: bytes, content: bytes) -> bytes:
    """Write a chunk with its length and checksum.

    Parameters
    ----------
    name : bytes
        Four letters.
    content : bytes

    Returns
    -------
    bytes
    """
    named = name + content
    return struct.pack(">I", len(content)) + named + struct.pack(">I", zlib.crc32(named))


def _orientation(metadata: list[bytes]) -> int:
    """Let Pillow read the metadata, of a picture of one pixel."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\0"))
    file = b"".join([_START, header, *metadata, pixel, chunk(b"IEND", b"")])
    try:
        image = PngImagePlugin.PngImageFile(io.BytesIO(file))
        image.load()
    except Exception:
        return 1
    found = {key: image.info[key] for key in _USED if key in image.info}
    return stated_orientation(found)


_USED = ("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp")


def _note(name: bytes, content: bytes, notes: Notes) -> None:
    if name == b"eXIf":
        notes.add_exif(content)
    elif name in _TEXTS:
        keyword = content.partition(b"\0")[0]
        words = keyword.decode("latin-1").lower()
        if keyword == _XMP:
            notes.add("XMP metadata")
        elif words.startswith("raw profile type"):
            notes.add("Exif or IPTC metadata as text")
        else:
            notes.add(f"text: {words}" if words in _KEYWORDS else "text")
    elif name == b"iCCP":
        notes.add("colour profile")
    elif name == b"tIME":
        notes.add("time of the last change")
    else:
        notes.add("chunks of unknown meaning")
