"""Header values of pictures pushed to their extremes, with checksums that are right."""

from __future__ import annotations

import random
import struct
import zlib

from tests.inputs.fuzz.mutations import Mutation

_SIZES = (0, 1, 31, 33, 6000, 6324, 20_000, 65_535, 2**31 - 1, 2**31, 2**32 - 1)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(
        ">I", zlib.crc32(name + content)
    )  # fmt: skip


def png_chunks(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """A PNG whose header, palette or chunks say something else, each with its checksum."""
    head, rest = bytearray(data[16:29]), data[33:]
    kind = rng.randrange(6)
    before = b""
    if kind < 2:
        at = rng.choice((0, 4))
        head[at : at + 4] = struct.pack(">I", rng.choice(_SIZES))
    elif kind == 2:
        head[rng.randrange(8, 13)] = rng.choice((0, 1, 2, 3, 4, 6, 7, 16, 255))
    elif kind == 3:
        packed = zlib.compress(bytes(30 * 2**20))
        name, lead = rng.choice(
            ((b"zTXt", b"Comment\0\0"), (b"iCCP", b"p\0\0"), (b"iTXt", b"Comment\0\1\0\0\0"))
        )
        before = _chunk(name, lead + packed)
    elif kind == 4:
        before = _chunk(b"acTL", struct.pack(">2I", rng.choice(_SIZES), 0)) + _chunk(
            b"fcTL", struct.pack(">5I2H2B", 0, *(rng.choice(_SIZES) for _i in range(4)), 1, 9, 0, 0)
        )
    else:
        before = _chunk(rng.choice((b"PLTE", b"tRNS", b"eXIf", b"cHRM", b"IDAT", b"abCd")),
                        rng.randbytes(rng.choice((0, 3, 700))))  # fmt: skip
    return data[:8] + _chunk(b"IHDR", bytes(head)) + before + rest


def png_pixels(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Too many or too few rows inside, or a filter that there is not."""
    at = data.index(b"IDAT") - 4
    length = struct.unpack(">I", data[at : at + 4])[0]
    body = bytearray(zlib.decompress(data[at + 8 : at + 8 + length]))
    kind = rng.randrange(3)
    if kind == 0:
        body = body[: rng.randrange(len(body))]
    elif kind == 1:
        body += bytes(rng.choice((1, 10_000, 20 * 2**20)))
    else:
        body[rng.randrange(len(body))] = 255
    return data[:at] + _chunk(b"IDAT", zlib.compress(bytes(body))) + data[at + 12 + length :]


def jpeg_segments(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """A JPEG's frame, tables or scans: huge, none at all, or thousands of them."""
    marks = [i for i in range(2, len(data) - 4) if data[i] == 0xFF and 0xC0 <= data[i + 1] <= 0xFE]
    at = rng.choice(marks[:14])
    length = struct.unpack(">H", data[at + 2 : at + 4])[0]
    segment = data[at : at + 2 + length]
    frame = next(i for i in marks if data[i + 1] in (0xC0, 0xC1, 0xC2))
    kind = rng.randrange(5)
    if kind == 0:
        side = struct.pack(">H", rng.choice((0, 1, 31, 6000, 20_000, 65_535)))
        at = frame + rng.choice((5, 7))
        return data[:at] + side + data[at + 2 :]
    if kind == 1:
        at = frame + rng.choice((1, 4, 9, 10, 11, 12, 13))
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + data[at + 2 + length :]
    if kind == 3:
        return data[:at] + segment * rng.choice((2, 50, 2000)) + data[at:]
    return data[:at] + b"\xff" + bytes([rng.randrange(0xC0, 0xFF)]) + data[at + 2 :]


def tiff_fields(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """An entry of a TIFF's directory, or where the next directory is."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack(order + "H", data[2:4])[0] == 43
    at = struct.unpack(order + ("Q" if big else "I"), data[8:16] if big else data[4:8])[0]
    size, first = (20, 8) if big else (12, 2)
    count = struct.unpack(order + ("Q" if big else "H"), data[at : at + first])[0]
    entry = at + first + size * rng.randrange(count)
    changed = bytearray(data)
    kind = rng.randrange(6)
    word = "Q" if big else "I"
    if kind == 0:
        struct.pack_into(
            order + "H",
            changed,
            entry,
            rng.choice(
                (
                    254,
                    256,
                    258,
                    259,
                    262,
                    273,
                    274,
                    277,
                    278,
                    279,
                    284,
                    317,
                    320,
                    322,
                    323,
                    324,
                    330,
                    338,
                    339,
                    347,
                    34675,
                )
            ),
        )
    elif kind == 1:
        struct.pack_into(order + "H", changed, entry + 2, rng.randrange(20))
    elif kind == 2:
        struct.pack_into(
            order + word, changed, entry + 4, rng.choice((0, 1, 2**16, 2**31, 2**32 - 1))
        )
    elif kind == 3:
        follows = at + first + size * count
        struct.pack_into(order + word, changed, follows, rng.choice((at, 8, len(data), 2**31)))
    else:
        value = rng.choice((0, 1, 2, 7, 32, 33, 65_535, 6000, 2**31, 2**32 - 1, at))
        struct.pack_into(order + word, changed, entry + size - (8 if big else 4), value)
    return bytes(changed)


def bmp_header(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Width, height, depth, compression and colours of a BMP."""
    changed = bytearray(data)
    at, form = rng.choice(((10, "I"), (14, "I"), (18, "i"), (22, "i"), (26, "H"), (28, "H"),
                           (30, "I"), (34, "I"), (46, "I"), (50, "I")))  # fmt: skip
    values = (0, 1, 2, 3, 4, 5, 6, 12, 40, 108, 124, 6000, 65_535, -1, -64, 2**31 - 1)
    fits = [v for v in values if -(2**31) <= v < 2**31 and (form == "i" or v >= 0)]
    value = rng.choice([v for v in fits if form != "H" or v < 2**16])
    struct.pack_into("<" + form, changed, at, value)
    return bytes(changed)


def webp_chunks(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """An extended header with a canvas of its own, and sizes that do not fit."""
    kind = rng.randrange(3)
    if kind == 0:
        canvas = struct.pack("<I", rng.choice((0, 2**14, 2**24 - 1)))[:3] * 2
        extended = b"VP8X" + struct.pack("<I", 10) + bytes([rng.randrange(256), 0, 0, 0]) + canvas
        return data[:12] + extended + data[12:]
    changed = bytearray(data)
    if kind == 1:
        struct.pack_into("<I", changed, rng.choice((4, 16)), rng.choice((0, 1, 2**31, 2**32 - 1)))
    else:
        struct.pack_into("<I", changed, rng.choice((21, 24, 26)), rng.getrandbits(32))
    return bytes(changed)


#: By the beginning of a seed's name.
PICTURES: dict[str, tuple[Mutation, ...]] = {
    "png": (png_chunks, png_chunks, png_pixels),
    "jpeg": (jpeg_segments,),
    "tiff": (tiff_fields, tiff_fields),
    "bmp": (bmp_header,),
    "webp": (webp_chunks,),
}
