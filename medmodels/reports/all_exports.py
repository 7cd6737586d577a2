"""Every file that a reading can be kept or sent as."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from medmodels.reading import Reading
from medmodels.reports.dicom_exports import DICOM_EXPORTS
from medmodels.reports.exports import Export
from medmodels.reports.fhir_exports import FHIR_EXPORTS
from medmodels.reports.reading_file import reading_json_file


def _pdf(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    # What draws is imported when a file is asked for: no page waits for it.
    from medmodels.reports.reading_pdf import reading_pdf

    return reading_pdf(reading, made=made, insist=insist)


def _html(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    from medmodels.reports.reading_html import reading_html

    return reading_html(reading, made=made, insist=insist)


def _any(reading: Reading) -> bool:  # noqa: ARG001 - whatever was read
    return True


EXPORTS: Final[tuple[Export, ...]] = (
    Export(
        key="pdf",
        title="Report as PDF",
        about="To file or to print: the answer and what speaks against it, the picture or the ECG "
        "at 25 mm/s, the tests, the limits, and what made it.",
        ending="pdf",
        mime="application/pdf",
        fits=_any,
        make=_pdf,
    ),
    Export(
        key="html",
        title="Report as HTML",
        about="The same as one page for a browser; it needs no network.",
        ending="html",
        mime="text/html",
        fits=_any,
        make=_html,
    ),
    Export(
        key="json",
        title="Reading as JSON",
        about="Every number for a program, as its published schema says; no picture, no trace.",
        ending="json",
        mime="application/json",
        fits=_any,
        make=reading_json_file,
    ),
    *FHIR_EXPORTS,
    *DICOM_EXPORTS,
)


def exports_for(reading: Reading) -> tuple[Export, ...]:
    """The kinds that fit a reading."""
    return tuple(export for export in EXPORTS if export.fits(reading))


def file_name(reading: Reading, export: Export) -> str:
    """What a file is called: by the input's digest, for a name could be somebody's.

    Where two kinds end alike, the kind stands before the ending.
    """
    twins = [other for other in EXPORTS if other.ending == export.ending]
    kind = f"-{export.key}" if len(twins) > 1 else ""
    return f"reading-{reading.input_digest[:12]}{kind}.{export.ending}"
