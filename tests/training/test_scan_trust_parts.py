"""The pieces that a scan's trust layer is fitted with, on data whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.training.made_scans import JUDGING, TEACHING, made
from medmodels.training.scan_cases import photographs, prepared
from medmodels.training.scan_outliers import compare_scores
from medmodels.training.scan_thresholds import measure_thresholds
from medmodels.training.scan_turns import TURNS, turned
from medmodels.trust.scan_quality import ScanQuality

FAMILIES = TEACHING | JUDGING


def test_no_family_both_teaches_and_judges():
    assert not set(TEACHING) & set(JUDGING)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_drawn_the_same_from_the_same_seed_and_differs_within(name):
    first, again = made(FAMILIES[name], 3, 5), made(FAMILIES[name], 3, 5)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert all(picture.dtype == np.uint8 and min(picture.shape[:2]) >= 200 for picture in first)
    seen = prepared(first, 32)
    assert seen.shape == (3, 32, 32, 1)
    assert not np.allclose(seen[0], seen[1])


def test_photographs_are_pieces_of_real_ones():
    seen = photographs(24, 4, seed=1)
    assert seen.shape == (4, 24, 24, 1)
    assert (seen.std(axis=(1, 2, 3)) > 0.01).all()


def test_turns_by_hand():
    x = np.arange(4, dtype=np.float32).reshape(1, 2, 2, 1) / 4  # 0 1 / 2 3
    expected = {
        "turned_right": [[2, 0], [3, 1]],
        "turned_left": [[1, 3], [0, 2]],
        "upside_down": [[3, 2], [1, 0]],
        "mirrored": [[1, 0], [3, 2]],
        "inverted": [[4, 3], [2, 1]],
    }
    assert set(expected) == set(TURNS)
    for name, rows in expected.items():
        assert (4 * turned(x, name))[0, ..., 0].tolist() == rows


def test_the_best_score_on_validation_is_kept():
    rng = np.random.default_rng(0)
    inside = rng.normal(size=(300, 4))
    outliers = {"far": rng.normal(size=(40, 4)) + 9, "wide": 9 * rng.normal(size=(40, 4))}
    near = {"near": rng.normal(size=(40, 4)) + 4}
    useless = {name: np.zeros((n, 2)) for name, n in
               (("validation", 100), ("far", 40), ("wide", 40), ("near", 40))}  # fmt: skip
    score, compared = compare_scores(
        inside[:200], np.arange(200) % 2, outliers, inside[200:], near, useless
    )
    by_name = {row["method"]: row for row in compared}
    assert by_name["energy"]["auroc"] == 0.5
    best = max(compared, key=lambda row: row["auroc"] + row["near_auroc"])
    assert score.name == best["method"]
    assert best["auroc"] > 0.95


def test_an_answer_is_withheld_from_where_accuracy_falls():
    # An "answer" that needs contrast: right while the picture spans half of the grey scale.
    rng = np.random.default_rng(1)
    labels = np.arange(20) % 2
    slope = np.linspace(0, 1, 16)
    images = np.where(labels[:, None, None] == 1, slope[:, None], slope[None, :])
    images = np.clip(images + 0.01 * rng.random((20, 16, 16)), 0, 1).astype(np.float32)[..., None]

    def answer(seen):
        clear = np.ptp(seen, axis=(1, 2, 3)) > 0.5
        vertical = seen[:, -1].mean(axis=(1, 2)) > seen[:, :, -1].mean(axis=(1, 2))
        return np.where(clear, vertical, 0).astype(np.int64)

    usual = np.tile(
        np.float32(list(vars(ScanQuality(16, 0, 0.1, 0.5, 0.8, 0, 0)).values())), (9, 1)
    )
    table = measure_thresholds(usual, images, labels, answer, np.full(10, 0.4))
    assert table["flat"]["warn"] == pytest.approx(0.8, abs=1e-3)
    # 40% of the contrast is the first strength that leaves less than half of the scale.
    spread = np.ptp(np.percentile(images[0], [5, 95]))
    assert table["flat"]["refuse"] == pytest.approx(0.4 * spread, abs=0.02)
    assert "40% of its contrast" in table["flat"]["why"]
    assert table["resolution"]["warn"] == 15.5
    assert table["colour"] == table["colour"] | {"warn": 0.1, "refuse": 0.4}
