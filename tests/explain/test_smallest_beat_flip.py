"""The least of a beat that changes its answer: trace first, then the numbers beside it."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.smallest_beat_flip import smallest_beat_flip
from medmodels.explain.what_if import Hidden
from medmodels.explain.what_if_beat import BeatSurroundings, BeatWhatIf
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint

POINT = OperatingPoint(Calibration("temperature"), None, None, (0.0, 0.0), ".", ".")
GROUPS = {"timing": np.array([[True, False]]), "shape": np.array([[False, True]])}


class _Masking:
    def __init__(self, logits, numbers):
        self.shape, self._logits, self._numbers = (1, 10, 1), logits, numbers

    def logits(self, keep, _progress=None):
        return np.stack([self._logits(1 - one[0, :, 0], self._numbers) for one in keep])


class Toy(BeatWhatIf):
    """Ten samples 20 ms apart, two numbers; ahead by so much less what is hidden takes."""

    def __init__(self, ahead, samples, timing=0.0, shape=0.0):
        around = BeatSurroundings(
            np.ones((1, 10, 1), np.float32), np.ones((1, 2), np.float32), 0, np.zeros(1),
            np.arange(10) / 50, (0,), np.zeros((10, 1), np.float32), np.zeros(2, np.float32),
        )  # fmt: skip
        super().__init__(None, around)
        self._ahead, self._samples, self._takes = ahead, np.asarray(samples), (timing, shape)

    def _toy(self, hidden, numbers):
        taken = (self._samples * hidden).sum() + (numbers[0] * self._takes).sum()
        return np.float32([self._ahead - taken, 0])

    def masking(self, put, numbers=None):  # noqa: ARG002
        return _Masking(self._toy, np.zeros((1, 2)) if numbers is None else numbers)

    def logits(self, parts):
        assert not parts
        return self._toy(np.zeros(10), np.zeros((1, 2)))


def find(toy: Toy, **more):
    return smallest_beat_flip(toy, "flat", POINT, GROUPS, **more)


def test_a_stretch_of_trace_is_enough_where_it_decides():
    found = find(Toy(3, [0, 0, 0, 2, 2, 0, 0, 0, 0, 0], timing=9))
    assert found.groups == ()
    assert not found.numbers.any()
    assert np.flatnonzero(found.mask[0, :, 0]).tolist() == [3, 4]
    assert (found.cells, found.of, found.connected) == (2, 10, True)


def test_numbers_that_decide_alone_leave_the_whole_trace():
    found = find(Toy(3, np.zeros(10), shape=4))
    assert found.groups == ("shape",)
    assert found.numbers.tolist() == [[False, True]]
    assert found.cells == 0
    assert not found.mask.any()


def test_beside_usual_numbers_a_part_of_the_trace_is_found():
    found = find(Toy(5, [2, 0, 0, 0, 0, 0, 0, 0, 0, 0], timing=2, shape=2))
    assert found.groups == ("timing", "shape")
    assert np.flatnonzero(found.mask[0, :, 0]).tolist() == [0]


def test_it_says_when_not_even_everything_changes_the_answer():
    assert find(Toy(9, np.full(10, 0.1), timing=1, shape=1)) is None


def test_progress_rises_to_its_end():
    told = []
    find(Toy(9, np.full(10, 0.1), timing=1, shape=1), progress=told.append)
    assert told == sorted(told)
    assert 0.75 <= told[-1] <= 1


@pytest.mark.parametrize("put", ["flat", "usual"])
def test_on_a_network_what_is_found_changes_the_answer(make_beat_network, put):
    generator = np.random.default_rng(2)
    windows = generator.standard_normal((5, 30, 2)).astype(np.float32)
    numbers = generator.standard_normal((5, 3)).astype(np.float32)
    point = OperatingPoint(Calibration("temperature"), None, None, (0.0,) * 4, ".", ".")
    groups = {"all": np.ones((5, 3), dtype=bool)}
    found_some = 0
    for beat in range(5):
        around = BeatSurroundings(
            windows, numbers, beat, np.arange(5) * 0.7, np.arange(-12, 18) / 50, (0, 1),
            np.median(windows, axis=0), np.median(numbers, axis=0),
        )  # fmt: skip
        what_if = BeatWhatIf(make_beat_network(scale=3), around)
        before = int(point.labels(what_if.logits([])))
        found = smallest_beat_flip(what_if, put, point, groups, budget=120)
        if found is None:
            continue
        found_some += 1
        part = Hidden("", "", put, found.mask, found.numbers)
        assert int(point.labels(what_if.logits([part]))) != before
    assert found_some
