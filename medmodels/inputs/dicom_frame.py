"""Decode one frame of a DICOM image, its size and completeness checked first."""

from __future__ import annotations

import math
import struct

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels import get_decoder, pixel_array

from medmodels.inputs import gdcm_process
from medmodels.inputs.dicom_parse import PIXEL_KEYWORDS, WHAT
from medmodels.inputs.errors import InputError
from medmodels.inputs.jpeg_scans import check_scans
from medmodels.inputs.limits import check_frame, check_size
from medmodels.inputs.refusals import damaged, decoding

# In the order tried. Never "gdcm" itself: it can end the process.
_PLUGINS: dict[str, tuple[str, ...]] = {
    uid.RLELossless: ("pydicom",),
    uid.JPEGBaseline8Bit: ("pillow", gdcm_process.PLUGIN),
    uid.JPEGExtended12Bit: ("pillow", gdcm_process.PLUGIN),
    uid.JPEGLossless: (gdcm_process.PLUGIN,),
    uid.JPEGLosslessSV1: (gdcm_process.PLUGIN,),
    uid.JPEGLSLossless: ("pyjpegls",),
    uid.JPEGLSNearLossless: ("pyjpegls",),
    uid.JPEG2000Lossless: ("pylibjpeg", "pillow"),
    uid.JPEG2000: ("pylibjpeg", "pillow"),
    uid.HTJ2KLossless: ("pylibjpeg",),
    uid.HTJ2KLosslessRPCL: ("pylibjpeg",),
    uid.HTJ2K: ("pylibjpeg",),
}

_WORDS: dict[str, str] = {
    uid.ImplicitVRLittleEndian: "uncompressed",
    uid.ExplicitVRLittleEndian: "uncompressed",
    uid.ExplicitVRBigEndian: "uncompressed, big endian",
    uid.DeflatedExplicitVRLittleEndian: "deflated",
    uid.RLELossless: "RLE",
    uid.JPEGBaseline8Bit: "JPEG",
    uid.JPEGExtended12Bit: "JPEG extended",
    uid.JPEGLossless: "JPEG lossless",
    uid.JPEGLosslessSV1: "JPEG lossless",
    uid.JPEGLSLossless: "JPEG-LS lossless",
    uid.JPEGLSNearLossless: "JPEG-LS near-lossless",
    uid.JPEG2000Lossless: "JPEG 2000 lossless",
    uid.JPEG2000: "JPEG 2000",
    uid.HTJ2KLossless: "High-throughput JPEG 2000 lossless",
    uid.HTJ2KLosslessRPCL: "High-throughput JPEG 2000 lossless",
    uid.HTJ2K: "High-throughput JPEG 2000",
}

# Start of frame in JPEG (all processes) and JPEG-LS; C4, C8 and CC are other segments.
_FRAME_STARTS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xF7}


def compression(dataset: Dataset) -> str:
    """Name the transfer syntax in words.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    str
        "JPEG 2000 lossless", "uncompressed", ...
    """
    return _WORDS[dataset.file_meta.TransferSyntaxUID]


def number_of_frames(dataset: Dataset) -> int:
    """Give Number of Frames, 1 where it is absent or empty.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    int
    """
    return max(1, int(dataset.get("NumberOfFrames") or 1))


def check_syntax(dataset: Dataset) -> str:
    """Give the transfer syntax UID; refuse what is not coded as a still image.

    Parameters
    ----------
    dataset : Dataset
        From `dicom_parse.parse`.

    Raises
    ------
    InputError
    """
    syntax: str = dataset.file_meta.TransferSyntaxUID
    if syntax not in _WORDS:
        raise _undecodable("a DICOM image in a compression that is not for still images")
    return syntax


def decode_frame(dataset: Dataset, frame: int) -> np.ndarray:
    """Decode one frame to stored values.

    Parameters
    ----------
    dataset : Dataset
        From `dicom_parse.parse`.
    frame : int
        From 0.

    Returns
    -------
    ndarray, shape (H, W) or (H, W, 3)
        Stored values, unused bits removed; YBR already turned into RGB.

    Raises
    ------
    InputError
        Too large or small, no such frame, cut off, or an encoding that cannot
        be decoded.
    """
    syntax = check_syntax(dataset)
    with decoding(WHAT):
        rows, columns = int(dataset.Rows), int(dataset.Columns)
        samples, bits = int(dataset.SamplesPerPixel), int(dataset.BitsAllocated)
        frames = number_of_frames(dataset)
    check_size(rows, columns)
    check_frame(frame, frames)
    if samples not in (1, 3) or bits not in (1, 8, 16, 32, 64):
        raise damaged(WHAT)
    with decoding(WHAT):
        if syntax in _PLUGINS:
            return _decode_compressed(dataset, frame, frames)
        _check_complete(dataset, rows * columns * samples * bits, frames)
        return _decode_native(dataset, frame)


def _decode_native(dataset: Dataset, frame: int) -> np.ndarray:
    if "PixelData" not in dataset:
        return pixel_array(dataset, index=frame)
    # Retired, but lawful: stored bits that do not start at bit 0 (PS3.5, 8.1.1).
    stored = int(dataset.BitsStored)
    shift = int(dataset.get("HighBit", stored - 1)) + 1 - stored
    if not 0 < shift <= int(dataset.BitsAllocated) - stored:
        return pixel_array(dataset, index=frame)
    return pixel_array(dataset, index=frame, bits_stored=stored + shift) >> shift


def _check_complete(dataset: Dataset, frame_bits: int, frames: int) -> None:
    keyword = next(k for k in PIXEL_KEYWORDS if dataset.get(k))
    if dataset.get("PhotometricInterpretation") == "YBR_FULL_422":
        frame_bits = frame_bits * 2 // 3
    if len(dataset[keyword].value) < math.ceil(frame_bits * frames / 8):
        raise damaged(WHAT)


def _decode_compressed(dataset: Dataset, frame: int, frames: int) -> np.ndarray:
    syntax = dataset.file_meta.TransferSyntaxUID
    _check_coded(dataset, frame, frames)
    gdcm_process.register()
    available = get_decoder(syntax).available_plugins
    for plugin in _PLUGINS[syntax]:
        if plugin not in available:
            continue
        try:
            return pixel_array(dataset, index=frame, decoding_plugin=plugin)
        except Exception:
            # Each decoder has its own exceptions; the next may know this kind of stream.
            continue
    raise _undecodable(f"a DICOM image in {_WORDS[syntax]} compression")


def _check_coded(dataset: Dataset, frame: int, frames: int) -> None:
    """Compare what a compressed stream says of itself with what the file says.

    Decoders allocate what the stream says: a small file can ask for gigabytes.
    """
    offsets = None
    if "ExtendedOffsetTable" in dataset:
        offsets = (dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths)
    coded = get_frame(dataset.PixelData, frame, number_of_frames=frames, extended_offsets=offsets)
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    if dataset.file_meta.TransferSyntaxUID == uid.RLELossless:
        raw = rows * columns * int(dataset.SamplesPerPixel) * int(dataset.BitsAllocated) // 8
        # PackBits grows incompressible data by 1 byte in 128; the header has 64 bytes.
        if len(coded) > raw + raw // 64 + 1024:
            raise damaged(WHAT)
        return
    check_scans(coded)
    header = coded_header(coded)
    samples, bits = int(dataset.SamplesPerPixel), int(dataset.BitsAllocated)
    if header is None or header[:3] != (rows, columns, samples) or not 1 < header[3] <= bits:
        raise damaged(WHAT)


def coded_header(stream: bytes) -> tuple[int, int, int, int] | None:
    """Read what a JPEG, JPEG-LS or JPEG 2000 stream says of itself.

    Parameters
    ----------
    stream : bytes

    Returns
    -------
    tuple of int or None
        Rows, columns, components and bits of a component; None when there is
        no frame header.
    """
    codestream = stream.find(b"\xff\x4f\xff\x51", 0, 4096)
    if codestream >= 0:
        return _codestream_header(stream[codestream : codestream + 44])
    position = 2
    while stream[:2] == b"\xff\xd8" and position + 10 <= len(stream):
        if stream[position] != 0xFF:
            return None
        marker = stream[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _FRAME_STARTS:
            bits, rows, columns, count = struct.unpack_from(">B2HB", stream, position + 4)
            return rows, columns, count, bits
        else:
            position += 2 + int(struct.unpack_from(">H", stream, position + 2)[0])
    return None


def _codestream_header(head: bytes) -> tuple[int, int, int, int] | None:
    """SIZ (ISO/IEC 15444-1, A.5.1) of a JPEG 2000 codestream."""
    if len(head) < 44:
        return None
    x, y, x0, y0 = struct.unpack_from(">4I", head, 8)
    count, depth = struct.unpack_from(">HB", head, 40)
    return y - y0, x - x0, count, (depth & 0x7F) + 1


def _undecodable(found: str) -> InputError:
    return InputError(
        f"{found}, which cannot be decoded here.",
        "a DICOM image that is uncompressed or compressed with RLE, JPEG (8-bit or lossless), "
        "JPEG-LS or JPEG 2000.",
        "Export the image uncompressed from the viewer or PACS, then upload it.",
    )
