"""What read the input, as a FHIR Device: a program and a network, by version and digest."""

from __future__ import annotations

from medmodels import NOTICE
from medmodels.reports.fhir_draft import Draft
from medmodels.reports.fhir_terms import Json, digest, notes


def device(draft: Draft) -> Json:
    """The resource.

    Parameters
    ----------
    draft : Draft
    """
    reading = draft.reading
    card = reading.card
    versions = [*reading.versions.items(), *([(card.task, card.version)] if card.version else [])]
    return {
        "resourceType": "Device",
        "id": str(draft.name("device")),
        "identifier": [digest(reading.bundle_digest) | {"type": {"text": "Network bundle"}}],
        "status": "active",
        "manufacturer": "Diaphane",
        "modelNumber": card.task,
        "deviceName": [{"name": f"Diaphane: {card.title}", "type": "user-friendly-name"}],
        "type": {"text": "Software for research and education; not a medical device"},
        "version": [{"type": {"text": name}, "value": value} for name, value in versions],
        "note": notes(NOTICE, card.intended_use, card.not_for, *card.limits),
    }
