"""What a bundle with a trust layer answers, warns about and declines."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medmodels.inputs.correction import corrected
from medmodels.inputs.scan import Scan, Window
from medmodels.reading import read, reading_json
from medmodels.reading.lights import BAD, DOUBT, GOOD, UNKNOWN, lights_of
from medmodels.reading.moved import moved
from tests.bundles_fixture import made_ramps


@pytest.fixture(scope="module")
def bundle(knows_ramps):
    return knows_ramps


def scan(pixels, modality="") -> Scan:
    return Scan(
        np.asarray(pixels, np.float32), (0.0, 1.0), (Window("Full range", 0.5, 1.0),),
        "made", "0" * 64, modality=modality,
    )  # fmt: skip


RAMP = made_ramps(1)[0, ..., 0]
NOISE = np.random.default_rng(3).random((32, 32))


def test_an_input_like_the_training_data_is_not_declined(bundle):
    reading = read(bundle, scan(RAMP))
    assert not reading.decision.abstains
    assert reading.trust.unlike.turn == "upright"
    assert reading.trust.unlike.rank < 1
    low, high = reading.trust.low[0], reading.trust.high[0]
    assert (low <= reading.probabilities[0]).all()
    assert (reading.probabilities[0] <= high).all()


def test_one_unlike_it_is_declined_and_no_label_is_told(bundle):
    reading = read(bundle, scan(NOISE))
    assert reading.decision.abstains
    assert reading.decision.reasons[0].code == "unlike_training"
    told = json.dumps(reading_json(reading))
    assert json.loads(told)["answer"] is None
    assert "probabilities" not in told
    assert not any(f'"{name}"' in told for name in bundle.card.class_names)
    insisted = reading_json(reading, insist=True)
    assert insisted["answer"] is None
    assert insisted["withheld"]["answer"] in bundle.card.class_names


def test_one_that_lies_on_its_side_is_declined_and_read_once_put_right(bundle):
    lying = scan(np.rot90(RAMP, 1))
    reading = read(bundle, lying)
    assert reading.decision.reasons[0].code == "turned_left"
    upright = read(bundle, corrected(lying, "turned_left"))
    assert upright.trust.unlike.turn == "upright"
    np.testing.assert_allclose(upright.logits, read(bundle, scan(RAMP)).logits, atol=1e-5)


def test_a_file_that_states_another_modality_is_declined(bundle):
    assert read(bundle, scan(RAMP, "CR")).decision.abstains is False
    reading = read(bundle, scan(RAMP, "MR"))
    assert reading.decision.abstains
    assert any("MR" in reason.sentence for reason in reading.decision.reasons)


def test_a_dark_picture_is_found(bundle):
    reading = read(bundle, scan(0.12 * RAMP))
    assert [finding.code for finding in reading.trust.findings] == ["dark"]


def test_the_lights_of_a_good_and_of_a_withheld_reading(bundle):
    good = lights_of(read(bundle, scan(RAMP)), withheld=False)
    assert len(good) == 5
    assert [light.state for light in good[:2]] == [GOOD, GOOD]
    assert all(light.state in (GOOD, DOUBT) for light in good[2:4])
    withheld = lights_of(read(bundle, scan(NOISE)), withheld=True)
    assert [light.state for light in withheld] == [BAD, GOOD, UNKNOWN, UNKNOWN, UNKNOWN]
    words = " ".join(light.word + " ".join(light.details) for light in withheld).lower()
    assert not any(entry.title.lower() in words for entry in bundle.card.classes)


def test_a_moved_point_changes_only_what_is_said_of_the_point(bundle):
    reading = read(bundle, scan(RAMP))
    inside = float(reading.trust.low[0, 1] + reading.trust.high[0, 1]) / 2
    over = moved(reading, inside)
    assert "threshold" in [reason.code for reason in over.decision.reasons]
    apart = moved(reading, 0.999)
    assert "threshold" not in [reason.code for reason in apart.decision.reasons]
    assert over.trust.findings is reading.trust.findings


def test_trust_costs_no_second_pass_and_changes_no_answer(bundle):
    # The logits are those of the network alone.
    seen = RAMP[None, ..., None]
    alone = bundle.network(seen, training=False).numpy()
    np.testing.assert_allclose(read(bundle, scan(RAMP)).logits, alone, atol=1e-5)
    assert set(read(bundle, scan(RAMP)).timings) == {"prepare", "network", "saliency", "trust"}


def test_stored_predictions_are_decided_as_readings_are(bundle):
    splits = bundle.evaluation["trust"]["decision"]["splits"]
    assert splits["external"]["abstain"] == splits["external"]["n"]
    assert set(splits["external"]["reasons"]) == {"unlike_training"}
    assert "unlike_training" not in splits["test"]["reasons"]
