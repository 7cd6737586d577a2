"""Sample storage formats of WFDB signal files.

Formats: WFDB Applications Guide, signal(5). Checked in the tests against the
``wfdb`` package, whose own readers take paths only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: Storage format -> bits; the lowest code of each marks an invalid sample
#: (except in format 8, which stores differences).
BITS = {
    "8": 8, "16": 16, "24": 24, "32": 32, "61": 16, "80": 8, "160": 16,
    "212": 12, "310": 10, "311": 10,
}  # fmt: skip
# Samples in one block, and its bytes.
_BLOCKS = {"212": (2, 3), "310": (3, 4), "311": (3, 4)}


def bytes_needed(fmt: str, count: int) -> int:
    """Fewest bytes that hold a number of samples.

    Parameters
    ----------
    fmt : str
        A key of `BITS`.
    count : int

    Returns
    -------
    int
    """
    if fmt not in _BLOCKS:
        return count * (BITS[fmt] // 8)
    samples, size = _BLOCKS[fmt]
    whole, rest = divmod(count, samples)
    # Format 310 spreads its third sample over the block; a rest of two needs all four bytes.
    last = {0: 0, 1: 2, 2: 4 if fmt == "310" else 3}[rest]
    return whole * size + last


def samples_held(fmt: str, size: int) -> int:
    """Most samples that a number of bytes can hold.

    Parameters
    ----------
    fmt : str
        A key of `BITS`.
    size : int
        Bytes.

    Returns
    -------
    int
    """
    if fmt not in _BLOCKS:
        return size // (BITS[fmt] // 8)
    samples, block = _BLOCKS[fmt]
    count = size // block * samples
    while bytes_needed(fmt, count + 1) <= size:
        count += 1
    return count


def unpack(data: bytes, fmt: str, count: int) -> npt.NDArray[np.int32]:
    """Decode samples.

    Parameters
    ----------
    data : bytes
        At least `bytes_needed` bytes; the samples of all channels in turn.
    fmt : str
        A key of `BITS`; differences are left as they are in format 8.
    count : int

    Returns
    -------
    ndarray, int32, shape (count,)
    """
    if fmt in _BLOCKS:
        samples, size = _BLOCKS[fmt]
        blocks = -(-count // samples)
        padded = data[: blocks * size].ljust(blocks * size, b"\0")
        block = np.frombuffer(padded, np.uint8).reshape(blocks, size).astype(np.int32)
        unpacker = {"212": _unpack_212, "310": _unpack_310, "311": _unpack_311}[fmt]
        values = unpacker(block).reshape(-1)[:count]
        half = 1 << (BITS[fmt] - 1)
        return (values ^ half) - half
    if fmt == "24":
        raw = np.frombuffer(data, np.uint8, count * 3).reshape(count, 3).astype(np.int32)
        values = raw[:, 0] | raw[:, 1] << 8 | raw[:, 2] << 16
        return (values ^ (1 << 23)) - (1 << 23)
    if fmt == "80":
        return np.frombuffer(data, np.uint8, count).astype(np.int32) - 128
    if fmt == "160":
        return np.frombuffer(data, "<u2", count).astype(np.int32) - 32768
    dtype = {"8": "<i1", "16": "<i2", "32": "<i4", "61": ">i2"}[fmt]
    return np.frombuffer(data, dtype, count).astype(np.int32)


def _unpack_212(block: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Two 12-bit samples in three bytes; the middle one holds both high nibbles."""
    low, middle, high = block.T
    return np.stack([low | (middle & 0x0F) << 8, high | (middle & 0xF0) << 4], axis=1)


def _unpack_310(block: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Three 10-bit samples in two 16-bit words; the third is their top five bits each."""
    first = block[:, 0] | block[:, 1] << 8
    second = block[:, 2] | block[:, 3] << 8
    third = first >> 11 | (second >> 11) << 5
    return np.stack([first >> 1 & 0x3FF, second >> 1 & 0x3FF, third], axis=1)


def _unpack_311(block: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Three 10-bit samples in the low 30 bits of a 32-bit word, the first lowest."""
    first = block[:, 0] | (block[:, 1] & 0x03) << 8
    second = block[:, 1] >> 2 | (block[:, 2] & 0x0F) << 6
    third = block[:, 2] >> 4 | (block[:, 3] & 0x3F) << 4
    return np.stack([first, second, third], axis=1)
