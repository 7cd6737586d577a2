"""Disturbances by hand, and thresholds of a reader whose weakness is known."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.training.dna_augment import CORE
from medmodels.training.dna_thresholds import (
    mask,
    mask_middle,
    measure_thresholds,
    put_run,
    repeat_flanks,
)
from medmodels.trust.base_quality import CHECKS, longest_runs
from tests.bundles_fixture import made_bases

WINDOWS = made_bases(40)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def unknown(windows: np.ndarray) -> np.ndarray:
    return (windows == 0.25).all(axis=2)


def test_as_many_bases_are_masked_as_asked_for():
    assert (unknown(mask(WINDOWS, 0.1, rng())).sum(axis=1) == 6).all()
    masked = unknown(mask_middle(WINDOWS, 0.3, rng()))
    assert (masked.sum(axis=1) == 3).all()
    assert not masked[:, :25].any()
    assert not masked[:, 35:].any()
    # Not the same places in every window.
    assert len({row.tobytes() for row in masked}) > 10


@pytest.mark.parametrize("change", [repeat_flanks, put_run])
def test_what_is_done_beside_the_junction_leaves_it_alone(change):
    changed = change(WINDOWS, 1.0 if change is repeat_flanks else 14, rng())
    core = slice(CORE[0], CORE[1])
    np.testing.assert_array_equal(changed[:, core], WINDOWS[:, core])
    assert (changed != WINDOWS).any(axis=(1, 2)).all()
    np.testing.assert_array_equal(changed.sum(axis=2), 1)


def test_flanks_repeat_and_runs_are_as_long_as_asked_for():
    flank = repeat_flanks(WINDOWS, 1.0, rng())[:, : CORE[0]]
    for window in flank:
        assert any((window[k:] == window[:-k]).all() for k in (2, 3, 4))
    runs = put_run(WINDOWS, 14, rng())
    known = np.ones(runs.shape[:2], dtype=bool)
    assert longest_runs(runs.argmax(axis=2), known).min() >= 14


def test_an_answer_is_withheld_from_where_unknown_bases_cost_it():
    """A reader that needs half of the bases known, and is right about their class then."""
    labels = np.arange(40) % 2

    def answer(windows: np.ndarray) -> np.ndarray:
        known = 1 - unknown(windows).mean(axis=1)
        return np.where(known >= 0.55, labels, 0)

    table = measure_thresholds(WINDOWS, labels, answer)
    assert set(table) == set(CHECKS)
    # At 50% masked all of one class is lost: that is the first strength that costs anything.
    assert table["unknown"]["warn"] == table["unknown"]["refuse"] == 0.5
    assert "with 50% of their bases unknown they lose 50.0%" in table["unknown"]["why"]
    # Masking the middle costs nothing: the last strength is what is told, and nothing refused.
    assert table["middle"] == table["middle"] | {"warn": 1.0, "refuse": None}
    # No training window is more repetitive than this.
    assert 0.4 < table["repeats"]["warn"] < 0.8
    assert table["repeats"]["refuse"] is None
    assert 2 <= table["run"]["warn"] <= 8


def test_a_run_is_refused_where_it_costs_a_tenth():
    labels = np.arange(40) % 2

    def answer(windows: np.ndarray) -> np.ndarray:
        runs = longest_runs(windows.argmax(axis=2), np.ones(windows.shape[:2], dtype=bool))
        return np.where(runs >= 12, 0, labels)

    table = measure_thresholds(WINDOWS, labels, answer)
    assert table["run"]["warn"] < table["run"]["refuse"] == 12
    assert "99.5% of 40 training windows lie within" in table["run"]["why"]
    assert "with a run of 12 beside the junction they lose 50.0%" in table["run"]["why"]


def test_a_training_window_without_known_bases_spoils_no_threshold():
    windows = WINDOWS.copy()
    windows[0] = 0.25
    windows[1, 50, :] = [0.5, 0.5, 0, 0]
    table = measure_thresholds(windows, np.arange(40) % 2, lambda some: np.arange(len(some)) % 2)
    limits = [entry[side] for entry in table.values() for side in ("warn", "refuse")]
    assert all(limit is None or np.isfinite(limit) for limit in limits)


def test_a_letter_that_is_half_known_here_and_there_makes_no_limit():
    windows = WINDOWS.copy()
    windows[1, 50, :] = [0.5, 0.5, 0, 0]
    table = measure_thresholds(windows, np.arange(40) % 2, lambda some: np.arange(len(some)) % 2)
    assert table["unknown"]["warn"] >= 1 / 60
    assert "hardly any of 40 training windows has an unknown base" in table["unknown"]["why"]
