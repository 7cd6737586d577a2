"""How far an answer can be trusted, as FHIR Observations."""

from __future__ import annotations

from medmodels.reports.conclusion import answered
from medmodels.reports.fhir_draft import Draft
from medmodels.reports.fhir_terms import notes, quantity, unknown
from medmodels.reports.reading_map import ShownMap, shown_map, verdict_paragraphs
from medmodels.trust.findings import NOTE, UNREADABLE, WARNING
from medmodels.trust.unlike import Unlike

_DECISIONS = {
    "answer": ("Answered", "Nothing that was checked speaks against the answer."),
    "warn": ("Answered with a warning", "The reasons for doubt are noted."),
    "abstain": ("No answer", "The answer is withheld, for the reasons noted."),
}
_SEVERITIES = {NOTE: "Note", WARNING: "Warning", UNREADABLE: "Unreadable"}


def observe_trust(draft: Draft) -> None:
    """The decision, how unlike the training data the input is, its quality, the map.

    Parameters
    ----------
    draft : Draft
    """
    decision = draft.reading.decision
    shown, meaning = _DECISIONS[decision.kind]
    draft.observe(
        "decision",
        draft.own("decision", "Decision", "Whether the answer may be shown."),
        valueCodeableConcept=draft.own(f"decision-{decision.kind}", shown, meaning),
        note=notes(*(reason.sentence for reason in decision.reasons)),
    )
    trust = draft.reading.trust
    if trust is not None and trust.unlike is not None:
        _unlike(draft, trust.unlike)
    for number, finding in enumerate(trust.findings if trust else ()):
        severity = _SEVERITIES[finding.severity]
        draft.observe(
            f"finding {number}",
            draft.own(f"quality-{finding.code}", f"Quality of the input: {finding.code}"),
            valueString=finding.sentence,
            component=[
                {
                    "code": draft.own("severity", "Severity"),
                    "valueCodeableConcept": draft.own(f"severity-{severity.lower()}", severity),
                }
            ],
        )
    if answered(draft.reading, insist=draft.insist):
        _map(draft)


def observe_withheld(draft: Draft) -> None:
    """That there is no answer, and why: no label, no probability."""
    reasons = " ".join(reason.sentence for reason in draft.reading.decision.reasons)
    question = draft.own("answer", "Answer", "The class decided by the operating point.")
    draft.observe(
        "answer",
        question | {"text": draft.reading.card.question},
        dataAbsentReason=unknown(f"No answer. {reasons}".strip()),
    )


def _unlike(draft: Draft, unlike: Unlike) -> None:
    limits = {"unlike-warn": unlike.warn, "unlike-refuse": unlike.refuse}
    titles = {
        "unlike-warn": "Warns from this distance on",
        "unlike-refuse": "Withholds the answer from this distance on",
    }
    components = [
        {"code": draft.own(code, titles[code]), "valueQuantity": quantity(limit, "1")}
        for code, limit in limits.items()
    ]
    rank = draft.own("unlike-rank", "Share of validation inputs that are less unlike")
    lies = draft.own("lies", "Way in which it seems to lie")
    draft.observe(
        "unlike",
        draft.own("unlike-score", "Distance from the training data", "Higher is less like it."),
        valueQuantity=quantity(unlike.score, "1"),
        component=[
            *components,
            {"code": rank, "valueQuantity": quantity(100 * unlike.rank, "%")},
            {"code": lies, "valueString": unlike.turn.replace("_", " ")},
        ],
    )


def _map(draft: Draft) -> None:
    """Whether the map of a scan is evidence; of signals and sequences, each map that was tested."""
    if draft.reading.scan is not None:
        shown = shown_map(draft.reading, 0)
        if shown is not None:
            _judged(draft, 0, shown)
        return
    for row in sorted({one.row for one in draft.reading.explained}):
        shown = shown_map(draft.reading, row)
        if shown is not None:
            _judged(draft, row, shown)


def _judged(draft: Draft, row: int, shown: ShownMap) -> None:
    state = "untested" if shown.audit is None else ("passed" if shown.audit.passed else "failed")
    item = draft.reading.card.item
    about = () if draft.reading.scan is not None else (f"The map of {item} {row + 1}.",)
    draft.observe(
        f"map {row}",
        draft.own("map", "Saliency map: is it evidence?", "The audit on this very input."),
        valueCodeableConcept=draft.own(f"map-{state}", shown.verdict.capitalize()),
        method={"text": f"{shown.map.method}, {shown.map.unit}"},
        note=notes(*about, *(part.text for part in verdict_paragraphs(shown))),
    )
