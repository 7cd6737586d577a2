"""LIME: its regression by hand, and what it finds of networks whose parts are known."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain import lime
from medmodels.explain.lime import design, masks_for
from medmodels.explain.place import Place

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


def test_any_share_of_the_cells_stays_and_every_second_mask_is_a_mirror_image():
    keep, turn, weights = design(CELLS, 32, 2, 0)
    assert sorted(keep[::2].sum(axis=1)) == sorted(16 - np.rint(np.arange(16) + 0.5))
    np.testing.assert_array_equal(keep[1::2], ~keep[::2])
    assert turn.tolist() == [0, 0, 1, 1] * 8
    assert weights.shape == (16, 32)


def test_the_regression_is_the_one_that_its_normal_equations_ask_for():
    from scipy.ndimage import gaussian_filter

    keep, turn, weights = design(CELLS, 64, 2, 1)
    answers = np.random.default_rng(0).normal(size=64)
    found = weights @ answers
    shared = gaussian_filter(np.eye(16).reshape(-1, *GRID), (0, 0.8, 0.8)).reshape(16, 16)
    share = keep.mean(axis=1)
    cubic = np.concatenate(
        [(turn == k)[:, None] * share[:, None] ** np.arange(4) for k in (0, 1)], axis=1
    )
    columns = (keep - share[:, None]) @ shared

    def loss(v):
        rest = answers - columns @ v
        return np.linalg.lstsq(cubic, rest)[1].sum() + 10.0 * np.square(v).sum()

    best = np.linalg.solve(shared, found)
    for number in range(16):
        for step in (-1e-3, 1e-3):
            assert loss(best) <= loss(best + step * np.eye(16)[number])


def test_an_answer_that_only_the_share_explains_gives_no_cell_anything():
    keep, _, weights = design(CELLS, 40, 1, 1)
    np.testing.assert_allclose(weights @ (3 - 2 * keep.mean(axis=1) ** 3), 0, atol=1e-8)
    found = lime.explain(network(np.zeros((SIZE, SIZE)), 2.0), ONES, 0, masks=40, cells=CELLS)
    np.testing.assert_allclose(found.values, 0, atol=1e-6)


def test_with_many_masks_the_cells_of_a_linear_network_get_what_they_weigh(linear):
    # How an answer falls with the share alone is no cell's: what the mean cell weighs is.
    weighed = WEIGHTS.reshape(CELLS, SIZE // CELLS, CELLS, SIZE // CELLS).sum(axis=(1, 3))
    weighed = weighed - weighed.mean()
    found = lime.explain(linear, ONES, 0, baselines=("black",), masks=3000, cells=CELLS)
    cells = found.values[:: SIZE // CELLS, :: SIZE // CELLS]
    np.testing.assert_allclose(cells, weighed, atol=0.12 * np.abs(weighed).max())
    other = lime.explain(linear, ONES, 1, baselines=("black",), masks=3000, cells=CELLS)
    np.testing.assert_allclose(other.values, -found.values, atol=1e-4)


def test_the_baselines_are_taken_in_turn(linear):
    slope = np.linspace(0, 1, SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE, 1)
    both = lime.explain(linear, slope, 0, baselines=("black", "mean"), masks=48, cells=CELLS)
    one = lime.explain(linear, slope, 0, baselines=("black",), masks=48, cells=CELLS)
    twice = lime.explain(linear, slope, 0, baselines=("black", "black"), masks=480, cells=CELLS)
    assert both.baseline == "a black scan and the scan's mean brightness"
    assert np.abs(both.values - one.values).max() > 0.01
    many = lime.explain(linear, slope, 0, baselines=("black",), masks=480, cells=CELLS)
    np.testing.assert_allclose(twice.values, many.values, atol=0.1 * np.abs(many.values).max())


def test_within_a_place_only_the_place_is_hidden_and_gets_values(linear):
    place = Place(4, 8, 8, 8)
    found = lime.explain(linear, ONES, 0, place=place, baselines=("black",), masks=64, cells=CELLS)
    outside = np.ones((SIZE, SIZE), dtype=bool)
    outside[4:12, 8:16] = False
    assert (found.values[outside] == 0).all()
    assert (found.values[~outside] != 0).any()
    assert found.place == place
    assert found.grid == GRID
    # What lies around the place makes hardly a difference: only the soft seams reach over it.
    far = ONES.copy()
    far[outside] = 0.3
    again = lime.explain(linear, far, 0, place=place, baselines=("black",), masks=64, cells=CELLS)
    np.testing.assert_allclose(again.values, found.values, atol=0.08 * np.abs(found.values).max())


def test_the_same_seed_hides_the_same_and_progress_is_told(linear):
    told: list[float] = []
    first = lime.explain(linear, ONES * 0.5, 0, masks=24, cells=CELLS, progress=told.append)
    again = lime.explain(linear, ONES * 0.5, 0, masks=24, cells=CELLS)
    other = lime.explain(linear, ONES * 0.5, 0, masks=24, cells=CELLS, seed=1)
    np.testing.assert_array_equal(first.values, again.values)
    assert np.abs(first.values - other.values).max() > 0
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("bad", [{"masks": 22}, {"masks": 25}, {"cells": 0}, {"baselines": ()}])
def test_what_cannot_be_asked(linear, bad):
    with pytest.raises(ValueError, match="at least"):
        lime.explain(linear, ONES, 0, **bad)


def test_of_a_small_scan_more_is_asked_and_never_less_than_a_map_needs():
    assert masks_for((128, 128)) == masks_for((16, 16)) == 2400
    assert masks_for((1024, 1024)) == 600
    assert masks_for((192, 192)) == 1066
    # Between, the pixels that are read stay the same.
    assert masks_for((150, 150)) == 2400 * 128 * 128 // 150**2 - 1
