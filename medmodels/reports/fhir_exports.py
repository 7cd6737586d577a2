"""What a reading can be sent to a record system as."""

from __future__ import annotations

from datetime import datetime

from medmodels.reading import Reading
from medmodels.reports.exports import Export


def _always(_reading: Reading) -> bool:
    return True


def _report(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    # What validates FHIR is imported when it is asked for, not when a page opens.
    from medmodels.reports.fhir_report import fhir_report

    return fhir_report(reading, made=made, insist=insist)


FHIR_EXPORTS: tuple[Export, ...] = (
    Export(
        key="fhir",
        title="FHIR report",
        about="A diagnostic report with its observations for a record system "
        "(FHIR R4, a bundle in JSON). It names no patient.",
        ending="fhir.json",
        mime="application/fhir+json",
        fits=_always,
        make=_report,
    ),
)
