"""What all DICOM objects made of a reading have in common: who made them, when, of whom nothing."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from highdicom.base import SOPClass
from highdicom.sr import CodedConcept
from pydicom import dcmwrite
from pydicom.sr.codedict import codes
from pydicom.uid import UID
from pydicom.valuerep import DA, TM

from medmodels import NOTICE
from medmodels.reading import Reading
from medmodels.reports.fingerprint import uuid_of

_WITH_ITS_UIDS = "New object: of the source, pixels as shown and its UIDs"
_WITH_NEW_UIDS = "New object: of the source, pixels as shown; UIDs replaced"
# LO, like the others here: 64 characters at most.
_SERIES = f"Diaphane. {NOTICE}"


def uid_of(print_of: str, part: str) -> UID:
    """A UID derived from a UUID (PS3.5 B.2).

    It depends on when the object was made: an archive must never find two
    objects of one UID that differ.

    Parameters
    ----------
    print_of : str
        From `medmodels.reports.fingerprint.fingerprint`.
    part : str
    """
    return UID(f"2.25.{uuid_of(print_of, part).int}")


def equipment(reading: Reading) -> dict[str, Any]:
    """General Equipment (PS3.3 C.7.5.1): the app, the bundle as its serial number, the libraries.

    Parameters
    ----------
    reading : Reading

    Returns
    -------
    dict
        As the constructors of highdicom want it.
    """
    return {
        "manufacturer": "Diaphane",
        "manufacturer_model_name": f"{reading.task} {reading.card.version}".strip()[:64],
        "device_serial_number": reading.bundle_digest,
        "software_versions": [f"{name} {v}"[:64] for name, v in reading.versions.items()],
        "specific_character_set": "ISO_IR 192",
    }


def dates(made: datetime) -> dict[str, Any]:
    """Date and time of content and series, in the zone of ``made``.

    Raises
    ------
    ValueError
        When it has no time zone: it would name another moment elsewhere.
    """
    if made.tzinfo is None:
        raise ValueError("made needs a time zone")
    moment = {"date": made.date(), "time": made.time().replace(microsecond=0)}
    return {f"{of}_{name}": value for of in ("content", "series") for name, value in moment.items()}


def written(dataset: SOPClass, reading: Reading, made: datetime) -> bytes:
    """Finish an object and encode it as a file (PS3.10), its preamble empty.

    Parameters
    ----------
    dataset : SOPClass
        Changed in place.
    reading : Reading
    made : datetime
        With a time zone.

    Returns
    -------
    bytes
    """
    assert reading.scan is not None
    assert reading.scan.origin is not None
    dataset.InstanceCreationDate = DA(made.date())
    dataset.InstanceCreationTime = TM(made.time().replace(microsecond=0))
    dataset.TimezoneOffsetFromUTC = made.strftime("%z")[:5]
    for item in dataset.get("ContributingEquipmentSequence", ()):
        # highdicom names itself here, with the time of the call.
        item.ContributionDateTime = made.strftime("%Y%m%d%H%M%S")
    # PS3.15 E.1.1: nothing of the source but what is named here was ever in this object.
    dataset.PatientIdentityRemoved = "YES"
    kept = reading.scan.origin.kept
    dataset.DeidentificationMethod = _WITH_ITS_UIDS if kept else _WITH_NEW_UIDS
    done = [codes.DCM.BasicApplicationConfidentialityProfile]
    done += [codes.DCM.RetainUidsOption] if kept else []
    dataset.DeidentificationMethodCodeSequence = [CodedConcept.from_code(code) for code in done]
    dataset.LongitudinalTemporalInformationModified = "REMOVED"
    dataset.SeriesDescription = _SERIES
    dataset.preamble = b"\0" * 128
    buffer = BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()
