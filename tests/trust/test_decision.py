"""What is answered, what is warned about, what is declined, and in which order it is said."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from medmodels.trust.decision import (
    ABSTAIN,
    ANSWER,
    WARN,
    Reason,
    at_threshold,
    decide,
    many_in_doubt,
    threshold_reason,
    undecided_reason,
)
from medmodels.trust.findings import Finding

TITLES = ("Normal", "Pneumonia")
UNLIKE = Reason("unlike_training", True, "unlike")
UNUSUAL = Reason("unusual", False, "unusual")
BLUR = Finding("blurred", 1, "blurred", 0.1, 0.2)
BLANK = Finding("flat", 2, "blank", 0.0, 0.1)
NOTE = Finding("small", 0, "note", 1.0, 1.0)


def decided(unlike=None, findings=(), undecided=None, threshold=None):
    return decide(unlike=unlike, findings=findings, undecided=undecided, at_threshold=threshold)


def test_without_a_reason_it_is_answered_and_a_note_is_no_reason():
    assert decided().kind == ANSWER
    assert decided(findings=[NOTE]).kind == ANSWER
    assert decided(findings=[NOTE]).reasons == ()


def test_a_warning_warns_and_an_unreadable_input_is_declined():
    assert decided(findings=[BLUR]).kind == WARN
    assert decided(findings=[BLUR, BLANK]).kind == ABSTAIN
    assert decided(unlike=UNUSUAL).kind == WARN


def test_the_weightiest_reason_comes_first():
    close = undecided_reason({0.9: (True, True), 0.95: (True, True)}, TITLES)
    made = decided(unlike=UNUSUAL, findings=[BLUR, BLANK], undecided=close)
    assert [reason.code for reason in made.reasons] == ["flat", "undecided", "unusual", "blurred"]
    assert decided(unlike=UNLIKE, findings=[BLANK]).reasons[0] == UNLIKE


def test_of_an_unlike_input_nothing_is_said_about_its_probabilities():
    close = undecided_reason({0.9: (True, True), 0.95: (True, True)}, TITLES)
    over = threshold_reason(0.4, 0.6, 0.5)
    made = decided(unlike=UNLIKE, findings=[BLUR], undecided=close, threshold=over)
    assert [reason.code for reason in made.reasons] == ["unlike_training", "blurred"]


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ((False, True), (False, True), None),
        ((False, True), (True, True), WARN),  # two labels at 95% only
        ((True, True), (True, True), ABSTAIN),  # two labels even at 90%
        ((False, False), (False, True), WARN),  # none at 90%
        ((False, False), (False, False), ABSTAIN),  # none even at 95%
    ],
)
def test_how_many_labels_are_left_decides(narrow, wide, expected):
    reason = undecided_reason({0.95: wide, 0.9: narrow}, TITLES)
    made = decided(undecided=reason)
    assert made.kind == (expected or ANSWER)


def test_every_pair_of_nested_sets_has_a_sentence_that_names_what_is_left():
    for narrow, wide in itertools.product(itertools.product((False, True), repeat=2), repeat=2):
        if all(w >= n for n, w in zip(narrow, wide, strict=True)):
            reason = undecided_reason({0.95: wide, 0.9: narrow}, TITLES)
            assert reason is None or reason.sentence.endswith(".")


def test_the_levels_are_the_bundles():
    reason = undecided_reason({0.99: (True, True), 0.95: (False, True)}, TITLES)
    assert reason.sentence.startswith("Not sure: at 99%")


def test_none_at_one_level_and_several_at_the_other_is_too_close_and_names_them():
    held = {0.95: (False, False), 0.99: (True, True)}
    reason = undecided_reason(held, TITLES)
    assert reason.abstain
    assert reason.sentence.startswith("Too close to call: at 99% it can rule out neither ")


def test_an_interval_over_the_operating_point_warns():
    assert threshold_reason(0.4, 0.6, 0.5).abstain is False
    assert threshold_reason(0.5, 0.6, 0.5) is None  # all of it leads to the same label
    assert threshold_reason(0.4, 0.6, 0.61) is None
    assert threshold_reason(0.4, 0.6, None) is None


def test_a_moved_operating_point_changes_that_reason_alone():
    over = threshold_reason(0.4, 0.6, 0.5)
    both = decided(findings=[BLUR], threshold=over)
    assert [reason.code for reason in both.reasons] == ["blurred", "threshold"]
    assert at_threshold(both, None).reasons == decided(findings=[BLUR]).reasons
    assert at_threshold(decided(threshold=over), None).kind == ANSWER
    assert at_threshold(decided(), over).kind == WARN
    assert at_threshold(decided(unlike=UNLIKE), over).kind == ABSTAIN


def test_many_answers_in_doubt():
    one, two, none = [True, False, False], [True, True, False], [False] * 3
    assert many_in_doubt({0.95: np.array([one] * 9 + [two])}, "sequences") is None
    reason = many_in_doubt(
        {0.9: np.array([one] * 4), 0.95: np.array([one] * 3 + [none])}, "sequences"
    )
    assert reason is not None
    assert not reason.abstain
    assert reason.sentence.startswith("25% of the sequences are in doubt")
