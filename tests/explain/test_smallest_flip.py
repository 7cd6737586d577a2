"""The search on maskings whose answer can be worked out by hand, and what holds for any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.explain.cells import Cells, pieces, scan_cells
from medmodels.explain.smallest_flip import smallest_flip
from medmodels.trust.calibration import Calibration
from medmodels.trust.operating_point import OperatingPoint


class ToyMasking:
    """Two classes; the first's logit is a function of how much of each cell is hidden."""

    def __init__(self, grid, logit):
        self.shape = (2 * grid[0], 3 * grid[1])
        self.grid, self._logit, self.passes = grid, logit, 0

    def logits(self, keep, _progress=None):
        rows, columns = self.grid
        assert keep.shape[1:] == self.shape
        hidden = 1 - keep.reshape(-1, rows, 2, columns, 3).mean(axis=(2, 4))
        self.passes += len(keep)
        first = np.array([self._logit(one) for one in hidden])
        return np.stack([first, np.zeros_like(first)], axis=1).astype(np.float32)


def rule(threshold: float | None = None) -> OperatingPoint:
    positive = None if threshold is None else 1
    return OperatingPoint(Calibration("temperature"), positive, threshold, (0.0, 0.0), ".", ".")


def cells_of(masking: ToyMasking):
    rows, columns = masking.grid
    cells = scan_cells(masking.shape, side=max(rows, columns))
    assert cells.grid == masking.grid
    return cells


def square(logit, side=4) -> ToyMasking:
    return ToyMasking((side, side), logit)


def test_the_two_cells_that_carry_the_answer_are_found():
    weights = np.full((4, 4), 0.5)
    weights[1, 1:3] = 3
    masking = square(lambda hidden: 5.25 - (weights * hidden).sum())
    found = smallest_flip(masking, cells_of(masking), rule())
    assert np.argwhere(found.hidden).tolist() == [[1, 1], [1, 2]]
    assert (found.label_before, found.label_after) == (0, 1)
    assert found.share == 2 / 16
    assert found.connected
    # Sigmoid of 5.25 before and of -0.75 after.
    assert found.before == pytest.approx(1 / (1 + np.exp(-5.25)))
    assert found.after == pytest.approx(1 / (1 + np.exp(0.75)))
    assert found.passes == masking.passes
    assert found.mask.sum() == 2 * 6
    assert found.mask[2:4, 3:9].all()


def test_cells_that_are_needed_apart_are_left_in_two_pieces():
    weights = np.zeros((4, 4))
    weights[0, 0] = weights[3, 3] = 3
    masking = square(lambda hidden: 5 - (weights * hidden).sum())
    found = smallest_flip(masking, cells_of(masking), rule(), most=1)
    assert np.argwhere(found.hidden).tolist() == [[0, 0], [3, 3]]
    assert not found.connected


def test_two_parts_that_stand_in_for_each_other_are_found():
    # Either of the last two cells is enough for the answer: hiding one shows nothing.
    masking = square(lambda hidden: 2 - 3 * min(hidden[3, 2], hidden[3, 3]))
    found = smallest_flip(masking, cells_of(masking), rule(), most=0.25)
    assert np.argwhere(found.hidden).tolist() == [[3, 2], [3, 3]]


def test_it_says_when_nothing_up_to_the_limit_changes_the_answer():
    masking = square(lambda hidden: 9.5 - hidden.sum())
    assert smallest_flip(masking, cells_of(masking), rule(), most=0.5) is None
    found = smallest_flip(masking, cells_of(masking), rule(), most=0.75)
    assert found.hidden.sum() == 10


def test_the_answer_turns_where_the_operating_point_is():
    # The second class is answered from a probability of 20%, a logit of -1.386.
    masking = square(lambda hidden: 3.2 - hidden.sum())
    found = smallest_flip(masking, cells_of(masking), rule(0.2))
    assert found.hidden.sum() == 2
    assert found.before == pytest.approx(1 / (1 + np.exp(-3.2)))
    assert found.after > 0.5


def test_it_asks_no_more_than_it_may_to_grow_a_region():
    masking = square(lambda _: 1.0, side=12)
    assert smallest_flip(masking, cells_of(masking), rule(), budget=300) is None
    assert masking.passes <= 300


def test_a_search_on_the_usual_grid_takes_some_hundred_passes():
    generator = np.random.default_rng(0)
    weights = generator.gamma(0.5, size=(12, 12))
    masking = square(lambda hidden: 12 - (weights * hidden).sum(), side=12)
    found = smallest_flip(masking, cells_of(masking), rule())
    assert found is not None
    assert found.passes <= 600


def test_progress_rises_and_can_stop_the_search():
    told = []
    masking = square(lambda hidden: 5 - hidden.sum())
    smallest_flip(masking, cells_of(masking), rule(), progress=told.append)
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1

    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        smallest_flip(masking, cells_of(masking), rule(), progress=stop)


@pytest.mark.parametrize("most", [0, -0.1, 1.1])
def test_a_limit_that_is_no_share_is_refused(most):
    masking = square(lambda _: 1.0)
    with pytest.raises(ValueError, match="most"):
        smallest_flip(masking, cells_of(masking), rule(), most=most)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), together=st.floats(0, 2), most=st.sampled_from([0.4, 1.0]))
def test_whatever_is_found_changes_the_answer_and_no_cell_of_it_can_be_spared(seed, together, most):
    generator = np.random.default_rng(seed)
    alone = generator.normal(0.5, 1, (4, 5))
    pairs = together * generator.normal(0, 1, (20, 20)) / 5
    start = generator.normal(2, 1)

    def logit(hidden):
        flat = hidden.ravel()
        return start - (alone * hidden).sum() - flat @ pairs @ flat

    masking = ToyMasking((4, 5), logit)
    point = rule()
    cells = Cells((4, 5), np.arange(20).reshape(4, 5).repeat(2, axis=0).repeat(3, axis=1))

    def label(hidden):
        keep = 1 - cells.covered(hidden[np.newaxis]).astype(np.float32)
        return int(point.labels(masking.logits(keep))[0])

    before = label(np.zeros((4, 5), dtype=bool))
    found = smallest_flip(masking, cells, point, most=most)
    if found is None:
        # Whoever hides one cell at a time would have found no more.
        assert all(label(one) == before for one in cells.each())
        return
    assert found.label_before == before
    assert found.label_after == label(found.hidden) != before
    assert found.share <= most
    assert found.connected == (pieces(found.hidden) == 1)
    assert np.array_equal(found.mask, cells.covered(found.hidden[np.newaxis])[0])
    for cell in np.argwhere(found.hidden):
        without = found.hidden.copy()
        without[tuple(cell)] = False
        assert label(without) == before
    if any(label(one) != before for one in cells.each()):
        assert found.hidden.sum() == 1
