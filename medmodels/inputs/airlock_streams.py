"""Comments and metadata inside compressed frames, blanked where they stand.

A DICOM image may hold JPEG frames as a camera wrote them, EXIF and all. Nothing is moved:
offset tables stay right and the coded picture stays as it is, byte for byte.
"""

from __future__ import annotations

import struct

# Segments of a header that are looked at.
_MOST = 10_000
_ITEM = b"\xfe\xff\x00\xe0"
_START = b"\xff\xd8"
_CODESTREAM = b"\xff\x4f\xff\x51"
# JFIF, SPIFF (JPEG-LS) and Adobe say how colours are coded; the other segments say nothing of it.
_KEPT_APPS = {0xE0: (b"JFIF\0",), 0xE8: (b"SPIFF\0", b"mrfx"), 0xEE: (b"Adobe",)}


def without_comments(encapsulated: bytes) -> bytes:
    """Blank the metadata of every frame in encapsulated pixel data (PS3.5, A.4).

    Parameters
    ----------
    encapsulated : bytes
        Items, the first of which is the basic offset table.

    Returns
    -------
    bytes
        As long as before.
    """
    data = bytearray(encapsulated)
    position = 0
    while data[position : position + 4] == _ITEM:
        (length,) = struct.unpack_from("<I", data, position + 4)
        start = position + 8
        position = start + length
        blank_metadata(data, start, min(position, len(data)))
    # What stands behind the last item is no part of the image.
    return bytes(data[: min(position, len(data))]) if position else encapsulated


def blank_metadata(data: bytearray, start: int, end: int) -> None:
    """Blank the metadata segments in the header of one JPEG, JPEG-LS or JPEG 2000 stream.

    Parameters
    ----------
    data : bytearray
        Changed in place.
    start, end : int
        Where the stream begins and ends.
    """
    if data[start : start + 2] == _START:
        _blank(data, start + 2, end, _is_jpeg_metadata, stop=0xDA)
    elif data[start : start + 4] == _CODESTREAM:
        # COM (ISO/IEC 15444-1, A.9.2), up to the first tile (SOT).
        _blank(data, start + 2, end, lambda data, at: data[at + 1] == 0x64, stop=0x90)


def _blank(data: bytearray, position: int, end: int, is_metadata, *, stop: int) -> None:  # type: ignore[no-untyped-def]
    for _ in range(_MOST):
        if position + 4 > end or data[position] != 0xFF or data[position + 1] == stop:
            return
        if data[position + 1] == 0xFF:
            position += 1
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        following = min(position + 2 + length, end)
        if is_metadata(data, position):
            # The registration value of a JPEG 2000 comment stays; zeros are binary, which is 0.
            data[position + 4 : following] = bytes(max(0, following - position - 4))
        position = following if length >= 2 else end


def _is_jpeg_metadata(data: bytearray, at: int) -> bool:
    marker = data[at + 1]
    if marker == 0xFE:
        return True
    if not 0xE0 <= marker <= 0xEF:
        return False
    kept = _KEPT_APPS.get(marker, ())
    return not any(data[at + 4 : at + 4 + len(name)] == name for name in kept)
