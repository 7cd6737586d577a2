import numpy as np
import pytest

from medmodels.trust.beat_sizes import BeatSizes, sizes


def test_the_size_of_a_constant_is_its_height_and_it_has_no_slope():
    found = sizes(np.full((1, 26, 2), 0.5))
    assert found.shape == (1, 48)
    assert found[0, :16] == pytest.approx(np.log(0.52))
    assert found[0, 16:] == pytest.approx(np.log(0.02))


def test_a_ramp_has_one_slope_and_no_bend():
    ramp = np.repeat(np.arange(26.0)[None, :, None] * 0.01, 2, axis=2)
    found = sizes(ramp)[0]
    assert found[16:32] == pytest.approx(np.log(0.04 + 0.02))
    assert found[32:] == pytest.approx(np.log(0.02), abs=1e-6)


def test_a_zone_knows_its_place_and_its_lead():
    beat = np.zeros((1, 26, 2))
    beat[0, 3:6, 1] = 1.0  # the second zone of three samples, second lead
    waves = sizes(beat)[0, :16].reshape(8, 2)
    assert waves[1, 1] == pytest.approx(np.log(1.02))
    others = np.delete(waves.ravel(), 3)
    assert others == pytest.approx(np.log(0.02))


def _rows(n, factor, rng):
    """Pooled windows of a fixed beat, 10% tall or small by chance."""
    beat = np.exp(-((np.arange(26) - 10) ** 2) / 4)[:, None] * [1.0, 0.5]
    mean = factor * beat.ravel() * rng.normal(1, 0.1, (n, 1)) + rng.normal(0, 0.02, (n, 52))
    return np.concatenate([mean, np.abs(rng.normal(0.05, 0.01, (n, 52)))], axis=1)


def test_too_small_and_too_tall_are_both_unlike():
    rng = np.random.default_rng(0)
    outliers = np.concatenate([_rows(100, 0.1, rng), _rows(100, 8.0, rng)])
    score = BeatSizes.fit(_rows(200, 1.0, rng), outliers)
    own = score.score(_rows(200, 1.0, rng))
    for factor in (0.1, 8.0):
        assert score.score(_rows(50, factor, rng)).min() > own.max()


def test_what_is_stored_scores_the_same():
    rng = np.random.default_rng(1)
    score = BeatSizes.fit(_rows(80, 1.0, rng), _rows(80, 3.0, rng))
    arrays = score.arrays()
    assert {name: values.shape for name, values in arrays.items()} == {
        "centre": (96,), "scale": (96,), "weights": (192,), "bias": (),
    }  # fmt: skip
    again = BeatSizes(**arrays | {"bias": float(arrays["bias"])})
    rows = _rows(20, 1.0, rng)
    np.testing.assert_allclose(again.score(rows), score.score(rows), atol=1e-5)
