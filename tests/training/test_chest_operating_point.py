"""Temperature and threshold, on numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.training.chest_operating_point import (
    TARGET_SENSITIVITY,
    choose_trust,
    fit_temperature,
    threshold_for_sensitivity,
)
from medmodels.trust.operating_point import OperatingPoint


def test_threshold_keeps_the_share_asked_for() -> None:
    probabilities = np.arange(1, 21) / 20.0
    # 95% of 20 is 19: all but the lowest, 0.05.
    assert threshold_for_sensitivity(probabilities, 0.95) == pytest.approx(0.10)
    assert threshold_for_sensitivity(probabilities, 1.0) == pytest.approx(0.05)
    assert threshold_for_sensitivity(probabilities, 0.05) == pytest.approx(1.0)


def test_temperature_recovers_the_scale_of_overconfident_logits() -> None:
    draw = np.random.default_rng(0)
    margin = draw.normal(0.0, 2.0, 20_000)
    labels = (draw.random(20_000) < 1 / (1 + np.exp(-margin))).astype(np.int64)
    logits = 3.0 * np.stack([np.zeros_like(margin), margin], axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(3.0, rel=0.05)


def test_trust_is_readable_and_meets_its_own_rule() -> None:
    draw = np.random.default_rng(1)
    labels = np.repeat([0, 1], [100, 300])
    views = {
        name: np.stack([np.zeros(400), draw.normal(np.where(labels == 1, mean, -2.0), 1.5)], axis=1)
        for name, mean in (("clean", 3.0), ("dark", 1.0))
    }
    trust = choose_trust(views, labels)
    point = OperatingPoint.from_trust(trust, ("normal", "pneumonia"))
    found = np.concatenate([point.labels(logits)[labels == 1] for logits in views.values()])
    assert TARGET_SENSITIVITY <= found.mean() <= TARGET_SENSITIVITY + 0.01
    assert "400 validation images" in point.chosen_on
    assert "1 fixed" in point.chosen_on
