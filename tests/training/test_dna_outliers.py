"""The score that is kept is one that tells made letters from windows it was not fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.training.dna_data import Windows
from medmodels.training.dna_letters import TEACHING, drawn
from medmodels.training.dna_outliers import READS, choose_outliers
from medmodels.trust.base_trust import outlier_rows


def some_dna(count: int, seed: int) -> np.ndarray:
    """Letters with a usage of their own: C is never followed by G."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 4, (count, 60))
    for window in numbers:
        for place in range(1, 60):
            if window[place - 1] == 1 and window[place] == 2:
                window[place] = 0
    return np.eye(4, dtype=np.float32)[numbers]


def run(windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A network that knows nothing: two even logits, and features that are noise."""
    noise = np.random.default_rng(0).normal(size=(len(windows), 3))
    return np.zeros((len(windows), 2), np.float32), noise.astype(np.float32)


@pytest.fixture(scope="module")
def found():
    groups = np.array([f"e{i // 3}" for i in range(240)])
    windows = Windows(some_dna(240, 0), np.arange(240) % 2, groups, groups)
    return choose_outliers(windows, run, 30)


def test_the_simplest_of_the_good_ones_is_kept(found):
    assert found.reads == "letters"
    assert found.score.name in {row["method"] for row in found.candidates}
    assert {row["features"] for row in found.candidates} <= set(READS)
    energy = next(row for row in found.candidates if row["method"] == "energy")
    assert energy["auroc"] == 0.5


def test_it_tells_made_letters_from_windows_it_has_not_seen(found):
    own = found.score.score(outlier_rows(found.reads, some_dna(60, 9), np.zeros((60, 1))))
    for number, draw in enumerate(TEACHING.values()):
        made = drawn(draw, 20, 100 + number)
        other = found.score.score(outlier_rows(found.reads, made, np.zeros((20, 1))))
        assert np.median(other) > np.quantile(own, 0.9)


def test_held_out_scores_are_of_every_window_and_higher_than_fitted_ones(found):
    assert found.held_out.shape == (240,)
    fitted = found.score.score(outlier_rows(found.reads, some_dna(240, 0), np.zeros((240, 1))))
    assert found.held_out.mean() > fitted.mean()
