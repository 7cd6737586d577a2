"""A DICOM file without what it says about a person (PS3.15, annex E, basic profile)."""

from __future__ import annotations

import io
import math

import pydicom
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence

from medmodels.inputs.airlock_keep import keep
from medmodels.inputs.airlock_streams import without_comments
from medmodels.inputs.dicom_frame import check_syntax, number_of_frames
from medmodels.inputs.dicom_parse import ITEM, WHAT, origin_of, parse
from medmodels.inputs.dicom_quiet import quiet
from medmodels.inputs.identifying import Found, look_for_identifying, plain_name
from medmodels.inputs.origin import Origin
from medmodels.inputs.refusals import decoding

# Ours, made once from a UUID (PS3.5, B.2): a reader can tell which program wrote the file.
_IMPLEMENTATION = uid.UID("2.25.45896511710089765743103418633796541196")
_VERSION = "DIAPHANE"

# More items of sequences than this are not parsed for the sake of their names alone.
_MOST_ITEMS = 50_000

# Type 2 in the patient, study, series and equipment modules (PS3.3, A.1): there, and empty.
_EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "AccessionNumber", "ReferringPhysicianName", "StudyID", "SeriesNumber", "InstanceNumber",
    "Manufacturer", "PatientOrientation", "Laterality",
)  # fmt: skip

_PROFILE = ("113100", "Basic Application Confidentiality Profile")
_RETAIN_UIDS = ("113110", "Retain UIDs Option")
CLEAN_PIXELS = ("113101", "Clean Pixel Data Option")


def admit_dicom(
    data: bytes, *, digest: str, keep_uids: bool
) -> tuple[bytes, Found, tuple[str, ...], Origin]:
    """Write a new file that holds what reading needs, and say what the old one held.

    Parameters
    ----------
    data : bytes
        The whole file, with or without preamble.
    digest : str
        SHA-256 of `data`; stands for the identifiers that the file lacks.
    keep_uids : bool
        Leave study, series and instance their UIDs (PS3.15, E.3.9).

    Returns
    -------
    clean : bytes
        A DICOM file in the same transfer syntax with the same pixel data; its preamble is zero.
    found : Found
    kept : tuple of str
        Names of the attributes that were kept.
    origin : Origin
        With the UIDs of `clean`.

    Raises
    ------
    InputError
        As for reading it: damaged, encrypted, or without an image.
    """
    with quiet():
        dataset = parse(data)
        check_syntax(dataset)
        found = _look(data, dataset)
        with decoding(WHAT):
            origin = origin_of(dataset, digest, keep_uids=keep_uids)
            clean = keep(dataset)
            _trim(clean, dataset.file_meta.TransferSyntaxUID)
            kept = tuple(plain_name(tag) for tag in clean.keys())  # noqa: SIM118 - tags
            _describe(clean, origin)
            return written(clean, dataset.file_meta.TransferSyntaxUID), found, kept, origin


def written(dataset: Dataset, syntax: str) -> bytes:
    """Write a file with a zero preamble and file meta information of its own.

    Parameters
    ----------
    dataset : Dataset
    syntax : str
        Transfer syntax UID, in which its bytes are.

    Returns
    -------
    bytes
    """
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = uid.UID(syntax)
    meta.ImplementationClassUID = _IMPLEMENTATION
    meta.ImplementationVersionName = _VERSION
    dataset.file_meta = meta
    dataset.preamble = bytes(128)
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def method_codes(names: tuple[tuple[str, str], ...]) -> Sequence:
    """De-identification Method Code Sequence (PS3.16, CID 7050).

    Parameters
    ----------
    names : tuple of (code, meaning)

    Returns
    -------
    Sequence
    """
    items = []
    for code, meaning in names:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code, "DCM", meaning
        items.append(item)
    return Sequence(items)


def _look(data: bytes, parsed: Dataset) -> Found:
    """Name what the whole file says; what cannot be parsed whole is told from what was."""
    try:
        if data.count(ITEM) > _MOST_ITEMS:
            return look_for_identifying(parsed, complete=False)
        whole = pydicom.dcmread(io.BytesIO(data), force=True)
        found = look_for_identifying(whole)
    except Exception:
        # It can be read all the same: reading skips what it does not need.
        return look_for_identifying(parsed, complete=False)
    if any(data[:128]) and data[128:132] == b"DICM":
        return Found((*found.names, "Preamble"), found.private, found.others, found.complete)
    return found


def _trim(clean: Dataset, syntax: uid.UID) -> None:
    """Take away what stands behind the pixels, and comments inside compressed frames."""
    if "PixelData" not in clean:
        return
    if syntax.is_encapsulated:
        clean["PixelData"].value = without_comments(clean.PixelData)
    elif clean.get("PhotometricInterpretation") != "YBR_FULL_422":
        bits = math.prod(
            int(clean[k].value) for k in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")
        )
        length = math.ceil(bits * number_of_frames(clean) / 8)
        if len(clean.PixelData) > length + length % 2:
            clean["PixelData"].value = clean.PixelData[: length + length % 2]


def _describe(clean: Dataset, origin: Origin) -> None:
    for keyword in _EMPTY:
        setattr(clean, keyword, None)
    clean.SOPClassUID, clean.SOPInstanceUID = origin.sop_class, origin.instance
    clean.StudyInstanceUID, clean.SeriesInstanceUID = origin.study, origin.series
    # PS3.15, E.1.1, and PS3.3, C.12.1.1 and C.7.1.1.
    clean.PatientIdentityRemoved = "YES"
    done = (_PROFILE, _RETAIN_UIDS) if origin.kept else (_PROFILE,)
    clean.DeidentificationMethod = [meaning for _, meaning in done]
    clean.DeidentificationMethodCodeSequence = method_codes(done)
    clean.LongitudinalTemporalInformationModified = "REMOVED"
