"""Kinds of files are told from their bytes."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from medmodels.inputs.sniff import describe, kind


def _image(format_name: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (40, 40)).save(out, format_name)
    return out.getvalue()


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return out.getvalue()


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_images_by_their_magic(name: str) -> None:
    assert kind(_image(name)) == name.lower()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (_zip("a.txt"), "zip"),
        (_zip("[Content_Types].xml", "word/document.xml"), "office"),
        (_tar(), "tar"),
        (gzip.compress(b"a", mtime=0), "gzip"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "elf"),
        (b"MZ\x90\0" + bytes(60), "exe"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "html"),
        (b"\xef\xbb\xbf\n <html>", "html"),
        (b"<?xml version='1.0'?><svg/>", "svg"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b'{"a": 1}', "json"),
        (b"BMI is a ratio, and not an image at all", "text"),
        (b"Dear colleague,\nplease see the patient.\n", "text"),
        ("Röntgenbild der Lunge, höchst auffällig".encode("latin-1"), "text"),
        (b"time,MLII\n0.0,0.1\n0.1,0.2\n0.2,0.4\n", "table"),
        (b"# ECG\n0,5;1,25\n0,6;1,5\n", "table"),
        (b"1;2\r\n" * 4000, "table"),
        ("0.1,0.2\n0.2,0.3\n".encode("utf-16"), "table"),
        (b"100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n", "wfdb-header"),
        (b"0       " + b"X X X X".ljust(400), "edf"),
        (b"0       0.12\n1       0.14\n" * 30, "table"),
        (b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03" + bytes(90), "encrypted"),
        (bytes(500), "zeros"),
        (bytes(range(256)), "unknown"),
        (b"II*\0" + bytes(124) + b"DICM" + bytes(10), "dicom"),
        (b"MZ" + bytes(126) + b"DICM" + bytes(10), "dicom"),
        (struct.pack("<HH", 8, 5) + b"CS\x0a\0ISO_IR 100", "dicom"),
        (struct.pack("<HHI", 8, 8, 4) + b"ABCD" + struct.pack("<HHI", 8, 16, 2), "dicom"),
        (struct.pack(">HH", 8, 5) + b"CS\0\x0aISO_IR 100", "dicom"),
        (struct.pack("<HHI", 8, 8, 4) + b"ABCDEFGHIJKLMNOP", "unknown"),
    ],
)
def test_other_kinds(data: bytes, expected: str) -> None:
    assert kind(data) == expected


def test_description_is_a_phrase_without_content() -> None:
    secret = b"Jane Roe, born 1950, chest pain"
    assert describe(secret) == "plain text"
    assert describe(_zip("a")) == "a ZIP archive"


def test_a_cut_through_a_character_is_still_text() -> None:
    assert kind(("a" * 4095 + "é").encode() * 2) == "text"


@given(st.binary(max_size=600))
def test_any_bytes_have_a_description(data: bytes) -> None:
    assert describe(data)


def test_a_png_with_noise_behind_it_is_a_png() -> None:
    noise = np.random.default_rng(0).bytes(5000)
    assert kind(_image("PNG") + noise) == "png"
