"""Robustness rows: counted by hand, from stored logits alone."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.training.cell_disturbances import DISTURBANCES
from medmodels.training.cell_robustness import judged, robustness_rows, stored_under
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint

POINT = OperatingPoint(Calibration("temperature"), None, None, (0.0, 0.0, 0.0), "", "")


def test_accuracy_wilson_interval_and_macro_f1_by_hand() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
    predicted = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 0])
    found = judged(labels, predicted, 3)
    assert found["right"] == 8
    # F1: 6/8, 6/7, 4/5.
    assert found["macro_f1"] == pytest.approx((6 / 8 + 6 / 7 + 4 / 5) / 3, abs=1e-6)
    # Wilson 1927: (p + z2/2n -+ z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n), z = 1.959964.
    z2, n, p = 1.959964**2, 10, 0.8
    centre, reach = p + z2 / (2 * n), np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n)))
    assert found["accuracy"]["low"] == pytest.approx((centre - reach) / (1 + z2 / n), abs=1e-5)
    assert found["accuracy"]["high"] == pytest.approx((centre + reach) / (1 + z2 / n), abs=1e-5)


def test_a_class_that_does_not_occur_does_not_count() -> None:
    found = judged(np.array([0, 0, 1]), np.array([0, 0, 1]), 3)
    assert found["macro_f1"] == 1.0


def test_rows_begin_undisturbed_and_name_every_disturbance() -> None:
    labels = np.array([0, 1, 2, 2], np.int8)
    right = np.eye(3, dtype=np.float32)[labels] * 5
    wrong = right[::-1].astype(np.float16)
    predictions = {"test/labels": labels, "test/logits": right}
    predictions |= {stored_under(one.name): right.astype(np.float16) for one in DISTURBANCES}
    predictions[stored_under(DISTURBANCES[-1].name)] = wrong
    rows = robustness_rows(predictions, POINT)
    assert [row["name"] for row in rows] == ["as it is", *(one.name for one in DISTURBANCES)]
    assert [row["right"] for row in rows] == [4] * 9 + [0]
    assert rows[-1]["strength"] == DISTURBANCES[-1].strength
    assert all(row["n"] == 4 for row in rows)
