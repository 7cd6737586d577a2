"""A BMP file without what stands between and behind its parts."""

from __future__ import annotations

import struct

from medmodels.inputs.identifying_photo import Notes

# BITMAPV5HEADER, and where in it offset and size of a colour profile are.
_V5, _PROFILE = 124, 112
_PLAIN = (0, 3, 6)


def clean_bmp(data: bytes, notes: Notes) -> bytes:
    """Keep headers, palette and pixels.

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
    if len(data) < 54:
        return data
    (offset, header) = struct.unpack_from("<II", data, 10)
    kept = bytearray(data)
    if header == _V5 and struct.unpack_from("<II", data, 14 + _PROFILE) != (0, 0):
        kept[14 + _PROFILE : 14 + _PROFILE + 8] = bytes(8)
        notes.add("colour profile")
    if header >= 40:
        width, height, _, bits, compression, stated = struct.unpack_from("<iiHHII", data, 18)
        masks = 12 if compression == 3 else 16 if compression == 6 else 0
        colours = struct.unpack_from("<I", data, 46)[0] or (2**bits if bits <= 8 else 0)
        described = 14 + header + (masks if header == 40 else 0) + 4 * min(colours, 256)
        if any(kept[described:offset]):
            kept[described:offset] = bytes(len(kept[described:offset]))
            notes.add("data between the parts of the file")
        pixels = (width * bits + 31) // 32 * 4 * abs(height) if compression in _PLAIN else stated
        if pixels > 0 and len(kept) > offset + pixels:
            del kept[offset + pixels :]
            notes.add("data behind the picture")
    return bytes(kept)
