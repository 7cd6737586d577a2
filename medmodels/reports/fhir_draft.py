"""What the resources of one FHIR file share: names, codes, subject, device, time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from medmodels import __version__
from medmodels.reading import Reading
from medmodels.reports.fhir_terms import (
    AI_ASSERTED,
    NOBODY,
    OBSERVATION_CATEGORY,
    Json,
    coded,
    dicom_uid,
    digest,
)
from medmodels.reports.fingerprint import uuid_of

_CATEGORIES = {
    "scan": ("imaging", "Imaging"),
    "signal": ("procedure", "Procedure"),
    "sequence": ("laboratory", "Laboratory"),
}


@dataclass
class Draft:
    """A file that is being written.

    Parameters
    ----------
    reading : Reading
    made : datetime
        With a time zone.
    insist : bool
    printed : str
        From `medmodels.reports.fingerprint.fingerprint`.
    """

    reading: Reading
    made: datetime
    insist: bool
    printed: str
    observations: list[Json] = field(default_factory=list)
    _codes: dict[str, Json] = field(default_factory=dict)

    @property
    def issued(self) -> str:
        """When it was made, as an instant."""
        return self.made.isoformat(timespec="seconds")

    @property
    def system(self) -> str:
        """The code system of the task: the same in every file about it."""
        return f"urn:uuid:{uuid_of(self.reading.task, 'code system')}"

    def name(self, part: str) -> uuid.UUID:
        """Name of a resource, the same whenever the same file is made."""
        return uuid_of(self.printed, f"fhir {part}")

    def address(self, part: str) -> str:
        """Where a resource of this file is referred to."""
        return f"urn:uuid:{self.name(part)}"

    def own(self, code: str, display: str, definition: str = "", text: str = "") -> Json:
        """A concept that no public code system has; the file's CodeSystem defines it."""
        self._codes[code] = {"code": code, "display": display} | (
            {"definition": definition} if definition else {}
        )
        return coded(self.system, code, display, text)

    def label(self, index: int) -> Json:
        """A class of the task."""
        entry = self.reading.card.classes[index]
        return self.own(f"class-{entry.name}", entry.title, entry.meaning)

    def observe(self, part: str, code: Json, **more: object) -> None:
        """Add an Observation; what is None is left out.

        Its status is "preliminary": "an initial or interim observation: data
        may be incomplete or unverified".
        """
        kind, shown = _CATEGORIES[self.reading.card.kind]
        given = {
            "resourceType": "Observation",
            "id": str(self.name(part)),
            "meta": AI_ASSERTED,
            "status": "preliminary",
            "category": [coded(OBSERVATION_CATEGORY, kind, shown)],
            "code": code,
            "subject": NOBODY,
            "issued": self.issued,
            "device": {"reference": self.address("device")},
            "derivedFrom": self._input(),
            **more,
        }
        self.observations.append({k: v for k, v in given.items() if v not in (None, [], {})})

    def study(self) -> Json | None:
        """The imaging study that a DICOM image belongs to."""
        scan = self.reading.scan
        if scan is None or scan.origin is None:
            return None
        kept = "" if scan.origin.kept else ", its UIDs replaced"
        return {
            "type": "ImagingStudy",
            "identifier": dicom_uid(scan.origin.study),
            "display": f"Study of the image that was read{kept}",
        }

    def _input(self) -> list[Json]:
        given = {
            "type": "DocumentReference",
            "identifier": digest(self.reading.input_digest),
            "display": f"Input: {self.reading.source}",
        }
        study = self.study()
        return [given] if study is None else [given, study]

    def code_system(self) -> Json:
        """The definitions of all own codes in this file."""
        return {
            "resourceType": "CodeSystem",
            "id": str(self.name("code system")),
            "url": self.system,
            "version": __version__,
            "name": "DiaphaneTask",
            "title": f"Diaphane: {self.reading.card.title}",
            "status": "draft",
            "experimental": True,
            "caseSensitive": True,
            "content": "fragment",
            "concept": [self._codes[code] for code in sorted(self._codes)],
        }
