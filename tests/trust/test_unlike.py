"""How an input's unlikeness and its way to lie are told."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.trust.unlike import MIRRORED, UPRIGHT, TurnHead, Unlike, turn_of, unlike_reason

RNG = np.random.default_rng(0)
CENTRES = {"upright": 0.0, "turned_left": 4.0, "mirrored": -4.0}
PARTS = {name: RNG.normal(size=(80, 3)) + at for name, at in CENTRES.items()}


def said(score, turn=UPRIGHT):
    return unlike_reason(Unlike(score, 2.0, 3.0, 0.996, turn), "chests")


def test_below_the_warning_nothing_is_said():
    assert said(1.99) is None


def test_between_the_two_limits_it_is_unusual_and_beyond_it_is_declined():
    assert (said(2.0).code, said(2.0).abstain) == ("unusual", False)
    assert "1 in 250" in said(2.0).sentence
    assert (said(3.0).code, said(3.0).abstain) == ("unlike_training", True)
    assert "chests" in said(3.0).sentence


def test_a_turn_is_told_first_for_it_can_be_put_right():
    assert (said(9.0, "upside_down").code, said(9.0, "upside_down").abstain) == (
        "upside_down",
        True,
    )


def test_a_mirrored_one_warns_but_not_when_it_is_unlike_in_the_first_place():
    assert (said(1.0, MIRRORED).code, said(1.0, MIRRORED).abstain) == (MIRRORED, False)
    assert said(9.0, MIRRORED).code == "unlike_training"


@pytest.mark.parametrize("count", [1, 2])
def test_the_head_tells_ways_apart_however_many_there_are(count):
    turned = dict(list(PARTS.items())[1 : 1 + count])
    head = TurnHead.fit(PARTS["upright"], turned, strength=1.0)
    for name in ("upright", *turned):
        p = head.probabilities(PARTS[name])
        np.testing.assert_allclose(p.sum(axis=1), 1)
        assert (p.argmax(axis=1) == head.names.index(name)).mean() > 0.95
    again = TurnHead(head.names, **head.arrays())
    rows = PARTS["upright"]
    np.testing.assert_allclose(again.probabilities(rows), head.probabilities(rows), atol=1e-6)


def test_a_turn_is_told_only_when_nearly_sure():
    names = ("upright", "turned_left")
    assert turn_of(np.array([0.11, 0.89]), names) == "upright"
    assert turn_of(np.array([0.10, 0.90]), names) == "turned_left"
