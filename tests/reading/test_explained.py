"""Explanations fill in after the answer, and belong to the reading."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.explain.place import Place
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.scan import Scan, Window
from medmodels.reading import read, reading_json
from medmodels.reading.explained import explain_row, subject_of, with_explained
from medmodels.reading.lights import DOUBT, GOOD, UNKNOWN, lights_of
from medmodels.samples import SAMPLES
from tests.bundles_fixture import (
    SEQUENCE_TASK,
    SIGNAL_TASK,
    made_ramps,
    write_tiny_sequence_bundle,
)


@pytest.fixture(scope="module")
def bundle(knows_ramps):
    return knows_ramps


@pytest.fixture(scope="module")
def reading(bundle):
    pixels = np.asarray(made_ramps(1)[0, ..., 0], np.float32)
    window = Window("Full range", 0.5, 1.0)
    return read(bundle, Scan(pixels, (0.0, 1.0), (window,), "made", "0" * 64))


@pytest.fixture(scope="module")
def explained(bundle, reading):
    return explain_row(bundle, reading)


def test_the_answer_is_there_before_its_explanation(reading):
    assert reading.explained == ()
    assert lights_of(reading, withheld=False)[-1].state == UNKNOWN
    assert "explanations" not in reading_json(reading)


def test_the_method_that_measured_best_explains_the_decided_class(reading, explained):
    assert explained.question == (0, "hires_cam", int(reading.labels[0]))
    assert explained.map is reading.scan.maps["hires_cam"][int(reading.labels[0])]


def test_the_verdict_is_part_of_the_reading(reading, explained):
    whole = with_explained(reading, explained)
    light = lights_of(whole, withheld=False)[-1]
    assert light.question == "Map tested?"
    assert light.state == (GOOD if explained.audit.passed else DOUBT)
    assert explained.audit.sentence in light.details
    (entry,) = reading_json(whole)["explanations"]
    assert entry["method"] == "HiResCAM"
    assert entry["audit"]["verdict"] == explained.audit.sentence
    # All of the scan was asked about, or a square of it.
    assert entry["place"] is None
    square = replace(explained.map, place=Place(3, 5, 8, 8))
    inside = with_explained(reading, replace(explained, map=square))
    (entry,) = json.loads(json.dumps(reading_json(inside)["explanations"]))
    assert entry["place"] == {"top": 3, "left": 5, "height": 8, "width": 8}


def test_asking_again_takes_the_place_of_the_first(bundle, reading, explained):
    again = explain_row(bundle, reading)
    other = explain_row(bundle, reading, method="grad_cam", class_index=0)
    whole = reading
    for one in (explained, again, other):
        whole = with_explained(whole, one)
    assert whole.explained == (again, other)


def test_another_class_is_no_verdict_on_the_answer(bundle, reading):
    other = 1 - int(reading.labels[0])
    whole = with_explained(reading, explain_row(bundle, reading, class_index=other))
    assert lights_of(whole, withheld=False)[-1].state == UNKNOWN


def test_the_answer_that_is_explained_is_the_answer_that_was_given(tiny_root):
    name = "ventricular-ectopics.csv"
    signals = load_bundle(SIGNAL_TASK, tiny_root)
    found = read(signals, open_signal({name: (SAMPLES / name).read_bytes()}))
    # The first and the last row, and both sides of the seam between two stretches.
    for row in (0, 79, 80, len(found.labels) - 1):
        subject, first = subject_of(signals, found, row, 1)
        np.testing.assert_allclose(subject.logits[0], found.logits[row], atol=1e-5)
        assert subject.beat == row - first


@pytest.fixture(scope="module")
def sequences(tmp_path_factory):
    root = tmp_path_factory.mktemp("sequence")
    write_tiny_sequence_bundle(root)
    bundle = load_bundle(SEQUENCE_TASK, root)
    letters = "".join(np.random.default_rng(1).choice(list("ACGTN"), 200))
    text = f">first\n{letters[:70]}\n>second\n{letters[70:]}\n"
    return bundle, read(bundle, open_sequences(text))


def test_the_window_that_is_explained_is_the_window_that_was_read(sequences):
    bundle, found = sequences
    for row in (0, 10, 11, len(found.labels) - 1):
        subject, first = subject_of(bundle, found, row, 1)
        np.testing.assert_allclose(subject.logits[0], found.logits[row], atol=1e-4)
        assert (subject.beat, first) == (None, 0)


def test_an_explained_window_says_where_it_lies(sequences):
    bundle, found = sequences
    explained = explain_row(bundle, found, 13)
    assert explained.question == (13, "mutagenesis", int(found.labels[13]))
    assert explained.map.values.shape == (60,)
    (entry,) = reading_json(with_explained(found, explained))["explanations"]
    assert (entry["row"], entry["sequence"], entry["strand"], entry["first_base"]) == (
        13, "second", "+", 3,
    )  # fmt: skip
    assert entry["method"] == "Mutagenesis"
    assert entry["audit"]["verdict"] == explained.audit.sentence
