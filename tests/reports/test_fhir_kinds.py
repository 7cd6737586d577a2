"""The FHIR report of beats and of bases: counted, not listed."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.reading import read
from medmodels.reading.rhythm import rhythm_of
from medmodels.reading.sites import called_sites
from medmodels.reports.fhir_report import fhir_report
from medmodels.samples import SAMPLES
from tests.bundles_fixture import SEQUENCE_TASK, SIGNAL_TASK
from tests.reports.fhir_file import File, code_of, components, own_codes
from tests.reports.made_readings import MADE


@pytest.fixture(scope="module")
def beats(one_of_each):
    file = (SAMPLES / "ventricular-ectopics.csv").read_bytes()
    return read(load_bundle(SIGNAL_TASK, one_of_each), open_signal({"ecg.csv": file}))


@pytest.fixture(scope="module")
def sequence_bundle(one_of_each):
    return load_bundle(SEQUENCE_TASK, one_of_each)


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
    assert "valueCodeableConcept" in File(fhir_report(alone, made=MADE)).observation("answer")


def test_every_own_code_of_beats_is_defined_in_the_file(beats):
    file = File(fhir_report(beats, made=MADE))
    (codes,) = file.of("CodeSystem")
    used = set(own_codes(file.bundle, codes["url"]))
    assert used == {concept["code"] for concept in codes["concept"]}
