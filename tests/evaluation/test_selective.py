"""Risk-coverage curves on cases small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.evaluation.selective import aurc, risk_coverage, selective_of

CONFIDENCE = np.array([0.6, 0.9, 0.7, 0.7])
CORRECT = np.array([False, True, True, False])


def test_by_hand_with_a_tie():
    coverage, risk = risk_coverage(CONFIDENCE, CORRECT)
    assert coverage.tolist() == [0.25, 0.75, 1.0]
    assert risk == pytest.approx([0, 1 / 3, 2 / 4])
    assert aurc(CONFIDENCE, CORRECT) == pytest.approx((0 + 2 * (1 / 3) + 2 / 4) / 4)


def test_weights_by_hand():
    # The surest row is not drawn, the least sure one twice.
    coverage, risk = risk_coverage(CONFIDENCE, CORRECT, np.array([2.0, 0.0, 1.0, 1.0]))
    assert coverage.tolist() == [0.5, 1.0]
    assert risk == pytest.approx([1 / 2, 3 / 4])


def test_nothing_is_not_a_number():
    assert np.isnan(aurc(np.empty(0), np.empty(0, bool)))
    assert np.isnan(aurc(CONFIDENCE, CORRECT, np.zeros(4)))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1))
def test_all_answered_is_the_plain_error(rows):
    confidence, correct = (np.array(column) for column in zip(*rows, strict=True))
    coverage, risk = risk_coverage(confidence / 9, correct)
    assert (np.diff(coverage) > 0).all()
    assert coverage[-1] == 1
    assert risk[-1] == pytest.approx(1 - correct.mean())
    assert 0 <= aurc(confidence / 9, correct) <= 1


def test_the_stored_curve_is_the_curve_at_its_grid():
    found = selective_of(CONFIDENCE, CORRECT, np.array(list("abcd")))
    at = dict(zip(found["coverage"], found["risk"], strict=True))
    # 20% answered takes the first step, 50% takes the tie as a whole.
    assert (at[0.2], at[0.5], at[1.0]) == (0, 0.3333, 0.5)
    assert found["error"]["value"] == 0.5
    assert found["aurc"]["value"] == pytest.approx(aurc(CONFIDENCE, CORRECT), abs=1e-6)
    assert found["error"]["low"] < 0.5 < found["error"]["high"]
