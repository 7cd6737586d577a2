"""What a reading comes to in one line, and in which order lines are looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.scan import Scan, Window
from medmodels.reading import read
from medmodels.samples import SAMPLES
from medmodels.trust.decision import ABSTAIN, ANSWER, WARN, Decision, Reason
from medmodels.worklist.line import UNREADABLE, Line, line_of, refused_line
from medmodels.worklist.order import ARRIVAL, DOUBT, ORDERS, REFUSAL, URGENCY, ordered
from tests.bundles_fixture import (
    SIGNAL_TASK,
    made_ramps,
)


@pytest.fixture(scope="module")
def reading(knows_ramps):
    pixels = np.asarray(made_ramps(1)[0, ..., 0], np.float32)
    scan = Scan(pixels, (0.0, 1.0), (Window("Full range", 0.5, 1.0),), "made", "d" * 64)
    return read(knows_ramps, scan)


def certain(reading, finding: float):
    """The reading with stated probabilities of "normal" and "finding", and the label they make."""
    shares = np.array([[1 - finding, finding]])
    return replace(reading, probabilities=shares, labels=shares.argmax(axis=1))


def test_a_scan_has_its_answer_its_set_and_how_pressing_it_is(reading):
    line = line_of("7", certain(reading, 0.9))
    assert (line.file, line.answer, line.state) == ("7", "finding", reading.decision.kind)
    assert line.probability == line.urgency == pytest.approx(0.9)
    assert line.doubt == pytest.approx(0.1)
    assert line.severity == reading.card.classes[1].severity > 0
    assert line.counts == {"finding": 1}
    held = max(reading.trust.sets.items())[1][0]
    assert line.left == tuple(
        n for n, kept in zip(reading.card.class_names, held, strict=True) if kept
    )
    assert line.input_digest == "d" * 64
    assert line.bundle_digest == reading.bundle_digest


def test_what_is_not_grave_may_still_be_pressing(reading):
    line = line_of("7", certain(reading, 0.3))
    assert line.answer == "normal"
    assert line.severity == 0
    assert line.urgency == pytest.approx(0.3)


def test_nothing_of_an_answer_that_is_withheld_gets_into_its_line(reading):
    reasons = (Reason("unlike_training", True, "Not like the training data."),)
    trust = replace(reading.trust, decision=Decision(ABSTAIN, reasons))
    line = line_of("7", replace(certain(reading, 0.9), trust=trust))
    assert not line.answered
    told = line.to_dict()
    assert [told[key] for key in ("answer", "probability", "severity", "urgency", "doubt")] == (
        [None] * 5
    )
    assert (told["labels_left"], told["counts"]) == ([], {})
    assert told["reasons"] == ["Not like the training data."]


def test_a_recording_is_as_grave_as_its_gravest_beat(one_of_each):
    bundle = load_bundle(SIGNAL_TASK, one_of_each)
    reading = read(bundle, open_signal({"a.csv": (SAMPLES / "sinus-rhythm.csv").read_bytes()}))
    n, severities = len(reading.labels), [entry.severity for entry in reading.card.classes]
    grave = int(np.argmax(severities))
    labels = np.full(n, severities.index(0))
    labels[2] = grave
    line = line_of("7", replace(reading, labels=labels))
    assert line.answer == reading.card.class_names[grave]
    assert line.probability is None
    assert line.urgency == pytest.approx(1 / n)
    assert sum(line.counts.values()) == n
    assert line.left == ()


def test_a_file_that_cannot_be_read_says_why():
    line = refused_line("9", InputError("a song.", "a scan.", "Choose a scan."), "b" * 64, "e" * 64)
    assert line.state == UNREADABLE
    assert line.reasons == ("Found: a song. Expected: a scan. What to do: Choose a scan.",)
    assert line.to_dict()["input_sha256"] == "e" * 64


LINES = [
    Line("calm", ANSWER, "well", 0.99, 0, 0.01, 0.01),
    Line("broken", UNREADABLE),
    Line("grave", ANSWER, "finding", 0.8, 2, 0.8, 0.2),
    Line("unsure", WARN, "well", 0.6, 0, 0.4, 0.4),
    Line("silent", ABSTAIN),
    Line("graver", WARN, "finding", 0.9, 2, 0.9, 0.1),
    Line("watch", ANSWER, "other", 0.95, 1, 0.97, 0.05),
]


def test_the_more_labels_are_left_the_earlier_a_doubtful_case_stands():
    narrow = Line("narrow", WARN, "well", 0.5, 0, 0.5, 0.5, ("well",))
    wide = Line("wide", WARN, "well", 0.6, 0, 0.4, 0.4, ("well", "finding", "other"))
    two = Line("two", WARN, "well", 0.7, 0, 0.3, 0.3, ("well", "finding"))
    none = Line("none", WARN, "well", 0.55, 0, 0.45, 0.45, ())
    lines = [narrow, two, wide, none]
    assert [lines[i].file for i in ordered(lines, DOUBT)] == ["wide", "none", "two", "narrow"]


@pytest.mark.parametrize(
    ("by", "files"),
    [
        (URGENCY, ["graver", "grave", "watch", "broken", "silent", "unsure", "calm"]),
        (DOUBT, ["silent", "unsure", "graver", "grave", "watch", "calm", "broken"]),
        (REFUSAL, ["broken", "silent", "unsure", "graver", "calm", "grave", "watch"]),
        (ARRIVAL, [line.file for line in LINES]),
    ],
)
def test_every_order(by, files):
    assert [LINES[i].file for i in ordered(LINES, by)] == files
    assert by in ORDERS
