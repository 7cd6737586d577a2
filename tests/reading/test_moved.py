"""A moved operating point decides anew and changes nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.reading import Reading
from medmodels.reading.moved import moved
from medmodels.trust.operating_point import OperatingPoint
from tests.bundles_fixture import SCAN_CARD, SIGNAL_CARD

RULE = {
    "class": "finding",
    "threshold": 0.4,
    "rule": "highest balanced accuracy",
    "chosen_on": "validation",
}
POINT = OperatingPoint.from_trust(
    {"temperature": 2.0, "operating_point": RULE}, ("normal", "finding")
)


def reading(card=SCAN_CARD, point=POINT, logits=((0.0, 0.0),)) -> Reading:
    values = np.array(logits, dtype=np.float32)
    return Reading(
        card=parse_card(card), operating_point=point, bundle_digest="b", input_digest="i",
        source="made", logits=values, probabilities=point.probabilities(values),
        labels=point.labels(values), notes=("a note",), timings={}, versions={},
    )  # fmt: skip


def test_the_label_turns_where_the_threshold_passes_the_probability():
    # Equal logits: a probability of one half.
    before = reading()
    assert before.labels.tolist() == [1]
    assert moved(before, 0.5).labels.tolist() == [1]
    assert moved(before, 0.51).labels.tolist() == [0]


def test_it_says_that_it_was_moved_and_from_where():
    after = moved(reading(), 0.9).operating_point
    assert after.threshold == 0.9
    assert "Moved by the reader" in after.rule
    assert "40%" in after.rule
    assert "reader" in after.chosen_on


def test_all_else_stays():
    before = reading()
    after = moved(before, 0.9)
    assert before.operating_point is POINT
    assert before.labels.tolist() == [1]
    for name in ("card", "bundle_digest", "logits", "probabilities", "notes", "source"):
        assert getattr(after, name) is getattr(before, name)
    assert after.operating_point.probabilities(before.logits).tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("threshold", [None, 0.4])
def test_not_moved_is_the_same_reading(threshold):
    before = reading()
    assert moved(before, threshold) is before


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(threshold):
    with pytest.raises(ValueError, match="0 to 1"):
        moved(reading(), threshold)


def test_a_task_without_a_threshold_is_refused():
    trust = {"temperature": 1.0, "class_offsets": [0.0] * 4, "rule": "r", "chosen_on": "v"}
    point = OperatingPoint.from_trust(trust, ("N", "S", "V", "F"))
    with pytest.raises(ValueError, match="tiny-signal"):
        moved(reading(SIGNAL_CARD, point, [[0.0, 1.0, 0.0, 0.0]]), 0.3)
