"""TIFF: Pillow for the usual kinds, tifffile for deep colour and for what Pillow refuses."""

from __future__ import annotations

import io
import logging
import struct
from typing import Any

import numpy as np
import tifffile
from PIL import TiffImagePlugin

from medmodels.inputs.decoded import Decoded, over_black
from medmodels.inputs.errors import InputError
from medmodels.inputs.limits import MAX_FRAMES, check_frame, check_size
from medmodels.inputs.raster import float_encoding, from_pillow
from medmodels.inputs.refusals import EXPECTED_SCAN, damaged, decoding

_WHAT = "a TIFF image"

# None, LZW, deflate (two numbers) and PackBits: what tifffile decodes by itself.
_PLAIN = frozenset({1, 5, 8, 32946, 32773})

# EXIF orientation -> (rows and columns swapped first, rows flipped, columns flipped).
_TURNS = {
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}

# Its complaints quote the file; ours are enough.
logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)


def decode_tiff(data: bytes, frame: int) -> Decoded:
    """Decode one page of a TIFF.

    Parameters
    ----------
    data : bytes
        The whole file.
    frame : int
        Page, from 0.

    Returns
    -------
    Decoded

    Raises
    ------
    InputError
        The file is damaged, too large, too small, has no such page, or is
        encoded in a way that cannot be read.
    """
    pages = _count_pages(data)
    check_frame(frame, pages)
    decoded = _by_pillow(data, frame) or _by_tifffile(data, frame)
    decoded.frames = pages
    return decoded


def _count_pages(data: bytes) -> int:
    """Walk the chain of directories, at most `MAX_FRAMES` of them."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    count_format, entry, offset_format = ("Q", 20, "Q") if big else ("H", 12, "I")
    try:
        offset = struct.unpack_from(order + offset_format, data, 8 if big else 4)[0]
        seen: set[int] = set()
        while offset and offset not in seen and len(seen) < MAX_FRAMES:
            count = struct.unpack_from(order + count_format, data, offset)[0]
            end = offset + struct.calcsize(count_format) + count * entry
            seen.add(offset)
            offset = struct.unpack_from(order + offset_format, data, end)[0]
    except (struct.error, OverflowError):
        # Offsets of a BigTIFF have 64 bits, which is more than any place in a file.
        raise damaged(_WHAT) from None
    if not seen:
        raise damaged(_WHAT)
    return len(seen)


def _by_pillow(data: bytes, frame: int) -> Decoded | None:
    """Decode with Pillow, or None when tifffile is to do it."""
    try:
        image = TiffImagePlugin.TiffImageFile(io.BytesIO(data))
        image.seek(frame)
        width, height = image.size
        tags = image.tag_v2
        bits = max(tags.get(258, (1,)))
        plain = tags.get(259, 1) in _PLAIN
        deep_colour = bits > 8 and image.mode not in ("I", "F") and not image.mode.startswith("I;")
        white_is_zero = tags.get(262) == 0
        unsigned = tags.get(339, (1,))[0] == 1
    except Exception:
        # Pillow refuses kinds that tifffile reads; if that fails too, it says so.
        return None
    check_size(height, width)
    if plain and (deep_colour or (bits > 8 and white_is_zero) or (bits == 32 and unsigned)):
        return None
    decoded = from_pillow(image, _WHAT, bits=bits)
    if bits == 16 and not unsigned:
        decoded.encoding, decoded.words = (-(2**15), 2**15 - 1), "16-bit signed grey"
    if deep_colour:
        decoded.notes.append(f"{bits} bits for each colour, of which the upper 8 are read.")
    return decoded


def _by_tifffile(data: bytes, frame: int) -> Decoded:
    with decoding(_WHAT), tifffile.TiffFile(io.BytesIO(data)) as tiff:
        page: Any = tiff.pages[frame]
        height, width = int(page.imagelength), int(page.imagewidth)
        check_size(height, width)
        planes = int(page.imagedepth) * int(page.samplesperpixel)
        if page.imagedepth != 1 or planes > 4 or page.photometric == 3:
            raise _unsupported()
        try:
            values = np.asarray(page.asarray())
        except (ValueError, KeyError, NotImplementedError) as error:
            if page.compression not in _PLAIN:
                raise _unsupported() from error
            raise
        if page.axes == "SYX":
            values = np.moveaxis(values, 0, -1)
        values = values.reshape(height, width, planes)
        turned = _turn(values, page.tags)
        decoded = _decode_samples(turned, int(page.bitspersample), int(page.photometric), planes)
        if turned is not values:
            decoded.notes.append("Turned or mirrored as the file says (EXIF orientation).")
        return decoded


def _turn(values: np.ndarray, tags: Any) -> np.ndarray:
    orientation = tags[274].value if 274 in tags else 1
    if orientation not in _TURNS:
        return values
    swap, flip_rows, flip_columns = _TURNS[orientation]
    values = values.swapaxes(0, 1) if swap else values
    values = values[::-1] if flip_rows else values
    return values[:, ::-1] if flip_columns else values


def _decode_samples(values: np.ndarray, bits: int, photometric: int, planes: int) -> Decoded:
    """Grey (1), grey and alpha (2), RGB (3) or RGB and alpha (4)."""
    if values.dtype.kind not in "uif" or photometric not in (0, 1, 2):
        raise _unsupported()
    encoding, words = _encoding(values, bits)
    if photometric == 0:
        top = sum(encoding) if encoding != (0.0, 0.0) else 0
        values = (top - values.astype(np.float64)).astype(
            values.dtype if values.dtype.kind != "f" else np.float32
        )
    notes = ["Stored with white as zero; inverted."] if photometric == 0 else []
    colours = values[..., :1] if planes < 3 else values[..., :3]
    if planes >= 3 and encoding[0] != 0:
        raise _unsupported()
    if planes in (2, 4):
        alpha = values[..., -1]
        if alpha.min() < encoding[1]:
            colours = over_black(colours, alpha, encoding[1])
            notes.append("Transparent parts were laid on black.")
    kind = "RGB" if planes >= 3 else "grey"
    pixels = colours if planes >= 3 else colours[..., 0]
    return Decoded(np.ascontiguousarray(pixels), encoding, f"{words} {kind}", notes=notes)


def _encoding(values: np.ndarray, bits: int) -> tuple[tuple[float, float], str]:
    if values.dtype.kind == "f":
        return float_encoding(values), f"{bits}-bit floating point"
    if values.dtype.kind == "u":
        return (0, 2**bits - 1), f"{bits}-bit"
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1), f"{bits}-bit signed"


def _unsupported() -> InputError:
    return InputError(
        "a TIFF image encoded in a way that is not used for scans.",
        EXPECTED_SCAN,
        "Export the image as PNG, or as TIFF without compression.",
    )
