"""Conformal sets by hand, and their coverage by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.trust.prediction_sets import (
    PredictionSets,
    aps_scores,
    conformal_quantile,
    coverage,
    lac_scores,
)


def drawn(n: int, seed: int, k: int = 3):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(k, 0.4), size=n)
    # The stated probabilities are wrong on purpose: coverage must hold all the same.
    true = p**2 / (p**2).sum(axis=1, keepdims=True)
    labels = (rng.random(n)[:, None] > true.cumsum(axis=1)).sum(axis=1).clip(0, k - 1)
    return p, labels


def test_scores_by_hand():
    p = np.array([[0.5, 0.2, 0.3]])
    np.testing.assert_allclose(lac_scores(p), [[0.5, 0.8, 0.7]])
    np.testing.assert_allclose(aps_scores(p), [[0.5, 1.0, 0.8]])


def test_the_quantile_counts_the_new_case_too():
    # 9 scores at 90%: rank ceil(10 * 0.9) = 9, the largest; 8 scores: rank 9 does not exist
    assert conformal_quantile(np.arange(9.0), 0.9) == 8.0
    assert conformal_quantile(np.arange(8.0), 0.9) == np.inf


def test_every_class_has_its_own_threshold_only_when_asked():
    p = np.array([[0.9, 0.1]] * 30 + [[0.6, 0.4]] * 30)
    labels = np.repeat([0, 1], 30)
    own = PredictionSets.fit(p, labels, conditional=True, levels=(0.9,))
    one = PredictionSets.fit(p, labels, conditional=False, levels=(0.9,))
    np.testing.assert_allclose(own.thresholds[0.9], [0.1, 0.6])
    np.testing.assert_allclose(one.thresholds[0.9], [0.6, 0.6])
    assert own.sets(np.array([[0.85, 0.15], [0.5, 0.5]]), 0.9).tolist() == [
        [False, False],
        [False, True],
    ]


def test_a_class_without_enough_cases_is_never_ruled_out():
    made = PredictionSets.fit(np.array([[0.9, 0.1]] * 20 + [[0.1, 0.9]]), np.r_[[0] * 20, 1])
    assert made.thresholds[0.95] == (pytest.approx(0.1), np.inf)
    assert made.sets(np.array([[1.0, 0.0]]), 0.95).tolist() == [[True, True]]
    assert PredictionSets.from_trust(made.to_trust()) == made


def test_an_unclaimed_class_takes_the_common_threshold():
    p = np.array([[0.9, 0.1]] * 90 + [[0.8, 0.2]] * 10)
    labels = np.repeat([0, 1], [90, 10])
    made = PredictionSets.fit(p, labels, levels=(0.8,), unclaimed=(1,))
    np.testing.assert_allclose(made.thresholds[0.8], [0.1, 0.1])


@pytest.mark.parametrize("score", ["lac", "aps"])
@pytest.mark.parametrize("conditional", [False, True])
def test_coverage_holds_on_average_over_many_calibrations(score, conditional):
    found = []
    for seed in range(60):
        p, labels = drawn(400, seed)
        made = PredictionSets.fit(p, labels, score=score, conditional=conditional)
        new, truth = drawn(400, 1000 + seed)
        held = coverage(made.sets(new, 0.9), truth)
        found.append(held.mean() if not conditional else held[truth == 1].mean())
    # Exact coverage lies between the level and a little above it.
    assert 0.89 <= np.mean(found) <= (0.93 if score == "lac" else 1.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_sets_at_95_hold_those_at_90(seed):
    p, labels = drawn(80, seed)
    made = PredictionSets.fit(p, labels)
    assert (made.sets(p, 0.95) >= made.sets(p, 0.9)).all()


@pytest.mark.parametrize("score", ["lac", "aps"])
@pytest.mark.parametrize("conditional", [True, False])
def test_what_the_true_labels_scores_say_is_what_whole_sets_say(score, conditional):
    p, labels = drawn(400, seed=3)
    own = {"lac": lac_scores, "aps": aps_scores}[score](p)[np.arange(400), labels]
    kwargs = {"score": score, "conditional": conditional, "unclaimed": (2,)}
    made = PredictionSets.fit(p[:200], labels[:200], **kwargs)
    assert PredictionSets.fit_scores(own[:200], labels[:200], 3, **kwargs) == made
    for level in made.levels:
        held = made.covers(own[200:], labels[200:], level)
        assert held.tolist() == coverage(made.sets(p[200:], level), labels[200:]).tolist()
