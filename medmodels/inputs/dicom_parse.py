"""From bytes to the few DICOM elements that a scan needs."""

from __future__ import annotations

import io
import zlib

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

from medmodels.inputs.errors import InputError
from medmodels.inputs.limits import MAX_BYTES, too_much_content
from medmodels.inputs.new_uids import new_uid
from medmodels.inputs.origin import Origin
from medmodels.inputs.refusals import damaged, decoding

WHAT = "a DICOM file"

PIXEL_KEYWORDS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")

# Only these are parsed: what identifies a person is never taken out of the bytes, but for the
# UIDs, which leave as others.
_KEYWORDS = [
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "BodyPartExamined",
    "ViewPosition",
    "BurnedInAnnotation",
    "ImagerPixelSpacing",
    "PixelSpacing",
    "NominalScannedPixelSpacing",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
    "ModalityLUTSequence",
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "VOILUTFunction",
    "VOILUTSequence",
    "PixelPresentation",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths",
    "EncryptedAttributesSequence",
    "DirectoryRecordSequence",
]
_TAGS: list[str] = [*_KEYWORDS, *PIXEL_KEYWORDS]

# Items of sequences take long to parse; a thousand frames have some ten thousand.
ITEM = b"\xfe\xff\x00\xe0"
_MOST_ITEMS = 100_000

_DIRECTORY = "1.2.840.10008.1.3.10"
_EXPECTED = "a DICOM file with an image in it (such as CR, DX, CT or MR)."
_EXPORT = "Choose the image itself; a viewer or PACS can export it on its own."


def parse(data: bytes) -> Dataset:
    """Parse the elements of a DICOM file that describe its image.

    Parameters
    ----------
    data : bytes
        The whole file, with or without preamble.

    Returns
    -------
    Dataset
        Has pixels, a transfer syntax and no element that identifies a person, except
        for the UIDs of study, series and instance.

    Raises
    ------
    InputError
        Damaged, encrypted, or without an image.
    """
    with decoding(WHAT):
        _check_deflated(data)
        if data.count(ITEM) > _MOST_ITEMS:
            raise too_much_content()
        dataset = pydicom.dcmread(io.BytesIO(data), force=True, specific_tags=_TAGS)
        if "TransferSyntaxUID" not in dataset.file_meta:
            implicit, little = dataset.original_encoding
            guessed = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
            dataset.file_meta.TransferSyntaxUID = guessed if little else ExplicitVRBigEndian
        _check_has_image(dataset)
    return dataset


def origin_of(dataset: Dataset, digest: str, *, keep_uids: bool = False) -> Origin:
    """Say which image of which series a data set is.

    Parameters
    ----------
    dataset : Dataset
        From `parse`.
    digest : str
        Of the file; stands for UIDs that it lacks.
    keep_uids : bool
        Give the file's own UIDs instead of new ones, where they are valid.

    Returns
    -------
    Origin
    """

    def one(keyword: str) -> str:
        old = str(dataset.get(keyword) or "").strip()
        return old if keep_uids and UID(old).is_valid else new_uid(old or f"{digest} {keyword}")

    sop_class = UID(str(dataset.get("SOPClassUID") or ""))
    # A class that is not in the standard tells who made it.
    known = sop_class.name != sop_class and not sop_class.is_private
    return Origin(
        study=one("StudyInstanceUID"),
        series=one("SeriesInstanceUID"),
        instance=one("SOPInstanceUID"),
        sop_class=str(sop_class if known else SecondaryCaptureImageStorage),
        kept=keep_uids,
    )


def _check_deflated(data: bytes) -> None:
    """Inflate a deflated data set up to the limit, before pydicom does so without one."""
    # (0002,0000) states where the file meta information ends (PS3.10, 7.1).
    if DeflatedExplicitVRLittleEndian.encode() not in data[:2048]:
        return
    start = 132 if data[128:132] == b"DICM" else 0
    if data[start : start + 8] != b"\x02\x00\x00\x00UL\x04\x00":
        raise damaged(WHAT)
    end = start + 12 + int.from_bytes(data[start + 8 : start + 12], "little")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflater.decompress(data[end:], MAX_BYTES)
    if inflater.unconsumed_tail:
        raise too_much_content()


def _check_has_image(dataset: Dataset) -> None:
    media = dataset.file_meta.get("MediaStorageSOPClassUID")
    if media == _DIRECTORY or "DirectoryRecordSequence" in dataset:
        raise InputError(
            "a DICOM directory (DICOMDIR), the list of what is on a disc.",
            _EXPECTED,
            "Choose one of the image files that lie beside it.",
        )
    if any(dataset.get(keyword) for keyword in PIXEL_KEYWORDS):
        return
    if "EncryptedAttributesSequence" in dataset:
        raise InputError(
            "an encrypted DICOM file without a readable image.",
            _EXPECTED,
            "Decrypt the file where it came from, then upload it.",
        )
    if "Rows" in dataset:
        raise damaged(WHAT)
    # The class is a code from the standard; a private one has no name.
    uid = UID(str(dataset.get("SOPClassUID") or media or ""))
    name = "" if uid.is_private or uid.name == uid else uid.name.removesuffix(" Storage")
    found = f"a DICOM file without an image ({name})." if name else "a DICOM file without an image."
    raise InputError(found, _EXPECTED, _EXPORT)
