"""A reading as plain JSON: what ``--json``, downloads and exports hold."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from medmodels import NOTICE
from medmodels.reading.reading import Reading, Trust
from medmodels.reading.sites import Site, called_sites

#: What the result follows: ``assets/schemas/reading.schema.json``.
SCHEMA: Final = "urn:diaphane:schema:reading:1.0"


def reading_json(
    reading: Reading, *, insist: bool = False, made: datetime | None = None
) -> dict[str, Any]:
    """Everything but pixels and samples.

    Where the decision is to abstain there is no answer: ``answer`` is null and
    what the network computed stands under ``withheld`` only when ``insist``.

    Parameters
    ----------
    reading : Reading
    insist : bool
        Show the network's output although it is withheld.
    made : datetime, optional
        When the file that holds it is made, with a time zone.
    """
    answer = _scan_answer(reading) if reading.scan else _answers(reading)
    if reading.decision.abstains:
        answer = {"answer": None} | ({"withheld": answer} if insist else {})
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        **({"made": made.astimezone(UTC).isoformat(timespec="seconds")} if made else {}),
        "kind": reading.card.kind,
        "task": reading.task,
        "bundle": reading.bundle_digest,
        "input": {"sha256": reading.input_digest, "source": reading.source},
        "notes": list(reading.notes),
        **reading.decision.to_dict(),
        **(_trust(reading.trust) if reading.trust else {}),
        **answer,
        **({} if answer.get("answer", 0) is None else _explanations(reading)),
        "seconds": {name: round(value, 4) for name, value in reading.timings.items()},
        "versions": dict(reading.versions),
    }


def _trust(trust: Trust) -> dict[str, Any]:
    return {
        "findings": [
            vars(finding) | {"where": [list(stretch) for stretch in finding.where]}
            for finding in trust.findings
        ],
        "out_of_distribution": trust.unlike.to_dict() if trust.unlike else None,
    }


def _explanations(reading: Reading) -> dict[str, Any]:
    """What has been explained and audited; nothing where the answer is withheld."""
    if not reading.explained:
        return {}
    names = reading.card.class_names
    return {
        "explanations": [
            {
                "row": one.row,
                **_place_of(reading, one.row),
                "class": names[one.audit.class_index],
                "method": one.map.method,
                "unit": one.map.unit,
                "grid": list(one.map.grid),
                "place": vars(one.map.place) if one.map.place else None,
                "compared_with": one.map.baseline,
                "audit": one.audit.to_dict(),
            }
            for one in reading.explained
        ]
    }


def _place_of(reading: Reading, row: int) -> dict[str, Any]:
    """Where in sequences a window lies that was explained; its first base counts from 1."""
    if reading.bases is None:
        return {}
    number, start = reading.bases.place(row)
    return {
        "sequence": reading.bases.sequences.names[number],
        "strand": reading.bases.strands[number],
        "first_base": start + 1,
    }


def _probabilities_of(reading: Reading, row: int) -> dict[str, float]:
    shares = zip(reading.card.class_names, reading.probabilities[row], strict=True)
    return {name: round(float(share), 6) for name, share in shares}


def _sets_of(reading: Reading, row: int) -> dict[str, list[str]]:
    """Labels left at each level."""
    if reading.trust is None:
        return {}
    names = reading.card.class_names
    return {
        f"{level:.2f}": [name for name, kept in zip(names, held[row], strict=True) if kept]
        for level, held in reading.trust.sets.items()
    }


def _intervals_of(reading: Reading, row: int) -> dict[str, list[float]]:
    """95% interval of each probability; empty where none was computed."""
    trust = reading.trust
    if trust is None or np.isnan(trust.low[row]).any():
        return {}
    ends = zip(trust.low[row], trust.high[row], strict=True)
    return {
        name: [round(float(low), 6), round(float(high), 6)]
        for name, (low, high) in zip(reading.card.class_names, ends, strict=True)
    }


def _scan_answer(reading: Reading) -> dict[str, Any]:
    assert reading.scan is not None
    names, point = reading.card.class_names, reading.operating_point
    return {
        "answer": names[reading.labels[0]],
        "probabilities": _probabilities_of(reading, 0),
        "probability_intervals": _intervals_of(reading, 0),
        "prediction_sets": _sets_of(reading, 0),
        "operating_point": {
            "class": names[point.positive] if point.positive is not None else None,
            "threshold": point.threshold,
            "rule": point.rule,
            "chosen_on": point.chosen_on,
        },
        "saliency": [
            {
                "class": names[entry.class_index],
                "method": entry.method,
                "unit": entry.unit,
                "grid": list(entry.grid),
                "highest": round(float(entry.values.max()), 6),
                "highest_at": [
                    int(i) for i in np.unravel_index(int(entry.values.argmax()), entry.values.shape)
                ],
            }
            for maps in reading.scan.maps.values()
            for entry in maps
        ],
    }


def _answers(reading: Reading) -> dict[str, Any]:
    return _base_answers(reading) if reading.bases is not None else _beat_answers(reading)


def _base_answers(reading: Reading) -> dict[str, Any]:
    """Each sequence of one window with its answer; of longer ones the sites called."""
    assert reading.bases is not None
    names, bases = reading.card.class_names, reading.bases
    if bases.scanned:
        return {
            "answer": [
                {
                    "sequence": site.sequence,
                    "strand": site.strand,
                    "after_base": site.before,
                    "label": site.entry.name,
                    "probability": round(site.probability, 6),
                    **_interval_of(reading, site),
                    "prediction_sets": _sets_of(reading, site.row),
                }
                for site in called_sites(reading)
            ],
            "bases": bases.sequences.bases,
            "called_at": asdict(bases.level) if bases.level else None,
        }
    return {
        "answer": [
            {
                "sequence": bases.sequences.names[row],
                "strand": bases.strands[row],
                "label": names[label],
                "probabilities": _probabilities_of(reading, row),
                "probability_intervals": _intervals_of(reading, row),
                "prediction_sets": _sets_of(reading, row),
            }
            for row, label in enumerate(reading.labels)
        ]
    }


def _interval_of(reading: Reading, site: Site) -> dict[str, list[float]]:
    """95% interval of a called site's probability, where there is one."""
    found = _intervals_of(reading, site.row).get(site.entry.name)
    return {"probability_interval": found} if found else {}


def _beat_answers(reading: Reading) -> dict[str, Any]:
    assert reading.beats is not None
    names = reading.card.class_names
    counts = np.bincount(reading.labels, minlength=len(names))
    position = "time_s" if reading.beats.has_rhythm else "row"
    return {
        "answer": {name: int(n) for name, n in zip(names, counts, strict=True)},
        "duration_s": round(reading.beats.seconds, 3),
        "beats": [
            {
                position: round(float(time), 3),
                "label": names[label],
                "probabilities": _probabilities_of(reading, row),
                "prediction_sets": _sets_of(reading, row),
            }
            for row, (time, label) in enumerate(
                zip(reading.beats.times_s, reading.labels, strict=True)
            )
        ],
    }
