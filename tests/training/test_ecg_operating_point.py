"""Offsets and temperature on predictions whose best choice is known."""

from __future__ import annotations

import numpy as np

from medmodels.training.ecg_operating_point import choose_trust


def made(n: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = rng.choice(4, n, p=[0.8, 0.08, 0.1, 0.02])
    logits = rng.standard_normal((n, 4))
    logits[np.arange(n), labels] += 4
    return logits, labels, rng.choice(["a", "b", "c"], n)


def test_a_shift_of_one_class_is_taken_back() -> None:
    logits, labels, groups = made()
    shifted = logits.copy()
    shifted[:, 1] -= 1.5
    offsets = np.array(choose_trust(shifted, labels, groups)["class_offsets"])
    assert offsets[0] == 0

    def found(x: np.ndarray) -> float:
        return float((x[labels == 1].argmax(axis=1) == 1).mean())

    lost = found(logits) - found(shifted)
    assert lost > 0.03
    assert found(logits) - found(shifted + offsets) < 0.5 * lost


def test_temperature_undoes_sharpening() -> None:
    logits, labels, groups = made()
    usual = choose_trust(logits, labels, groups)["temperature"]
    sharp = choose_trust(logits * 3, labels, groups)["temperature"]
    np.testing.assert_allclose(sharp / usual, 3, rtol=0.02)


def test_beats_that_cannot_be_classified_are_left_out() -> None:
    logits, labels, groups = made()
    more = np.r_[labels, np.full(50, 4)]
    again = choose_trust(np.r_[logits, np.full((50, 4), 9.0)], more, np.r_[groups, groups[:50]])
    assert again == choose_trust(logits, labels, groups)
