"""The groups of measurements of a structured report (PS3.16 TID 1501)."""

from __future__ import annotations

import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    Measurement,
    MeasurementProperties,
    MeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RelationshipTypeValues,
    SourceImageForMeasurementGroup,
    TextContentItem,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from medmodels import NOTICE
from medmodels.reading import Reading
from medmodels.reports.conclusion import answered, conclusion
from medmodels.reports.dicom_codes import class_code, own_code
from medmodels.reports.dicom_object import uid_of
from medmodels.reports.dicom_source import referenced_frames
from medmodels.reports.reading_map import shown_map, verdict_paragraphs

Group = MeasurementsAndQualitativeEvaluations

_DECISIONS = {"answer": "Answered", "warn": "Answered with a warning", "abstain": "No answer"}
_PASSED = {True: "map-evidence", False: "map-no-evidence"}


def whole_group(reading: Reading, source: Dataset, printed: str, *, insist: bool) -> Group:
    """What holds for the image as a whole: the decision, how unusual it is, and the sentences.

    Parameters
    ----------
    reading : Reading
    source : Dataset
        From `source_dataset`.
    printed : str
        From `fingerprint`.
    insist : bool
    """
    kind = reading.decision.kind
    decided = own_code(kind, _DECISIONS[kind])
    judged = [QualitativeEvaluation(own_code("decision", "Decision"), decided)]
    measured = []
    unlike = reading.trust.unlike if reading.trust else None
    if unlike is not None:
        measured = [
            _number("unlike-score", "Distance from the training data", unlike.score),
            _number("unlike-warn", "Distance that warns", unlike.warn),
            _number("unlike-refuse", "Distance that withholds the answer", unlike.refuse),
        ]
    sentences = [*conclusion(reading, insist=insist), *_noted(reading)]
    if answered(reading, insist=insist):
        label = class_code(reading, int(reading.labels[0]))
        judged.append(QualitativeEvaluation(own_code("label", "Label"), label))
        shown = shown_map(reading, 0)
        if shown is not None:
            tested = "map-not-tested" if shown.audit is None else _PASSED[shown.audit.passed]
            state = own_code(tested, shown.verdict.capitalize())
            judged.append(QualitativeEvaluation(own_code("map", "Saliency map"), state))
            sentences += [f"{shown.map.method}: {part.text}" for part in verdict_paragraphs(shown)]
    group = _group(reading, source, printed, "image", measured, judged)
    for sentence in (*sentences, NOTICE):
        # The template is extensible and has no row for a sentence.
        group[0].ContentSequence.append(
            TextContentItem(codes.DCM.Comment, sentence, RelationshipTypeValues.CONTAINS)
        )
    return group


def class_group(reading: Reading, source: Dataset, printed: str, index: int) -> Group:
    """What holds for one class: its probability and interval, and which sets it is in.

    Parameters
    ----------
    reading, source, printed
        As for `whole_group`.
    index : int
        The class.
    """
    probability = float(reading.probabilities[0, index])
    measured = [
        Measurement(
            codes.DCM.Probability, round(probability, 6), codes.UCUM.NoUnits,
            properties=_interval(reading, index, probability),
        )
    ]  # fmt: skip
    point = reading.operating_point
    if point.positive == index and point.threshold is not None:
        measured.append(_number("operating-point", "Operating point", point.threshold))
    sets = reading.trust.sets if reading.trust else {}
    judged = [
        QualitativeEvaluation(
            own_code(f"set-{100 * level:.0f}", f"In the prediction set at {level:.0%}"),
            codes.SCT.Yes if held[0, index] else codes.SCT.No,
        )
        for level, held in sorted(sets.items())
    ]
    name = reading.card.classes[index].name
    return _group(reading, source, printed, name, measured, judged, index)


def _group(
    reading: Reading,
    source: Dataset,
    printed: str,
    name: str,
    measured: list[Measurement],
    judged: list[QualitativeEvaluation],
    index: int | None = None,
) -> Group:
    """A group about the source image, found by the bundle's network."""
    return Group(
        tracking_identifier=TrackingIdentifier(
            uid_of(printed, f"tracking {index} {name}"), f"{reading.task} {name}"
        ),
        finding_type=None if index is None else class_code(reading, index),
        algorithm_id=AlgorithmIdentification(
            f"Diaphane {reading.task}",
            reading.card.version or "not stated",
            [f"bundle sha256:{reading.bundle_digest}", f"input sha256:{reading.input_digest}"],
        ),
        measurements=measured or None,
        qualitative_evaluations=judged or None,
        source_images=[
            SourceImageForMeasurementGroup(
                source.SOPClassUID, source.SOPInstanceUID, referenced_frames(reading)
            )
        ],
    )


def _number(value: str, meaning: str, number: float) -> Measurement:
    return Measurement(own_code(value, meaning), float(f"{number:.6g}"), codes.UCUM.NoUnits)


def _interval(reading: Reading, index: int, probability: float) -> MeasurementProperties | None:
    """How far the 95% interval reaches to both sides (TID 310), where there is one."""
    trust = reading.trust
    if trust is None or np.isnan(trust.low[0]).any():
        return None
    return MeasurementProperties(
        upper_measurement_uncertainty=round(float(trust.high[0, index]) - probability, 6),
        lower_measurement_uncertainty=round(probability - float(trust.low[0, index]), 6),
    )


def _noted(reading: Reading) -> list[str]:
    """Findings that are no reasons, and what was done to the image on the way in."""
    told = {reason.sentence for reason in reading.decision.reasons}
    findings = reading.trust.findings if reading.trust else ()
    return [*(f.sentence for f in findings if f.sentence not in told), *reading.notes]
