"""What is said of one window, of many, and of a long sequence."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.bases import one_hot
from medmodels.trust.base_quality import BaseQuality
from medmodels.trust.base_rows import base_rows
from medmodels.trust.base_trust import BaseTrust, outlier_rows, spread
from medmodels.trust.calibration import Calibration
from medmodels.trust.decision import ABSTAIN, ANSWER, WARN
from medmodels.trust.findings import UNREADABLE
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.out_of_distribution import Energy
from medmodels.trust.prediction_sets import PredictionSets

TITLES = ("Donor", "Acceptor", "Neither")
SURE, TORN = [0.96, 0.02, 0.02], [0.5, 0.48, 0.02]


@pytest.fixture
def trust() -> BaseTrust:
    """A layer whose score is the negative of the only feature, and whose sets hold from 0.3 on."""
    point = OperatingPoint(Calibration("temperature"), None, None, (0.0,) * 3, "r", "v")
    sets = PredictionSets("lac", False, {0.9: (0.6,) * 3, 0.95: (0.7,) * 3})
    score = Energy()  # of a single feature: minus that feature
    table = {
        "out_of_distribution": {
            "method": score.name, "features": "network", "warn": 2.0, "refuse": 4.0,
            "validation_quantiles": np.linspace(-1, 3, 201).tolist(),
        },
        "head": {"layer": "along", "scale": 0.5},
        "prediction_sets": sets.to_trust(),
        "quality": {"unknown": {"warn": 0.1, "refuse": 0.5, "why": "."}},
    }  # fmt: skip
    reference = {"head/draws": np.zeros((2, 2, 3), np.float32)}
    reference |= {f"unlike/{name}": value for name, value in score.arrays().items()}
    return BaseTrust(table, reference, point, TITLES, "genes")


GOOD = one_hot("ACGTTGCAAC" * 6)
MASKED = one_hot("ACGTTGCANN" * 2 + "N" * 40)


def judge(trust, windows, scores, probabilities, **words):
    features = -np.asarray(scores, dtype=np.float32)[:, np.newaxis]
    return trust.verdict(np.stack(windows), features, np.array(probabilities), **words)


def test_one_good_window_is_answered(trust):
    made = judge(trust, [GOOD], [0.0], [SURE])
    assert made.decision.kind == ANSWER
    assert made.findings == ()
    assert made.unlike.rank == pytest.approx(0.25, abs=0.01)
    assert made.sets[0.95].tolist() == [[True, False, False]]


@pytest.mark.parametrize(
    ("window", "score", "probabilities", "kind", "code"),
    [
        (GOOD, 4.0, SURE, ABSTAIN, "unlike_training"),
        (GOOD, 2.5, SURE, WARN, "unusual"),
        (MASKED, 0.0, SURE, ABSTAIN, "unknown"),
        (GOOD, 0.0, TORN, ABSTAIN, "undecided"),
        (GOOD, 0.0, [0.25, 0.28, 0.47], ANSWER, ""),
    ],
)
def test_one_window_by_its_reasons(trust, window, score, probabilities, kind, code):
    made = judge(trust, [window], [score], [probabilities]).decision
    quality = BaseQuality(46 / 60 if window is MASKED else 0.0, 0.0, 0.9, 2)
    alone = trust.decide(score, quality, np.array(probabilities))
    for decision in (made, alone):
        assert decision.kind == kind
        assert (decision.reasons[0].code if decision.reasons else "") == code


def test_an_unusual_window_says_how_unusual(trust):
    (reason,) = judge(trust, [GOOD], [2.6], [SURE]).decision.reasons
    assert "of 100 sequences that the network was checked on, only 10 differed" in reason.sentence
    (reason,) = judge(trust, [GOOD], [3.5], [SURE]).decision.reasons
    assert "not even one differed" in reason.sentence


def test_many_windows_are_refused_where_the_middle_one_is(trust):
    made = judge(trust, [GOOD] * 3, [0.0, 5.0, 5.0], [SURE] * 3)
    assert made.decision.reasons[0].code == "unlike_training"
    assert made.unlike.score == 5.0


def test_some_of_many_are_named_and_the_rest_answered(trust):
    made = judge(
        trust, [GOOD] * 4 + [MASKED], [0.0] * 4 + [5.0], [SURE] * 5, items="sequences",
        place=lambda k: f"sequence {k + 1}",
    )  # fmt: skip
    assert made.decision.kind == WARN
    assert [finding.code for finding in made.findings] == ["unknown", "unlike_some"]
    assert all("sequence 5" in finding.sentence for finding in made.findings)


def test_many_in_doubt_are_a_warning_and_never_withheld(trust):
    made = judge(trust, [GOOD] * 4, [0.0] * 4, [TORN] * 4, items="sequences")
    assert made.decision.kind == WARN
    assert made.decision.reasons[0].sentence.startswith("100% of the sequences are in doubt")


def test_of_a_long_sequence_some_windows_are_judged_and_all_have_sets(trust):
    made = judge(trust, [GOOD] * 2, [0.0] * 2, [SURE] * 50)
    assert made.sets[0.9].shape == (50, 3)
    assert made.decision.kind == ANSWER


def test_half_of_the_windows_unreadable_is_unreadable(trust):
    made = judge(trust, [GOOD, MASKED], [0.0, 0.0], [SURE] * 2)
    assert made.findings[0].severity == UNREADABLE
    assert made.decision.abstains


def test_intervals_are_around_the_probability_and_wider_with_the_features(trust):
    logits = np.array([[1.0, 0.0, -1.0]])
    p = np.exp(logits) / np.exp(logits).sum()
    low, high = trust.interval(np.ones((1, 1)), logits)
    np.testing.assert_allclose(low, p)  # draws of nothing
    np.testing.assert_allclose(high, p)


def test_what_the_score_reads():
    windows, features = np.stack([GOOD, MASKED]), np.ones((2, 5), np.float32)
    assert outlier_rows("network", windows, features) is not None
    both = outlier_rows("letters+network", windows, features)
    np.testing.assert_array_equal(both[:, -5:], features)
    np.testing.assert_array_equal(both[:, :-5], base_rows(windows))
    with pytest.raises(KeyError):
        outlier_rows("feelings", windows, features)


@pytest.mark.parametrize("count", [1, 1999, 2000, 2001, 1_000_000])
def test_judged_windows_are_spread_over_all(count):
    found = spread(count)
    assert found[0] == 0
    assert found[-1] == count - 1
    assert len(found) == min(count, 2000) == len(set(found.tolist()))
    steps = np.diff(found)
    assert count == 1 or steps.max() - steps.min() <= 1
