"""A reading as a FHIR DiagnosticReport with its Observations, in one Bundle.

Release R4B: for the resources used here it is R4, the release that hospitals
run ("without any functional difference", https://hl7.org/fhir/R4B/r4b-explanation.html).
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from medmodels import NOTICE
from medmodels.reading import Reading
from medmodels.reports.conclusion import answered, conclusion
from medmodels.reports.fhir_answers import observe_answer
from medmodels.reports.fhir_device import device
from medmodels.reports.fhir_draft import Draft
from medmodels.reports.fhir_terms import AI_ASSERTED, NOBODY, SERVICE_SECTION, Json, coded, uri
from medmodels.reports.fhir_trust import observe_trust, observe_withheld
from medmodels.reports.fingerprint import fingerprint

_SECTIONS = {
    "scan": ("IMG", "Diagnostic Imaging"),
    "signal": ("EC", "Electrocardiac (e.g., EKG, EEC, Holter)"),
    "sequence": ("GE", "Genetics"),
}


def fhir_report(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    """Make the file; see `medmodels.reports.exports.Make`.

    Parameters
    ----------
    reading : Reading
    made : datetime
        With a time zone.
    insist : bool
        Give the answer of a reading that would be withheld.

    Returns
    -------
    bytes
        JSON, UTF-8, valid by fhir.resources. Made again it has the same ids, so
        that a record system takes it for the same report.

    Raises
    ------
    ValueError
        When ``made`` has no time zone: an instant needs one.
    """
    if made.tzinfo is None:
        raise ValueError("made needs a time zone")
    draft = Draft(reading, made, insist, fingerprint(reading, insist=insist))
    if answered(reading, insist=insist):
        observe_answer(draft)
    else:
        observe_withheld(draft)
    observe_trust(draft)
    resources = [_report(draft), *draft.observations, device(draft), draft.code_system()]
    bundle = Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "id": str(draft.name("bundle")),
            "meta": AI_ASSERTED,
            "identifier": uri(draft.address("bundle")),
            "type": "collection",
            "timestamp": draft.issued,
            "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
        }
    )
    return (bundle.model_dump_json(indent=1) + "\n").encode()


def _report(draft: Draft) -> Json:
    """The report itself.

    Its status is "partial": "a partial (e.g. initial, interim or preliminary)
    report: data in the report may be incomplete or unverified". "preliminary"
    would say that its results are verified, "final" that a person signed them.
    """
    reading, card = draft.reading, draft.reading.card
    sentences = (*conclusion(reading, insist=draft.insist), NOTICE)
    code, shown = _SECTIONS[card.kind]
    report: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": str(draft.name("report")),
        "meta": AI_ASSERTED,
        "language": "en-GB",
        "text": {"status": "generated", "div": _narrative(draft, sentences)},
        "identifier": [uri(draft.address("report"))],
        "status": "partial",
        "category": [coded(SERVICE_SECTION, code, shown)],
        "code": draft.own("task", card.title, card.question),
        "subject": NOBODY,
        "issued": draft.issued,
        "result": [{"reference": f"urn:uuid:{one['id']}"} for one in draft.observations],
        "conclusion": " ".join(sentences),
    }
    study = draft.study()
    if study is not None:
        report["imagingStudy"] = [study]
    if answered(reading, insist=draft.insist) and len(reading.labels) == 1:
        report["conclusionCode"] = [draft.label(int(reading.labels[0]))]
    return report


def _narrative(draft: Draft, sentences: tuple[str, ...]) -> str:
    """The same for a reader of text, as XHTML; whatever it says is escaped.

    Notes on a table stay out: they may quote the heading of a column.
    """
    notes = draft.reading.notes if draft.reading.scan is not None else ()
    lines = [draft.reading.card.title, *sentences, *notes]
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'
