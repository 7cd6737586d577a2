"""The FHIR report: valid, read back, checked field by field."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fhir.resources.R4B.bundle import Bundle

from medmodels import NOTICE
from medmodels.bundles import load_bundle
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.sequences import Sequences
from medmodels.reading import read
from medmodels.reading.explained import explain_row, with_explained
from medmodels.reading.rhythm import rhythm_of
from medmodels.reading.sentences import answer_sentence
from medmodels.reading.sites import called_sites
from medmodels.reports.fhir_exports import FHIR_EXPORTS
from medmodels.reports.fhir_report import fhir_report
from medmodels.reports.fhir_terms import interval, share
from medmodels.samples import SAMPLES
from medmodels.trust.findings import WARNING, Finding
from tests.bundles_fixture import SEQUENCE_TASK, SIGNAL_TASK
from tests.reports.made_readings import LATER, MADE, ORIGIN, WITHHELD, ramp_reading, withheld

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reading(knows_ramps):
    return ramp_reading(knows_ramps)


@pytest.fixture(scope="module")
def beats(one_of_each):
    file = (SAMPLES / "ventricular-ectopics.csv").read_bytes()
    return read(load_bundle(SIGNAL_TASK, one_of_each), open_signal({"ecg.csv": file}))


@pytest.fixture(scope="module")
def sequence_bundle(one_of_each):
    return load_bundle(SEQUENCE_TASK, one_of_each)


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


def test_every_own_code_is_defined_in_the_file(reading, beats):
    for one in (reading, beats, withheld(reading)):
        file = File(fhir_report(one, made=MADE))
        (codes,) = file.of("CodeSystem")
        used = set(own_codes(file.bundle, codes["url"]))
        assert used == {concept["code"] for concept in codes["concept"]}


def own_codes(thing: object, system: str):
    """All codes of a system, wherever they stand."""
    if isinstance(thing, dict):
        if thing.get("system") == system:
            yield thing["code"]
        for value in thing.values():
            yield from own_codes(value, system)
    elif isinstance(thing, list):
        for value in thing:
            yield from own_codes(value, system)


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


def test_beats_are_counted_not_listed(beats):
    file = File(fhir_report(beats, made=MADE))
    one = file.observation("count-beats")
    assert one["valueQuantity"]["value"] == len(beats.labels)
    assert one["valueQuantity"]["code"] == "{beats}"
    told = components(one)
    counts = np.bincount(beats.labels, minlength=4)
    for entry, number in zip(beats.card.classes, counts, strict=True):
        assert told[f"class-{entry.name}"]["value"] == number
    assert told["duration"]["value"] == pytest.approx(beats.beats.seconds, rel=1e-5)
    rate = file.observation("8867-4")
    assert rate["code"]["coding"][0]["system"] == "http://loinc.org"
    assert rate["valueQuantity"]["value"] == pytest.approx(
        rhythm_of(beats.beats.times_s).rate, rel=1e-5
    )
    assert len(file.of("Observation")) < 10
    assert file.report["category"][0]["coding"][0]["code"] == "EC"


def test_a_gene_lists_its_sites_by_number_never_by_name(sequence_bundle):
    letters = "".join(np.random.default_rng(3).choice(list("ACGT"), 400))
    sequences = open_sequences(f">Jane Doe 1970\n{letters}\n".encode())
    reading = read(sequence_bundle, sequences)
    sites = called_sites(reading)
    assert sites
    file = File(fhir_report(reading, made=MADE))
    assert "Jane" not in file.text
    one = file.observation("count-sites")
    assert one["valueQuantity"]["value"] == len(sites)
    assert components(one)["bases"]["value"] == 400
    listed = [o for o in file.of("Observation") if code_of(o) == "site"]
    assert len(listed) == min(len(sites), 200)
    assert [components(o)["after-base"] for o in listed] == [s.before for s in sites[:200]]
    left = len(sites) - len(listed)
    assert one.get("note", []) == (
        [{"text": f"{left:,} more sites are not listed one by one."}] if left else []
    )


def test_several_windows_are_counted_and_one_is_answered(sequence_bundle):
    letters = ["".join(np.random.default_rng(k).choice(list("ACGT"), 60)) for k in range(3)]
    text = "".join(f">w{k}\n{one}\n" for k, one in enumerate(letters))
    several = File(fhir_report(read(sequence_bundle, open_sequences(text.encode())), made=MADE))
    assert several.observation("count-inputs")["valueQuantity"]["value"] == 3
    alone = read(sequence_bundle, open_sequences(f">w\n{letters[0]}\n".encode()))
    assert isinstance(alone.bases.sequences, Sequences)
    assert "valueCodeableConcept" in File(fhir_report(alone, made=MADE)).observation("answer")


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
