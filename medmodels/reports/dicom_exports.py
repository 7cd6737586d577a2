"""What a reading of a DICOM image can be sent back to its archive as."""

from __future__ import annotations

from datetime import datetime

from medmodels.reading import Reading
from medmodels.reports.exports import Export

_MIME = "application/dicom"


def from_dicom(reading: Reading) -> bool:
    """Whether a reading is about a DICOM image, so that something can be tied to it."""
    return reading.scan is not None and reading.scan.origin is not None


def _capture(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    # What writes DICOM is imported when it is asked for, not when a page opens.
    from medmodels.reports.dicom_capture import secondary_capture

    return secondary_capture(reading, made=made, insist=insist)


def _report(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    from medmodels.reports.dicom_structured import structured_report

    return structured_report(reading, made=made, insist=insist)


DICOM_EXPORTS: tuple[Export, ...] = (
    Export(
        key="dicom-picture",
        title="DICOM picture",
        about="The scan with its map and the answer in words, for a viewer beside the scan "
        "(Secondary Capture, in a series of its own).",
        ending="dcm",
        mime=_MIME,
        fits=from_dicom,
        make=_capture,
    ),
    Export(
        key="dicom-report",
        title="DICOM report",
        about="Probabilities, decision and reasons as coded values "
        "(Structured Report, TID 1500), tied to the scan.",
        ending="dcm",
        mime=_MIME,
        fits=from_dicom,
        make=_report,
    ),
)
