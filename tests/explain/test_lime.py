"""LIME: its regression by hand, and what it finds of networks whose parts are known."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain import lime
from medmodels.explain.lime import design

SIZE, CELLS = 16, 4
GRID = (CELLS, CELLS)
# Smooth, as LIME takes what it looks for to be: cells beside each other carry much the same.
ROW, COLUMN = np.mgrid[:SIZE, :SIZE] / (SIZE - 1)
WEIGHTS = np.cos(np.pi * ROW) + 0.5 * COLUMN
ONES = np.ones((SIZE, SIZE, 1), np.float32)


def network(weights, bias=0.0):
    """The log-odds of class 0 against class 1 are a weighed sum of the pixels."""
    import keras
    from keras import layers

    scan = keras.Input((SIZE, SIZE, 1))
    logits = layers.Dense(2)
    out = logits(layers.Flatten()(scan))
    flat = np.asarray(weights, np.float32).ravel()
    logits.set_weights([np.stack([flat, 0 * flat], axis=1), np.array([bias, 0.0])])
    return keras.Model(scan, out)


@pytest.fixture(scope="module")
def linear():
    return network(WEIGHTS)


def test_any_share_of_the_cells_stays_and_each_share_once():
    keep, weights = design(GRID, 16, 0)
    assert sorted(keep.sum(axis=1)) == [16 - k for k in np.rint((np.arange(16) + 0.5))[::-1]]
    assert keep.shape == (16, 16)
    assert weights.shape == (16, 16)


def test_the_regression_is_the_one_that_its_normal_equations_ask_for():
    keep, weights = design(GRID, 40, 1)
    answers = np.random.default_rng(0).normal(size=40)
    found = weights @ answers
    # Of X w, w = S v: (Xs' Xs + r) v = Xs' y with Xs = (X - mean) S. Any v near it is worse.
    near = np.eye(16).reshape(-1, *GRID)
    from scipy.ndimage import gaussian_filter

    shared = gaussian_filter(near, (0, 1, 1)).reshape(16, 16)
    columns = (keep - keep.mean(axis=0)) @ shared

    def loss(v):
        return np.square(answers - answers.mean() - columns @ v).sum() + 3.0 * np.square(v).sum()

    best = np.linalg.solve(shared, found)
    for number in range(16):
        for step in (-1e-3, 1e-3):
            assert loss(best) <= loss(best + step * np.eye(16)[number])


def test_a_constant_answer_gives_no_cell_anything():
    _, weights = design(GRID, 40, 1)
    np.testing.assert_allclose(weights.sum(axis=1), 0, atol=1e-9)
    found = lime.explain(network(np.zeros((SIZE, SIZE)), 2.0), ONES, 0, masks=40, cells=CELLS)
    np.testing.assert_allclose(found.values, 0, atol=1e-6)


def test_with_many_masks_the_cells_of_a_linear_network_get_what_they_weigh(linear):
    weighed = WEIGHTS.reshape(CELLS, SIZE // CELLS, CELLS, SIZE // CELLS).sum(axis=(1, 3))
    found = lime.explain(linear, ONES, 0, baselines=("black",), masks=3000, cells=CELLS)
    cells = found.values[:: SIZE // CELLS, :: SIZE // CELLS]
    np.testing.assert_allclose(cells, weighed, atol=0.12 * np.abs(weighed).max())
    other = lime.explain(linear, ONES, 1, baselines=("black",), masks=3000, cells=CELLS)
    np.testing.assert_allclose(other.values, -found.values, atol=1e-4)


def test_several_baselines_are_the_mean_of_each(linear):
    slope = np.linspace(0, 1, SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE, 1)
    maps = [
        lime.explain(linear, slope, 0, baselines=names, masks=30, cells=CELLS)
        for names in (("black",), ("mean",), ("black", "mean"))
    ]
    np.testing.assert_allclose(
        maps[2].values, (maps[0].values + maps[1].values) / 2, rtol=1e-3, atol=1e-4
    )
    assert maps[2].baseline == "a black scan and the scan's mean brightness"


def test_the_same_seed_hides_the_same_and_progress_is_told(linear):
    told: list[float] = []
    first = lime.explain(linear, ONES * 0.5, 0, masks=20, cells=CELLS, progress=told.append)
    again = lime.explain(linear, ONES * 0.5, 0, masks=20, cells=CELLS)
    other = lime.explain(linear, ONES * 0.5, 0, masks=20, cells=CELLS, seed=1)
    np.testing.assert_array_equal(first.values, again.values)
    assert np.abs(first.values - other.values).max() > 0
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("bad", [{"masks": 1}, {"cells": 0}, {"baselines": ()}])
def test_what_cannot_be_asked(linear, bad):
    with pytest.raises(ValueError, match="at least"):
        lime.explain(linear, ONES, 0, **bad)
