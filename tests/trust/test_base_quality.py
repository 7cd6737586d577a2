"""Measures of a window of bases by hand, and what is said of them."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs.bases import MIXTURES, one_hot
from medmodels.trust.base_quality import (
    CHECKS,
    BaseQuality,
    judge_bases,
    longest_runs,
    measure_bases,
    severities,
    uncertainty,
)
from medmodels.trust.findings import UNREADABLE, WARNING, Threshold


def measured(*sequences: str) -> list[BaseQuality]:
    windows = np.stack([one_hot(sequence) for sequence in sequences])
    return [BaseQuality(*map(float, row)) for row in measure_bases(windows)]


def test_what_is_not_known_of_a_base():
    lost = uncertainty(one_hot("ARBN")[np.newaxis])[0]
    np.testing.assert_allclose(lost, [0, 0.5, np.log(3) / np.log(4), 1], atol=1e-6)


def test_unknown_bases_count_as_a_whole_and_in_the_middle():
    (found,) = measured("ACGT" * 5 + "N" * 5 + "ACGTA" + "CCNCR" + "ACGT" * 6 + "A")
    assert found.unknown == pytest.approx((5 + 1 + 0.5) / 60)
    # Places 25 to 34: ACGTA CCNCR.
    assert found.middle == pytest.approx(1.5 / 10)


def test_repeats_have_few_words_and_runs_hardly_any():
    run, pair, triplet = measured("A" * 60, "AC" * 30, "ACG" * 20)
    # 58 words of three bases: one, two or three different ones.
    assert [run.complexity, pair.complexity, triplet.complexity] == pytest.approx(
        [1 / 58, 2 / 58, 3 / 58]
    )
    assert [run.run, pair.run, triplet.run] == [60, 1, 1]


def test_every_word_once_is_the_most():
    # A de Bruijn sequence of order 3 over A, C, G, T holds each of its 64 words once.
    found = "AAACAAGAATACCACGACTAGCAGGAGTATCATGATTCCCGCCTCGGCGTCTGCTTGGGTGTTT"
    assert measured(found)[0].complexity == pytest.approx(62 / 62)
    assert measured(found + "AA")[0].complexity == 1.0


def test_words_with_an_unknown_base_are_not_counted():
    (found,) = measured("ACG" * 10 + "N" + "ACG" * 10)
    assert found.complexity == pytest.approx(3 / 56)
    (unknown,) = measured("ACGT" + "N" * 50 + "ACGTAC")
    assert np.isnan(unknown.complexity)


def test_an_unknown_base_ends_a_run():
    assert measured("AAANAAAA" + "CG" * 26)[0].run == 4
    assert measured("N" * 60)[0].run == 0
    assert measured("CG" * 28 + "TTTT")[0].run == 4


@settings(max_examples=60, deadline=None)
@given(st.text("".join(MIXTURES), min_size=24, max_size=80))
def test_every_measure_stays_in_its_range(sequence):
    (found,) = measured(sequence)
    assert 0 <= found.unknown <= 1
    assert 0 <= found.middle <= 1
    assert np.isnan(found.complexity) or 0 < found.complexity <= 1
    runs = [len(list(run)) for letter, run in groupby(sequence) if letter in "ACGT"]
    assert found.run == max(runs, default=0)


def test_windows_are_measured_each_by_itself():
    rng = np.random.default_rng(0)
    windows = np.eye(4)[rng.integers(0, 4, (5, 60))]
    together = measure_bases(windows)
    alone = np.concatenate([measure_bases(window[np.newaxis]) for window in windows])
    np.testing.assert_array_equal(together, alone)
    letters = windows.argmax(axis=2)
    assert longest_runs(letters, np.zeros(letters.shape, dtype=bool)).tolist() == [0.0] * 5


LIMITS = {
    "unknown": Threshold(0.1, 0.5, "."),
    "repeats": Threshold(0.5, None, "."),
    "run": Threshold(8, None, "."),
}


def test_findings_say_what_was_measured_and_what_is_usual():
    good = BaseQuality(0.0, 0.0, 0.8, 3)
    assert judge_bases(good, LIMITS) == ()
    bad = BaseQuality(0.6, 1.0, 0.2, 9)
    found = judge_bases(bad, LIMITS)
    assert [(one.code, one.severity) for one in found] == [
        ("unknown", UNREADABLE), ("repeats", WARNING), ("run", WARNING),
    ]  # fmt: skip
    assert "60% of the bases are not known (usual up to 10%)" in found[0].sentence
    assert "only 20% are there (usual from 50%)" in found[1].sentence
    assert "9 times in a row (usual up to 8)" in found[2].sentence


def test_what_could_not_be_measured_crosses_nothing():
    assert judge_bases(BaseQuality(0.0, 0.0, float("nan"), 0), LIMITS) == ()


def test_severities_of_many_windows():
    rows = np.array([[0.0, 0, 0.8, 3], [0.2, 0, 0.4, 3], [0.5, 0, np.nan, 9]])
    assert severities(rows, "unknown", LIMITS).tolist() == [0, WARNING, UNREADABLE]
    assert severities(rows, "repeats", LIMITS).tolist() == [0, WARNING, 0]
    assert severities(rows, "run", LIMITS).tolist() == [0, 0, WARNING]
    assert {check.measure for check in CHECKS.values()} == set(BaseQuality.__dataclass_fields__)
