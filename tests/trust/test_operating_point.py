"""The rule from logits to a label, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.trust.operating_point import OperatingPoint, labels_at, softmax

TWO = ("normal", "pneumonia")
THRESHOLD = {
    "temperature": 2.0,
    "operating_point": {
        "class": "pneumonia",
        "threshold": 0.7,
        "rule": "r",
        "chosen_on": "validation",
    },
}


def test_softmax_of_equal_logits_is_even_and_large_ones_do_not_overflow():
    assert softmax(np.array([1000.0, 1000.0])).tolist() == [0.5, 0.5]


def test_temperature_divides_the_logits():
    # softmax of (0, ln 3) is (1/4, 3/4); twice the logits at temperature 2 are the same
    np.testing.assert_allclose(softmax(np.array([0.0, 2 * np.log(3)]), 2.0), [0.25, 0.75])


def test_a_threshold_decides_on_the_probability_at_the_bundles_temperature():
    point = OperatingPoint.from_trust(THRESHOLD, TWO)
    just_below, just_above = 2 * np.log(0.69 / 0.31), 2 * np.log(0.71 / 0.29)
    logits = np.array([[0.0, just_below], [0.0, just_above]])
    assert point.labels(logits).tolist() == [0, 1]


def test_offsets_move_the_largest_logit():
    trust = {"temperature": 1.0, "class_offsets": [0, 1.5], "rule": "r", "chosen_on": "v"}
    point = OperatingPoint.from_trust(trust, TWO)
    assert point.labels(np.array([[1.0, 0.0], [2.0, 0.0]])).tolist() == [1, 0]


def test_below_the_threshold_the_likeliest_other_class_is_chosen():
    probabilities = np.array([[0.2, 0.5, 0.3], [0.05, 0.9, 0.05]])
    assert labels_at(probabilities, 1, 0.6).tolist() == [2, 1]


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 0.0},
        {"operating_point": {**THRESHOLD["operating_point"], "class": "fracture"}},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(change):
    with pytest.raises(ValueError, match=r".+"):
        OperatingPoint.from_trust(THRESHOLD | change, TWO)
