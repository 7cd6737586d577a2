"""RISE: by hand, and what it comes to with many masks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.explain import rise
from medmodels.explain.enlarge import enlarge
from medmodels.explain.rise import average, random_masks

SIZE = 8
CELLS = 4
CELL = SIZE // CELLS
WEIGHTS = np.zeros((SIZE, SIZE))
WEIGHTS[1, 2], WEIGHTS[5, 5], WEIGHTS[6, 1] = 0.3, 0.2, -0.2


@pytest.fixture(scope="module")
def linear():
    """The probability of class 0 is 0.4 and a weighed sum of the pixels."""
    import keras
    from keras import layers

    scan = keras.Input((SIZE, SIZE, 1))
    share = layers.Dense(2)
    probabilities = share(layers.Flatten()(scan))
    share.set_weights([np.stack([WEIGHTS.ravel(), -WEIGHTS.ravel()], axis=1), np.array([0.4, 0.6])])
    return keras.Model(scan, keras.ops.log(probabilities))


@pytest.fixture(scope="module")
def blind():
    """A network that says the same of every scan: 0.8 and 0.2."""
    import keras
    from keras import layers

    scan = keras.Input((SIZE, SIZE, 1))
    logits = layers.Dense(2)
    out = logits(layers.Flatten()(scan))
    logits.set_weights([np.zeros((SIZE * SIZE, 2)), np.log([0.8, 0.2])])
    return keras.Model(scan, out)


ONES = np.ones((SIZE, SIZE, 1), np.float32)
# Unlike ones, it is changed by blurring.
SLOPE = np.linspace(0, 1, SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE, 1)


def test_three_masks_by_hand():
    keep = np.array([[[1, 0], [0, 0]], [[1, 1], [0, 0]], [[0, 0.5], [1, 0]]], np.float32)
    probability = np.array([0.9, 0.6, 0.3])
    # Less their mean of 0.6 the probabilities are 0.3, 0 and -0.3; over 3 masks, half kept.
    expected = np.array([[0.3, -0.15], [-0.3, 0]]) / (3 * 0.5)
    np.testing.assert_allclose(average([(keep, probability)], 0.5), expected, atol=1e-12)
    # In two parts it is the same.
    parts = [(keep[:1], probability[:1]), (keep[1:], probability[1:])]
    np.testing.assert_allclose(average(parts, 0.5), expected, atol=1e-12)


def test_it_is_the_papers_map_less_its_base_level():
    """Equation 6 for half the masks kept, less the map that the mean probability would make."""
    random = np.random.default_rng(1)
    keep = random.random((6, 3, 3)).astype(np.float32)
    probability = random.random(6)
    paper, base = (
        np.einsum("n,nij->ij", f, keep) / (6 * 0.5)
        for f in (probability, np.full(6, probability.mean()))
    )
    np.testing.assert_allclose(average([(keep, probability)], 0.5), paper - base, atol=1e-9)


@given(st.floats(0, 1), st.integers(1, 9))
def test_a_constant_answer_makes_a_map_of_zeros(probability, n):
    keep = np.random.default_rng(n).random((n, 2, 3)).astype(np.float32)
    found = average([(keep, np.full(n, probability))], 0.5)
    np.testing.assert_allclose(found, 0, atol=1e-12)


def test_a_network_that_ignores_the_scan_has_nothing_to_show(blind):
    values = rise.explain(blind, ONES, 0, masks=20, cells=CELLS, baseline="black").values
    assert np.abs(values).max() < 1e-6


def test_a_linear_network_comes_to_its_weights_as_the_masks_see_them(linear):
    """The mean while a point stays, less the mean: the masks' covariance with that point.

    A cell that stays or goes by chance has variance p (1 - p); what a point
    has of each cell depends on the shift, over all of which it is averaged.
    """
    kept = 0.4
    cells = np.eye((CELLS + 1) ** 2, dtype=np.float32).reshape(-1, CELLS + 1, CELLS + 1)
    large = enlarge(cells, ((CELLS + 1) * CELL,) * 2).astype(np.float64)
    covariance = np.zeros((SIZE**2, SIZE**2))
    for down in range(CELL):
        for across in range(CELL):
            seen = large[:, down : down + SIZE, across : across + SIZE].reshape(len(cells), -1)
            covariance += kept * (1 - kept) * seen.T @ seen / CELL**2
    expected = (covariance @ WEIGHTS.ravel()).reshape(SIZE, SIZE) / kept
    saliency = rise.explain(linear, ONES, 0, baseline="black", masks=6000, cells=CELLS, kept=kept)
    assert expected.max() > 0.07
    np.testing.assert_allclose(saliency.values, expected, atol=0.008)
    assert saliency.grid == (CELLS, CELLS)
    assert saliency.signed
    assert saliency.unit == "probability"
    assert saliency.baseline == "a black scan"


def test_more_masks_bring_it_closer(linear):
    exact = rise.explain(linear, ONES, 0, baseline="black", masks=6000, cells=CELLS).values
    errors = [
        np.mean([
            np.abs(
                rise.explain(
                    linear, ONES, 0, baseline="black", masks=n, cells=CELLS, seed=seed
                ).values
                - exact
            ).mean()
            for seed in range(1, 4)
        ])
        for n in (40, 640)
    ]  # fmt: skip
    # Sixteen times the masks, a quarter of the error; chance included.
    assert errors[1] < errors[0] / 2


def test_the_classes_maps_add_up_to_nothing(make_scan_network, scan):
    """Probabilities add up to 1, whatever is hidden."""
    network = make_scan_network()
    maps = [rise.explain(network, scan, k, masks=30).values for k in range(3)]
    assert max(np.abs(values).max() for values in maps) > 1e-3
    np.testing.assert_allclose(sum(maps), 0, atol=1e-6)


def test_masks_are_smooth_and_keep_their_share_everywhere():
    masks = random_masks((24, 20), (6, 5), 4000, 0.3, np.random.default_rng(2))
    assert masks.shape == (4000, 24, 20)
    assert masks.dtype == np.float32
    assert masks.min() >= 0
    assert masks.max() <= 1
    np.testing.assert_allclose(masks.mean(axis=0), 0.3, atol=0.03)
    # From one cell of four points to the next a mask changes by at most 1.
    assert np.abs(np.diff(masks, axis=1)).max() <= 0.25 + 1e-6
    assert np.abs(np.diff(masks, axis=2)).max() <= 0.25 + 1e-6


@given(
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_masks_cover_scans_of_any_size(shape, grid):
    grid = min(grid[0], shape[0]), min(grid[1], shape[1])
    assert random_masks(shape, grid, 3, 0.5, np.random.default_rng(0)).shape == (3, *shape)


def test_another_seed_has_other_masks(linear):
    one, other = (rise.explain(linear, SLOPE, 0, masks=20, seed=seed).values for seed in (0, 1))
    assert not np.allclose(one, other)


def test_progress_grows_to_the_end_and_can_stop(linear):
    told: list[float] = []
    rise.explain(linear, ONES, 0, masks=150, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert any(0 < share < 1 for share in told)

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rise.explain(linear, ONES, 0, progress=stop)


@pytest.mark.parametrize("settings", [{"masks": 0}, {"cells": 0}, {"kept": 0}, {"kept": 1}])
def test_nonsense_settings_are_refused(linear, settings):
    with pytest.raises(ValueError, match="masks and cells"):
        rise.explain(linear, ONES, 0, **settings)
