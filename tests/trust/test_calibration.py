"""Calibration by hand, and on data whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from medmodels.trust.calibration import (
    FITS,
    Calibration,
    choose_calibration,
    fit_isotonic,
    fit_platt,
    fit_temperature,
    log_odds,
    row_losses,
)


def drawn(n: int, scale: float, offset: float, seed: int = 0):
    """Binary logits whose true log odds are ``scale * margin + offset``."""
    rng = np.random.default_rng(seed)
    margin = rng.normal(scale=2.0, size=n)
    labels = (rng.random(n) < 1 / (1 + np.exp(-(scale * margin + offset)))).astype(int)
    return np.stack([np.zeros(n), margin], axis=1), labels


def test_temperature_divides_and_offsets_add():
    # log odds of (ln 3, ln 2): (2 ln 3) / 2 and (0) / 2 + ln 2
    made = Calibration("platt", 2.0, (0.0, float(np.log(2))))
    np.testing.assert_allclose(made(np.array([2 * np.log(3), 0.0])), [0.6, 0.4])


def test_log_odds_of_three_classes_by_hand():
    # probabilities 1/2, 1/3, 1/6: odds 1, 1/2, 1/5
    odds = log_odds(np.log(np.array([3.0, 2.0, 1.0])))
    np.testing.assert_allclose(np.exp(odds), [1.0, 0.5, 0.2])


def test_the_temperature_of_made_logits_is_found():
    logits, labels = drawn(40_000, 0.5, 0.0)
    assert fit_temperature(logits, labels).temperature == pytest.approx(2.0, rel=0.05)


def test_platt_finds_scale_and_offset():
    made = fit_platt(*drawn(40_000, 0.5, -1.0))
    assert made.temperature == pytest.approx(2.0, rel=0.05)
    assert made.offsets[1] == pytest.approx(-1.0, abs=0.05)


def test_isotonic_is_the_share_of_each_step():
    # Two margins only: one in four is right at -1, three in four at +1.
    margins = np.repeat([-1.0, 1.0], 4)
    logits = np.stack([np.zeros(8), margins], axis=1)
    labels = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    made = fit_isotonic(logits, labels)
    np.testing.assert_allclose(made(logits)[[0, 4], 1], [0.25, 0.75])


def test_weights_count_like_copies():
    logits, labels = drawn(300, 1.0, 0.5)
    weights = np.where(labels == 1, 3.0, 1.0)
    copies = np.repeat(np.arange(300), weights.astype(int))
    for fit in FITS.values():
        weighted, copied = fit(logits, labels, weights), fit(logits[copies], labels[copies], None)
        np.testing.assert_allclose(weighted(logits), copied(logits), atol=2e-3)


def test_the_simplest_that_is_as_good_is_kept():
    logits, labels = drawn(4000, 1.0, 0.0)
    chosen, compared = choose_calibration(logits, labels, np.arange(4000))
    assert chosen.method == "temperature"
    assert [row["method"] for row in compared] == ["temperature", "platt", "isotonic"]


def test_an_offset_is_kept_where_it_wins():
    chosen, _ = choose_calibration(*drawn(4000, 1.0, -1.5), np.arange(4000))
    assert chosen.method == "platt"


def test_a_bend_is_kept_where_it_wins():
    # The truth does not rise with the margin's straight line: 0.2 below 0, 0.8 above.
    rng = np.random.default_rng(1)
    margin = rng.normal(scale=3.0, size=8000)
    labels = (rng.random(8000) < np.where(margin > 0, 0.8, 0.2)).astype(int)
    logits = np.stack([np.zeros(8000), margin], axis=1)
    assert choose_calibration(logits, labels, np.arange(8000))[0].method == "isotonic"


@pytest.mark.parametrize("fit", FITS.values())
def test_the_file_gives_the_same_map_back(fit):
    logits, labels = drawn(500, 0.7, 0.3)
    made = fit(logits, labels, None)
    again = Calibration.from_trust({"calibration": made.to_trust()})
    np.testing.assert_array_equal(again(logits), made(logits))


def test_a_plain_temperature_is_read_and_a_bad_one_refused():
    assert Calibration.from_trust({"temperature": 2.5}).temperature == 2.5
    with pytest.raises(ValueError, match="greater than 0"):
        Calibration.from_trust({"calibration": {"method": "temperature", "temperature": 0}})


def test_row_losses_by_hand():
    np.testing.assert_allclose(
        row_losses(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 0])), np.log([2, 4])
    )


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.float64, (5, 3), elements=st.floats(-50, 50)), st.floats(0.1, 10))
def test_probabilities_sum_to_one_and_keep_the_order(logits, temperature):
    p = Calibration("temperature", temperature)(logits)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert (np.take_along_axis(p, logits.argmax(axis=1)[:, None], 1)[:, 0] == p.max(axis=1)).all()
