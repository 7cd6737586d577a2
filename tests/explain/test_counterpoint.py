"""What speaks against an answer is pointed at by a map, and measured by hiding it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medmodels.explain.cells import scan_cells
from medmodels.explain.counterpoint import LEAST, gains_of, scan_counterpoint, strongest_first
from medmodels.explain.counterpoint_beats import (
    beat_counterpoint,
    number_groups,
    stretch_length,
)
from medmodels.explain.map_difference import difference
from medmodels.explain.map_regions import (
    cell_values,
    connected,
    own_cells,
    place_words,
    regions_of,
    strongest_place,
)
from medmodels.explain.saliency_map import SaliencyMap


def a_map(values, *, grid=None, unit="logit", signed=True, **more) -> SaliencyMap:
    values = np.asarray(values, dtype=np.float32)
    return SaliencyMap(values, grid or values.shape, signed, "M", 0, unit, **more)


class LinearScan:
    """Whose logit for the answer is a sum of weights over what is not hidden."""

    def __init__(self, weights) -> None:
        self.weights = np.asarray(weights, dtype=np.float64)
        self.shape = self.weights.shape
        self.asked = 0

    def logits(self, keep, _progress=None):
        self.asked += len(keep)
        kept = (keep.astype(np.float64) * self.weights).sum(axis=(1, 2))
        return np.stack([kept, np.zeros(len(keep))], axis=1)


def score(logits):
    return logits[:, 0] - logits[:, 1]


# Two against: a pair of cells at the upper right, and one at the lower left.
WEIGHTS = np.kron(
    np.array([[0, 0, -1, -2], [1, 1, 0, 0], [0, 3, 0, 0], [-1, 0, 0, 0]], float),
    np.ones((2, 2)) / 4,
)


def test_regions_are_measured_by_hiding_them():
    masking = LinearScan(WEIGHTS)
    found = scan_counterpoint(a_map(WEIGHTS), masking, scan_cells((8, 8), 4), score)
    # 1 + 1 + 3 for, 4 against.
    assert found.whole == pytest.approx(1.0)
    assert [region.gain for region in found.regions] == pytest.approx([3.0, 1.0])
    assert [region.mapped for region in found.regions] == pytest.approx([-3.0, -1.0])
    assert [region.place for region in found.regions] == ["upper right", "lower left"]
    assert [region.area for region in found.regions] == [2 / 16, 1 / 16]
    assert found.together == pytest.approx(4.0)
    assert found.share == pytest.approx(4 / 9)
    assert found.confirmed == found.regions
    assert masking.asked == 4


def test_a_region_that_the_network_does_not_bear_out_is_not_confirmed():
    """The map is of another network: hiding what it marks weakens the answer here."""
    found = scan_counterpoint(a_map(WEIGHTS), LinearScan(-WEIGHTS), scan_cells((8, 8), 4), score)
    assert [region.gain for region in found.regions] == pytest.approx([-1.0, -3.0])
    assert found.confirmed == ()


def test_a_map_without_negatives_has_nothing_against():
    found = scan_counterpoint(
        a_map(np.abs(WEIGHTS)), LinearScan(WEIGHTS), scan_cells((8, 8), 4), score
    )
    assert (found.regions, found.together, found.share) == ((), 0.0, 0.0)


def test_a_map_without_a_sign_is_refused():
    with pytest.raises(ValueError, match="drops what speaks against"):
        scan_counterpoint(
            a_map(WEIGHTS, signed=False), LinearScan(WEIGHTS), scan_cells((8, 8), 4), score
        )


def test_grain_cancels_within_a_cell():
    grain = np.tile([[5.0, -5.0], [-5.0, 5.0]], (4, 4)) + 0.25
    sums = cell_values(a_map(grain), scan_cells((8, 8), 4))
    assert sums == pytest.approx(np.full((4, 4), 1.0))


def test_a_coarse_map_keeps_the_value_of_its_cell():
    coarse = a_map(np.kron([[1.0, -2.0], [0.0, 4.0]], np.ones((4, 4))), grid=(2, 2))
    cells = own_cells(coarse)
    assert cells.grid == (2, 2)
    assert cell_values(coarse, cells) == pytest.approx(np.array([[1, -2], [0, 4]]))


@settings(deadline=None)
@given(arrays(np.float32, (9, 7), elements=st.floats(-5, 5, width=32)))
def test_cells_share_out_the_whole_map(values):
    assert cell_values(a_map(values), scan_cells((9, 7), 3)).sum() == pytest.approx(
        float(values.astype(np.float64).sum()), abs=1e-6
    )


@settings(deadline=None)
@given(arrays(np.float64, (6, 6), elements=st.floats(-3, 3, allow_subnormal=False)))
def test_groups_are_disjoint_positive_and_ordered(strength):
    groups = connected(strength, most=3)
    assert len(groups) <= 3
    assert not np.sum(groups, axis=0).max(initial=0) > 1 if groups else strength.max() <= 0
    sums = [float(strength[group].sum()) for group in groups]
    assert sums == sorted(sums, reverse=True)
    assert all((strength[group] > 0).all() for group in groups)


def test_a_corner_joins_nothing():
    strength = np.array([[2.0, 0], [0, 1.0]])
    assert [group.sum() for group in connected(strength)] == [1, 1]


def test_weak_cells_join_no_region():
    (region,) = regions_of(np.array([[4.0, 1.0, 0.9]]))
    assert region.cells.tolist() == [[True, True, False]]
    assert region.mapped == 5.0


@pytest.mark.parametrize(
    ("across", "down", "words"),
    [(0.0, 0.0, "upper left"), (1.0, 1.0, "lower right"), (0.5, 0.99, "lower middle"),
     (0.34, 0.34, "centre")],
)  # fmt: skip
def test_places_are_ninths_of_the_picture(across, down, words):
    assert place_words(across, down) == words


def test_the_strongest_place_is_that_of_one_cell():
    values = np.zeros((6, 6))
    values[0, 5] = 1
    assert strongest_place(values) == "upper right"
    assert strongest_place(-values) is None


def test_a_difference_has_the_common_unit_and_a_sign():
    one, other = a_map([[1.0, 2]], signed=False), a_map([[0.5, 3]], signed=False)
    found = difference(one, other)
    assert found.values.tolist() == [[0.5, -1.0]]
    assert found.signed
    assert (found.unit, found.class_index) == (one.unit, one.class_index)


def test_the_numbers_beside_a_trace_have_a_difference_too():
    one = a_map([[1.0]], context=np.array([[3.0]], np.float32))
    other = a_map([[1.0]], context=np.array([[1.0]], np.float32))
    assert difference(one, other).context.tolist() == [[2.0]]


@pytest.mark.parametrize(
    "other",
    [a_map([[1.0]], unit="probability"), a_map([[1.0, 2.0]]), a_map([[1.0]], baseline="black")],
)
def test_maps_without_common_ground_have_no_difference(other):
    with pytest.raises(ValueError, match="map"):
        difference(a_map([[1.0]]), other)


def test_gains_come_after_the_whole():
    masking = LinearScan(np.array([[1.0, -2.0]]))
    hidden = np.array([[[False, False]], [[True, False]], [[False, True]]])
    assert gains_of(masking, hidden, score) == pytest.approx([-1.0, -1.0, 2.0])


def test_only_gains_worth_naming_are_listed():
    assert strongest_first([0.3, LEAST / 2, 0.5, -1.0]) == [2, 0]


class LinearBeats:
    """Whose answer is a sum of weights over trace and numbers that are not replaced."""

    def __init__(self, trace, numbers) -> None:
        self.trace, self.numbers = trace, numbers
        self.shape, self.rhythm_shape = trace.shape, numbers.shape

    def logits(self, keep, _progress=None, *, rhythm=None):
        rows = np.ones((len(keep), *self.rhythm_shape)) if rhythm is None else rhythm
        kept = (keep * self.trace).sum(axis=(1, 2, 3)) + (rows * self.numbers).sum(axis=(1, 2))
        return np.stack([kept, np.zeros(len(keep))], axis=1)


@pytest.fixture(scope="module")
def beats():
    trace, numbers = np.zeros((5, 12, 2)), np.zeros((5, 3))
    # 12 samples, 3 stretches of 4: the second of lead 1 speaks against, the third for.
    trace[2, 4:8, 1] = -0.5
    trace[2, 8:, 1] = 0.25
    numbers[2] = [1.0, -2.0, -1.0]
    numbers[3], trace[3, :4, 0] = [0, 0, -0.5], -0.05
    return LinearBeats(trace, numbers)


@pytest.fixture(scope="module")
def found(beats):
    groups = {"timing": [0], "shape": [1, 2]}
    return beat_counterpoint(beats, 2, score, samples=4, numbers=groups)


def test_a_stretch_that_speaks_against_is_found_and_measured(found):
    first = found.stretches[0]
    assert (first.beat, first.lead, first.start, first.end) == (0, 1, 4, 8)
    # Softened ends leave a little of it, and take a little of what speaks for.
    assert 1.5 < first.gain < 2.0
    # What speaks against in the next beat is less than a quarter of it.
    assert len(found.stretches) == 1


def test_effects_have_the_sign_of_evidence(found, beats):
    own = found.effects[2, :, 1].reshape(3, 4)
    assert (own == own[:, :1]).all()
    assert own[1, 0] < 0 < own[2, 0]
    # Beyond the beats looked at there is nothing.
    assert not found.effects[0].any()
    assert 0 < found.share < 1


def test_numbers_of_one_group_are_replaced_together(found):
    assert found.numbers == {
        "timing": pytest.approx(-1.0), "shape": pytest.approx(3.0),
    }  # fmt: skip


def test_a_whole_beat_is_its_trace_and_its_numbers(found, beats):
    assert np.isnan(found.beats[2])
    assert found.beats[3] == pytest.approx(0.5 + 0.2)
    assert found.beats[[0, 1, 4]] == pytest.approx([0, 0, 0])
    assert found.whole == pytest.approx(beats.trace.sum() + beats.numbers.sum())


def test_a_beat_that_stands_alone_has_only_its_trace():
    alone = LinearBeats(np.full((1, 4, 1), -1.0), np.zeros((1, 2)))
    found = beat_counterpoint(alone, 0, score, samples=2, numbers={}, reach=0)
    assert found.numbers == {}
    assert np.isnan(found.beats).all()
    # Both stretches speak against and are replaced together.
    (stretch,) = found.stretches
    assert (stretch.start, stretch.end) == (0, 4)
    assert stretch.gain == pytest.approx(4.0)


def test_windows_that_follow_each_other_are_not_neighbours():
    """The end of one window and the beginning of the next are different moments."""
    trace = np.zeros((2, 4, 1))
    trace[0, 2:], trace[1, :2] = -1.0, -1.0
    masking = LinearBeats(trace, np.zeros((2, 1)))
    found = beat_counterpoint(masking, 0, score, samples=2, numbers={})
    assert sorted((s.beat, s.start, s.end) for s in found.stretches) == [(0, 2, 4), (1, 0, 2)]


@settings(deadline=None)
@given(st.integers(1, 200), st.sampled_from([100.0, 125.0, 250.0, 360.0]))
def test_a_stretch_divides_its_window(samples, rate):
    length = stretch_length(samples, rate)
    assert samples % length == 0


def test_every_number_of_the_ecg_task_has_a_plain_name():
    from medmodels.inputs.beat_windows import CONTEXT_NAMES

    groups = number_groups(CONTEXT_NAMES)
    assert not set(groups) & set(CONTEXT_NAMES)
    named = sorted(place for places in groups.values() for place in places)
    left_out = [i for i, name in enumerate(CONTEXT_NAMES) if name.startswith("lead_present")]
    assert named == [i for i in range(len(CONTEXT_NAMES)) if i not in left_out]


def test_real_maskings_are_asked_in_the_same_way(make_scan_network, scan):
    from medmodels.explain.integrated_gradients import explain
    from medmodels.explain.masking import ScanMasking

    network, baseline = make_scan_network(), np.zeros_like(scan)
    found = explain(network, scan, 0, baseline="black")
    masking = ScanMasking(network, scan, baseline)
    counter = scan_counterpoint(found, masking, own_cells(found, 4), score)
    whole = np.asarray(network(scan[np.newaxis], training=False))
    assert counter.whole == pytest.approx(float(score(whole)[0]), abs=1e-4)
    for region in counter.regions:
        hidden = scan_cells((24, 20), 4).covered(region.cells[np.newaxis])[0]
        without = np.where(hidden[..., np.newaxis], 0, scan)[np.newaxis]
        gain = score(np.asarray(network(without, training=False)))[0] - counter.whole
        assert region.gain == pytest.approx(float(gain), abs=1e-4)


def test_real_beats_are_asked_in_the_same_way(make_beat_network, beats_input):
    from medmodels.explain.masking import BeatMasking

    windows, rhythm = beats_input
    network = make_beat_network()
    masking = BeatMasking(
        network, (windows, rhythm), 2, np.zeros_like(windows), np.zeros_like(rhythm)
    )
    found = beat_counterpoint(masking, 2, score, samples=5, numbers={"first": [0]})
    numbers, traces = rhythm.copy(), windows.copy()
    numbers[2, 0] = 0
    logits = np.asarray(network([windows[None], numbers[None]], training=False))[:, 2]
    assert found.numbers["first"] == pytest.approx(score(logits)[0] - found.whole, abs=1e-4)
    traces[3], numbers = 0, rhythm.copy()
    numbers[3] = 0
    logits = np.asarray(network([traces[None], numbers[None]], training=False))[:, 2]
    assert found.beats[3] == pytest.approx(score(logits)[0] - found.whole, abs=1e-4)


@pytest.fixture
def beats_input(request):
    generator = np.random.default_rng(6)
    windows = generator.standard_normal((5, 30, 2), dtype=np.float32)
    return windows, generator.standard_normal((5, 3), dtype=np.float32)
