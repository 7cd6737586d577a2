"""Agreement and changes of mind, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.worklist.read_first import Impression, Read, kappa, share, summarise


def read(first, final, network, truth="", seconds=10.0, sure="likely"):
    return Read(Impression(first, sure, seconds), final, network, truth)


def test_kappa_by_hand():
    # Cohen's table [[20, 5], [10, 15]]: 0.7 agree, 0.5 by chance.
    one = np.array(["y"] * 25 + ["n"] * 25)
    other = np.array(["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15)
    found = kappa(one, other)
    assert found.value == pytest.approx(0.4)
    assert found.n == 50
    # The analytic standard error (Fleiss, Cohen and Everitt 1969) is 0.126: 0.15 to 0.65.
    assert found.low == pytest.approx(0.4 - 1.96 * 0.126, abs=0.04)
    assert found.high == pytest.approx(0.4 + 1.96 * 0.126, abs=0.04)


def test_kappa_cannot_be_told_of_nothing_or_of_one_class():
    assert kappa(np.array([], str), np.array([], str)).value is None
    assert kappa(np.array(["a", "a"]), np.array(["a", "a"])).value is None


def test_a_share_has_its_wilson_interval():
    found = share(np.array([True] * 9 + [False]))
    assert (found.value, found.n) == (0.9, 10)
    assert (found.low, found.high) == (
        pytest.approx(0.5958, abs=1e-3),
        pytest.approx(0.9821, abs=1e-3),
    )
    assert share(np.array([], bool)).value is None


def test_changes_of_mind_and_whom_they_followed():
    found = summarise(
        [
            read("normal", "normal", "normal", "normal", 4),
            read("normal", "finding", "finding", "finding", 6),  # followed, rightly
            read("normal", "finding", "finding", "normal", 8),  # followed, wrongly
            read("finding", "normal", "finding", "normal", 20),  # away from the network
            read("finding", "finding", "", "finding", 30),  # the network gave none
        ],
        ["finding"],
    )
    assert (found.n, found.seconds) == (5, 8)
    assert (found.agreed.value, found.agreed.n) == (0.5, 4)
    assert (found.changed, found.towards, found.away) == (3, 2, 1)
    assert (found.followed_wrong, found.followed_right) == (1, 1)
    assert found.warns
    assert found.sensitivity["first"].value == pytest.approx(1 / 2)
    assert found.sensitivity["final"].value == 1
    assert (found.sensitivity["network"].value, found.sensitivity["network"].n) == (1, 1)
    assert found.specificity["first"].value == pytest.approx(2 / 3)
    assert found.specificity["final"].value == pytest.approx(2 / 3)
    assert found.specificity["network"].value == pytest.approx(1 / 3)


def test_agreement_is_told_apart_by_how_sure_the_reader_was():
    found = summarise(
        [
            read("normal", "normal", "normal", sure="sure"),
            read("normal", "normal", "normal", sure="sure"),
            read("normal", "normal", "finding", sure="guess"),
            read("normal", "normal", "", sure="likely"),  # the network gave none
        ],
        ["finding"],
    )
    assert {name: (one.value, one.n) for name, one in found.when.items()} == {
        "guess": (0.0, 1), "sure": (1.0, 2),
    }  # fmt: skip


def test_without_a_truth_nothing_is_said_of_right_and_wrong():
    found = summarise([read("normal", "finding", "finding")], ["finding"])
    assert (found.followed_wrong, found.followed_right) == (None, None)
    assert (found.sensitivity, found.specificity, found.warns) == ({}, {}, False)


def test_nothing_read_is_no_error():
    found = summarise([], ["finding"])
    assert (found.n, found.agreed.value, found.kappa.value) == (0, None, None)
