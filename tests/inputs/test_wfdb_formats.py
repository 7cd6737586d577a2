"""Storage formats against hand-computed bytes and against the wfdb package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import wfdb

from medmodels.inputs.open_signal import understand
from medmodels.inputs.understanding import RawSignal
from medmodels.inputs.wfdb_formats import BITS, bytes_needed, samples_held, unpack


def test_format_212_by_hand() -> None:
    # -1 is 0xFFF and 0x123 = 291: low byte, both high nibbles, low byte.
    assert unpack(bytes([0xFF, 0x1F, 0x23]), "212", 2).tolist() == [-1, 291]
    assert unpack(bytes([0x00, 0x08]), "212", 1).tolist() == [-2048]


def test_formats_310_and_311_by_hand() -> None:
    # 310: sample bits 1-10 of each word, the third from bits 11-15 of both.
    word_a, word_b = (5 << 1) | (0b00011 << 11), ((-2 & 0x3FF) << 1) | (0b00001 << 11)
    data = word_a.to_bytes(2, "little") + word_b.to_bytes(2, "little")
    assert unpack(data, "310", 3).tolist() == [5, -2, 0b0000100011]
    packed = 5 | (-2 & 0x3FF) << 10 | 300 << 20
    assert unpack(packed.to_bytes(4, "little"), "311", 3).tolist() == [5, -2, 300]


def test_whole_byte_formats_by_hand() -> None:
    assert unpack(bytes([1, 128, 255]), "80", 3).tolist() == [-127, 0, 127]
    assert unpack(b"\xfe\xff\x01\x00", "16", 2).tolist() == [-2, 1]
    assert unpack(b"\xff\xfe\x00\x01", "61", 2).tolist() == [-2, 1]
    assert unpack(b"\x00\x80\x01\x80", "160", 2).tolist() == [0, 1]
    assert unpack(b"\xfe\xff\xff\x01\x00\x00", "24", 2).tolist() == [-2, 1]
    assert unpack(b"\xfe\xff\xff\xff", "32", 1).tolist() == [-2]


@pytest.mark.parametrize("fmt", sorted(BITS))
def test_bytes_and_samples_agree(fmt: str) -> None:
    for count in range(1, 30):
        size = bytes_needed(fmt, count)
        assert samples_held(fmt, size) >= count
        assert samples_held(fmt, size - 1) < count
        assert len(unpack(b"\1" * size, fmt, count)) == count


@pytest.mark.parametrize("fmt", sorted(set(BITS) - {"8"}))
@pytest.mark.parametrize("samples", [4000, 4001, 4003])
def test_every_format_as_wfdb_writes_and_reads_it(fmt: str, samples: int, tmp_path: Path) -> None:
    half = min(1 << (BITS[fmt] - 1), 1 << 22)
    rng = np.random.default_rng(samples)
    digital = rng.integers(-half + 1, half, (samples, 3))
    _write(tmp_path, digital, fmt)
    record = wfdb.rdrecord(str(tmp_path / "r"), physical=False)
    assert np.array_equal(record.d_signal, digital)
    found = understand({f"r.{end}": (tmp_path / f"r.{end}").read_bytes() for end in ("hea", "dat")})
    assert isinstance(found.content, RawSignal)
    assert np.array_equal(found.content.values, digital.astype(np.float32))
    assert found.rate == 250


def _write(folder: Path, digital: np.ndarray, fmt: str) -> None:
    """Write a record with wfdb, except for formats that it only reads."""
    if fmt in ("80", "212", "16", "24", "32"):
        wfdb.wrsamp(
            "r",
            fs=250,
            units=["mV"] * 3,
            sig_name=["I", "II", "V1"],
            d_signal=digital,
            fmt=[fmt] * 3,
            adc_gain=[200.0] * 3,
            baseline=[0] * 3,
            write_dir=str(folder),
        )
        return
    flat = digital.reshape(-1)
    (folder / "r.dat").write_bytes(_pack(flat, fmt))
    lines = [f"r 3 250 {len(digital)}"]
    for lead, name in enumerate(("I", "II", "V1")):
        total = (int(digital[:, lead].sum()) + 32768) % 65536 - 32768
        lines.append(f"r.dat {fmt} 200 {BITS[fmt]} 0 {digital[0, lead]} {total} 0 {name}")
    (folder / "r.hea").write_text("\n".join(lines) + "\n")


def _pack(flat: np.ndarray, fmt: str) -> bytes:
    if fmt == "61":
        return flat.astype(">i2").tobytes()
    if fmt == "160":
        return (flat + 32768).astype("<u2").tobytes()
    padded = np.concatenate([flat, np.zeros(-len(flat) % 3, int)]).reshape(-1, 3) & 0x3FF
    if fmt == "311":
        word = padded[:, 0] | padded[:, 1] << 10 | padded[:, 2] << 20
        return word.astype("<u4").tobytes()
    low, high = padded[:, 2] & 0x1F, padded[:, 2] >> 5
    words = np.stack([padded[:, 0] << 1 | low << 11, padded[:, 1] << 1 | high << 11], axis=1)
    return words.astype("<u2").tobytes()


def test_format_8_sums_its_differences() -> None:
    steps = np.ones(4000, np.int8)
    steps[1::2] = -1
    header = b"r 1 250 4000\nr.dat 8 200 12 0 100 0 0 II\n"
    expected = 100 + np.cumsum(steps.astype(int))
    checksum = int(expected.sum()) % 65536
    header = header.replace(b"100 0 0 II", b"100 %d 0 II" % checksum)
    found = understand({"r.hea": header, "r.dat": steps.tobytes()})
    assert isinstance(found.content, RawSignal)
    assert np.array_equal(found.content.values[:, 0], expected)


def test_format_310_of_wfdb_is_not_trusted_blindly() -> None:
    """The packing above is the one of signal(5): third sample, low bits in the first word."""
    data = _pack(np.array([0, 0, 1]), "310")
    assert data == (1 << 11).to_bytes(2, "little") + b"\0\0"
