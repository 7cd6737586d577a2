"""Damage that any file can suffer, drawn from one generator so that it can be repeated.

Each function takes the generator and the bytes and returns other bytes; where a
second file is needed it comes as the third argument.
"""

from __future__ import annotations

import random
from collections.abc import Callable

#: No mutated file is longer: a person's file is met by the upload limit long before.
LONGEST = 4 * 2**20

_HEADER = 600
_EXTREMES = {
    1: (0, 1, 0x7F, 0x80, 0xFF),
    2: (0, 1, 0x7FFF, 0x8000, 0xFFFF),
    4: (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00FFFFFF, 0xFFFFFFFE),
    8: (0, 1, 2**63 - 1, 2**63, 2**64 - 1),
}


def _place(rng: random.Random, length: int) -> int:
    """Headers decide most: half of all places lie there."""
    return rng.randrange(max(1, min(length, rng.choice((_HEADER, length)))))


def _stretch(rng: random.Random, length: int) -> slice:
    start = _place(rng, length)
    return slice(start, min(length, start + rng.choice((1, 4, 16, 100, 1000, length))))


def flip_bits(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """One to sixteen bits."""
    changed = bytearray(data)
    for _i in range(rng.choice((1, 1, 2, 4, 16))):
        changed[_place(rng, len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def other_bytes(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """One to four bytes are drawn anew."""
    changed = bytearray(data)
    for _i in range(rng.choice((1, 2, 4))):
        changed[_place(rng, len(data))] = rng.randrange(256)
    return bytes(changed)


def extreme_number(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """A length, a count or an offset becomes the largest, the smallest or negative."""
    changed = bytearray(data)
    for _i in range(rng.choice((1, 1, 2))):
        size = rng.choice((1, 2, 2, 4, 4, 4, 8))
        at = _place(rng, len(data)) // rng.choice((1, 2, 4)) * rng.choice((1, 2))
        at = min(at, max(0, len(data) - size))
        value = rng.choice(_EXTREMES[size])
        changed[at : at + size] = value.to_bytes(size, rng.choice(("little", "big")))
    return bytes(changed)


def cut_off(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """The transfer was interrupted."""
    return data[: _place(rng, len(data))]


def zeroed(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """A stretch was lost on the disk."""
    changed, hit = bytearray(data), _stretch(rng, len(data))
    changed[hit] = rng.choice((b"\0", b"\xff")) * (hit.stop - hit.start)
    return bytes(changed)


def left_out(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """A stretch is missing."""
    hit = _stretch(rng, len(data))
    return data[: hit.start] + data[hit.stop :]


def doubled(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """A stretch stands there twice, or a thousand times."""
    hit = _stretch(rng, len(data))
    times = rng.choice((1, 1, 2, 50, 1000))
    return data[: hit.stop] + data[hit] * times + data[hit.stop :]


def swapped(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Two stretches have changed places."""
    a, b, c = sorted(_place(rng, len(data)) for _i in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def spliced(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Begins as one file and goes on as another."""
    return data[: _place(rng, len(data))] + other[_place(rng, len(other)) :]


def woven(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """A stretch of another file lies over this one."""
    hit = _stretch(rng, len(other))
    at = _place(rng, len(data))
    return data[:at] + other[hit] + data[at + hit.stop - hit.start :]


def appended(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Something follows behind the end."""
    return data + (other if rng.random() < 0.5 else rng.randbytes(rng.choice((1, 100, 70_000))))


Mutation = Callable[[random.Random, bytes, bytes], bytes]

ANY_FILE: tuple[Mutation, ...] = (
    flip_bits, flip_bits, other_bytes, extreme_number, extreme_number, cut_off, zeroed, left_out,
    doubled, swapped, spliced, woven, appended,
)  # fmt: skip
