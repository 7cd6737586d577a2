"""Scores by hand; inliers below outliers; stored and built again."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.trust.out_of_distribution import (
    Energy,
    FeatureClassifier,
    Mahalanobis,
    NearestNeighbour,
    from_arrays,
)

RNG = np.random.default_rng(0)
INSIDE = RNG.normal(size=(400, 5)) * [1, 2, 0.5, 1, 1]
LABELS = (np.arange(400) % 2).astype(int)
OUTSIDE = RNG.normal(size=(50, 5)) + 12
FITTED = [
    Mahalanobis.fit(INSIDE, LABELS),
    NearestNeighbour.fit(INSIDE, k=3),
    FeatureClassifier.fit(INSIDE, OUTSIDE),
]


def test_mahalanobis_by_hand():
    # Unit covariance around (0, 0) and (10, 0): (3, 4) is 5 away, (10, 2) is 2.
    score = Mahalanobis(np.array([[0.0, 0.0], [10.0, 0.0]]), np.eye(2))
    np.testing.assert_allclose(score.score(np.array([[3.0, 4.0], [10.0, 2.0]])), [5, 2])


def test_mahalanobis_counts_in_deviations_of_the_training_data():
    found = FITTED[0].score(np.array([[0, 10.0, 0, 0, 0], [0, 0, 10.0, 0, 0]]))
    # 10 is 5 deviations of the second column and 20 of the third; shrinkage softens both.
    assert 3.5 < found[0] < 6
    assert found[1] > 2 * found[0]


def test_the_nearest_neighbours_distance_by_hand():
    bank = np.array([[0.0], [1.0], [5.0]])
    score = NearestNeighbour(bank, np.zeros(1), np.ones(1), k=2)
    np.testing.assert_allclose(score.score(np.array([[0.0], [4.0]])), [1, 3])


def test_energy_is_minus_the_log_of_the_summed_exponentials():
    np.testing.assert_allclose(Energy().score(np.log(np.array([[1.0, 3.0]]))), -np.log(4))


@pytest.mark.parametrize("score", FITTED, ids=lambda score: score.name)
def test_outliers_score_higher(score):
    assert score.score(OUTSIDE).min() > score.score(INSIDE).max()


@pytest.mark.parametrize("score", [*FITTED, Energy(2.0)], ids=lambda score: score.name)
def test_stored_arrays_build_the_same_score(score):
    rows = OUTSIDE[:, :3] if score.name == "energy" else OUTSIDE
    again = from_arrays(score.name, score.arrays())
    np.testing.assert_allclose(again.score(rows), score.score(rows), rtol=1e-5)


def test_an_unknown_score_or_a_missing_array_is_named():
    with pytest.raises(ValueError, match="no out-of-distribution score"):
        from_arrays("astrology", {})
    with pytest.raises(ValueError, match="whitening"):
        from_arrays("mahalanobis", {"means": np.zeros((1, 2))})


def test_one_wild_feature_does_not_decide_alone():
    wild = np.zeros((1, 5))
    wild[0, 0] = 1e6
    assert np.isfinite(FITTED[2].score(wild)).all()
    assert FITTED[2].score(wild)[0] < FITTED[2].score(np.full((1, 5), 1e6))[0]
