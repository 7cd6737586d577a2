"""Whatever arrives ends in a scan or in one clear message."""

from __future__ import annotations

import functools
import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom import uid
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate

from medmodels.inputs import open_scan as front
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.scan import Scan
from tests.inputs.scan_files import dicom, picture, ramp, tiff, written

GREY8 = ramp()
GREY12 = ramp(top=4095)
RGB8 = np.random.default_rng(1).integers(0, 256, (40, 50, 3), dtype=np.uint8)


def _refusal(data: bytes, frame: int = 0) -> InputError:
    with pytest.raises(InputError) as refusal:
        open_scan(data, frame=frame)
    error = refusal.value
    assert error.found
    assert error.expected
    assert error.action
    return error


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.png", picture(GREY8, "PNG"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (bytes(4000), "zeros"),
        (_zip(), "a ZIP archive"),
        (b"<!doctype html><title>404</title>", "a web page"),
        (b"%PDF-1.4 ...", "a PDF document"),
        (b"\x7fELF" + bytes(100), "a program"),
        (b"Findings: none.", "plain text"),
        (b"time,MLII\n0,0.1\n1,0.2\n", "CSV"),
        (b"GIF89a" + bytes(50), "a GIF image"),
        (b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03" + bytes(90), "encrypted"),
        (np.random.default_rng(0).bytes(500), "unknown"),
    ],
)
def test_wrong_content_is_named(data: bytes, found: str) -> None:
    assert found in _refusal(data).found


def test_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medmodels.inputs.limits.MAX_BYTES", 100)
    assert "MB" in _refusal(picture(GREY8, "PNG")).found


def test_too_small() -> None:
    error = _refusal(picture(np.zeros((1, 1), np.uint8), "PNG"))
    assert "1 x 1 pixels" in error.found
    assert "32 x 32" in error.expected


def _png_header(width: int, height: int, body: bytes = b"") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body)
    return data + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(40_000, 40_000), (40_000, 40), (9_000, 9_000)])
def test_too_large_is_refused_before_decoding(width: int, height: int) -> None:
    start = time.perf_counter()
    error = _refusal(_png_header(width, height))
    assert time.perf_counter() - start < 0.5
    assert f"{width:,} x {height:,}" in error.found
    assert "20,000 pixels a side" in error.expected


def test_bombs_in_other_formats() -> None:
    bmp = bytearray(picture(GREY8, "BMP"))
    bmp[18:26] = struct.pack("<2i", 60_000, 60_000)
    assert "60,000" in _refusal(bytes(bmp)).found
    jpeg = picture(GREY8, "JPEG")
    jpeg = jpeg.replace(struct.pack(">2H", 40, 50), struct.pack(">2H", 65_000, 65_000), 1)
    assert "65,000" in _refusal(jpeg).found
    big = tiff(GREY8).replace(
        struct.pack("<HHII", 256, 4, 1, 50), struct.pack("<HHII", 256, 4, 1, 65_536)
    )
    assert "65,536" in _refusal(big).found
    webp = picture(RGB8, "WEBP", lossless=True)
    # 14 bits each for width and height, less one, behind the signature byte.
    start = webp.index(b"VP8L") + 9
    huge = webp[:start] + struct.pack("<I", 16382 | 16382 << 14) + webp[start + 4 :]
    _refusal(huge)


def test_dicom_that_states_a_huge_image() -> None:
    dataset = pydicom.dcmread(io.BytesIO(dicom(GREY12)))
    dataset.Rows = dataset.Columns = 40_000
    assert "40,000" in _refusal(written(dataset)).found


def test_compressed_stream_larger_than_the_dicom_says() -> None:
    dataset = pydicom.dcmread(io.BytesIO(dicom(GREY8)))
    dataset.file_meta.TransferSyntaxUID = uid.JPEGBaseline8Bit
    dataset.PixelData = encapsulate([picture(ramp(400, 500), "JPEG")])
    assert "damaged" in _refusal(written(dataset)).found


def test_deflate_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medmodels.inputs.dicom_parse.MAX_BYTES", 100_000)
    data = dicom(np.zeros((1000, 1000), np.uint8), syntax=uid.DeflatedExplicitVRLittleEndian)
    assert len(data) < 10_000
    assert "unpacks" in _refusal(data).found


def test_frame_out_of_range() -> None:
    data = dicom(np.stack([GREY12, GREY12]))
    assert "image 3 of a file with 2" in _refusal(data, frame=2).found
    assert "image 0" in _refusal(data, frame=-1).found
    _refusal(picture(GREY8, "PNG"), frame=1)
    _refusal(tiff(GREY8), frame=1)


def test_tiff_of_nan_only() -> None:
    assert "not a number" in _refusal(tiff(np.full((40, 40), np.nan, np.float32))).found


def _shipped(name: str) -> bytes:
    path = get_testdata_file(name, download=False)
    assert path is not None
    return Path(str(path)).read_bytes()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("test-SR.dcm", "Comprehensive SR"),
        ("rtplan.dcm", "RT Plan"),
        ("waveform_ecg.dcm", "12-lead ECG"),
        ("dicomdirtests/DICOMDIR", "DICOMDIR"),
        ("MR_truncated.dcm", "cut off"),
    ],
)
def test_dicom_without_an_image(name: str, found: str) -> None:
    assert found in _refusal(_shipped(name)).found


def test_encrypted_dicom() -> None:
    dataset = pydicom.dcmread(io.BytesIO(dicom(GREY12)))
    del dataset.PixelData, dataset.Rows, dataset.Columns
    item = pydicom.Dataset()
    item.EncryptedContentTransferSyntaxUID = uid.ExplicitVRLittleEndian
    item.EncryptedContent = b"1234"
    dataset.EncryptedAttributesSequence = pydicom.Sequence([item])
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset)
    assert "encrypted" in _refusal(out.getvalue()).found


@pytest.mark.parametrize("syntax", [uid.MPEG4HP41, uid.UID("1.2.3.4.5.6")])
def test_dicom_in_a_compression_that_is_not_for_images(syntax: uid.UID) -> None:
    dataset = pydicom.dcmread(io.BytesIO(dicom(GREY8)))
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([b"\0\0\0\1" * 100])
    assert "compression" in _refusal(written(dataset)).found


def test_a_stream_on_which_the_decoder_dies_is_refused() -> None:
    # A restart or a table redefined in the middle makes GDCM abort or read beyond its buffer.
    data = _shipped("SC_rgb_jpeg_gdcm.dcm")
    rng = np.random.default_rng(5)
    for _ in range(12):
        changed = bytearray(data)
        for position in rng.integers(1500, 2200, size=4):
            changed[position] = int(rng.integers(256))
        _scan_or_refusal(bytes(changed))


def test_garbage_in_a_compressed_dicom() -> None:
    dataset = pydicom.dcmread(io.BytesIO(dicom(GREY8, compress=uid.JPEG2000Lossless)))
    stream = bytearray(dataset.PixelData)
    stream[150:] = bytes(len(stream) - 150)
    dataset.PixelData = bytes(stream)
    _refusal(written(dataset))


@functools.cache
def _files() -> dict[str, bytes]:
    signed = (GREY12.astype(np.int32) - 2048).astype(np.int16)
    return {
        "png": picture(GREY12, "PNG"),
        "palette": picture(Image.fromarray(RGB8).quantize(16), "PNG"),
        "jpeg": picture(RGB8, "JPEG"),
        "progressive": picture(RGB8, "JPEG", progressive=True),
        "bmp": picture(RGB8, "BMP"),
        "webp": picture(RGB8, "WEBP"),
        "tiff": picture(GREY12, "TIFF"),
        "deep tiff": tiff(RGB8.astype(np.uint16), photometric="rgb", compression="zlib"),
        "lzw": picture(RGB8, "TIFF", compression="tiff_lzw"),
        "dicom": dicom(signed, bits=12, WindowCenter=40, WindowWidth=400),
        "deflated": dicom(GREY12, syntax=uid.DeflatedExplicitVRLittleEndian),
        "rle": dicom(np.stack([GREY12, GREY12]), compress=uid.RLELossless),
        "jls": dicom(GREY12, compress=uid.JPEGLSLossless),
        "j2k": dicom(RGB8, photometric="RGB", compress=uid.JPEG2000Lossless),
        "jpeg lossless": _shipped("SC_rgb_jpeg_gdcm.dcm"),
    }


def _scan_or_refusal(data: bytes) -> Scan | None:
    start = time.perf_counter()
    try:
        scan = open_scan(data)
    except InputError:
        scan = None
    assert time.perf_counter() - start < 10
    if scan is not None:
        assert scan.pixels.dtype == np.float32
        assert np.isfinite(scan.pixels).all()
        assert scan.windows
        assert all(window.width > 0 for window in scan.windows)
    return scan


@pytest.mark.parametrize("name", list(_files()))
def test_cut_at_every_tenth(name: str) -> None:
    data = _files()[name]
    assert _scan_or_refusal(data) is not None
    for tenth in range(9):
        _refusal(data[: len(data) * tenth // 10])
    # The last tenth may be no more than a checksum or a comment.
    _scan_or_refusal(data[: len(data) * 9 // 10])


_FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@_FUZZ
@given(st.data())
def test_changed_bytes(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(_files())))
    changed = bytearray(_files()[name])
    # Headers decide most: half of the changes fall there.
    ends = st.sampled_from([min(1200, len(changed)), len(changed)])
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, data.draw(ends) - 1))
        changed[position] = data.draw(st.integers(0, 255))
    _scan_or_refusal(bytes(changed))


_STARTS = [
    b"",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"BM" + bytes(12) + b"(\0\0\0",
    b"RIFF\0\0\0\0WEBPVP8 ",
    bytes(128) + b"DICM",
    bytes(128) + b"DICM\x02\0\0\0UL\x04\0\0\0\0\0",
    b"\x08\0\x05\0CS\x0a\0ISO_IR 100",
]


@_FUZZ
@given(st.sampled_from(_STARTS), st.binary(max_size=400))
def test_random_bytes_behind_any_start(start: bytes, rest: bytes) -> None:
    _scan_or_refusal(start + rest)


def test_an_action_for_every_kind_that_is_no_scan() -> None:
    from medmodels.inputs import sniff

    assert set(front._ACTIONS) <= set(sniff._DESCRIPTIONS)


def test_one_bad_file_does_not_spoil_the_next() -> None:
    _refusal(dicom(GREY12)[:600])
    np.testing.assert_array_equal(open_scan(dicom(GREY12)).pixels, GREY12)
