"""Occlusion of scans, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.explain import occlusion
from medmodels.explain.occlusion import UNIT


def network_of(weights, *, product=None):
    """Two logits over a 4x4 scan: a weighed sum, plus a product of two pixels; and 0."""
    import keras
    from keras import layers

    scan = keras.Input((4, 4, 1))
    flat = layers.Flatten()(scan)
    linear = layers.Dense(2, name="linear")
    logits = linear(flat)
    linear.set_weights([np.stack([np.ravel(weights), np.zeros(16)], axis=1), np.array([0.7, 0.0])])
    if product is not None:
        picks = [layers.Dense(2, use_bias=False, name=f"pick{i}") for i in range(2)]
        picked = [pick(flat) for pick in picks]
        for pick, place in zip(picks, product, strict=True):
            pick.set_weights([np.stack([np.eye(16)[place], np.zeros(16)], axis=1)])
        logits = layers.Add()([logits, layers.Multiply()(picked)])
    return keras.Model(scan, logits)


WEIGHTS = np.array(
    [[8.0, 0, 1, 1], [0, 0, 1, 1], [-2, -2, 0.5, 0], [-2, -2, 0, 0.5]], dtype=np.float32
)
ONES = np.ones((4, 4, 1), np.float32)
# One pixel is a sixteenth of the scan.
PERCENT = 100 / 16


@pytest.fixture(scope="module")
def linear():
    return network_of(WEIGHTS)


def test_every_cell_refined_has_its_own_effect(linear):
    """Against black, hiding a pixel takes its weight, and a value is that for 1% of the scan."""
    saliency = occlusion.explain(linear, ONES, 0, baseline="black", cells=2, refined=1)
    np.testing.assert_allclose(saliency.values, WEIGHTS / PERCENT, atol=1e-5)
    assert saliency.grid == (4, 4)
    assert saliency.signed
    assert saliency.unit == UNIT
    assert saliency.baseline == "a black scan"
    # Two classes: what speaks for one speaks against the other.
    other = occlusion.explain(linear, ONES, 1, baseline="black", cells=2, refined=1)
    np.testing.assert_allclose(other.values, -saliency.values, atol=1e-5)


def test_only_the_cells_that_matter_most_either_way_are_refined(linear):
    """Quarters take 8, 4, -8 and 1: the first and third are refined, the others stay even."""
    saliency = occlusion.explain(linear, ONES, 0, baseline="black", cells=2, refined=0.5)
    expected = WEIGHTS.copy()
    expected[2:, 2:] = 0.25
    np.testing.assert_allclose(saliency.values, expected / PERCENT, atol=1e-5)


def test_without_refinement_cells_are_even(linear):
    saliency = occlusion.explain(linear, ONES, 0, baseline="black", cells=2, refined=0)
    expected = np.kron([[2, 1], [-2, 0.25]], np.ones((2, 2)))
    np.testing.assert_allclose(saliency.values, expected / PERCENT, atol=1e-5)


def test_what_parts_do_only_together_is_shared_evenly():
    """Two pixels of the first quarter, each of which hides their product of 1 alone."""
    network = network_of(np.zeros((4, 4)), product=(0, 5))
    saliency = occlusion.explain(network, ONES, 0, baseline="black", cells=2, refined=0.25)
    # Alone they take 1 and 1, the quarter takes 1: each of its four pixels gives a quarter back.
    expected = np.zeros((4, 4))
    expected[:2, :2] = [[0.75, -0.25], [-0.25, 0.75]]
    np.testing.assert_allclose(saliency.values, expected / PERCENT, atol=1e-5)


def test_log_odds_weigh_a_class_against_all_others(make_scan_network, scan):
    """One cell over the whole scan: the odds of the scan over those of the baseline."""
    network = make_scan_network()
    saliency = occlusion.explain(network, scan, 1, baseline="black", cells=1, refined=0)
    logits = network(np.stack([scan, np.zeros_like(scan)]), training=False).numpy()
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    odds = np.log(shares[:, 1] / (1 - shares[:, 1]))
    np.testing.assert_allclose(saliency.values, (odds[0] - odds[1]) / 100, rtol=1e-3)


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 12), st.floats(0, 1), st.integers(0, 2))
def test_a_coarse_cell_holds_what_hiding_it_takes(cells, refined, class_index):
    """Refined or not, whatever the network makes of it, and where cells are of unequal size."""
    from tests.explain.conftest import scan_network

    scan = np.random.default_rng(cells).random((24, 20, 1), dtype=np.float32)
    network = scan_network()
    settings = {"baseline": "mean", "cells": cells}
    plain = occlusion.explain(network, scan, class_index, refined=0, **settings)
    fine = occlusion.explain(network, scan, class_index, refined=refined, **settings)
    side = min(cells, 10)
    assert plain.grid == fine.grid == (2 * side, 2 * side)
    down, across = (np.arange(n) * side // n for n in (24, 20))
    of = (down[:, None] * side + across).ravel()
    sums = [np.bincount(of, saliency.values.ravel()) for saliency in (plain, fine)]
    np.testing.assert_allclose(*sums, atol=1e-3 * np.abs(sums[0]).max())


def test_the_network_reads_no_more_than_stated(linear, make_scan_network, scan, monkeypatch):
    asked = []
    logits = occlusion.ScanMasking.logits

    def count(self, keep, progress=None):
        asked.append(len(keep) - 1)
        return logits(self, keep, progress)

    monkeypatch.setattr(occlusion.ScanMasking, "logits", count)
    occlusion.explain(linear, ONES, 0, baseline="black", cells=2, refined=0.5)
    assert asked == [4, 8]
    asked.clear()
    occlusion.explain(make_scan_network(), scan, 0)
    assert asked == [64, 128]


def test_progress_grows_to_the_end_and_can_stop(linear):
    told: list[float] = []
    occlusion.explain(linear, ONES, 0, cells=2, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert any(0 < share < 1 for share in told)

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        occlusion.explain(linear, ONES, 0, progress=stop)


@pytest.mark.parametrize("settings", [{"cells": 0}, {"refined": 1.1}, {"refined": -0.1}])
def test_nonsense_settings_are_refused(linear, settings):
    with pytest.raises(ValueError, match="cells must be"):
        occlusion.explain(linear, ONES, 0, **settings)


def test_an_unknown_baseline_is_refused(linear):
    with pytest.raises(ValueError, match="baseline"):
        occlusion.explain(linear, ONES, 0, baseline="white")
