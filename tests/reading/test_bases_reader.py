"""Sequences of bases: each window is read once, at its place."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.bases import one_hot
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.other_strand import with_other_strand
from medmodels.reading import read, reading_json
from medmodels.reading.sentences import answer_sentence
from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK, write_tiny_sequence_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    root = tmp_path_factory.mktemp("sequence")
    write_tiny_sequence_bundle(root)
    return load_bundle(SEQUENCE_TASK, root)


def bases(n: int, seed: int = 0) -> str:
    return "".join(np.random.default_rng(seed).choice(list("ACGT"), n))


def test_every_window_of_every_sequence_has_an_answer_at_its_place(bundle):
    found = open_sequences(f">first\n{bases(75)}\n>second\n{bases(61, 1)}\n")
    told: list[float] = []
    reading = read(bundle, found, progress=told.append)
    assert len(reading.labels) == 16 + 2
    assert reading.bases.scanned
    assert [reading.bases.place(row) for row in (0, 15, 16, 17)] == [
        (0, 0),
        (0, 15),
        (1, 0),
        (1, 1),
    ]
    for row in (0, 7, 15, 16, 17):
        window = one_hot(reading.bases.window(row))[None]
        expected = np.asarray(bundle.network(window, training=False))[0]
        np.testing.assert_allclose(reading.logits[row], expected, atol=1e-4)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


def test_sequences_of_one_window_are_read_side_by_side(bundle):
    text = "".join(f">s{i}\n{bases(60, i)}\n" for i in range(3))
    reading = read(bundle, open_sequences(text))
    assert len(reading.labels) == 3
    assert not reading.bases.scanned
    assert "sequences" in answer_sentence(reading)
    answers = reading_json(reading)["answer"]
    assert [one["sequence"] for one in answers] == ["s0", "s1", "s2"]
    assert sum(answers[0]["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_one_window_is_answered_like_a_scan(bundle):
    reading = read(bundle, open_sequences(bases(60)))
    assert answer_sentence(reading).startswith("The network’s answer is ")


def test_the_other_strand_is_read_in_its_own_direction(bundle):
    one = open_sequences(bases(60))
    both = read(bundle, with_other_strand(one))
    assert both.bases.strands == ("+", "-")
    other = one_hot(both.bases.window(1))
    # A with T, C with G, from the end: both axes turned round.
    np.testing.assert_array_equal(other, one_hot(one.sequences[0])[::-1, ::-1])
    assert "Both strands are read." in both.notes


def test_a_scan_is_refused_by_name(bundle, tiny_root):
    scan = load_bundle(SCAN_TASK, tiny_root)
    with pytest.raises(InputError, match="sequences of bases"):
        read(scan, open_sequences(bases(60)))


def test_its_json_is_plain(bundle):
    reading = read(bundle, open_sequences(bases(90)))
    content = json.loads(json.dumps(reading_json(reading)))
    assert content["bases"] == 90
    assert content["task"] == SEQUENCE_TASK
