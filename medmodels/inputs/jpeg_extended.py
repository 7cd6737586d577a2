"""JPEG extended with 12 bits, which pydicom has no decoder for under a permissive licence."""

from __future__ import annotations

import gdcm
import numpy as np
from pydicom.dataset import Dataset


def decode_extended(stream: bytes, dataset: Dataset) -> np.ndarray:
    """Decode a grey 12-bit JPEG stream (process 4, ISO/IEC 10918-1) with GDCM.

    pydicom hands GDCM 8-bit streams only, as early versions failed at 12;
    the ones required here decode them.

    Parameters
    ----------
    stream : bytes
        One frame, its size already compared with the data set's.
    dataset : Dataset

    Returns
    -------
    ndarray, uint16, shape (H, W)

    Raises
    ------
    ValueError
        Not one sample of 9 to 12 bits, or GDCM gives it up.
    """
    bits = int(dataset.BitsStored)
    if int(dataset.SamplesPerPixel) != 1 or int(dataset.BitsAllocated) != 16 or not 8 < bits <= 12:
        raise ValueError("only grey with 9 to 12 bits")
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(stream)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((columns, rows, 1))
    image.SetDataElement(element)
    image.SetPhotometricInterpretation(
        gdcm.PhotometricInterpretation(gdcm.PhotometricInterpretation.MONOCHROME2)
    )
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGExtendedProcess2_4))
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, bits, bits - 1, 0))
    buffer = image.GetBuffer()
    if buffer is None:
        raise ValueError("GDCM cannot decode the stream")
    # GDCM's Python binding hands bytes over as text.
    raw = buffer.encode("utf-8", "surrogateescape")
    return np.frombuffer(raw, "<u2").reshape(rows, columns)
