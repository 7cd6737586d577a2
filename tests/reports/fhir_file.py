"""A FHIR file read back."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fhir.resources.R4B.bundle import Bundle


class File:
    """A file read back: valid, and its resources at hand."""

    def __init__(self, file: bytes) -> None:
        bundle = Bundle.model_validate_json(file)
        assert (bundle.model_dump_json(indent=1) + "\n").encode() == file
        self.text = file.decode()
        self.bundle = json.loads(file)
        self.resources = [entry["resource"] for entry in self.bundle["entry"]]

    def of(self, kind: str) -> list[dict]:
        return [one for one in self.resources if one["resourceType"] == kind]

    @property
    def report(self) -> dict:
        (report,) = self.of("DiagnosticReport")
        return report

    def observation(self, code: str) -> dict:
        (found,) = (o for o in self.of("Observation") if code_of(o) == code)
        return found


def code_of(thing: dict) -> str:
    return thing["code"]["coding"][0]["code"]


def components(observation: dict) -> dict[str, object]:
    """Values by code."""
    return {
        code_of(part): next(part[key] for key in part if key.startswith("value"))
        for part in observation["component"]
    }


def own_codes(thing: object, system: str) -> Iterator[str]:
    """All codes of a system, wherever they stand."""
    if isinstance(thing, dict):
        if thing.get("system") == system:
            yield thing["code"]
        for value in thing.values():
            yield from own_codes(value, system)
    elif isinstance(thing, list):
        for value in thing:
            yield from own_codes(value, system)
