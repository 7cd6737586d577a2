"""The structured report: read back by highdicom, item by item."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from highdicom.sr import ComprehensiveSR, srread
from pydicom.sr.codedict import codes

from medmodels import NOTICE
from medmodels.reading.explained import explain_row, with_explained
from medmodels.reading.sentences import answer_sentence
from medmodels.reports.dicom_codes import class_code
from medmodels.reports.dicom_structured import structured_report
from tests.reports.dicom_checks import check_standard, opened, texts
from tests.reports.made_readings import LATER, MADE, ORIGIN, ramp_reading, withheld


@pytest.fixture(scope="module")
def reading(knows_ramps):
    return ramp_reading(knows_ramps)


def groups_of(file: bytes):
    """The measurement groups, as highdicom parses them from the file."""
    report = srread(BytesIO(file))
    assert isinstance(report, ComprehensiveSR)
    return report.content.get_image_measurement_groups()


def evaluations(group) -> dict[str, str]:
    found = group.get_qualitative_evaluations()
    return {one.name.meaning: one.value.meaning for one in found}


def comments(group) -> list[str]:
    items = group[0].ContentSequence
    return [i.TextValue for i in items if i.ConceptNameCodeSequence[0].CodeValue == "121106"]


def test_it_is_tied_to_the_image_and_signed_by_nobody(reading):
    file = structured_report(reading, made=MADE)
    report = opened(file)
    assert report.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.33"
    assert (report.CompletionFlag, report.PreliminaryFlag) == ("COMPLETE", "PRELIMINARY")
    assert report.VerificationFlag == "UNVERIFIED"
    assert srread(BytesIO(file)).get_evidence() == [
        (ORIGIN.study, ORIGIN.series, ORIGIN.instance, ORIGIN.sop_class)
    ]
    for group in groups_of(file):
        (image,) = group.source_images
        assert image.referenced_sop_instance_uid == ORIGIN.instance
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"


def test_the_observer_is_the_bundle(reading):
    told = texts(opened(structured_report(reading, made=MADE)))
    assert f"bundle sha256:{reading.bundle_digest}" in told
    assert f"input sha256:{reading.input_digest}" in told


def test_each_class_has_its_probability_its_interval_and_its_sets(reading):
    whole, *classes = groups_of(structured_report(reading, made=MADE))
    assert len(classes) == len(reading.card.classes)
    for index, group in enumerate(classes):
        assert group.finding_type == class_code(reading, index)
        (measured,) = group.get_measurements(codes.DCM.Probability)
        probability = reading.probabilities[0, index]
        assert measured.value == pytest.approx(probability, abs=1e-6)
        assert measured.unit == codes.UCUM.NoUnits
        ends = {
            item.ConceptNameCodeSequence[0].CodeValue: float(
                item.MeasuredValueSequence[0].NumericValue
            )
            for item in measured[0].ContentSequence
        }
        high, low = ends["371886008"], ends["371885007"]
        assert measured.value + high == pytest.approx(reading.trust.high[0, index], abs=2e-6)
        assert measured.value - low == pytest.approx(reading.trust.low[0, index], abs=2e-6)
        for level, held in reading.trust.sets.items():
            told = evaluations(group)[f"In the prediction set at {level:.0%}"]
            assert told == ("Yes" if held[0, index] else "No")
    thresholds = [m for g in classes for m in g.get_measurements() if "Operating" in m.name.meaning]
    assert [m.value for m in thresholds] == [reading.operating_point.threshold]
    assert whole.get_measurements()[0].value == pytest.approx(reading.trust.unlike.score, rel=1e-5)


def test_the_decision_the_label_and_the_sentences_are_there(reading):
    whole, *_ = groups_of(structured_report(reading, made=MADE))
    told = evaluations(whole)
    assert told["Label"] == reading.card.classes[int(reading.labels[0])].title
    assert told["Decision"].startswith("Answered")
    assert told["Saliency map"] == "Not tested"
    assert comments(whole)[0] == answer_sentence(reading)
    assert comments(whole)[-1] == NOTICE


def test_the_verdict_on_the_map_is_there_once_it_was_audited(reading, knows_ramps):
    explained = with_explained(reading, explain_row(knows_ramps, reading))
    whole, *_ = groups_of(structured_report(explained, made=MADE))
    passed = explained.explained[0].audit.passed
    assert evaluations(whole)["Saliency map"].startswith("Tested" if passed else "Not reliable")


def test_a_withheld_answer_has_reasons_and_no_label_unless_asked_for(reading):
    kept = withheld(reading)
    file = structured_report(kept, made=MADE)
    (whole,) = groups_of(file)
    assert evaluations(whole) == {"Decision": "No answer"}
    assert comments(whole)[:2] == ["No answer.", "It is far too <dark> to read & trust."]
    for entry in kept.card.classes:
        assert entry.title not in texts(opened(file))
    whole, *classes = groups_of(structured_report(kept, made=MADE, insist=True))
    assert len(classes) == len(kept.card.classes)
    assert evaluations(whole)["Decision"] == "No answer"
    assert comments(whole)[2].startswith("Shown on request, against this advice:")


def test_a_bundle_that_knows_nothing_of_doubt_still_reports(reading):
    plain = replace(reading, trust=None)
    whole, *classes = groups_of(structured_report(plain, made=MADE))
    assert whole.get_measurements() == []
    assert all(len(group.get_qualitative_evaluations()) == 0 for group in classes)
    file = structured_report(
        replace(reading, trust=replace(reading.trust, low=np.full((1, 2), np.nan))), made=MADE
    )
    measured = groups_of(file)[1].get_measurements(codes.DCM.Probability)[0]
    assert "ContentSequence" not in measured[0]


def test_the_same_reading_gives_the_same_bytes(reading):
    file = structured_report(reading, made=MADE)
    assert structured_report(reading, made=MADE) == file
    assert structured_report(reading, made=LATER) != file


def test_a_validator_finds_no_error(reading, tmp_path):
    for one in (reading, withheld(reading), replace(reading, trust=None)):
        check_standard(structured_report(one, made=MADE), tmp_path)
