"""DICOM elements and ZIP entries that say what cannot be."""

from __future__ import annotations

import io
import random
import struct
import warnings
from typing import Any

import pydicom
from pydicom import uid
from pydicom.dataset import Dataset

_US = (0, 1, 2, 7, 8, 12, 15, 16, 17, 31, 32, 33, 64, 255, 6000, 20_000, 40_000, 65_535)
_DS = ("0", "-0", "1", "-1", "1e308", "-1e308", "1e-308", "nan", "inf", "-inf", "", "abc",
       "1\\2\\3", "1e39", "65536", "0.5")  # fmt: skip
_IS = ("0", "-1", "1", "2", "1000000000", "99999999999999", "abc", "", "1\\2", "1.5")
_CHOICES: dict[str, tuple[object, ...]] = {
    **dict.fromkeys(
        ("Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "SamplesPerPixel",
         "PixelRepresentation", "PlanarConfiguration", "PixelPaddingValue",
         "PixelPaddingRangeLimit"), _US,
    ),
    **dict.fromkeys(("RescaleSlope", "RescaleIntercept", "WindowCenter", "WindowWidth"), _DS),
    "NumberOfFrames": _IS,
    "PhotometricInterpretation": (
        "MONOCHROME1", "MONOCHROME2", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420",
        "YBR_ICT", "YBR_RCT", "PALETTE COLOR", "ARGB", "HSV", "", "MONOCHROME3"),
    "VOILUTFunction": ("SIGMOID", "LINEAR_EXACT", "LINEAR", "x", ""),
    "PixelSpacing": ("0\\0", "nan\\nan", "-1\\-1", "1e308\\1", "1", "a\\b", ""),
    "RedPaletteColorLookupTableDescriptor": ([0, 0, 16], [65535, 65535, 8], [256, 0, 0], [1, 1]),
    "RedPaletteColorLookupTableData": (b"", b"\0" * 3, bytes(600)),
    "PixelData": (b"", b"\0", b"\0" * 77, b"\xfe\xff\0\xe0\0\0\0\0", bytes(2**20)),
    "ExtendedOffsetTable": (b"\xff" * 8, bytes(64)),
}  # fmt: skip
_SYNTAXES = (
    uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian, uid.RLELossless, uid.JPEGLSLossless,
    uid.JPEG2000Lossless, uid.JPEG2000, uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit,
    uid.JPEGLosslessSV1, uid.MPEG2MPML, uid.UID("1.2.840.10008.1.2.4.201"), uid.UID("1.2.3"),
)  # fmt: skip


def dicom_elements(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """One to three elements become extreme, are missing, or the transfer syntax is another."""
    dataset = pydicom.dcmread(io.BytesIO(data), force=True)
    for _i in range(rng.choice((1, 1, 2, 3))):
        keyword = rng.choice(list(_CHOICES))
        if rng.random() < 0.1:
            if keyword in dataset:
                del dataset[keyword]
        else:
            _set(dataset, keyword, rng.choice(_CHOICES[keyword]))
    if rng.random() < 0.15:
        dataset.file_meta.TransferSyntaxUID = rng.choice(_SYNTAXES)
    return _written(dataset, data)


def _set(dataset: Dataset, keyword: str, value: Any) -> None:
    """Set an element without a check of its value."""
    vr = pydicom.datadict.dictionary_VR(keyword).split(" or ")[0]
    element = pydicom.DataElement(
        keyword, vr, value, already_converted=vr in ("DS", "IS"),
        validation_mode=pydicom.config.IGNORE,
    )  # fmt: skip
    dataset[keyword] = element


def _written(dataset: pydicom.FileDataset, data: bytes) -> bytes:
    """Its bytes, or those it came from where pydicom will not write such a thing."""
    out = io.BytesIO()
    before = pydicom.config.settings.writing_validation_mode
    pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pydicom.dcmwrite(out, dataset, enforce_file_format=False)
    except Exception:
        return data[:-1]
    finally:
        pydicom.config.settings.writing_validation_mode = before
    return out.getvalue()


def nested_items(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Items within items before the pixels, in an element that the reader looks at."""
    at = data.rfind(b"\xe0\x7f\x10\0")
    length = b"\xff" * 4 if rng.random() < 0.7 else struct.pack("<I", 2**24)
    vr = b"SQ\0\0" if data[at + 4 : at + 5] == b"O" else b""
    opening = b"\x00\x52\x29\x92" + vr + length + b"\xfe\xff\x00\xe0" + length
    closing = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    depth = rng.choice((3, 60, 900, 20_000))
    return data[:at] + opening * depth + closing * rng.choice((0, depth)) + data[at:]


def dicom_length(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """The length of one element in the bytes: beyond the end, odd or undefined."""
    tag = rng.choice((b"\x28\0\x10\0", b"\x28\0\x11\0", b"\xe0\x7f\x10\0", b"\x10\0\x10\0",
                      b"\x02\0\0\0", b"\x28\0\x50\x10", b"\x08\0\x60\0"))  # fmt: skip
    at = data.find(tag)
    if at < 0:
        return data[:-1]
    changed = bytearray(data)
    form, offset = rng.choice((("<H", 6), ("<I", 4), ("<I", 8)))
    top = 2 ** (16 if form == "<H" else 32)
    value = rng.choice((0, 1, 3, top - 1, top - 2, top // 2, len(data)))
    struct.pack_into(form, changed, at + offset, min(value, top - 1))
    return bytes(changed)


def zip_entries(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Sizes, methods, flags and names in an archive's entries and its directory."""
    local = [
        i for i in range(len(data) - 4) if data[i : i + 4] in (b"PK\3\4", b"PK\1\2", b"PK\5\6")
    ]
    at = rng.choice(local)
    changed = bytearray(data)
    form, offset = rng.choice((("<H", 6), ("<H", 8), ("<H", 10), ("<I", 14), ("<I", 18), ("<I", 20),
                               ("<I", 24), ("<H", 26), ("<H", 28), ("<I", 42)))  # fmt: skip
    if at + offset + 4 > len(data):
        return data[:at]
    values = (0, 1, 8, 12, 14, 99, 2**16 - 1) if form == "<H" else (0, 1, 2**31, 2**32 - 1, at)
    struct.pack_into(form, changed, at + offset, rng.choice(values))
    if rng.random() < 0.3:
        return bytes(changed).replace(b"a.png", rng.choice((b"../.x", b"/a/b.", b"\0\0\0\0\0")))
    return bytes(changed)
