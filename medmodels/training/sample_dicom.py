"""Write a synthetic radiograph as DICOM that names nobody."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medmodels.training.sample_composite import Array

PATIENT_NAME = "SYNTHETIC^DIAPHANE"
# About what a child's chest measures: 480 columns over 28.8 cm. Nobody was measured.
SPACING_MM = 0.6
# Stored values of black and white: room on either side, as in a detector's 12 bits.
_BLACK, _WHITE = 200, 3700
_UID_SEED = "diaphane synthetic chest radiograph"


def write_dicom(grey: Array, path: Path) -> None:
    """Write a computed radiograph (DICOM PS3.3 A.2) that names nobody.

    Parameters
    ----------
    grey : ndarray, float32, shape (H, W)
        Values in 0 to 1; stored in 12 of 16 bits.
    path : Path
        The file starts with 128 zero bytes, as PS3.10 section 7.1 has it.
    """
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import (
        PYDICOM_IMPLEMENTATION_UID,
        ComputedRadiographyImageStorage,
        ExplicitVRLittleEndian,
        generate_uid,
    )

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[_UID_SEED, path.name])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    meta.ImplementationVersionName = "DIAPHANE"

    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=[_UID_SEED, path.name, "study"])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=[_UID_SEED, path.name, "series"])
    dataset.PatientName = PATIENT_NAME
    dataset.PatientID = "SYNTHETIC"
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = "Synthetic composite: there is no patient"
    # Required to be present, allowed to be empty (type 2).
    for keyword in (
        "PatientBirthDate",
        "PatientSex",
        "StudyDate",
        "StudyTime",
        "StudyID",
        "AccessionNumber",
        "ReferringPhysicianName",
        "Laterality",
    ):
        setattr(dataset, keyword, "")
    dataset.Modality = "CR"
    dataset.Manufacturer = "Diaphane sample generator"
    dataset.SeriesDescription = "SYNTHETIC, no patient"
    dataset.ImageComments = "SYNTHETIC composite radiograph; belongs to no patient"
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    dataset.BodyPartExamined = "CHEST"
    dataset.ViewPosition = "AP"
    dataset.PatientOrientation = ["L", "F"]
    dataset.BurnedInAnnotation = "NO"
    dataset.SeriesNumber = dataset.InstanceNumber = 1

    dataset.Rows, dataset.Columns = grey.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.PixelSpacing = dataset.ImagerPixelSpacing = [SPACING_MM, SPACING_MM]
    dataset.WindowCenter = (_BLACK + _WHITE) / 2
    dataset.WindowWidth = _WHITE - _BLACK
    dataset.VOILUTFunction = "LINEAR_EXACT"
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    stored = np.rint(_BLACK + grey * (_WHITE - _BLACK)).astype("<u2")
    dataset.PixelData = stored.tobytes()
    dataset.save_as(path, enforce_file_format=True)
