"""Comments and metadata inside compressed frames, blanked where they stand.

A DICOM image may hold JPEG frames as a camera wrote them, EXIF and all. Nothing is moved:
offset tables stay right and the coded picture stays as it is, byte for byte.
"""

from __future__ import annotations

import re
import struct

# Segments of a stream that are looked at: a progressive picture has hundreds.
_MOST = 10_000
_ITEM = b"\xfe\xff\x00\xe0"
_START = b"\xff\xd8"
_CODESTREAM = b"\xff\x4f\xff\x51"
_END, _SCAN = 0xD9, 0xDA
# A marker behind coded data: those hold no such pair of bytes but restarts (ISO/IEC 10918-1,
# B.1.1.5; ISO/IEC 14495-1, A.1).
_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
# Boxes of a JP2 file without which its codestream could not be read (ISO/IEC 15444-1, annex I).
_JP2 = b"\0\0\0\x0cjP  "
_BOXES = (b"jP  ", b"ftyp", b"jp2h", b"jp2c")
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
    """Blank the metadata in one JPEG, JPEG-LS or JPEG 2000 stream, and what follows its end.

    Parameters
    ----------
    data : bytearray
        Changed in place.
    start, end : int
        Where the stream begins and ends.
    """
    if data[start : start + 2] == _START:
        _blank_jpeg(data, start + 2, end)
    elif data[start : start + 4] == _CODESTREAM:
        _blank_codestream(data, start + 2, end)
    elif data[start : start + 8] == _JP2:
        _blank_boxes(data, start, end)


def _blank_jpeg(data: bytearray, position: int, end: int) -> None:
    for _ in range(_MOST):
        if position + 2 > end or data[position] != 0xFF:
            return
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == _END:
            _blank_behind(data, position + 2, end)
            return
        following = _segment_end(data, position, end)
        if _is_jpeg_metadata(data, position):
            _zero(data, position + 4, following)
        if marker == _SCAN:
            found = _MARKER.search(data, following, end)
            following = found.start() if found else end
        position = following


def _blank_codestream(data: bytearray, position: int, end: int) -> None:
    for _ in range(_MOST):
        # Up to the first tile (SOT).
        if position + 4 > end or data[position] != 0xFF or data[position + 1] == 0x90:
            break
        following = _segment_end(data, position, end)
        if data[position + 1] == 0x64:
            # COM (A.9.2): its registration value becomes 0 as well, which is "binary".
            _zero(data, position + 4, following)
        position = following
    last = data.rfind(b"\xff\xd9", position, end)
    if last >= 0:
        _blank_behind(data, last + 2, end)


def _blank_boxes(data: bytearray, position: int, end: int) -> None:
    for _ in range(_MOST):
        if position + 8 > end:
            return
        length, name = struct.unpack_from(">I4s", data, position)
        # 0: up to the file's end; 1: a length of 8 bytes follows, which no frame needs.
        following = min(position + length, end) if length >= 8 else end
        if name == b"jp2c":
            _blank_codestream(data, position + 10, following)
        elif name not in _BOXES:
            _zero(data, position + 8, following)
        position = following


def _segment_end(data: bytearray, position: int, end: int) -> int:
    """Where the next segment begins; the stream's end where there is no length."""
    if position + 4 > end:
        return end
    (length,) = struct.unpack_from(">H", data, position + 2)
    return min(position + 2 + length, end) if length >= 2 else end


def _blank_behind(data: bytearray, start: int, end: int) -> None:
    """Blank what follows a stream, but for the one byte that makes its length even."""
    if end - start > 1:
        _zero(data, start, end)


def _zero(data: bytearray, start: int, end: int) -> None:
    data[start:end] = bytes(max(0, end - start))


def _is_jpeg_metadata(data: bytearray, at: int) -> bool:
    marker = data[at + 1]
    if marker == 0xFE:
        return True
    if not 0xE0 <= marker <= 0xEF:
        return False
    kept = _KEPT_APPS.get(marker, ())
    return not any(data[at + 4 : at + 4 + len(name)] == name for name in kept)
