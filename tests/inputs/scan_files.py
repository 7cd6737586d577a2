"""Scan files written for the tests."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pydicom
import tifffile
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.pixels import set_pixel_data
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid


def picture(pixels: np.ndarray | Image.Image, format_name: str, **options: Any) -> bytes:
    """Encode with Pillow."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    out = io.BytesIO()
    image.save(out, format_name, **options)
    return out.getvalue()


def tiff(pixels: np.ndarray, **options: Any) -> bytes:
    """Encode with tifffile."""
    out = io.BytesIO()
    options.setdefault("photometric", "minisblack")
    tifffile.imwrite(out, pixels, **options)
    return out.getvalue()


def ramp(rows: int = 40, columns: int = 50, top: int = 255) -> np.ndarray:
    """Values that differ by row and column, from 0 to `top`."""
    flat = np.arange(rows * columns) * top // (rows * columns - 1)
    return flat.reshape(rows, columns).astype(np.uint8 if top <= 255 else np.uint16)


def dicom(
    pixels: np.ndarray,
    *,
    photometric: str = "MONOCHROME2",
    bits: int | None = None,
    syntax: str = ExplicitVRLittleEndian,
    compress: str = "",
    **elements: Any,
) -> bytes:
    """Write a DICOM file; `elements` are set by keyword before encoding."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.PatientName = "Secret^Name"
    dataset.PatientID = "SECRET-ID"
    dataset.Modality = "DX"
    stored = bits or pixels.dtype.itemsize * 8
    if photometric == "PALETTE COLOR":
        set_pixel_data(dataset, pixels, "MONOCHROME2", stored)
        dataset.PhotometricInterpretation = photometric
    else:
        set_pixel_data(dataset, pixels, photometric, stored)
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    if compress:
        dataset.compress(compress, generate_instance_uid=False)
    else:
        dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
    return written(dataset)


def written(dataset: pydicom.Dataset) -> bytes:
    """Write a data set whose pixels are little endian to its transfer syntax."""
    out = io.BytesIO()
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax == pydicom.uid.ExplicitVRBigEndian:
        width = dataset.BitsAllocated // 8
        swapped = np.frombuffer(dataset.PixelData, f"<u{width}").byteswap()
        dataset.PixelData = swapped.tobytes()
    dataset["PixelData"].VR = "OW" if dataset.BitsAllocated > 8 else "OB"
    if syntax == pydicom.uid.ImplicitVRLittleEndian:
        dataset["PixelData"].VR = "OW"
    pydicom.dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()
