"""Values of FHIR (R4, R4B), as the JSON that fhir.resources validates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
_TERMS = "http://terminology.hl7.org/CodeSystem"
OBSERVATION_CATEGORY = f"{_TERMS}/observation-category"
#: HL7 v2 table 0074, diagnostic service sections.
SERVICE_SECTION = f"{_TERMS}/v2-0074"
_ABSENT = f"{_TERMS}/data-absent-reason"
_ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

# Who says so: "asserted by a Artificial Intelligence (e.g. Clinical Decision Support, Machine
# Learning, Algorithm)", the label that HL7's AI Transparency on FHIR asks for.
AI_ASSERTED: Mapping[str, Any] = {
    "security": [
        {
            "system": f"{_TERMS}/v3-ObservationValue",
            "code": "AIAST",
            "display": "Artificial Intelligence asserted",
        }
    ]
}

#: There is a patient, and this file does not say who.
NOBODY: Mapping[str, Any] = {
    "extension": [{"url": _ABSENT_EXTENSION, "valueCode": "unknown"}],
    "display": "Not stated: this file holds no patient data",
}


def coded(system: str, code: str, display: str, text: str = "") -> Json:
    """A CodeableConcept with one coding."""
    return {
        "coding": [{"system": system, "code": code, "display": display}],
        "text": text or display,
    }


def unknown(why: str) -> Json:
    """A dataAbsentReason: the value is expected to exist but is not known, and why."""
    return coded(_ABSENT, "unknown", "Unknown", why)


def quantity(value: float, unit: str, code: str = "") -> Json:
    """A Quantity in a UCUM unit.

    Parameters
    ----------
    value : float
        Kept to 6 significant digits.
    unit : str
        As shown.
    code : str
        UCUM's; the unit itself if not given.
    """
    return {
        "value": float(f"{value:.6g}"),
        "unit": unit,
        "system": UCUM,
        "code": code or unit,
    }


def count(number: int, items: str) -> Json:
    """How many of something there are, a UCUM annotation for a unit."""
    return quantity(number, items, "{" + items.replace(" ", "-") + "}") | {"value": number}


def share(probability: float) -> Json:
    """A probability as a Quantity in percent; never 0% or 100%, which no network can know.

    Examples
    --------
    >>> share(0.25)["value"], share(1e-9)["comparator"], share(1 - 1e-9)["comparator"]
    (25.0, '<', '>')
    """
    percent = round(100 * float(probability), 4)
    if percent <= 0:
        return quantity(0.0001, "%") | {"comparator": "<"}
    if percent >= 100:
        return quantity(99.9999, "%") | {"comparator": ">"}
    return {"value": percent, "unit": "%", "system": UCUM, "code": "%"}


def interval(low: float, high: float) -> Json:
    """A Range in percent; the type has no comparator, so its ends may be 0 and 100."""
    ends = {"low": low, "high": high}
    return {
        name: {"value": round(100 * float(end), 4), "unit": "%", "system": UCUM, "code": "%"}
        for name, end in ends.items()
    }


def uri(value: str) -> Json:
    """An Identifier that is a URI."""
    return {"system": "urn:ietf:rfc:3986", "value": value}


def digest(sha256: str) -> Json:
    """An Identifier that is a digest, in the form made for reading (RFC 6920, section 7)."""
    return uri(f"nih:sha-256;{sha256}")


def dicom_uid(uid: str) -> Json:
    """An Identifier that is a DICOM UID, as FHIR's ImagingStudy has it."""
    return {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}


def notes(*sentences: str) -> list[Json]:
    """Annotations."""
    return [{"text": sentence} for sentence in sentences]
