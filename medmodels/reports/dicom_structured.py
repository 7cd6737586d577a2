"""A reading as DICOM Structured Report: a Measurement Report (PS3.16 TID 1500)."""

from __future__ import annotations

from datetime import datetime

from highdicom.sr import (
    CodedConcept,
    ComprehensiveSR,
    DeviceObserverIdentifyingAttributes,
    LanguageOfContentItemAndDescendants,
    MeasurementReport,
    ObservationContext,
    ObserverContext,
)
from pydicom.sr.codedict import codes

from medmodels.reading import Reading
from medmodels.reports.conclusion import answered
from medmodels.reports.dicom_codes import scheme
from medmodels.reports.dicom_groups import class_group, whole_group
from medmodels.reports.dicom_object import dates, equipment, uid_of, written
from medmodels.reports.dicom_source import source_dataset
from medmodels.reports.fingerprint import fingerprint

_SERIES_NUMBER = 9002
_BRITISH = CodedConcept("en-GB", "RFC5646", "English (United Kingdom)")


def structured_report(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    """Make the file; see `medmodels.reports.exports.Make`.

    One group of measurements (TID 1501) for the whole image, and one for each
    class where the answer may be named. It is complete, preliminary and not
    verified (PS3.3 C.17.2): no person has signed it.

    Parameters
    ----------
    reading : Reading
        Of a DICOM image.
    made : datetime
        With a time zone.
    insist : bool
        Give the answer of a reading that would be withheld.
    """
    source, printed = source_dataset(reading), fingerprint(reading, insist=insist, made=made)
    groups = [whole_group(reading, source, printed, insist=insist)]
    if answered(reading, insist=insist):
        groups += [
            class_group(reading, source, printed, index)
            for index in range(len(reading.card.classes))
        ]
    report = ComprehensiveSR(
        evidence=[source],
        content=MeasurementReport(
            observation_context=_context(reading),
            language_of_content_item_and_descendants=LanguageOfContentItemAndDescendants(_BRITISH),
            # The file says that it is an image, not which examination it belongs to.
            procedure_reported=codes.SCT.ImagingProcedure,
            imaging_measurements=groups,
        ),
        series_instance_uid=uid_of(printed, "report series"),
        series_number=_SERIES_NUMBER,
        sop_instance_uid=uid_of(printed, "report"),
        instance_number=1,
        is_complete=True,
        is_final=False,
        is_verified=False,
        coding_schemes=[scheme()],
        **equipment(reading),
        **dates(made),
    )
    return written(report, reading, made)


def _context(reading: Reading) -> ObservationContext:
    """The observer: a device, whose name is the app's and whose number the bundle's digest."""
    device = DeviceObserverIdentifyingAttributes(
        # The same bundle is the same observer in every report.
        uid=uid_of(reading.bundle_digest, "observer"),
        name="Diaphane",
        manufacturer_name="Diaphane",
        model_name=f"{reading.task} {reading.card.version}".strip(),
        serial_number=reading.bundle_digest,
    )
    return ObservationContext(ObserverContext(codes.DCM.Device, device))
