"""What a network answered, as FHIR Observations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from medmodels.reading import Reading
from medmodels.reading.rhythm import rhythm_of
from medmodels.reading.sites import Site, called_sites
from medmodels.reports.fhir_draft import Draft
from medmodels.reports.fhir_terms import LOINC, Json, coded, count, interval, quantity, share

# A gene may hold thousands; a report lists the first and says how many there are.
MOST_SITES = 200


def observe_answer(draft: Draft) -> None:
    """The answer of a reading that is not withheld: labels, probabilities, counts.

    Parameters
    ----------
    draft : Draft
    """
    reading = draft.reading
    if reading.beats is not None:
        _beats(draft)
    elif reading.bases is not None and reading.bases.scanned:
        _sites(draft)
    elif len(reading.labels) == 1:
        _one(draft)
    else:
        _counts(draft, "inputs", reading.card.items)


def _one(draft: Draft) -> None:
    """One input: its label, each class's probability, and the prediction sets."""
    reading = draft.reading
    question = draft.own("answer", "Answer", "The class decided by the operating point.")
    draft.observe(
        "answer",
        question | {"text": reading.card.question},
        valueCodeableConcept=draft.label(int(reading.labels[0])),
    )
    for index, entry in enumerate(reading.card.classes):
        code = draft.own(
            f"probability-{entry.name}",
            f"Probability of {entry.title}",
            "The network's calibrated probability.",
        )
        draft.observe(
            f"probability {entry.name}",
            code,
            valueQuantity=share(float(reading.probabilities[0, index])),
            component=_bounds(draft, index),
        )
    for level, held in sorted(reading.trust.sets.items() if reading.trust else ()):
        code = draft.own(
            f"prediction-set-{100 * level:.0f}",
            f"Labels that cannot be ruled out at {level:.0%}",
            "The conformal prediction set.",
        )
        names = [e.title for e, kept in zip(reading.card.classes, held[0], strict=True) if kept]
        draft.observe(
            f"set {level}",
            code,
            valueString=", ".join(names) or "None",
            component=[
                {"code": draft.label(index), "valueBoolean": bool(kept)}
                for index, kept in enumerate(held[0])
            ],
        )


def _bounds(draft: Draft, index: int) -> list[Json]:
    """The 95% interval of a class's probability, and its operating point, where there are."""
    trust, point, found = draft.reading.trust, draft.reading.operating_point, []
    if trust is not None and not np.isnan(trust.low[0]).any():
        code = draft.own("interval-95", "95% interval", "Of the calibrated probability.")
        ends = float(trust.low[0, index]), float(trust.high[0, index])
        found.append({"code": code, "valueRange": interval(*ends)})
    if point.positive == index and point.threshold is not None:
        meaning = f"{point.rule}; chosen on {point.chosen_on}."
        code = draft.own("operating-point", "Operating point", meaning)
        found.append({"code": code, "valueQuantity": share(point.threshold)})
    return found


def _beats(draft: Draft) -> None:
    """How many beats of each class, for how long, how fast."""
    beats = draft.reading.beats
    assert beats is not None
    extra = []
    if beats.seconds > 0:
        code = draft.own("duration", "Duration of the recording")
        extra.append({"code": code, "valueQuantity": quantity(beats.seconds, "s")})
    _counts(draft, "beats", "beats", extra)
    rhythm = rhythm_of(beats.times_s) if beats.has_rhythm else None
    if rhythm is None or np.isnan(rhythm.rate):
        return
    slowest = draft.own("slowest", "Slowest heart rate", "From the 98th percentile of RR.")
    fastest = draft.own("fastest", "Fastest heart rate", "From the 2nd percentile of RR.")
    draft.observe(
        "heart rate",
        coded(LOINC, "8867-4", "Heart rate", "Median heart rate, from the R peaks found"),
        valueQuantity=quantity(rhythm.rate, "/min"),
        component=[
            {"code": slowest, "valueQuantity": quantity(rhythm.slowest, "/min")},
            {"code": fastest, "valueQuantity": quantity(rhythm.fastest, "/min")},
        ],
    )


def _counts(draft: Draft, part: str, items: str, extra: list[Json] | None = None) -> None:
    """How many inputs were read as each class, and how many are in doubt."""
    reading = draft.reading
    numbers = np.bincount(reading.labels, minlength=len(reading.card.classes))
    code = draft.own(f"count-{part}", f"Number of {items}", "All that were read.")
    components = [
        {"code": draft.label(index), "valueQuantity": count(int(number), items)}
        for index, number in enumerate(numbers)
    ]
    for level, doubted in _in_doubt(reading).items():
        doubt = draft.own(
            f"in-doubt-{100 * level:.0f}",
            f"In doubt at {level:.0%}",
            "More than one class is left in the prediction set, or none.",
        )
        components.append({"code": doubt, "valueQuantity": count(doubted, items)})
    draft.observe(
        part,
        code,
        valueQuantity=count(len(reading.labels), items),
        component=[*components, *(extra or [])],
    )


def _in_doubt(reading: Reading) -> Mapping[float, int]:
    if reading.trust is None:
        return {}
    sets = sorted(reading.trust.sets.items())
    return {level: int((held.sum(axis=1) != 1).sum()) for level, held in sets}


def _sites(draft: Draft) -> None:
    """How many sites were called along how many bases, and the first of them one by one."""
    reading, bases = draft.reading, draft.reading.bases
    assert bases is not None
    sites = called_sites(reading)
    wanted = [k for k, entry in enumerate(reading.card.classes) if entry.severity > 0]
    length = sum(map(len, bases.sequences.sequences))
    components = [
        {
            "code": draft.label(index),
            "valueQuantity": count(
                sum(site.entry == reading.card.classes[index] for site in sites), "sites"
            ),
        }
        for index in wanted
    ]
    along = {"code": draft.own("bases", "Bases read"), "valueQuantity": count(length, "bases")}
    left = len(sites) - MOST_SITES
    draft.observe(
        "sites",
        draft.own("count-sites", "Number of called sites"),
        valueQuantity=count(len(sites), "sites"),
        component=[*components, along],
        note=[{"text": f"{left:,} more sites are not listed one by one."}] if left > 0 else None,
    )
    for number, site in enumerate(sites[:MOST_SITES]):
        _site(draft, number, site)


def _site(draft: Draft, number: int, site: Site) -> None:
    """One called site. Sequences go by their number: a name may be a person's."""
    reading, bases = draft.reading, draft.reading.bases
    assert bases is not None
    # The other strand of a sequence has its name, too.
    sequence = list(dict.fromkeys(bases.sequences.names)).index(site.sequence)
    label = reading.card.classes.index(site.entry)
    draft.observe(
        f"site {number}",
        draft.own("site", "Called site", "A junction between two bases."),
        valueCodeableConcept=draft.label(label),
        component=[
            {"code": draft.own("sequence", "Number of the sequence"), "valueInteger": sequence + 1},
            {"code": draft.own("strand", "Strand"), "valueString": site.strand},
            {
                "code": draft.own("after-base", "After base", "Counted from 1."),
                "valueInteger": site.before,
            },
            {
                "code": draft.own("site-probability", "Probability"),
                "valueQuantity": share(site.probability),
            },
        ],
    )
