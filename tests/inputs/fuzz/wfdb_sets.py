"""WFDB records in every storage format, with reference beats."""

from __future__ import annotations

import functools

import numpy as np

from medmodels.inputs.wfdb_formats import BITS

_RATE, _SAMPLES = 125, 750


def _packed(flat: np.ndarray, fmt: str) -> bytes:
    """Samples of two signals, one frame after the other, as signal(5) stores them."""
    if fmt == "8":
        return np.diff(flat.reshape(-1, 2), axis=0, prepend=flat[:2][np.newaxis]).astype(
            np.int8
        ).tobytes()  # fmt: skip
    if fmt in ("80", "160"):
        offset, kind = (128, "u1") if fmt == "80" else (32768, "<u2")
        return (flat + offset).astype(kind).tobytes()
    if fmt in ("16", "61", "32"):
        return flat.astype({"16": "<i2", "61": ">i2", "32": "<i4"}[fmt]).tobytes()
    if fmt == "24":
        return flat.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    if fmt == "212":
        pairs = flat.reshape(-1, 2) & 0xFFF
        low, high = pairs[:, 0], pairs[:, 1]
        packed = np.stack([low & 0xFF, low >> 8 | (high >> 8) << 4, high & 0xFF], axis=1)
        return packed.astype(np.uint8).tobytes()
    threes = np.concatenate([flat, np.zeros(-len(flat) % 3, int)]).reshape(-1, 3) & 0x3FF
    if fmt == "311":
        return (threes[:, 0] | threes[:, 1] << 10 | threes[:, 2] << 20).astype("<u4").tobytes()
    low, high = threes[:, 2] & 0x1F, threes[:, 2] >> 5
    words = np.stack([threes[:, 0] << 1 | low << 11, threes[:, 1] << 1 | high << 11], axis=1)
    return words.astype("<u2").tobytes()


@functools.cache
def wfdb_sets(planted: str) -> list[tuple[str, tuple[tuple[str, bytes], ...]]]:
    """Header, samples and beats by storage format.

    Parameters
    ----------
    planted : str
        Stands in the header's comment and is the record's name.
    """
    t = np.arange(_SAMPLES) / _RATE
    wave = 100 * np.sin(2 * np.pi * t[:, np.newaxis] * [1.2, 1.2]) + [3, -9]
    found = []
    for fmt in sorted(BITS, key=int):
        # Format 8 holds differences of one byte, format 80 samples of one.
        digital = np.round(wave).astype(np.int64)
        lines = [f"{planted} 2 {_RATE} {_SAMPLES}"]
        for lead, name in enumerate(("MLII", "V5")):
            total = (int(digital[:, lead].sum()) + 32768) % 65536 - 32768
            first = digital[0, lead]
            lines.append(
                f"{planted}.dat {fmt} 200({3 - 12 * lead})/mV 12 0 {first} {total} 0 {name}"
            )
        header = "\n".join([*lines, f"# {planted}, Erika"]) + "\n"
        # annot(5): two bytes a beat, its code above ten bits of the interval; then an end.
        beats = [0x1C << 10 | 1, *(1 << 10 | 90 for _ in range(6)), 5 << 10 | 100, 0]
        found.append((
            fmt,
            ((".hea", header.encode()), (".dat", _packed(digital.reshape(-1), fmt)),
             (".atr", np.array(beats, "<u2").tobytes())),
        ))  # fmt: skip
    return found
