"""Counts, intervals and doubts of several inputs read together, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.reading.differential import differential, is_doubtful
from medmodels.trust.decision import ABSTAIN, ANSWER, WARN, Decision, Reason
from tests.bundles_fixture import SCAN_CARD

CARD = parse_card(SCAN_CARD)


def reading(label: int, kind: str = ANSWER, held: tuple[bool, bool] | None = None, p: float = 0.9):
    sets = {0.90: np.array([held or tuple(k == label for k in range(2))])}
    reasons = () if kind == ANSWER else (Reason("any", kind == ABSTAIN, "A reason."),)
    probabilities = np.full((1, 2), 1 - p)
    probabilities[0, label] = p
    return SimpleNamespace(
        decision=Decision(kind, reasons), trust=SimpleNamespace(sets=sets),
        labels=np.array([label]), probabilities=probabilities,
    )  # fmt: skip


def test_by_hand():
    found = differential([reading(1)] * 9 + [reading(0), reading(0, ABSTAIN)], CARD)
    normal, finding = found.shares
    assert (normal.count, finding.count, found.counted) == (1, 9, 10)
    assert found.withheld == (10,)
    # Wilson 1927 at 9 of 10 and z = 1.95996.
    assert finding.low == pytest.approx(0.5958, abs=1e-3)
    assert finding.high == pytest.approx(0.9821, abs=1e-3)


def test_what_is_doubtful_comes_with_the_least_probable_first():
    readings = [
        reading(0), reading(0, WARN, p=0.7), reading(1, held=(True, True), p=0.6),
        reading(1, held=(False, False), p=0.8), reading(1, ABSTAIN),
    ]  # fmt: skip
    found = differential(readings, CARD)
    assert found.doubtful == (2, 1, 3)
    assert found.counted == 4


def test_without_a_trust_layer_nothing_is_in_doubt():
    plain = reading(0)
    plain.trust = None
    assert not is_doubtful(plain)


def test_nothing_counted_is_no_share():
    found = differential([reading(0, ABSTAIN)], CARD)
    assert found.shares == ()
    assert found.counted == 0
    assert differential([], CARD).withheld == ()
