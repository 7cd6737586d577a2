"""HiResCAM of the log-odds: by hand, and as an exact sum."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain import hires_cam


@pytest.fixture(scope="module")
def by_hand():
    """Two cells, one channel, ReLU off: logits are 3 and -1 times the mean."""
    import keras
    from keras import layers

    scan = keras.Input((2, 1, 1))
    x = layers.Conv2D(1, 1, use_bias=False, name="only")(scan)
    logits = layers.Dense(2, name="logits")(layers.GlobalAveragePooling2D()(x))
    network = keras.Model(scan, logits)
    network.set_weights([np.ones((1, 1, 1, 1)), np.array([[3.0, -1.0]]), np.array([0.5, 0.0])])
    return network


def test_each_cells_share_by_hand(by_hand):
    scan = np.array([[[2.0]], [[-4.0]]], dtype=np.float32)
    # The log-odds of class 0 are (3 + 1) times the mean, and 0.5: cells give 4 x / 2.
    found = hires_cam.explain(by_hand, scan, 0)
    np.testing.assert_allclose(found.values, [[4.0], [-8.0]], rtol=1e-6)
    np.testing.assert_allclose(hires_cam.explain(by_hand, scan, 1).values, [[-4.0], [8.0]])
    assert found.signed
    assert found.unit == "log-odds per cell"


def test_cells_sum_to_the_log_odds_of_an_averaging_head(make_scan_network, scan):
    from medmodels.explain.grad_cam import AnswerWithGradCam

    network = make_scan_network()
    answer = AnswerWithGradCam(network, "explained")(scan[None])
    logits = answer.logits[0].astype(np.float64)
    _, bias = network.get_layer("logits").get_weights()
    for k in range(3):
        others = np.exp(np.delete(logits, k) - np.delete(logits, k).max())
        shares = np.insert(others / others.sum(), k, 0)
        expected = logits[k] - bias[k] - (shares * (logits - bias)).sum()
        assert answer.evidence[0, k].sum() == pytest.approx(expected, rel=1e-3)


def test_two_classes_are_each_others_opposite(by_hand):
    scan = np.array([[[1.0]], [[3.0]]], dtype=np.float32)
    np.testing.assert_allclose(
        hires_cam.explain(by_hand, scan, 0).values, -hires_cam.explain(by_hand, scan, 1).values
    )
