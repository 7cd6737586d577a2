"""The interval of a probability: by hand, and its coverage by simulation."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from medmodels.trust.calibration import Calibration
from medmodels.trust.head_posterior import HeadPosterior, design_effects, fit_head_posterior

PLAIN = Calibration("temperature", 1.0)


def test_the_spread_of_two_draws_by_hand():
    # One feature of 2, no bias. The draws move the second logit by +0.5 and -0.5: the
    # log odds of the second class have a standard deviation of 2 * 0.5 / 2 ... = 1 * |±1|.
    draws = np.zeros((2, 2, 2), dtype=np.float32)
    draws[:, 0, 1] = [0.5, -0.5]
    low, high = HeadPosterior(draws).interval(np.array([[2.0]]), np.zeros((1, 2)), PLAIN)
    reach = 1.959964 * 1.0
    np.testing.assert_allclose(high[0, 1], 1 / (1 + np.exp(-reach)), rtol=1e-5)
    np.testing.assert_allclose(low[0, 1], 1 / (1 + np.exp(reach)), rtol=1e-5)
    # With two classes one interval is the other's mirror.
    np.testing.assert_allclose(low[0, 0], 1 - high[0, 1], rtol=1e-6)


def test_with_three_classes_the_other_logits_count_by_their_share():
    # d log odds of class 0 = dz0 - (p1 dz1 + p2 dz2) / (p1 + p2); here p = (1/2, 1/3, 1/6).
    draws = np.zeros((2, 1, 3), dtype=np.float32)
    draws[:, 0] = [[0, 0.3, -0.6], [0, -0.3, 0.6]]
    logits = np.log(np.array([[3.0, 2.0, 1.0]]))
    low, high = HeadPosterior(draws).interval(np.zeros((1, 0)), logits, PLAIN)
    moved = abs(2 / 3 * 0.3 - 1 / 3 * 0.6)
    assert moved < 1e-12
    np.testing.assert_allclose([low[0, 0], high[0, 0]], 0.5, atol=1e-6)
    assert high[0, 1] - low[0, 1] > 0.1


def test_no_uncertainty_is_no_width_and_more_is_more():
    features, logits = np.ones((3, 4)), np.array([[0, -2.0], [0, 0], [0, 5.0]])
    none = HeadPosterior(np.zeros((4, 5, 2), np.float32)).interval(features, logits, PLAIN)
    np.testing.assert_allclose(none[0], none[1])
    noise = np.random.default_rng(0).normal(size=(40, 5, 2)).astype(np.float32)
    small = HeadPosterior(0.1 * noise).interval(features, logits, PLAIN)
    large = HeadPosterior(noise).interval(features, logits, PLAIN)
    assert (large[1] - large[0] > small[1] - small[0]).all()


def test_the_interval_covers_the_true_probability_as_often_as_it_says():
    rng = np.random.default_rng(3)
    size, features = 400, 6
    truth = rng.normal(scale=0.8, size=features)
    covered, widths = [], []
    for trial in range(60):
        x = rng.normal(size=(size, features))
        y = (rng.random(size) < 1 / (1 + np.exp(-(x @ truth)))).astype(int)
        model = LogisticRegression(C=1.0).fit(x, y)
        # As the last layer of a network has it: one column of weights for each class.
        weights = np.c_[np.zeros(features), model.coef_[0]]
        bias = np.r_[0.0, model.intercept_]
        new = rng.normal(size=(200, features))
        posterior = fit_head_posterior(x, PLAIN(x @ weights + bias), weights, draws=256, seed=trial)
        low, high = posterior.interval(new, new @ weights + bias, PLAIN)
        p = 1 / (1 + np.exp(-(new @ truth)))
        covered.append(((low[:, 1] <= p) & (p <= high[:, 1])).mean())
        widths.append((high - low)[:, 1].mean())
    assert 0.91 <= np.mean(covered) <= 0.99
    assert 0.05 < np.mean(widths) < 0.35


def test_a_patient_seen_ten_times_counts_about_once():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(300, 3))
    weights = np.c_[np.zeros(3), [1.0, -1.0, 0.5]]
    y = (rng.random(300) < PLAIN(x @ weights)[:, 1]).astype(int)
    many, people = np.repeat(x, 10, axis=0), np.repeat(np.arange(300), 10)
    once = fit_head_posterior(x, PLAIN(x @ weights), weights, draws=512)
    ten = fit_head_posterior(
        many, PLAIN(many @ weights), weights, labels=np.repeat(y, 10), groups=people, draws=512
    )
    blind = fit_head_posterior(many, PLAIN(many @ weights), weights, draws=512)

    # What both logits share moves no probability: their difference is what counts.
    def spread(made):
        return (made.draws[..., 1] - made.draws[..., 0]).std()

    np.testing.assert_allclose(spread(ten), spread(once), rtol=0.03)
    assert spread(blind) < 0.5 * spread(once)


def test_only_the_direction_that_is_shared_within_a_group_loses_weight():
    # The first feature belongs to the patient, the second to the row alone.
    rng = np.random.default_rng(1)
    people = np.repeat(np.arange(40), 50)
    x = np.c_[rng.normal(size=40)[people], rng.normal(size=2000)]
    shared = rng.normal(scale=1.5, size=40)[people]  # what makes a patient's rows err together
    p = np.full((2000, 2), 0.5)
    y = (rng.random(2000) < 1 / (1 + np.exp(-shared))).astype(int)
    axes = np.zeros((4, 2))
    axes[2, 0] = axes[3, 1] = 1.0
    found = design_effects(x, p, y, people, axes)
    assert found[0] > 8
    assert found[1] < 2


def test_independent_rows_have_design_effects_of_about_one():
    rng = np.random.default_rng(2)
    q = rng.uniform(0.05, 0.95, 5000)
    y = (rng.random(5000) < q).astype(int)
    x = rng.normal(size=(5000, 3))
    found = design_effects(x, np.c_[1 - q, q], y, rng.integers(0, 500, 5000), np.eye(6))
    assert (found < 1.3).all()
