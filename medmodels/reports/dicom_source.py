"""The image that a reading is about, as far as its reports may know it."""

from __future__ import annotations

from pydicom.dataset import Dataset

from medmodels.reading import Reading

#: What every DICOM object says of a patient and a study: that it is not stated
#: (type 2, PS3.3 C.7.1.1 and C.7.2.1).
NOT_STATED = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex",
    "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName",
)  # fmt: skip


def source_dataset(reading: Reading) -> Dataset:
    """The source image without its pixels and without its patient.

    Parameters
    ----------
    reading : Reading
        Of a scan that came as DICOM: it has an origin.

    Returns
    -------
    Dataset
        UIDs, and empty where the standard wants an attribute to be there.
    """
    assert reading.scan is not None
    assert reading.scan.origin is not None
    origin, dataset = reading.scan.origin, Dataset()
    for keyword in NOT_STATED:
        setattr(dataset, keyword, "")
    dataset.SOPClassUID = origin.sop_class
    dataset.SOPInstanceUID = origin.instance
    dataset.StudyInstanceUID = origin.study
    dataset.SeriesInstanceUID = origin.series
    return dataset


def referenced_frames(reading: Reading) -> list[int] | None:
    """The frame that was read, where a reference to its image must name it (PS3.3 table 10-3).

    Parameters
    ----------
    reading : Reading
        Of a scan that came as DICOM.

    Returns
    -------
    list of int or None
        One number, from 1; None where the image has but one frame, of which nothing is said.
    """
    assert reading.scan is not None
    assert reading.scan.origin is not None
    frame = reading.scan.origin.frame
    return None if frame is None else [frame]
