"""What is said of the trust layer: by hand, from stored predictions, and against its bars."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.evaluation.calibration_results import calibration_results
from medmodels.evaluation.metrics import Rows
from medmodels.evaluation.set_results import set_results
from medmodels.evaluation.stored import evaluate_bundle
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.prediction_sets import PredictionSets

ABROAD = ("other modality", "not medical")


@pytest.fixture(scope="module", params=list_tasks())
def bundle(request):
    return load_bundle(request.param)


def test_every_number_is_recomputed_from_the_stored_predictions(bundle):
    again = json.loads(json.dumps(evaluate_bundle(bundle), allow_nan=False))
    for part in ("trust", "report", "splits", "steps"):
        assert again[part] == bundle.evaluation[part], part


def test_the_calibration_error_on_test_is_at_most_three_hundredths(bundle):
    test = bundle.evaluation["trust"]["calibration"]["splits"]["test"]
    assert test["after"]["ece"]["value"] <= 0.03
    assert test["after"]["adaptive_ece"]["value"] <= 0.03


def test_sets_cover_as_promised_where_the_promise_holds(bundle):
    table = bundle.evaluation["trust"]["prediction_sets"]
    for level, found in table["exchangeable"].items():
        assert abs(found["coverage"] - float(level)) <= 0.02
    # The independent test data of both tasks, at the level that the screen speaks of.
    at_95 = table["splits"]["test"]["0.95"]
    assert abs(at_95["coverage"]["value"] - 0.95) <= 0.02


def test_what_is_of_another_kind_is_refused(bundle):
    kinds = [
        kind
        for kind in bundle.evaluation["trust"]["out_of_distribution"]["kinds"]
        if kind["group"] in ABROAD
    ]
    assert len(kinds) >= 10
    counts = np.array([kind["n"] for kind in kinds])
    areas = np.array([kind["auroc"]["value"] for kind in kinds])
    refused = np.array([kind["refused_at_5"] for kind in kinds])
    assert (counts * areas).sum() / counts.sum() >= 0.99
    assert (counts * refused).sum() / counts.sum() >= 0.95


def test_few_test_inputs_are_refused_as_unlike(bundle):
    splits = bundle.evaluation["trust"]["out_of_distribution"]["splits"]
    assert splits["test"]["flagged"]["value"] <= 0.05


def test_answers_that_are_given_are_wrong_less_often_than_all(bundle):
    error = bundle.evaluation["trust"]["decision"]["splits"]["test"]["error"]
    assert error["answered"]["value"] < error["all"]["value"]


POINT = OperatingPoint(Calibration("temperature"), 1, 0.5, (0.0, 0.0), "r", "v")


def _rows(p, labels, groups=None) -> Rows:
    q = np.asarray(p, dtype=float)
    labels = np.asarray(labels)
    names = np.arange(len(q)).astype(str) if groups is None else np.asarray(groups)
    return Rows(labels, (q >= 0.5).astype(int), names, np.stack([1 - q, q], axis=1))


def test_coverage_and_sizes_by_hand():
    # At both levels the threshold is 0.4: a label is kept from a probability of 0.6 on.
    made = PredictionSets("lac", False, {0.9: (0.4, 0.4), 0.95: (0.4, 0.4)})
    rows = _rows([0.9, 0.7, 0.5, 0.1], [1, 0, 1, 0])
    found = set_results({"prediction_sets": made.to_trust()}, {"test": rows}, ("a", "b"))
    at = found["splits"]["test"]["0.90"]
    assert at["coverage"]["value"] == 0.5  # the first and the last
    assert at["sizes"] == [1, 3, 0]
    assert at["by_class"]["a"]["value"] == 0.5
    assert at["mean_size"]["value"] == 0.75


def test_calibration_before_and_after_by_hand():
    # Logits of 2 at temperature 2: probability 0.731 against 0.881; three of four are right.
    logits = np.tile([0.0, 2.0], (4, 1))
    labels = np.array([1, 1, 1, 0])
    point = OperatingPoint(Calibration("temperature", 2.0), 1, 0.5, (0.0, 0.0), "r", "v")
    rows = Rows(labels, np.ones(4, int), np.arange(4).astype(str), point.probabilities(logits))
    predictions = {"test/logits": logits, "test/labels": labels}
    found = calibration_results(predictions, {}, {"test": rows}, point)
    split = found["splits"]["test"]
    assert split["before"]["ece"]["value"] == pytest.approx(0.880797 - 0.75, abs=1e-5)
    assert split["after"]["ece"]["value"] == pytest.approx(0.75 - 0.731059, abs=1e-5)
    assert split["after"]["log_loss"]["value"] == pytest.approx(
        -(3 * np.log(0.731059) + np.log(1 - 0.731059)) / 4, abs=1e-5
    )
    # The mean probability of the second class less its share.
    leaning = found["shift"]["test"]["probability_less_share"][1]["value"]
    assert leaning == pytest.approx(0.731059 - 0.75, abs=1e-5)
