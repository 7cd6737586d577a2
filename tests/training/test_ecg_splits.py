"""Pairing of detections with beats, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.training.ecg_data import AAMI, DS1, DS2, FOLDS
from medmodels.training.ecg_splits import as_arrays, match_beats


@pytest.mark.parametrize(
    ("reference", "found", "pairs"),
    [
        ([100, 200, 300], [101, 199, 305], [(0, 0), (1, 1), (2, 2)]),
        ([100, 200, 300], [101, 305], [(0, 0), (2, 1)]),
        ([100, 300], [101, 200, 305], [(0, 0), (1, 2)]),
        ([100], [160], []),
        ([100], [70, 98], [(0, 1)]),
        ([100, 140], [139], [(1, 0)]),
        ([], [5], []),
    ],
)
def test_pairs(reference: list[int], found: list[int], pairs: list[tuple[int, int]]) -> None:
    a, b = match_beats(np.array(reference, dtype=int), np.array(found, dtype=int), 54)
    assert list(zip(a.tolist(), b.tolist(), strict=True)) == pairs


def test_no_record_is_on_both_sides() -> None:
    assert len(DS1) == len(DS2) == 22
    assert not set(DS1) & set(DS2)
    assert sorted(name for fold in FOLDS for name in fold) == DS1
    assert not {"102", "104", "107", "217"} & {*DS1, *DS2}


def test_classes_are_those_of_the_standard() -> None:
    by_class = ["".join(sorted(s for s, c in AAMI.items() if c == k)) for k in range(5)]
    assert by_class == ["LNRej", "AJSa", "EV", "F", "/Qf"]


def test_arrays_line_up() -> None:
    arrays = as_arrays(
        "x", ["a", "b"], [np.zeros((2, 4)), np.ones((1, 4))],
        [np.array([0, 1]), np.array([4])], [np.array([5, 9]), np.array([7])],
    )  # fmt: skip
    assert arrays["x/groups"].tolist() == ["a", "a", "b"]
    assert arrays["x/labels"].tolist() == [0, 1, 4]
    assert arrays["x/samples"].tolist() == [5, 9, 7]
    assert arrays["x/logits"].shape == (3, 4)
