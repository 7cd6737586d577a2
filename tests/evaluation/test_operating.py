"""Any threshold on stored predictions: by hand, against the evaluation, and fast."""

from __future__ import annotations

import time

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.evaluation.bootstrap import group_weights
from medmodels.evaluation.operating import JudgedScores, choosing_scores, judged_split
from medmodels.evaluation.stored import load_predictions
from medmodels.trust.operating_point import OperatingPoint

SCORES = np.array([0.9, 0.8, 0.8, 0.4, 0.3, 0.1])
TRUTH = np.array([True, True, False, True, False, False])
GROUPS = np.array(["a", "a", "b", "b", "c", "c"])


@pytest.fixture(scope="module", params=["chest-xray", "ecg-beats"])
def shipped(request):
    bundle = load_bundle(request.param)
    return bundle, load_predictions(bundle)


def test_counts_by_hand():
    judged = JudgedScores(SCORES, TRUTH, GROUPS)
    point = judged.at(0.8)
    assert (point.found, point.ill, point.alarmed, point.well) == (2, 3, 1, 3)
    assert point.sensitivity.value == pytest.approx(2 / 3)
    assert point.specificity.value == pytest.approx(2 / 3)
    assert judged.share == 0.5
    just_above = judged.at(0.8 + 1e-9)
    assert (just_above.found, just_above.alarmed) == (1, 0)


def test_predictive_values_by_hand():
    point = JudgedScores(SCORES, TRUTH, GROUPS).at(0.8)
    ppv, npv = point.predictive_values(0.25)
    # 2/3 of 1/4 found, 1/3 of 3/4 alarmed: 2 to 3.
    # 2/3 of 3/4 left alone, 1/3 of 1/4 missed: 6 to 1.
    assert ppv.value == pytest.approx(2 / 5)
    assert npv.value == pytest.approx(6 / 7)


def test_whole_groups_are_resampled_and_both_rates_together():
    point = JudgedScores(SCORES, TRUTH, GROUPS, resamples=50).at(0.8)
    found, ill = np.array([2, 0, 0]), np.array([2, 1, 0])
    alarmed, well = np.array([0, 1, 0]), np.array([0, 1, 2])
    for row, weights in enumerate(group_weights(3, resamples=50)):
        if weights @ ill:
            assert point.sensitivities[row] == pytest.approx(weights @ found / (weights @ ill))
        if weights @ well:
            expected = 1 - weights @ alarmed / (weights @ well)
            assert point.specificities[row] == pytest.approx(expected)


def test_a_rule_given_by_its_alarms_is_judged_as_the_threshold_that_makes_them():
    judged = JudgedScores(SCORES, TRUTH, GROUPS)
    by_threshold, by_alarms = judged.at(0.35), judged.of(SCORES >= 0.35)
    assert by_alarms.threshold is None
    assert by_alarms.found == by_threshold.found
    np.testing.assert_array_equal(by_alarms.sensitivities, by_threshold.sensitivities)
    np.testing.assert_array_equal(by_alarms.specificities, by_threshold.specificities)


def test_no_error_in_the_data_does_not_mean_certainty():
    truth = np.arange(80) % 2 == 0
    judged = JudgedScores(truth * 0.8 + 0.1, truth, np.arange(80))
    point = judged.at(0.5)
    assert point.sensitivity.value == point.specificity.value == 1
    # Jeffreys for 40 of 40: about 1 - 2.5 / 40 to 1.
    for interval in (point.sensitivity, point.specificity):
        assert interval.high == 1
        assert 0.92 < interval.low < 0.96
    ppv, _ = point.predictive_values(0.01)
    assert ppv.value == ppv.high == 1
    assert ppv.low < 0.3


def test_fewer_groups_leave_more_doubt():
    truth = np.arange(80) % 2 == 0
    scores = truth * 0.8 + 0.1
    few = JudgedScores(scores, truth, np.arange(80) // 20).at(0.5)
    many = JudgedScores(scores, truth, np.arange(80)).at(0.5)
    assert few.sensitivity.low < many.sensitivity.low - 0.2


def test_a_threshold_above_all_alarms_nobody():
    point = JudgedScores(SCORES, TRUTH, GROUPS).at(0.95)
    assert (point.found, point.alarmed) == (0, 0)
    assert point.sensitivity.low == 0 < point.sensitivity.high
    assert np.isnan(point.predictive_values(0.5)[0].value)


def test_the_curve_by_hand():
    false_alarms, found = JudgedScores(SCORES, TRUTH, GROUPS).roc()
    # 0.9 finds one; the tie at 0.8 one and a false alarm; 0.4 the third; then false alarms.
    np.testing.assert_allclose(false_alarms, [0, 0, 1 / 3, 1 / 3, 1])
    np.testing.assert_allclose(found, [0, 1 / 3, 2 / 3, 1, 1])


def test_the_curve_drawn_has_the_area_that_was_published(shipped):
    bundle, predictions = shipped
    for split in ("test", "external"):
        for label, entry in enumerate(bundle.card.classes):
            judged, _ = judged_split(predictions, split, label, bundle.operating_point)
            false_alarms, found = judged.roc()
            assert len(found) <= 801
            area = np.trapezoid(found, false_alarms)
            published = bundle.evaluation["splits"][split]["classes"][entry.name]["auc"]["value"]
            assert area == pytest.approx(published, abs=5e-4)


def test_the_bundles_own_rule_is_worth_what_the_evaluation_says(shipped):
    bundle, predictions = shipped
    for split in ("test", "external"):
        result = bundle.evaluation["splits"][split]
        for label, entry in enumerate(bundle.card.classes):
            judged, own = judged_split(predictions, split, label, bundle.operating_point)
            published = result["classes"][entry.name]
            assert own.ill == published["n"]
            assert own.ill + own.well == len(judged) == result["n"]
            assert own.sensitivity.value == pytest.approx(published["sensitivity"]["value"])
            if 0 < own.found < own.ill:
                assert own.sensitivity.low == pytest.approx(
                    published["sensitivity"]["low"], abs=1e-6
                )
            ppv, _ = own.predictive_values(judged.share)
            if published["ppv"]["value"] is not None:
                assert ppv.value == pytest.approx(published["ppv"]["value"], abs=1e-6)


def test_a_two_class_threshold_is_the_bundles_own_rule():
    bundle = load_bundle("chest-xray")
    point = bundle.operating_point
    judged, own = judged_split(load_predictions(bundle), "test", point.positive, point)
    at_threshold = judged.at(point.threshold)
    assert (own.found, own.alarmed) == (at_threshold.found, at_threshold.alarmed)


def test_rows_of_no_class_are_left_out_and_shifted_rows_are_chosen_on():
    rule = {"class": "ill", "threshold": 0.5, "rule": "r", "chosen_on": "validation"}
    trust = {"temperature": 1.0, "operating_point": rule}
    point = OperatingPoint.from_trust(trust, ("well", "ill"))
    predictions = {
        "validation/logits": np.array([[0.0, 1.0], [0.0, 2.0], [1.0, 0.0]]),
        "validation/labels": np.array([1, 2, 0]),
        "validation/groups": np.array(["a", "b", "c"]),
    }
    scores, truth, counts = choosing_scores(predictions, 1, point)
    assert truth.tolist() == [True, False]
    assert counts == (2, 0)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp([-1.0, 1.0])))
    shifted = {
        key.replace("validation", "shifted"): np.concatenate([value, value])
        for key, value in predictions.items()
    }
    scores, truth, counts = choosing_scores(predictions | shifted, 1, point)
    assert counts == (2, 4)
    assert len(scores) == len(truth) == 6


def test_a_step_of_the_slider_takes_less_than_20_ms_on_50_000_beats():
    bundle = load_bundle("ecg-beats")
    judged, _ = judged_split(load_predictions(bundle), "test", 2, bundle.operating_point)
    assert len(judged) > 49_000
    seconds = []
    for threshold in np.linspace(0.01, 0.99, 15):
        start = time.perf_counter()
        point = judged.at(threshold)
        _ = point.sensitivity, point.specificity, point.predictive_values(0.1)
        seconds.append(time.perf_counter() - start)
    assert np.median(seconds) < 0.020
