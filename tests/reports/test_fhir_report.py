"""The FHIR report: valid, read back, checked field by field."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from medmodels import NOTICE
from medmodels.reading.explained import explain_row, with_explained
from medmodels.reading.sentences import answer_sentence
from medmodels.reports.fhir_exports import FHIR_EXPORTS
from medmodels.reports.fhir_report import fhir_report
from medmodels.reports.fhir_terms import interval, share
from medmodels.trust.findings import WARNING, Finding
from tests.reports.fhir_file import File, code_of, components, own_codes
from tests.reports.made_readings import LATER, MADE, ORIGIN, WITHHELD, ramp_reading, withheld

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reading(knows_ramps):
    return ramp_reading(knows_ramps)


def test_a_bundle_holds_the_report_its_observations_the_device_and_the_codes(reading):
    file = File(fhir_report(reading, made=MADE))
    assert file.bundle["type"] == "collection"
    assert file.bundle["timestamp"] == file.report["issued"] == "2026-11-30T09:08:07+01:00"
    addresses = [entry["fullUrl"] for entry in file.bundle["entry"]]
    assert addresses == [f"urn:uuid:{one['id']}" for one in file.resources]
    assert len(set(addresses)) == len(addresses)
    results = [result["reference"] for result in file.report["result"]]
    assert results == [f"urn:uuid:{one['id']}" for one in file.of("Observation")]
    (device,) = file.of("Device")
    for one in file.of("Observation"):
        assert one["device"]["reference"] == f"urn:uuid:{device['id']}"


def test_it_claims_no_more_than_it_is(reading):
    file = File(fhir_report(reading, made=MADE))
    assert file.report["status"] == "partial"
    assert {one["status"] for one in file.of("Observation")} == {"preliminary"}
    for one in (file.bundle, file.report, *file.of("Observation")):
        assert one["meta"]["security"][0]["code"] == "AIAST"
    assert file.report["conclusion"].endswith(NOTICE)
    assert NOTICE in file.report["text"]["div"]
    (codes,) = file.of("CodeSystem")
    assert codes["experimental"] is True


def test_it_holds_nobody(reading):
    file = File(fhir_report(reading, made=MADE))
    assert not file.of("Patient")
    for one in (file.report, *file.of("Observation")):
        assert "reference" not in one["subject"]
        assert one["subject"]["extension"][0]["valueCode"] == "unknown"
        assert "performer" not in one


def test_the_answer_the_probabilities_and_the_sets_are_those_of_the_reading(reading):
    file = File(fhir_report(reading, made=MADE))
    label = reading.card.classes[int(reading.labels[0])]
    assert answer_sentence(reading) in file.report["conclusion"]
    assert file.report["conclusionCode"][0]["coding"][0]["display"] == label.title
    answer = file.observation("answer")
    assert answer["valueCodeableConcept"]["text"] == label.title
    assert answer["code"]["text"] == reading.card.question
    for index, entry in enumerate(reading.card.classes):
        one = file.observation(f"probability-{entry.name}")
        value = one["valueQuantity"]
        assert value["value"] == pytest.approx(100 * reading.probabilities[0, index], abs=1e-4)
        assert (value["code"], value["system"]) == ("%", "http://unitsofmeasure.org")
        ends = components(one)["interval-95"]
        assert ends["low"]["value"] == pytest.approx(100 * reading.trust.low[0, index], abs=1e-4)
        assert ends["high"]["value"] == pytest.approx(100 * reading.trust.high[0, index], abs=1e-4)
    threshold = components(file.observation("probability-finding"))["operating-point"]
    assert threshold["value"] == 40.0
    for level, held in reading.trust.sets.items():
        told = components(file.observation(f"prediction-set-{100 * level:.0f}"))
        names = reading.card.class_names
        assert told == {f"class-{n}": bool(kept) for n, kept in zip(names, held[0], strict=True)}


def test_doubt_is_there_with_its_limits(reading):
    found = Finding("dark", WARNING, "It is rather dark.", 0.1, 0.2)
    trust = replace(reading.trust, findings=(found,))
    file = File(fhir_report(replace(reading, trust=trust), made=MADE))
    unlike = file.observation("unlike-score")
    assert unlike["valueQuantity"]["value"] == pytest.approx(trust.unlike.score, rel=1e-5)
    told = components(unlike)
    assert told["unlike-refuse"]["value"] == pytest.approx(trust.unlike.refuse, rel=1e-5)
    assert told["lies"] == "upright"
    quality = file.observation("quality-dark")
    assert quality["valueString"] == "It is rather dark."
    assert components(quality)["severity"]["text"] == "Warning"


def test_the_device_is_the_bundle_and_its_libraries(reading):
    (device,) = File(fhir_report(reading, made=MADE)).of("Device")
    assert device["identifier"][0]["value"] == f"nih:sha-256;{reading.bundle_digest}"
    versions = {one["type"]["text"]: one["value"] for one in device["version"]}
    assert versions["tensorflow"] == reading.versions["tensorflow"]
    assert NOTICE in [note["text"] for note in device["note"]]


def test_it_is_tied_to_its_input_by_digest_and_to_its_study_by_uid(reading, knows_ramps):
    file = File(fhir_report(reading, made=MADE))
    given, study = file.observation("answer")["derivedFrom"]
    assert given["identifier"]["value"] == f"nih:sha-256;{'d' * 64}"
    assert study["identifier"] == {"system": "urn:dicom:uid", "value": f"urn:oid:{ORIGIN.study}"}
    assert file.report["imagingStudy"] == [study]
    plain = File(fhir_report(ramp_reading(knows_ramps, origin=None), made=MADE))
    assert "imagingStudy" not in plain.report
    assert len(plain.observation("answer")["derivedFrom"]) == 1


def test_a_map_is_called_evidence_only_where_it_passed(reading, knows_ramps):
    untested = File(fhir_report(reading, made=MADE)).observation("map")
    assert untested["valueCodeableConcept"]["coding"][0]["code"] == "map-untested"
    explained = with_explained(reading, explain_row(knows_ramps, reading))
    audit = explained.explained[0].audit
    tested = File(fhir_report(explained, made=MADE)).observation("map")
    state = "map-passed" if audit.passed else "map-failed"
    assert tested["valueCodeableConcept"]["coding"][0]["code"] == state
    assert any(audit.sentence in note["text"] for note in tested["note"])
    assert tested["method"]["text"].startswith(explained.explained[0].map.method)


def test_every_own_code_is_defined_in_the_file(reading):
    for one in (reading, withheld(reading)):
        file = File(fhir_report(one, made=MADE))
        (codes,) = file.of("CodeSystem")
        used = set(own_codes(file.bundle, codes["url"]))
        assert used == {concept["code"] for concept in codes["concept"]}


def test_a_withheld_answer_has_a_reason_and_no_label(reading):
    file = File(fhir_report(withheld(reading), made=MADE))
    answer = file.observation("answer")
    assert not [key for key in answer if key.startswith("value")]
    assert answer["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert WITHHELD.reasons[0].sentence in answer["dataAbsentReason"]["text"]
    assert file.report["conclusion"].startswith(f"No answer. {WITHHELD.reasons[0].sentence}")
    assert "conclusionCode" not in file.report
    assert "class-" not in file.text
    assert "probability-" not in file.text
    told = {code_of(one) for one in file.of("Observation")}
    assert told == {"answer", "decision", "unlike-score"}
    assert "It is far too &lt;dark&gt; to read &amp; trust." in file.report["text"]["div"]


def test_a_withheld_answer_is_shown_when_asked_for_and_still_called_withheld(reading):
    file = File(fhir_report(withheld(reading), made=MADE, insist=True))
    decided = file.observation("decision")
    assert decided["valueCodeableConcept"]["text"] == "No answer"
    assert decided["note"][0]["text"] == WITHHELD.reasons[0].sentence
    assert "Shown on request, against this advice:" in file.report["conclusion"]
    assert "conclusionCode" in file.report


@pytest.mark.parametrize(
    ("probability", "value", "sign"),
    [(0.5, 50.0, None), (0.0, 0.0001, "<"), (1.0, 99.9999, ">"), (4e-7, 0.0001, "<")],
)
def test_no_probability_is_nought_or_one(probability, value, sign):
    told = share(probability)
    assert (told["value"], told.get("comparator")) == (value, sign)
    assert interval(0.25, 0.5)["high"]["value"] == 50.0


def test_the_same_reading_gives_the_same_bytes(reading):
    file = fhir_report(reading, made=MADE)
    assert fhir_report(replace(reading, timings={"network": 99.0}), made=MADE) == file
    later = fhir_report(reading, made=LATER).decode()
    stamps = [json.loads(one)["timestamp"] for one in (file, later)]
    assert stamps[0] != stamps[1]
    assert later.replace(stamps[1], stamps[0]).encode() == file
    other = File(fhir_report(replace(reading, input_digest="e" * 64), made=MADE))
    assert other.report["id"] != File(file).report["id"]
    with pytest.raises(ValueError, match="time zone"):
        fhir_report(reading, made=MADE.replace(tzinfo=None))


def test_opening_a_page_does_not_wait_for_it(reading):
    (export,) = FHIR_EXPORTS
    assert export.fits(reading)
    assert export.make(reading, made=MADE) == fhir_report(reading, made=MADE)
    code = (
        "import sys, medmodels.reports.fhir_exports; "
        "assert not {'fhir', 'pydantic', 'tensorflow'} & set(sys.modules); "
        "import medmodels.reports.fhir_report; assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
