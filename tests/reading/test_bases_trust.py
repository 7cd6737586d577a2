"""What a bundle with a trust layer says of sequences: one, many, and long ones."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.other_strand import with_other_strand
from medmodels.reading import read, reading_json
from medmodels.reading.bases_trust import where
from medmodels.reading.lights import BAD, DOUBT, GOOD, UNKNOWN, lights_of
from medmodels.reading.sites import called_sites
from tests.bundles_fixture import (
    SEQUENCE_TASK,
    write_tiny_sequence_bundle,
    write_trusting_sequence_bundle,
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    root = tmp_path_factory.mktemp("trusting")
    write_trusting_sequence_bundle(root)
    return load_bundle(SEQUENCE_TASK, root)


def bases(n: int, seed: int = 0) -> str:
    return "".join(np.random.default_rng(seed).choice(list("ACGT"), n))


def opened(bundle, text: str, *, both: bool = False):
    found = open_sequences(text)
    return read(bundle, with_other_strand(found) if both else found)


def many(*sequences: str) -> str:
    return "".join(f">s{k}\n{sequence}\n" for k, sequence in enumerate(sequences))


REPEAT = "ACG" * 20


def test_a_window_like_the_training_data_is_answered(bundle):
    reading = opened(bundle, bases(60))
    trust = reading.trust
    assert not reading.decision.abstains
    assert trust.unlike.rank < 1
    assert trust.low.shape == trust.high.shape == (1, 3)
    assert (trust.low[0] <= reading.probabilities[0] + 1e-6).all()
    assert (reading.probabilities[0] <= trust.high[0] + 1e-6).all()
    assert (trust.high > trust.low).all()
    assert set(reading.timings) == {"network", "trust"}
    answer = reading_json(reading)["answer"][0]
    assert set(answer["probability_intervals"]) == set(bundle.card.class_names)
    assert set(answer["prediction_sets"]) == {"0.90", "0.95"}


def test_a_repeat_is_declined_and_no_label_is_told(bundle):
    reading = opened(bundle, REPEAT)
    assert reading.decision.reasons[0].code == "unlike_training"
    told = json.dumps(reading_json(reading))
    assert json.loads(told)["answer"] is None
    assert "probabilit" not in told.replace("probability means", "")
    assert not any(f'"{name}"' in told for name in bundle.card.class_names)
    assert reading_json(reading, insist=True)["withheld"]["answer"]


def test_unknown_bases_are_a_warning_and_then_too_many(bundle):
    few = opened(bundle, bases(50) + "N" * 10)
    assert [finding.code for finding in few.trust.findings] == ["unknown"]
    most = opened(bundle, bases(20) + "N" * 40)
    assert most.decision.abstains
    assert "67% of the bases are not known" in " ".join(r.sentence for r in most.decision.reasons)


def test_trust_changes_no_answer(bundle, tmp_path):
    write_tiny_sequence_bundle(tmp_path)
    plain = load_bundle(SEQUENCE_TASK, tmp_path)
    for text in (bases(60), many(bases(60), bases(60, 1)), f">long\n{bases(300)}"):
        with_trust, without = opened(bundle, text), opened(plain, text)
        assert without.trust is None
        np.testing.assert_allclose(with_trust.logits, without.logits, atol=1e-4)


def test_of_many_some_are_named(bundle):
    reading = opened(bundle, many(*(bases(60, k) for k in range(8)), REPEAT))
    assert reading.decision.kind == "warn"
    sentences = " ".join(reason.sentence for reason in reading.decision.reasons)
    assert "11% of the sequences are unlike" in sentences
    assert "“s8”" in sentences
    assert opened(bundle, many(REPEAT, REPEAT, bases(60))).decision.abstains


def test_a_long_sequence_is_judged_by_windows_spread_over_it(bundle):
    reading = opened(bundle, f">gene\n{bases(4000)}\n")
    assert len(reading.labels) == 3941
    trust = reading.trust
    assert not reading.decision.abstains
    known = ~np.isnan(trust.low[:, 0])
    assert 2000 <= known.sum() <= 4000
    sites = [site.row for site in called_sites(reading)][:2000]
    assert known[sites].all()
    rows = np.flatnonzero(known)
    assert (trust.low[rows] <= reading.probabilities[rows] + 1e-6).all()
    answer = reading_json(reading)["answer"]
    assert len(answer) == len(called_sites(reading)) > 0
    low, high = answer[0]["probability_interval"]
    assert low <= answer[0]["probability"] <= high
    # Half repeats: not read.
    assert opened(bundle, f">gene\n{bases(1000)}{'ACG' * 500}\n").decision.abstains


def test_where_a_part_of_a_long_sequence_is_unlike_says_where(bundle):
    text = bases(900) + "ACG" * 80
    (reason,) = (
        reason for reason in opened(bundle, f">gene\n{text}\n").decision.reasons
        if reason.code == "unlike_some"
    )  # fmt: skip
    assert "% of the places are unlike" in reason.sentence
    assert "“" not in reason.sentence
    first = int(reason.sentence.split("bases ")[1].split()[0].replace(",", ""))
    assert 850 <= first <= 901


def test_places_count_along_the_sequence_as_it_was_given(bundle):
    found = opened(bundle, f">gene\n{bases(70)}\n", both=True)
    assert where(found.bases, 0) == "bases 1 to 60"
    assert where(found.bases, 11) == "bases 11 to 70"  # the other strand begins at its end
    two = opened(bundle, many(bases(61), bases(60)))
    assert where(two.bases, 2) == "bases 1 to 60 of “s1”"
    assert where(opened(bundle, many(bases(60), bases(60, 1))).bases, 1) == "“s1”"


def test_the_lights_of_one_window(bundle):
    lights = lights_of(opened(bundle, bases(60)), withheld=False)
    assert [light.state for light in lights[:2]] == [GOOD, GOOD]
    assert "had other entries been in the training" in lights[2].details[0]
    assert lights[3].word.startswith("Only ")
    withheld = lights_of(opened(bundle, REPEAT), withheld=True)
    assert [light.state for light in withheld] == [BAD, GOOD, UNKNOWN, UNKNOWN, UNKNOWN]


def test_the_lights_of_many_windows(bundle):
    reading = opened(bundle, many(*(bases(60, k) for k in range(4))))
    sure, left, explained = lights_of(reading, withheld=False)[2:]
    assert "Half of the sequences have a probability of" in sure.details[0]
    in_doubt = int((reading.trust.sets[0.95].sum(axis=1) != 1).sum())
    assert f"{in_doubt} of 4 sequences" in left.details[0]
    assert left.state == (DOUBT if in_doubt else GOOD)
    assert explained.word == "Sequence by sequence"


def test_the_lights_of_a_long_sequence(bundle):
    reading = opened(bundle, f">gene\n{bases(300)}\n")
    sure, left, explained = lights_of(reading, withheld=False)[2:]
    called = reading.probabilities.max(axis=1)[
        np.isin(reading.labels, [k for k, c in enumerate(bundle.card.classes) if c.severity])
    ]
    assert len(called) > 0
    assert "Half of the places that are called have" in sure.details[0]
    assert sure.state == (GOOD if np.quantile(called, 0.1) >= 0.5 else DOUBT)
    assert "of 241 places" in left.details[0]
    assert explained.word == "Place by place"


def test_stored_predictions_are_decided_as_readings_are(bundle):
    decided = bundle.evaluation["trust"]["decision"]["splits"]
    assert set(decided) == {"validation", "test"}
    assert decided["test"]["n"] == 60
    assert "unlike_training" not in decided["test"]["reasons"]
    assert bundle.evaluation["trust"]["prediction_sets"]["exchangeable"]
